//! The names the language may use, injected by the caller: chains, venues, tokens.

use crate::intent::ActionKind;

/// Every name the caller knows. Matching is on whole lower-cased words, longest first, never fuzzy.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The supported chains, in the order they are offered.
    pub chains: Vec<ChainNames>,
    /// The supported venues, in the order they are offered.
    pub venues: Vec<VenueNames>,
    /// Every token of every chain.
    pub tokens: Vec<TokenNames>,
    /// Words that name several tokens, with the symbols to offer.
    pub ambiguous: Vec<AmbiguousWord>,
    /// Chains people name that are not supported.
    pub unsupported_chains: Vec<String>,
    /// Protocols people name that are not supported.
    pub unsupported_venues: Vec<String>,
}

/// A chain and the words for it.
#[derive(Clone, Debug)]
pub struct ChainNames {
    /// Canonical id, such as `ethereum`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Further words, lower case.
    pub words: Vec<String>,
    /// Symbol of the native token.
    pub native: String,
    /// Symbol of its wrapped form.
    pub wrapped: String,
}

/// A venue and the words for it.
#[derive(Clone, Debug)]
pub struct VenueNames {
    /// Canonical slug, such as `uniswap_v3`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Further words, lower case.
    pub words: Vec<String>,
    /// What can be done there.
    pub actions: Vec<ActionKind>,
}

/// A token on one chain and the words for it.
#[derive(Clone, Debug)]
pub struct TokenNames {
    /// The chain's id.
    pub chain: String,
    /// The registry's symbol.
    pub symbol: String,
    /// Its full name.
    pub name: String,
    /// Further words, lower case.
    pub words: Vec<String>,
    /// EIP-55 address; none for the native token.
    pub address: Option<String>,
    /// Decimals of an amount.
    pub decimals: u8,
}

/// Words that could be several tokens.
#[derive(Clone, Debug)]
pub struct AmbiguousWord {
    /// The words, lower case.
    pub words: Vec<String>,
    /// Per chain id, the symbols to offer.
    pub candidates: Vec<(String, Vec<String>)>,
}
