//! What one step does: the actions with their tokens and symbolic amounts.

use alloy_primitives::Address;
use grimoire_lang::{ActionKind, Amount as Said, Decimal};
use grimoire_registry::{ChainId, REGISTRY, Token};

/// What is done.
#[derive(Clone, Debug)]
pub enum Action {
    /// One token for another.
    Swap(Swap),
    /// A token to somebody else.
    Transfer(Transfer),
    /// The native token into its ERC-20 form.
    Wrap(Said),
    /// The ERC-20 form of the native token back into it.
    Unwrap(Said),
    /// A token lent out.
    Deposit(Lend),
    /// A lent token, or collateral, taken back.
    Withdraw(Lend),
    /// A token borrowed against collateral.
    Borrow(Borrow),
    /// A debt paid back.
    Repay(Lend),
    /// A token to another chain.
    Bridge(Bridge),
}

/// One token for another.
#[derive(Clone, Debug)]
pub struct Swap {
    /// What is paid.
    pub token_in: &'static Token,
    /// What is got.
    pub token_out: &'static Token,
    /// Which side is fixed.
    pub side: Side,
    /// Who gets it, where it is not the sender.
    pub recipient: Option<Address>,
}

/// Which side of a swap is fixed.
#[derive(Clone, Debug)]
pub enum Side {
    /// So much is paid: exact in.
    ExactIn(Said),
    /// So much is got: exact out.
    ExactOut(Decimal),
}

/// A token to somebody else.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// What is sent.
    pub token: &'static Token,
    /// How much.
    pub amount: Said,
    /// To whom.
    pub recipient: Address,
}

/// A token and how much of it is lent, taken back or paid back.
#[derive(Clone, Debug)]
pub struct Lend {
    /// Which.
    pub token: &'static Token,
    /// How much: of the wallet's balance for a deposit, of the position otherwise.
    pub amount: Said,
    /// Whether it is to serve as collateral, where the person said so.
    pub as_collateral: bool,
    /// What a later step borrows against it.
    pub secures: Option<&'static Token>,
}

/// A token borrowed against collateral.
#[derive(Clone, Debug)]
pub struct Borrow {
    /// Which.
    pub token: &'static Token,
    /// How much.
    pub amount: Said,
    /// Against what, where the person said so.
    pub collateral: Option<&'static Token>,
}

/// A token to another chain.
#[derive(Clone, Debug)]
pub struct Bridge {
    /// What leaves.
    pub token: &'static Token,
    /// How much.
    pub amount: Said,
    /// Where to.
    pub to_chain: ChainId,
    /// Who gets it, where it is not the sender.
    pub recipient: Option<Address>,
}

impl Action {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Swap(_) => ActionKind::Swap,
            Self::Transfer(_) => ActionKind::Transfer,
            Self::Wrap(_) => ActionKind::Wrap,
            Self::Unwrap(_) => ActionKind::Unwrap,
            Self::Deposit(_) => ActionKind::Deposit,
            Self::Withdraw(_) => ActionKind::Withdraw,
            Self::Borrow(_) => ActionKind::Borrow,
            Self::Repay(_) => ActionKind::Repay,
            Self::Bridge(_) => ActionKind::Bridge,
        }
    }

    /// The amount it names, unless it is an exact output.
    #[must_use]
    pub const fn amount(&self) -> Option<&Said> {
        match self {
            Self::Swap(Swap { side: Side::ExactIn(said), .. }) | Self::Wrap(said) | Self::Unwrap(said) => {
                Some(said)
            }
            Self::Swap(_) => None,
            Self::Transfer(t) => Some(&t.amount),
            Self::Deposit(l) | Self::Withdraw(l) | Self::Repay(l) => Some(&l.amount),
            Self::Borrow(b) => Some(&b.amount),
            Self::Bridge(b) => Some(&b.amount),
        }
    }

    /// What leaves the wallet for it; nothing for a withdrawal or a loan.
    #[must_use]
    pub const fn pays(&self) -> Option<Paid> {
        match self {
            Self::Swap(s) => Some(Paid::Token(s.token_in)),
            Self::Transfer(t) => Some(Paid::Token(t.token)),
            Self::Wrap(_) => Some(Paid::Native),
            Self::Unwrap(_) => Some(Paid::Wrapped),
            Self::Deposit(l) | Self::Repay(l) => Some(Paid::Token(l.token)),
            Self::Bridge(b) => Some(Paid::Token(b.token)),
            Self::Withdraw(_) | Self::Borrow(_) => None,
        }
    }

    /// Whether somebody else than the sender gets what it puts out.
    #[must_use]
    pub const fn recipient(&self) -> Option<Address> {
        match self {
            Self::Swap(s) => s.recipient,
            Self::Transfer(t) => Some(t.recipient),
            Self::Bridge(b) => b.recipient,
            _ => None,
        }
    }
}

/// What leaves a wallet.
#[derive(Clone, Copy, Debug)]
pub enum Paid {
    /// A token that was named.
    Token(&'static Token),
    /// The chain's native token.
    Native,
    /// The chain's wrapped native token.
    Wrapped,
}

impl Paid {
    /// The token on its chain.
    #[must_use]
    pub fn on(self, chain: ChainId) -> &'static Token {
        match self {
            Self::Token(token) => token,
            Self::Native => REGISTRY.native(chain),
            Self::Wrapped => REGISTRY.wrapped(chain),
        }
    }
}
