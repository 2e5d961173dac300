//! What holds for any text whatever: one answer, every character accounted for, and a plan only with its evidence.

use std::hash::{DefaultHasher, Hash, Hasher};

use grimoire_lang::check::{Evidence, check};
use grimoire_lang::{Intent, Outcome, Reading, Source, readback::read_back};

use crate::engine::{LEXICON, VOCABULARY, outcome, plan, read};

/// What a reading is, as a number: equal readings have equal ones.
pub(crate) fn fingerprint(reading: &Reading) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{reading:?}").hash(&mut hasher);
    hasher.finish()
}

/// Holds a text to every invariant; the error says which one it breaks.
pub(crate) fn hold(text: &str, chain: Option<&str>) -> Result<Reading, String> {
    let reading = read(text, chain);
    covers(text, &reading)?;
    match &reading.outcome {
        Outcome::Ask(questions) if questions.is_empty() => Err("asks nothing".to_owned()),
        Outcome::Ask(_) => Ok(reading),
        Outcome::Plan(intent) => {
            sourced(&reading, intent)?;
            let roles: Vec<_> = reading.words.iter().map(|w| (w.span, w.role.clone())).collect();
            let evidence = Evidence { messages: &[text], roles: &roles, chain, vocabulary: &VOCABULARY };
            check(&evidence, intent).map_err(|v| format!("the checker refuses it: {}", v.rule))?;
            said_again(intent)?;
            Ok(reading)
        }
    }
}

/// The phrases stand in order, apart from each other, inside the text; those of a plan leave out nothing that shows.
fn covers(text: &str, reading: &Reading) -> Result<(), String> {
    let mut at = 0usize;
    let planned = matches!(reading.outcome, Outcome::Plan(_));
    for word in &reading.words {
        let (start, end) = (word.span.start as usize, word.span.end as usize);
        if start < at || text.get(start..end).is_none_or(str::is_empty) {
            return Err(format!("phrase {start}..{end} ({}) overlaps or is none", word.role));
        }
        let between = text.get(at..start).unwrap_or_default();
        if planned && !between.trim().is_empty() {
            return Err(format!("“{between}” was passed over"));
        }
        at = end;
    }
    let rest = text.get(at..).unwrap_or_default();
    if planned && !rest.trim().is_empty() { Err(format!("“{rest}” was passed over")) } else { Ok(()) }
}

/// Every value that was said lies in phrases that were taken as something, and no phrase feeds two of one action.
fn sourced(reading: &Reading, intent: &Intent) -> Result<(), String> {
    for action in &intent.actions {
        let mut fed = Vec::new();
        for (role, said) in &action.values {
            let Source::Words(spans) = &said.source else { continue };
            for span in spans {
                let mut phrases = reading.words.iter().filter(|w| {
                    w.span.turn == span.turn && w.span.start < span.end && span.start < w.span.end
                });
                let quiet = phrases.clone().next().is_none()
                    || phrases.any(|w| matches!(w.role.as_str(), "silent" | "connective" | "not understood"));
                if quiet {
                    return Err(format!("{role} = {} comes from nowhere", said.value));
                }
                let of = [("token", "amount"), ("token_in", "amount_in")];
                let twice = |(other, s): &(&str, _)| {
                    s == span
                        && !of.contains(&(*other, role.as_str()))
                        && !of.contains(&(role.as_str(), *other))
                };
                if fed.iter().any(twice) {
                    return Err(format!("{role} = {} shares its words", said.value));
                }
                fed.push((role.as_str(), *span));
            }
        }
    }
    Ok(())
}

/// A plan said in plain English is the same plan. A very long one is refused, as any long message is.
fn said_again(intent: &Intent) -> Result<(), String> {
    let said = read_back(intent, &LEXICON);
    let again = outcome(&read(&said, None), None);
    let long = said.split_whitespace().count() > 90 && again == "ask too_complex";
    let want = format!("plan {}", plan(intent, None));
    if again == want || long { Ok(()) } else { Err(format!("“{said}”\n  want {want}\n  have {again}")) }
}
