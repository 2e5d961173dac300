//! Everything the reader knows before it sees a message: closed-class words, frames and the vocabulary's names.
//!
//! Compiled once from the files in `lexicon/` and `frames/` and an injected [`Vocabulary`]. Knows no message.

mod build;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::frame::{Filler, SenseRule, Slot, forms, senses};
use crate::intent::ActionKind;
use crate::names::{Name, names};
use crate::phrase::Phrases;
use crate::vocabulary::Vocabulary;
use crate::words::{UNKNOWN, WordId, Words, fold};

/// What a phrase of the lexicon means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing.
    Silent,
    Link(Link),
    Marker(u16),
    /// A verb: an index into [`Lexicon::verbs`].
    Verb(u16),
    /// A name of the vocabulary.
    Name(u16),
    Quantity(Q),
    /// A bound, with the value captured.
    Limit(Slot),
    /// A word that may stand before a bound.
    Lead,
    /// Behind a bound: that it holds for every action.
    Scope,
    /// An action or its output, as something that comes to an end: “the swap”.
    Event,
    /// That it has: “is complete”.
    Settled,
    Gate(Gate),
    /// Begins a reason or story.
    Aside,
    /// Stands for a place to be chosen: “somewhere”, “a better yield”.
    Open,
    /// A word before a recipient that says who they are.
    Kin,
    /// A word of correction, silent in an answer.
    Fix,
    /// A word of correction that objects to the plan: alone it is asked about.
    Objection,
    /// Before the value a correction replaces.
    Replaced,
    /// In a correction, so many times the amount said before: numerator, denominator.
    Scale(u8, u8),
}

/// How two actions are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The next action follows; there must be one.
    Then,
    /// A mark: may end a message.
    Soft,
    /// The next action comes before the one just said.
    After,
    /// The next action comes after the one that follows it.
    Before,
    /// The next action follows when the one before is done; there must be one before.
    Once,
    /// The action it ends comes before the one said before it: “… first”.
    First,
    /// The sign of a list item.
    Bullet,
}

/// Words about quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Q {
    All,
    Rest,
    Vague,
    Approx,
    Exactly,
    AtMost,
    AtLeast,
    AsMuch,
    AsCan,
    AllBut,
    Usd,
    OtherMoney,
    Worth,
    Of,
    Mine,
    The,
    A,
    Pronoun,
    Sum,
    Holding,
    Debt,
    Have,
    Percent,
    Each,
    Or,
    Keep,
    Enough,
    Needed,
    Take,
}

/// Why a message is no plain request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    Question,
    Negation,
    Cancel,
    Unsupported,
    Recurrence,
    Condition,
    Injection,
}

/// Room for 1,024 markers in a bit set.
const MARKER_WORDS: usize = 16;

/// One slot of a sense, compiled.
#[derive(Clone, Debug)]
pub(crate) struct SlotEdge {
    pub(crate) slot: Slot,
    pub(crate) kind: Filler,
    /// The markers that introduce it.
    pub(crate) markers: Vec<u64>,
    /// Whether it may stand without one.
    pub(crate) bare: bool,
    pub(crate) cost: u32,
    /// The set of slots that must be filled before.
    pub(crate) after: u32,
    /// The set of slots that must not.
    pub(crate) until: u32,
}

impl SlotEdge {
    /// Whether a marker introduces it.
    pub(crate) fn takes(&self, marker: u16) -> bool {
        self.markers[usize::from(marker) / 64] >> (marker % 64) & 1 == 1
    }
}

/// One meaning of some verbs, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Sense {
    pub(crate) id: String,
    pub(crate) action: ActionKind,
    pub(crate) edges: Vec<SlotEdge>,
    /// The set of slots without which the action is incomplete.
    pub(crate) required: u32,
    pub(crate) particles: Vec<u64>,
    pub(crate) verbless: bool,
    pub(crate) confirm: bool,
    /// The set of bounds it can have.
    pub(crate) limits: u32,
}

/// A sense a verb can have, and whether it is its second choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VerbSense {
    pub(crate) sense: u8,
    pub(crate) second: bool,
    /// A participle: its object stands before it.
    pub(crate) past: bool,
}

/// Number words.
#[derive(Debug, Default)]
pub(crate) struct NumberWords {
    pub(crate) units: FxHashMap<WordId, u32>,
    pub(crate) tens: FxHashMap<WordId, u32>,
    pub(crate) scales: FxHashMap<WordId, u64>,
    pub(crate) suffixes: FxHashMap<WordId, u64>,
    pub(crate) shares: FxHashMap<WordId, (u32, u32)>,
    /// Unit of time and its letter: s, m, h.
    pub(crate) times: FxHashMap<WordId, (char, u32)>,
}

/// Everything the reader knows before it sees a message.
#[derive(Debug)]
pub struct Lexicon {
    pub(crate) words: Words,
    pub(crate) phrases: Phrases<Meaning>,
    pub(crate) senses: Vec<Sense>,
    pub(crate) verbs: Vec<Vec<VerbSense>>,
    pub(crate) names: Vec<Name>,
    pub(crate) numbers: NumberWords,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) known: Known,
    /// Closed-class words of five and more letters, for repairing a slip.
    pub(crate) repairable: Vec<(String, WordId)>,
    /// Everyday words next to those: no slips.
    ordinary: FxHashSet<String>,
    /// Verbs of four letters: a slip in one is asked about.
    pub(crate) short_verbs: Vec<String>,
    addresses: FxHashMap<(u8, String), u16>,
}

/// Words the reader looks for by name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    pub(crate) and: WordId,
    pub(crate) point: WordId,
    pub(crate) dollar: WordId,
    pub(crate) slash: WordId,
    pub(crate) dash: WordId,
    pub(crate) a: WordId,
    pub(crate) an: WordId,
    pub(crate) of: WordId,
    pub(crate) to: WordId,
    pub(crate) gwei: WordId,
    pub(crate) bps: WordId,
    pub(crate) basis: WordId,
    pub(crate) points: WordId,
    /// protocol, market, platform: behind a venue's name they add nothing.
    pub(crate) venue_nouns: [WordId; 12],
    /// wallet, account: behind a chain’s name.
    pub(crate) wallets: [WordId; 3],
    pub(crate) chain: WordId,
    pub(crate) network: WordId,
    pub(crate) half: WordId,
    pub(crate) arrow: WordId,
    pub(crate) or: WordId,
    pub(crate) the: WordId,
    /// “>”, drawn as an arrow.
    pub(crate) more: WordId,
}

type Lists = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
struct Quantities {
    #[serde(flatten)]
    lists: BTreeMap<String, toml::Value>,
    numbers: Numbers,
}

#[derive(Deserialize)]
struct Numbers {
    units: BTreeMap<String, u32>,
    tens: BTreeMap<String, u32>,
    scales: BTreeMap<String, u64>,
    suffixes: BTreeMap<String, u64>,
    shares: BTreeMap<String, (u32, u32)>,
    seconds: BTreeMap<String, u32>,
    minutes: BTreeMap<String, u32>,
    hours: BTreeMap<String, u32>,
    days: BTreeMap<String, u32>,
}

struct Builder {
    words: Words,
    phrases: Phrases<Meaning>,
    repairable: Vec<(String, WordId)>,
}

impl Builder {}

impl Lexicon {
    /// Compiles the lexicon with the names of a vocabulary.
    ///
    /// # Panics
    ///
    /// Never: the data files are part of the program and a test holds that they are well formed.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let mut build = Builder { words: Words::default(), phrases: Phrases::new(), repairable: Vec::new() };
        let known = build.known();
        let numbers = build.quantities();
        build.closed_classes();
        let rules = senses();
        let mut markers = Vec::new();
        let senses: Vec<Sense> = rules.iter().map(|r| build.sense(r, &mut markers)).collect();
        let (verbs, short_verbs) = build::add_verbs(&mut build, &rules);
        let collected = names(vocabulary);
        for (i, phrase) in collected.phrases.iter().enumerate() {
            let id = u16::try_from(i).expect("a vocabulary has fewer than 65,536 names");
            build.phrases.add_plain(phrase, Meaning::Name(id), &mut build.words);
        }
        let mut addresses = FxHashMap::default();
        for (i, token) in vocabulary.tokens.iter().enumerate() {
            let chain = vocabulary.chains.iter().position(|c| c.id == token.chain);
            if let (Some(chain), Some(address)) = (chain, &token.address) {
                let key = (u8::try_from(chain).unwrap_or(u8::MAX), address.to_ascii_lowercase());
                addresses.insert(key, u16::try_from(i).unwrap_or(u16::MAX));
            }
        }
        Self {
            words: build.words,
            phrases: build.phrases,
            senses,
            verbs,
            names: collected.names,
            numbers,
            vocabulary: vocabulary.clone(),
            known,
            repairable: build.repairable,
            ordinary: build::lists(include_str!("lexicon/ordinary.toml")).into_values().flatten().collect(),
            short_verbs,
            addresses,
        }
    }

    /// Whether a single word, in any case, is one the language knows: a word of the lexicon, or of a name.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        let mut lower = String::new();
        fold(word, &mut lower);
        self.words.find(&lower) != UNKNOWN
    }

    /// The token at an address on a chain.
    pub(crate) fn token_at(&self, chain: u8, address: &str) -> Option<u16> {
        self.addresses.get(&(chain, address.to_ascii_lowercase())).copied()
    }

    /// The index of a chain.
    pub(crate) fn chain(&self, id: &str) -> Option<u8> {
        self.vocabulary.chains.iter().position(|c| c.id == id).and_then(|i| u8::try_from(i).ok())
    }

    /// The word one slip away from an unknown one, if there is exactly one.
    pub(crate) fn repair(&self, text: &str) -> Option<WordId> {
        if text.chars().count() < 5 || !text.is_ascii() {
            return None;
        }
        let mut lower = String::new();
        fold(text, &mut lower);
        // A slip in a verb of four letters is asked about, even where it is next to a longer one.
        let short = || self.short_verbs.iter().any(|v| one_slip(v, &lower));
        if self.ordinary.contains(&lower) || short() {
            return None;
        }
        let near: Vec<&(String, WordId)> =
            self.repairable.iter().filter(|(w, _)| one_slip(w, &lower)).collect();
        // “bridg” is “bridge” with its end cut off, rather than “bring”.
        let whole = || near.iter().filter(|(w, _)| w.starts_with(&lower));
        let found = match near.as_slice() {
            [one] => Some(*one),
            _ => whole().next().filter(|_| whole().count() == 1).copied(),
        };
        found.map(|(_, word)| *word).filter(|&w| w != UNKNOWN)
    }
}

/// Whether two words differ by one letter added, left out, changed, or two neighbours exchanged.
pub(crate) fn one_slip(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 || a == b {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let tail = short[head..].iter().rev().zip(long[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (s, l) = (short.len() - head - tail, long.len() - head - tail);
    l <= 1 || (s == 2 && l == 2 && short[head] == long[head + 1] && short[head + 1] == long[head])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_one_edit() {
        for (a, b) in [("bridge", "brigde"), ("bridge", "brdge"), ("swap", "swapp"), ("lend", "lemd")] {
            assert!(one_slip(a, b) && one_slip(b, a), "{a} {b}");
        }
        for (a, b) in [("bridge", "bridge"), ("bridge", "bdirge"), ("swap", "spaw"), ("lend", "lent s")] {
            assert!(!one_slip(a, b), "{a} {b}");
        }
    }
}
