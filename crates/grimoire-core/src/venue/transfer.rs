//! Sending a token to somebody.

use alloy_primitives::{Address, U256, address};
use serde_json::{Map, Value};

use super::{Built, Desk, Effect, Fact, Venue, cannot};
use crate::{
    amount::Amount,
    block::{Blocked, Stop, Warning},
    evm::{Call, Receipt, Revert},
    plan::{Action, Step, Transfer},
    token::{self, IErc20},
};

/// Where tokens are sent to be destroyed.
const BURN: Address = address!("000000000000000000000000000000000000dEaD");

/// Transfers of every token.
pub(super) struct Transfers;

impl Venue for Transfers {
    fn slug(&self) -> &'static str {
        "transfer"
    }

    fn build(&self, step: &Step, desk: &mut Desk<'_>) -> Result<Built, Stop> {
        let Action::Transfer(transfer) = &step.action else {
            return Err(cannot(self, &step.action));
        };
        build(transfer, desk)
    }

    fn explain(&self, revert: &Revert) -> Option<&'static str> {
        match revert {
            Revert::Empty => Some("the token or the receiver refuses the transfer without a reason"),
            Revert::Text(text) if text == "Pausable: paused" => Some("the token is paused by its issuer"),
            Revert::Text(text) if text == "Blacklistable: account is blacklisted" => {
                Some("the token's issuer has blocked one of the accounts")
            }
            _ => None,
        }
    }
}

fn build(transfer: &Transfer, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, recipient) = (transfer.token, transfer.recipient);
    if !token::exists(&mut desk.site.machine, token)? {
        return Err(token::not_here(token).into());
    }
    let amount = desk.resolver().pay(&transfer.amount, token)?;
    desk.must_hold(token, amount, true)?;
    let what = Receiver::of(desk, recipient)?;
    let title = format!("Send {amount} {} to {}", token.symbol, recipient.to_checksum(None));
    let call = match token.address {
        None => Call::plain(recipient, amount.raw, title.clone()),
        Some(at) => Call::new(at, &IErc20::transferCall { to: recipient, amount: amount.raw }, title.clone()),
    };
    let receipt = desk.run(call)?;
    if token.address.is_some() && says_no(&receipt) {
        let message = format!("“{title}” fails when simulated: the token answers that it did not move.");
        return Err(Blocked::new("reverted", message).into());
    }
    let (chain, sender) = (desk.chain(), desk.signer.address);
    let mut details = Map::new();
    details.insert("amount".into(), Value::String(amount.to_string()));
    details.insert("recipient".into(), Value::String(recipient.to_checksum(None)));
    details.insert("recipient_kind".into(), Value::String(what.code().into()));
    Ok(Built {
        calls: std::mem::take(&mut desk.calls),
        effects: vec![
            Effect::loss(chain, sender, token, amount.raw),
            Effect::gain(chain, recipient, token, amount.raw),
        ],
        warnings: warnings(desk, recipient, what, amount),
        facts: vec![Fact { label: "Receiver", value: what.sentence().into() }],
        title,
        details,
        ..Built::default()
    })
}

/// A token that reports failure instead of refusing. No answer at all counts as success, as with USDT.
fn says_no(receipt: &Receipt) -> bool {
    receipt.output.len() >= 32 && U256::from_be_slice(&receipt.output[..32]).is_zero()
}

/// What stands at the receiving address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Receiver {
    Account,
    Delegated,
    Contract,
}

impl Receiver {
    fn of(desk: &mut Desk<'_>, at: Address) -> Result<Self, Stop> {
        let machine = &mut desk.site.machine;
        Ok(match (machine.has_code(at)?, machine.is_contract(at)?) {
            (false, _) => Self::Account,
            (true, false) => Self::Delegated,
            (true, true) => Self::Contract,
        })
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Delegated => "delegated_account",
            Self::Contract => "contract",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Account => "an account, no contract",
            Self::Delegated => "an account that delegates to a contract",
            Self::Contract => "a contract",
        }
    }
}

fn warnings(desk: &Desk<'_>, recipient: Address, what: Receiver, amount: Amount) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, message: String| warnings.push(Warning { code, message });
    if recipient == desk.signer.address {
        warn("recipient_is_sender", "The receiver is the sending wallet itself.".into());
    }
    if recipient == BURN {
        warn("recipient_burns", format!("What is sent there is destroyed: {amount} would be gone for good."));
    }
    if what == Receiver::Contract {
        let message = "The receiver is a contract: make sure that it can hold this token and give it back.";
        warn("recipient_is_contract", message.into());
    }
    warnings
}
