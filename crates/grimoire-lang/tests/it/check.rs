//! The checker kills mutants: a plan with one thing changed does not pass, whatever the plan and the thing.

use std::collections::BTreeMap;

use grimoire_lang::check::{Evidence, check};
use grimoire_lang::{Intent, Outcome, Span, readback::read_back};

use crate::corpus::{Message, messages};
use crate::draw::Draw;
use crate::engine::{LEXICON, VOCABULARY, plan, read};
use crate::mutants::MUTATIONS;

struct Case {
    message: Message,
    intent: Intent,
    roles: Vec<(Span, String)>,
}

/// Every plan of the corpora, and random plans as they are read back: those have every bound.
fn plans() -> Vec<Case> {
    let random = (0..1_500).map(|seed| {
        let intent = crate::intents::intent(&mut Draw::seeded(seed, 160));
        Message { say: read_back(&intent, &LEXICON), chain: None }
    });
    let mut cases = Vec::new();
    for message in messages().into_iter().chain(random) {
        let reading = read(&message.say, message.chain.as_deref());
        if let Outcome::Plan(intent) = reading.outcome {
            let roles = reading.words.into_iter().map(|w| (w.span, w.role)).collect();
            cases.push(Case { message, intent, roles });
        }
    }
    assert!(cases.len() > 1_700, "only {} plans to mutate", cases.len());
    cases
}

fn passes(case: &Case, intent: &Intent) -> bool {
    let evidence = Evidence {
        messages: &[&case.message.say],
        roles: &case.roles,
        chain: case.message.chain.as_deref(),
        vocabulary: &VOCABULARY,
    };
    check(&evidence, intent).is_ok()
}

#[test]
fn the_plans_themselves_pass() {
    for case in plans() {
        assert!(passes(&case, &case.intent), "{}", case.message.say);
    }
}

#[test]
fn a_plan_with_one_thing_changed_does_not_pass() {
    let cases = plans();
    let mut report: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut alive: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for case in &cases {
        for (name, mutate) in MUTATIONS {
            for mutant in mutate(&case.intent) {
                let (made, lived) = report.entry(name).or_default();
                *made += 1;
                if passes(case, &mutant) {
                    *lived += 1;
                    let want = plan(&case.intent, None);
                    let text = format!("“{}”\n    {want}\n    {}", case.message.say, plan(&mutant, None));
                    alive.entry(name).or_default().push(text);
                }
            }
        }
    }
    for texts in alive.values_mut() {
        texts.sort_by_key(String::len);
        texts.truncate(6);
    }
    let shown: Vec<String> =
        alive.iter().map(|(n, texts)| format!("{n}:\n  {}", texts.join("\n  "))).collect();
    assert!(alive.is_empty(), "{report:#?}\nalive:\n{}", shown.join("\n"));
    for (name, _) in MUTATIONS {
        assert!(report.get(name).is_some_and(|(made, _)| *made > 100), "{name}: {:?}", report.get(name));
    }
}
