//! What an account has: tokens, and what venues keep for it.

use alloy_primitives::{Address, B256, I256, U256};
use grimoire_registry::{ChainId, Token};

/// Something that can be gained or lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asset {
    /// A token in the wallet.
    Token(&'static Token),
    /// A part of a position at a venue.
    Position(Position),
}

impl Asset {
    /// The token it is counted in.
    #[must_use]
    pub const fn token(self) -> &'static Token {
        match self {
            Self::Token(token) => token,
            Self::Position(position) => position.token,
        }
    }
}

/// What a venue keeps for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The venue's slug.
    pub venue: &'static str,
    /// What kind of claim or duty.
    pub kind: PositionKind,
    /// What it is counted in.
    pub token: &'static Token,
    /// Which of the venue's markets, where it has several of one token.
    pub market: Option<B256>,
}

/// Kinds of positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionKind {
    /// Lent out; it earns interest.
    Supplied,
    /// Locked for a loan; it earns nothing.
    Collateral,
    /// Owed; it costs interest.
    Debt,
}

impl PositionKind {
    /// The name used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Supplied => "supplied",
            Self::Collateral => "collateral",
            Self::Debt => "debt",
        }
    }
}

/// A position and its size, in smallest units of its token.
#[derive(Clone, Copy, Debug)]
pub struct Holding {
    /// Which.
    pub position: Position,
    /// How much.
    pub amount: U256,
}

/// A change of one account's assets that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    /// Where.
    pub chain: ChainId,
    /// Whose.
    pub account: Address,
    /// Of what.
    pub asset: Asset,
    /// By how much, in smallest units, gas apart.
    pub change: I256,
    /// How far rounding may take it, in smallest units; shares of a pool round, tokens do not.
    pub rounding: u8,
}

impl Effect {
    /// So much of a token leaves an account.
    #[must_use]
    pub fn loss(chain: ChainId, account: Address, token: &'static Token, raw: U256) -> Self {
        Self { chain, account, asset: Asset::Token(token), change: -signed(raw), rounding: 0 }
    }

    /// So much of a token arrives at an account.
    #[must_use]
    pub fn gain(chain: ChainId, account: Address, token: &'static Token, raw: U256) -> Self {
        Self { chain, account, asset: Asset::Token(token), change: signed(raw), rounding: 0 }
    }

    /// A position grows.
    #[must_use]
    pub fn grows(chain: ChainId, account: Address, position: Position, raw: U256) -> Self {
        Self {
            chain,
            account,
            asset: Asset::Position(position),
            change: signed(raw),
            rounding: SHARE_ROUNDING,
        }
    }

    /// A position shrinks.
    #[must_use]
    pub fn shrinks(chain: ChainId, account: Address, position: Position, raw: U256) -> Self {
        Self { change: -signed(raw), ..Self::grows(chain, account, position, raw) }
    }
}

/// Positions are kept as shares: turning them into tokens and back loses a unit on each side.
const SHARE_ROUNDING: u8 = 2;

fn signed(raw: U256) -> I256 {
    I256::try_from(raw).unwrap_or(I256::MAX)
}
