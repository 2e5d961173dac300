//! Names of things that are known but not served, and words with several meanings.

use std::collections::BTreeMap;

use grimoire_lang::vocabulary::AmbiguousWord;
use serde::Deserialize;

use crate::chain::ChainId;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) unsupported_chains: Vec<String>,
    pub(crate) unsupported_venues: Vec<String>,
    ambiguous_token: Vec<Ambiguous>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ambiguous {
    words: Vec<String>,
    candidates: BTreeMap<ChainId, Vec<String>>,
}

impl Words {
    pub(crate) fn ambiguous(&self) -> Vec<AmbiguousWord> {
        let row = |a: &Ambiguous| AmbiguousWord {
            words: a.words.clone(),
            candidates: a.candidates.iter().map(|(c, s)| (c.as_str().into(), s.clone())).collect(),
        };
        self.ambiguous_token.iter().map(row).collect()
    }
}

pub(crate) fn load() -> Words {
    toml::from_str(include_str!("../data/words.toml"))
        .expect("a test holds that the word file is well formed")
}
