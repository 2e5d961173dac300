//! Wrapping and unwrapping the native token: one for one, in the wrapped token's own contract.

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use grimoire_lang::Amount as Said;
use grimoire_registry::{REGISTRY, Token};

use super::{Built, Desk, Effect, Venue, cannot};
use crate::{
    amount::Amount,
    block::Stop,
    evm::{Call, Revert},
    plan::{Action, Output, Step},
};

sol! {
    /// WETH9, and every wrapped native token after it.
    interface IWrapped {
        function deposit() external payable;
        function withdraw(uint256 amount) external;
    }
}

/// The wrapped native token of each chain.
pub(super) struct Wrapped;

impl Venue for Wrapped {
    fn slug(&self) -> &'static str {
        "wrapped_native"
    }

    fn build(&self, step: &Step, desk: &mut Desk<'_>) -> Result<Built, Stop> {
        let (native, wrapped) = (REGISTRY.native(step.chain), REGISTRY.wrapped(step.chain));
        match &step.action {
            Action::Wrap(said) => build(said, native, wrapped, desk),
            Action::Unwrap(said) => build(said, wrapped, native, desk),
            other => Err(cannot(self, other)),
        }
    }

    fn explain(&self, revert: &Revert) -> Option<&'static str> {
        matches!(revert, Revert::Empty).then_some("the balance is too small")
    }
}

/// Puts native tokens into their wrapped form, for an action that needs it.
pub(super) fn wrap(desk: &mut Desk<'_>, amount: Amount) -> Result<(), Stop> {
    let chain = desk.chain();
    let title = format!("Wrap {amount} {}", REGISTRY.native(chain).symbol);
    let call = Call::new(contract(desk), &IWrapped::depositCall {}, title).with_value(amount.raw);
    desk.run(call).map(drop)
}

/// Takes native tokens out of their wrapped form.
pub(super) fn unwrap(desk: &mut Desk<'_>, amount: Amount) -> Result<(), Stop> {
    let chain = desk.chain();
    let title = format!("Unwrap {amount} {}", REGISTRY.wrapped(chain).symbol);
    let call = Call::new(contract(desk), &IWrapped::withdrawCall { amount: amount.raw }, title);
    desk.run(call).map(drop)
}

fn contract(desk: &Desk<'_>) -> Address {
    let wrapped = REGISTRY.wrapped(desk.chain());
    wrapped.address.expect("a test holds that wrapped tokens have addresses")
}

fn build(said: &Said, from: &'static Token, to: &'static Token, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let amount = desk.resolver().pay(said, from)?;
    desk.must_hold(from, amount, true)?;
    if from.is_native() {
        wrap(desk, amount)?;
    } else {
        unwrap(desk, amount)?;
    }
    let (chain, sender) = (desk.chain(), desk.signer.address);
    let verb = if from.is_native() { "Wrap" } else { "Unwrap" };
    Ok(Built {
        calls: std::mem::take(&mut desk.calls),
        effects: vec![
            Effect::loss(chain, sender, from, amount.raw),
            Effect::gain(chain, sender, to, amount.raw),
        ],
        output: Some(Output { chain, token: to, amount, taken: U256::ZERO, paid: U256::ZERO }),
        title: format!("{verb} {amount} {} to {}", from.symbol, to.symbol),
        ..Built::default()
    })
}
