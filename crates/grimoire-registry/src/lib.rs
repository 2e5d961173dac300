//! The facts: chains, tokens and venues, read from the data files beside this crate.
//!
//! What comes in: `data/`, compiled into the program. What goes out: a [`Registry`] to look things up in, and the
//! [`Vocabulary`] the language reads by. What it refuses to know: the EVM, prices, balances.

pub mod chain;
pub mod token;
pub mod venue;
mod words;

use std::{collections::BTreeMap, sync::LazyLock};

use alloy_primitives::Address;
use grimoire_lang::vocabulary::{ChainNames, TokenNames, VenueNames, Vocabulary};
use serde::de::DeserializeOwned;

pub use chain::{Chain, ChainId, DataFee};
pub use token::Token;
pub use venue::{Deployment, Venue};

/// Every chain, token and venue the product knows.
#[derive(Debug)]
pub struct Registry {
    chains: Vec<Chain>,
    tokens: Vec<Vec<Token>>,
    venues: Vec<Venue>,
    words: words::Words,
}

/// The registry compiled into the program.
pub static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::load);

impl Registry {
    fn load() -> Self {
        Self {
            chains: chain::load(),
            tokens: ChainId::ALL.iter().map(|&c| token::load(c)).collect(),
            venues: venue::load(),
            words: words::load(),
        }
    }

    /// The facts of a chain.
    #[must_use]
    pub fn chain(&self, id: ChainId) -> &Chain {
        &self.chains[id as usize]
    }

    /// The tokens of a chain, native first.
    #[must_use]
    pub fn tokens(&self, chain: ChainId) -> &[Token] {
        &self.tokens[chain as usize]
    }

    /// The token of that symbol, exactly as written in the registry.
    #[must_use]
    pub fn token(&self, chain: ChainId, symbol: &str) -> Option<&Token> {
        self.tokens(chain).iter().find(|t| t.symbol == symbol)
    }

    /// The token at an address.
    #[must_use]
    pub fn token_at(&self, chain: ChainId, address: Address) -> Option<&Token> {
        self.tokens(chain).iter().find(|t| t.address == Some(address))
    }

    /// The native token of a chain.
    #[must_use]
    pub fn native(&self, chain: ChainId) -> &Token {
        self.token(chain, &self.chain(chain).native)
            .expect("a test holds that every chain lists its native token")
    }

    /// The wrapped form of a chain's native token.
    #[must_use]
    pub fn wrapped(&self, chain: ChainId) -> &Token {
        self.token(chain, &self.chain(chain).wrapped)
            .expect("a test holds that every chain lists its wrapped token")
    }

    /// The venues.
    #[must_use]
    pub fn venues(&self) -> &[Venue] {
        &self.venues
    }

    /// The venue of that slug.
    #[must_use]
    pub fn venue(&self, slug: &str) -> Option<&Venue> {
        self.venues.iter().find(|v| v.slug == slug)
    }

    /// A venue's deployments as its own type, by chain; none of an unknown venue.
    ///
    /// # Panics
    /// When a table is not of that type: the data is compiled in, and a test holds that every venue reads its own.
    #[must_use]
    pub fn deployed<T: DeserializeOwned>(&self, slug: &str) -> BTreeMap<ChainId, T> {
        let tables = self.venue(slug).into_iter().flat_map(|venue| &venue.deployments);
        let read = |(&chain, table): (&ChainId, &Deployment)| {
            (chain, table.read().unwrap_or_else(|why| panic!("{slug} on {chain}: {why}")))
        };
        tables.map(read).collect()
    }

    /// The names the language may use.
    #[must_use]
    pub fn vocabulary(&self) -> Vocabulary {
        let chain = |c: &Chain| ChainNames {
            id: c.id.as_str().into(),
            name: c.name.clone(),
            words: c.words.clone(),
            native: c.native.clone(),
            wrapped: c.wrapped.clone(),
        };
        let venue = |v: &Venue| VenueNames {
            id: v.slug.clone(),
            name: v.name.clone(),
            words: v.words.clone(),
            actions: v.actions.clone(),
        };
        let token = |c: ChainId, t: &Token| TokenNames {
            chain: c.as_str().into(),
            symbol: t.symbol.clone(),
            name: t.name.clone(),
            words: t.words.clone(),
            address: t.address.map(|a| a.to_checksum(None)),
            decimals: t.decimals,
        };
        Vocabulary {
            chains: self.chains.iter().map(chain).collect(),
            venues: self.venues.iter().map(venue).collect(),
            tokens: ChainId::ALL
                .iter()
                .flat_map(|&c| self.tokens(c).iter().map(move |t| token(c, t)))
                .collect(),
            ambiguous: self.words.ambiguous(),
            unsupported_chains: self.words.unsupported_chains.clone(),
            unsupported_venues: self.words.unsupported_venues.clone(),
        }
    }
}
