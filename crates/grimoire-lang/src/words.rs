//! Words as small numbers: every word the lexicon or the vocabulary uses, lower-cased.
//!
//! A word that is in neither is [`UNKNOWN`]: the text itself stays in the message.

use rustc_hash::FxHashMap;

/// The id of a word; equal ids are equal words.
pub(crate) type WordId = u32;

/// A word that neither the lexicon nor the vocabulary uses.
pub(crate) const UNKNOWN: WordId = 0;

/// The interner.
#[derive(Debug, Default)]
pub(crate) struct Words {
    ids: FxHashMap<Box<str>, WordId>,
}

impl Words {
    /// The id of a word, given one if it is new.
    pub(crate) fn intern(&mut self, word: &str) -> WordId {
        let mut lower = String::new();
        fold(word, &mut lower);
        if let Some(known) = self.ids.get(lower.as_str()) {
            return *known;
        }
        let next = WordId::try_from(self.ids.len() + 1).expect("the lexicon has fewer than 2^32 words");
        self.ids.insert(lower.into(), next);
        next
    }

    /// The id of a word that is already lower-cased.
    pub(crate) fn find(&self, lower: &str) -> WordId {
        self.ids.get(lower).copied().unwrap_or(UNKNOWN)
    }

    /// Whether nothing is known yet: the lexicon's own phrases are being read.
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// Lower-cases into a buffer; a typographic apostrophe becomes the plain one.
pub(crate) fn fold(word: &str, into: &mut String) {
    into.clear();
    for c in word.chars() {
        match c {
            '\u{2019}' | '\u{2018}' | '\u{02bc}' => into.push('\''),
            'A'..='Z' => into.push(c.to_ascii_lowercase()),
            _ if c.is_ascii() => into.push(c),
            _ => into.extend(c.to_lowercase()),
        }
    }
}
