//! Tokens of a chain.

use alloy_primitives::Address;
use serde::Deserialize;

use crate::chain::ChainId;

/// A token on one chain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The registry's symbol: unique on its chain.
    pub symbol: String,
    /// Full name.
    pub name: String,
    /// Where its contract is; none for the native token.
    pub address: Option<Address>,
    /// Decimals of an amount.
    pub decimals: u8,
    /// `native` and `wrapped-native` are marked.
    pub kind: Option<Kind>,
    /// Further words for it, lower case.
    #[serde(default)]
    pub words: Vec<String>,
}

impl Token {
    /// Whether it is the chain's native token, which has no contract.
    #[must_use]
    pub const fn is_native(&self) -> bool {
        self.address.is_none()
    }
}

/// Tokens with a special part on their chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Pays for gas.
    Native,
    /// The native token as an ERC-20.
    WrappedNative,
}

#[derive(Deserialize)]
struct File {
    token: Vec<Token>,
}

pub(crate) fn load(chain: ChainId) -> Vec<Token> {
    let text = match chain {
        ChainId::Ethereum => include_str!("../data/tokens/ethereum.toml"),
        ChainId::Arbitrum => include_str!("../data/tokens/arbitrum.toml"),
        ChainId::Optimism => include_str!("../data/tokens/optimism.toml"),
        ChainId::Base => include_str!("../data/tokens/base.toml"),
        ChainId::Polygon => include_str!("../data/tokens/polygon.toml"),
    };
    let file: File = toml::from_str(text).expect("a test holds that the token files are well formed");
    file.token
}
