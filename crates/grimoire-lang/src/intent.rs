//! What was asked for: actions in order, every value with its source.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Source;

/// The kinds of action the language can express.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's standard terms")]
pub enum ActionKind {
    Swap,
    Deposit,
    Withdraw,
    Borrow,
    Repay,
    Bridge,
    Transfer,
    Wrap,
    Unwrap,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Swap,
        Self::Deposit,
        Self::Withdraw,
        Self::Borrow,
        Self::Repay,
        Self::Bridge,
        Self::Transfer,
        Self::Wrap,
        Self::Unwrap,
    ];

    /// The name used in JSON, logs and docs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Swap => "swap",
            Self::Deposit => "deposit",
            Self::Withdraw => "withdraw",
            Self::Borrow => "borrow",
            Self::Repay => "repay",
            Self::Bridge => "bridge",
            Self::Transfer => "transfer",
            Self::Wrap => "wrap",
            Self::Unwrap => "unwrap",
        }
    }
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The keys of an action, in the order they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the language contract defines each by name")]
pub enum Role {
    Chain,
    ToChain,
    Venue,
    Token,
    TokenIn,
    TokenOut,
    Amount,
    AmountIn,
    AmountOut,
    Collateral,
    As,
    Recipient,
    MaxSlippage,
    MinOut,
    MaxIn,
    MaxGas,
    Deadline,
}

impl Role {
    /// The key used in JSON, logs and docs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::ToChain => "to_chain",
            Self::Venue => "venue",
            Self::Token => "token",
            Self::TokenIn => "token_in",
            Self::TokenOut => "token_out",
            Self::Amount => "amount",
            Self::AmountIn => "amount_in",
            Self::AmountOut => "amount_out",
            Self::Collateral => "collateral",
            Self::As => "as",
            Self::Recipient => "recipient",
            Self::MaxSlippage => "max_slippage",
            Self::MinOut => "min_out",
            Self::MaxIn => "max_in",
            Self::MaxGas => "max_gas",
            Self::Deadline => "deadline",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A canonical value and the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced {
    /// As the language contract writes it: `USDC`, `50% step1`, `0.5%`, `ethereum`.
    pub value: String,
    /// Where it came from.
    pub source: Source,
}

/// One action: what to do and its values, at most one a role, in the order of [`Role`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What to do.
    pub kind: ActionKind,
    /// Its values.
    pub values: Vec<(Role, Sourced)>,
}

impl Action {
    /// The canonical value of a role.
    #[must_use]
    pub fn get(&self, role: Role) -> Option<&str> {
        self.sourced(role).map(|s| s.value.as_str())
    }

    /// The value of a role with its source.
    #[must_use]
    pub fn sourced(&self, role: Role) -> Option<&Sourced> {
        self.values.iter().find(|(r, _)| *r == role).map(|(_, s)| s)
    }
}

/// Everything that was asked for, complete and of one reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The actions, in order.
    pub actions: Vec<Action>,
    /// Things the person should be told, such as an `about` that was read as exact.
    pub notes: Vec<Note>,
}

/// Something to tell the person about how the message was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable code, such as `approximate_amount`, `repaired_word`, `chain_overrides_context`.
    pub code: String,
    /// A sentence for a person.
    pub text: String,
}
