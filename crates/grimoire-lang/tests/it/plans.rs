//! The messages of the corpora that come to a plan, with their plan: what the metamorphic tests change.

use crate::corpus::messages;
use crate::engine::{outcome, read};

pub(crate) struct Planned {
    pub(crate) say: String,
    pub(crate) chain: Option<String>,
    pub(crate) want: String,
}

/// Every message that comes to a plan, once.
pub(crate) fn plans() -> Vec<Planned> {
    let mut out: Vec<Planned> = Vec::new();
    for message in messages() {
        let want = outcome(&read(&message.say, message.chain.as_deref()), message.chain.as_deref());
        let twice = out.iter().any(|p| p.say == message.say && p.chain == message.chain);
        if want.starts_with("plan") && !twice {
            out.push(Planned { say: message.say, chain: message.chain, want });
        }
    }
    assert!(out.len() >= 250, "only {} plans", out.len());
    out
}

impl Planned {
    /// What the message comes to when it is said like this.
    pub(crate) fn said_as(&self, changed: &str) -> String {
        outcome(&read(changed, self.chain.as_deref()), self.chain.as_deref())
    }

    /// Its places between words: before the first, between two, behind the last.
    pub(crate) fn places(&self) -> Vec<usize> {
        let inner = self.say.match_indices(' ').map(|(at, _)| at + 1);
        std::iter::once(0).chain(inner).chain([self.say.len()]).collect()
    }

    /// The message with a word put in at a place.
    pub(crate) fn with(&self, word: &str, at: usize) -> String {
        let (head, tail) = self.say.split_at(at);
        if tail.is_empty() { format!("{head} {word}") } else { format!("{head}{word} {tail}") }
    }
}
