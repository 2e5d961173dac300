//! What is going on while a sandbox is loaded or built, for whoever waits for it.

use std::fmt;

use grimoire_registry::ChainId;

/// One step forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which chain.
    pub chain: ChainId,
    /// What is being done.
    pub stage: Stage,
    /// How much of the stage is done.
    pub done: usize,
    /// How much there is to do in the stage.
    pub total: usize,
}

/// The stages, in order. A stored snapshot needs the first only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A snapshot is read.
    Load,
    /// Tokens are deployed.
    Tokens,
    /// Price feeds are deployed.
    Feeds,
    /// Pools are created and filled.
    UniswapV3,
    /// Reserves are listed and filled.
    AaveV3,
    /// Markets are created and filled.
    MorphoBlue,
    /// The spoke pool is deployed.
    Across,
    /// Accounts get their funds.
    Accounts,
    /// The snapshot is stored.
    Store,
}

impl Stage {
    /// The name used in messages and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Tokens => "tokens",
            Self::Feeds => "feeds",
            Self::UniswapV3 => "uniswap_v3",
            Self::AaveV3 => "aave_v3",
            Self::MorphoBlue => "morpho_blue",
            Self::Across => "across",
            Self::Accounts => "accounts",
            Self::Store => "store",
        }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}/{}", self.chain, self.stage.as_str(), self.done, self.total)
    }
}

/// Tells about the stages of one chain.
pub(crate) struct Teller<'a> {
    pub(crate) chain: ChainId,
    pub(crate) tell: &'a mut dyn FnMut(&Progress),
}

impl Teller<'_> {
    pub(crate) fn tell(&mut self, stage: Stage, done: usize, total: usize) {
        (self.tell)(&Progress { chain: self.chain, stage, done, total });
    }
}
