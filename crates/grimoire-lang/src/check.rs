//! The checker: sees every plan before anyone else does, and shares no code with the reader.
//!
//! What comes in: the messages, a plan whose every value names its words, and what the reader took each word as. What
//! goes out: nothing, or what is wrong. It reads each value a second time from its words, holds that no word that
//! could change a plan was passed over, that every role stands where its marker allows, and that the plan is sane.

mod licence;
mod derive;
mod bounds;
mod outputs;
mod order;
mod cover;
mod joins;
mod decode;
mod multiply;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::amount::{Amount, Take};
use crate::decimal::Decimal;
use crate::intent::{Action, ActionKind, Intent, Role, Sourced};
use crate::source::{Source, Span};
use crate::vocabulary::Vocabulary;

/// What is wrong with a plan, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule it breaks.
    pub rule: &'static str,
    /// The words it is about; may be empty.
    pub spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Lists {
    sensitive: Vec<String>,
    harmless: Vec<String>,
    order: Vec<String>,
    settled: Vec<String>,
    all: Vec<String>,
    rest: Vec<String>,
    except: Vec<String>,
    cap: Vec<String>,
    pronoun: Vec<String>,
    usd: Vec<String>,
    buy: Vec<String>,
    mine: Vec<String>,
    it: Vec<String>,
    floor: Vec<String>,
    secures: Vec<String>,
    /// What a verb can do, for verbs that leave no doubt.
    kinds: BTreeMap<String, Vec<ActionKind>>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    toml::from_str(include_str!("check/words.toml")).expect("a test holds that the word list is well formed")
});

/// The messages of a conversation and what the words of the last one were taken as.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'e> {
    /// The message of every turn.
    pub messages: &'e [&'e str],
    /// The phrases of the last turn's message and what each was taken as.
    pub roles: &'e [(Span, String)],
    /// The chain the person is on.
    pub chain: Option<&'e str>,
    /// The names there are.
    pub vocabulary: &'e Vocabulary,
}

/// Checks a plan.
///
/// # Errors
///
/// The first rule the plan breaks.
pub fn check(evidence: &Evidence<'_>, intent: &Intent) -> Result<(), Violation> {
    let check = Check { evidence, intent };
    check.partition()?;
    check.nothing_lost()?;
    check.every_action_said()?;
    check.in_the_order_said()?;
    check.alike()?;
    check.bounds_shared()?;
    for (i, action) in intent.actions.iter().enumerate() {
        check.complete(action)?;
        check.by_its_verb(i, action)?;
        for (role, value) in &action.values {
            check.derives(i, action, *role, value)?;
            check.licensed(action, *role, value)?;
        }
        check.used_once(action)?;
        check.sane(i, action)?;
    }
    Ok(())
}

struct Check<'c> {
    evidence: &'c Evidence<'c>,
    intent: &'c Intent,
}

fn broken<T>(rule: &'static str, spans: &[Span]) -> Result<T, Violation> {
    Err(Violation { rule, spans: spans.to_vec() })
}

fn listed(list: &[String], word: &str) -> bool {
    list.iter().any(|w| w == word)
}

impl Check<'_> {
    fn text(&self, span: Span) -> &str {
        let message = self.evidence.messages.get(usize::from(span.turn)).copied().unwrap_or_default();
        message.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn said(&self, spans: &[Span]) -> String {
        spans.iter().map(|s| self.text(*s)).collect::<Vec<_>>().join(" ")
    }

    fn words(&self, spans: &[Span]) -> Vec<String> {
        decode::words(&self.said(spans)).into_iter().map(|(_, _, w)| w).collect()
    }
}
