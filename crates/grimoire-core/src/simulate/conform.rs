//! Whether the plan did exactly what was asked, and nothing else.

use alloy_primitives::{Address, I256};
use grimoire_registry::Token;

use super::execute::Executed;
use crate::{amount::Amount, block::Blocked, venue::Effect};

/// A measured change of one account's balance, gas apart.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// Whose.
    pub account: Address,
    /// Of what.
    pub token: &'static Token,
    /// By how much, in smallest units.
    pub change: I256,
}

/// Compares what happened with what was asked.
///
/// # Errors
/// The first difference, as the reason the plan may not be executed.
pub fn conform(executed: &Executed, asked: &[Effect]) -> Result<(), Blocked> {
    let mut open: Vec<Change> = Vec::new();
    for effect in asked {
        let same = open.iter_mut().find(|c| c.account == effect.account && c.token == effect.token);
        match same {
            Some(sum) => sum.change = sum.change.saturating_add(effect.change),
            None => open.push(Change { account: effect.account, token: effect.token, change: effect.change }),
        }
    }
    for measured in &executed.changes {
        let asked = open.iter_mut().find(|c| c.account == measured.account && c.token == measured.token);
        let wanted = asked.map_or(I256::ZERO, |c| std::mem::replace(&mut c.change, I256::ZERO));
        if wanted != measured.change {
            return Err(differs(measured, wanted, measured.change));
        }
    }
    if let Some(missing) = open.iter().find(|c| !c.change.is_zero()) {
        return Err(differs(missing, missing.change, I256::ZERO));
    }
    if executed.allowances.is_empty() {
        return Ok(());
    }
    let message = "The plan would leave an approval behind, so it is not offered.";
    Err(Blocked::new("allowance_left", message.into()))
}

fn differs(whose: &Change, wanted: I256, measured: I256) -> Blocked {
    let show = |change| Amount::signed(change, whose.token.decimals);
    let message = format!(
        "When simulated, the {} of {} changes by {} where {} was asked for, so the plan is not offered.",
        whose.token.symbol,
        whose.account,
        show(measured),
        show(wanted),
    );
    Blocked::new("effects_differ", message)
}

#[cfg(test)]
mod tests {
    use grimoire_registry::{ChainId, REGISTRY};

    use super::*;

    fn token(symbol: &str) -> &'static Token {
        REGISTRY.token(ChainId::Ethereum, symbol).expect("listed")
    }

    fn change(account: u8, symbol: &str, n: i64) -> Change {
        let change = I256::try_from(n).expect("small");
        Change { account: Address::repeat_byte(account), token: token(symbol), change }
    }

    fn judge(measured: &[Change], allowances: usize) -> Option<&'static str> {
        let asked = [change(1, "USDC", -100), change(1, "ETH", 4)];
        let asked = asked.map(|c| Effect { account: c.account, token: c.token, change: c.change });
        let spender = (Address::ZERO, Address::ZERO);
        let executed = Executed {
            gas_used: 1,
            changes: measured.to_vec(),
            allowances: vec![spender; allowances],
            warnings: Vec::new(),
        };
        conform(&executed, &asked).err().map(|b| b.code)
    }

    #[test]
    fn only_exactly_what_was_asked_passes() {
        let (paid, got) = (change(1, "USDC", -100), change(1, "ETH", 4));
        assert_eq!(judge(&[paid, got], 0), None);
        assert_eq!(judge(&[got, paid], 0), None);
        assert_eq!(judge(&[paid], 0), Some("effects_differ"), "nothing arrived");
        assert_eq!(judge(&[change(1, "USDC", -101), got], 0), Some("effects_differ"), "too much left");
        assert_eq!(judge(&[paid, change(1, "ETH", 3)], 0), Some("effects_differ"), "too little arrived");
        assert_eq!(
            judge(&[paid, got, change(1, "DAI", -1)], 0),
            Some("effects_differ"),
            "something else left"
        );
        assert_eq!(judge(&[paid, change(2, "ETH", 4)], 0), Some("effects_differ"), "somebody else got it");
        assert_eq!(judge(&[paid, got], 1), Some("allowance_left"));
    }
}
