//! Approvals: exact, none where the allowance suffices, zero first where the token asks for it, none left behind.

use alloy_primitives::{Address, U256};
use grimoire_registry::Token;

use super::Desk;
use crate::{
    amount::Amount,
    block::Stop,
    evm::{Call, CallError},
    token::{IErc20, allowance},
};

/// An approval given for one action.
#[derive(Clone, Copy, Debug)]
pub struct Approval {
    token: &'static Token,
    at: Address,
    spender: Address,
    given: bool,
}

impl Approval {
    /// Lets a spender take exactly that much, if it may not already.
    ///
    /// # Errors
    /// When the token refuses, or the state cannot be read.
    pub fn give(
        desk: &mut Desk<'_>,
        token: &'static Token,
        at: Address,
        spender: Address,
        amount: Amount,
        name: &str,
    ) -> Result<Self, Stop> {
        let before = allowance(&mut desk.all.machine, at, desk.all.sender, spender)?;
        let mut approval = Self { token, at, spender, given: false };
        if before >= amount.raw {
            return Ok(approval);
        }
        let approve = |value: U256, title: String| {
            Call::new(at, &IErc20::approveCall { spender, amount: value }, title)
        };
        let exact = approve(amount.raw, format!("Approve {amount} {} for {name}", token.symbol));
        // Some tokens, USDT first of all, refuse to change an allowance that is not zero.
        if !before.is_zero() && desk.would_revert(&exact)? {
            desk.run(approve(U256::ZERO, format!("Reset the {} allowance of {name} to 0", token.symbol)))?;
        }
        desk.run(exact)?;
        approval.given = true;
        Ok(approval)
    }

    /// Takes back what the action did not use.
    ///
    /// # Errors
    /// When the token refuses, or the state cannot be read.
    pub fn take_back(&self, desk: &mut Desk<'_>, name: &str) -> Result<(), Stop> {
        if !self.given || allowance(&mut desk.all.machine, self.at, desk.all.sender, self.spender)?.is_zero()
        {
            return Ok(());
        }
        let zero = IErc20::approveCall { spender: self.spender, amount: U256::ZERO };
        let title = format!("Take back what {name} did not use of the {} approval", self.token.symbol);
        desk.run(Call::new(self.at, &zero, title)).map(drop)
    }
}

impl Desk<'_> {
    /// Whether the contract would refuse a call now; changes nothing.
    fn would_revert(&mut self, call: &Call) -> Result<bool, Stop> {
        match self.all.machine.attempt(self.all.sender, call) {
            Ok(_) => Ok(false),
            Err(CallError::State(error)) => Err(error.into()),
            Err(_) => Ok(true),
        }
    }
}
