//! The names of the vocabulary as phrases: each with everything it could be.
//!
//! One word can be a token on some chains, a chain and a venue. Which one it is decides the role it stands in;
//! nothing is matched by resemblance.

use rustc_hash::FxHashMap;

use crate::vocabulary::Vocabulary;

/// No token of that name on the chain.
pub(crate) const NONE: u16 = u16::MAX;

/// Everything a name could be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Name {
    /// Per chain, the index of the token in the vocabulary, or [`NONE`].
    pub(crate) tokens: Vec<u16>,
    /// Per chain, the symbols to offer when it could be several.
    pub(crate) offers: Vec<Option<(u16, u16)>>,
    pub(crate) chain: Option<u8>,
    pub(crate) venue: Option<u8>,
    /// A chain that is not supported.
    pub(crate) foreign_chain: bool,
    /// A venue that is not supported.
    pub(crate) foreign_venue: bool,
    /// A word such as “dollars” that is ambiguous on every chain.
    pub(crate) vague: bool,
}

impl Name {
    /// Whether it names a token, several tokens, or one that is on another chain only.
    pub(crate) fn token(&self) -> bool {
        self.vague || self.tokens.iter().any(|&t| t != NONE)
    }
}

/// The names, with the phrases to find them by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) names: Vec<Name>,
    pub(crate) phrases: Vec<String>,
}

/// Collects every name of a vocabulary.
pub(crate) fn names(vocabulary: &Vocabulary) -> Names {
    let chains = vocabulary.chains.len();
    let chain_index: FxHashMap<&str, usize> =
        vocabulary.chains.iter().enumerate().map(|(i, c)| (c.id.as_str(), i)).collect();
    let mut out = Names::default();
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let mut entry = |out: &mut Names, phrase: &str| -> usize {
        let key = phrase.to_lowercase();
        *seen.entry(key.clone()).or_insert_with(|| {
            out.phrases.push(key);
            out.names.push(Name {
                tokens: vec![NONE; chains],
                offers: vec![None; chains],
                ..Name::default()
            });
            out.names.len() - 1
        })
    };
    // Symbols first: a symbol wins over another token's alias.
    for symbols in [true, false] {
        for (i, token) in vocabulary.tokens.iter().enumerate() {
            let Some(&chain) = chain_index.get(token.chain.as_str()) else { continue };
            let index = u16::try_from(i).unwrap_or(NONE);
            let phrases: Vec<&str> = if symbols {
                vec![token.symbol.as_str()]
            } else {
                token.words.iter().map(String::as_str).collect()
            };
            for phrase in phrases {
                let at = entry(&mut out, phrase);
                let slot = &mut out.names[at].tokens[chain];
                if *slot == NONE {
                    *slot = index;
                }
            }
        }
    }
    for (i, chain) in vocabulary.chains.iter().enumerate() {
        for phrase in [&chain.id, &chain.name].into_iter().chain(&chain.words) {
            let at = entry(&mut out, phrase);
            out.names[at].chain = u8::try_from(i).ok();
        }
    }
    for (i, venue) in vocabulary.venues.iter().enumerate() {
        for phrase in [&venue.id, &venue.name].into_iter().chain(&venue.words) {
            let at = entry(&mut out, phrase);
            out.names[at].venue = u8::try_from(i).ok();
        }
    }
    for phrase in &vocabulary.unsupported_chains {
        let at = entry(&mut out, phrase);
        out.names[at].foreign_chain = true;
    }
    for phrase in &vocabulary.unsupported_venues {
        let at = entry(&mut out, phrase);
        out.names[at].foreign_venue = true;
    }
    for (row, several) in vocabulary.ambiguous.iter().enumerate() {
        for phrase in &several.words {
            let at = entry(&mut out, phrase);
            let name = &mut out.names[at];
            name.vague |= !name.tokens.iter().any(|&t| t != NONE);
            for (offer, (chain, _)) in several.candidates.iter().enumerate() {
                let Some(&chain) = chain_index.get(chain.as_str()) else { continue };
                name.offers[chain] =
                    Some((u16::try_from(row).unwrap_or(NONE), u16::try_from(offer).unwrap_or(NONE)));
            }
        }
    }
    out
}
