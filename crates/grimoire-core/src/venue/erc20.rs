//! Approvals: exact, none where the allowance suffices, zero first where the token asks for it, none left behind.

use alloy_primitives::{Address, U256};

use super::Desk;
use crate::{
    amount::Amount,
    block::Stop,
    evm::Call,
    token::{IErc20, allowance},
};

/// An approval an action needs.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The token's contract.
    pub at: Address,
    /// What the token is called.
    pub symbol: String,
    /// Who may take it.
    pub spender: Address,
    /// What they are called.
    pub name: String,
}

impl Approval {
    /// Lets the spender take exactly that much, if it may not already; says whether it had to.
    ///
    /// # Errors
    /// When the token refuses, or the state cannot be read.
    pub fn give(&self, desk: &mut Desk<'_>, amount: Amount) -> Result<bool, Stop> {
        let before = allowance(&mut desk.site.machine, self.at, desk.signer.address, self.spender)?;
        if before >= amount.raw {
            return Ok(false);
        }
        let exact = self.call(amount.raw, format!("Approve {amount} {} for {}", self.symbol, self.name));
        // Some tokens, USDT first of all, refuse to change an allowance that is not zero.
        if !before.is_zero() && desk.would_revert(&exact)? {
            let title = format!("Reset the {} allowance of {} to 0", self.symbol, self.name);
            desk.run(self.call(U256::ZERO, title))?;
        }
        desk.run(exact)?;
        Ok(true)
    }

    /// Takes back what the action did not use of an approval it has given.
    ///
    /// # Errors
    /// When the token refuses, or the state cannot be read.
    pub fn take_back(&self, desk: &mut Desk<'_>) -> Result<(), Stop> {
        if allowance(&mut desk.site.machine, self.at, desk.signer.address, self.spender)?.is_zero() {
            return Ok(());
        }
        let title = format!("Take back what {} did not use of the {} approval", self.name, self.symbol);
        desk.run(self.call(U256::ZERO, title)).map(drop)
    }

    /// Token and spender.
    #[must_use]
    pub const fn pair(&self) -> (Address, Address) {
        (self.at, self.spender)
    }

    fn call(&self, value: U256, title: String) -> Call {
        Call::new(self.at, &IErc20::approveCall { spender: self.spender, amount: value }, title)
    }
}
