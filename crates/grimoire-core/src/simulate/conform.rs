//! Whether the plan did exactly what was asked, and nothing else.

use alloy_primitives::{I256, U256};

use super::{execute::Executed, ledger::Change};
use crate::{
    amount::Amount,
    block::Blocked,
    venue::{Asset, Effect},
};

/// Compares what happened with what was asked.
///
/// # Errors
/// The first difference, as the reason the plan may not be executed.
pub fn conform(executed: &Executed, asked: &[Effect]) -> Result<(), Blocked> {
    let mut open = sum(asked);
    for measured in executed.changes() {
        let place = open.iter().position(|e| same(e, &measured));
        let wanted = place.map(|at| open.swap_remove(at));
        let (change, rounding) = wanted.map_or((I256::ZERO, 0), |e| (e.change, e.rounding));
        if distance(change, measured.change) > U256::from(rounding) {
            return Err(differs(&measured, change, measured.change));
        }
    }
    let missing = open.iter().find(|e| e.change.unsigned_abs() > U256::from(e.rounding));
    if let Some(e) = missing {
        let nothing = Change { chain: e.chain, account: e.account, asset: e.asset, change: e.change };
        return Err(differs(&nothing, e.change, I256::ZERO));
    }
    if executed.allowances.is_empty() {
        return Ok(());
    }
    let message = "The plan would leave an approval behind, so it is not offered.";
    Err(Blocked::new("allowance_left", message.into()))
}

/// What was asked, added up: one entry an account and asset.
fn sum(asked: &[Effect]) -> Vec<Effect> {
    let mut open: Vec<Effect> = Vec::new();
    for effect in asked {
        let place = open
            .iter_mut()
            .find(|e| (e.chain, e.account, e.asset) == (effect.chain, effect.account, effect.asset));
        match place {
            Some(sum) => {
                sum.change = sum.change.saturating_add(effect.change);
                sum.rounding = sum.rounding.saturating_add(effect.rounding);
            }
            None => open.push(*effect),
        }
    }
    open
}

fn same(effect: &Effect, change: &Change) -> bool {
    (effect.chain, effect.account, effect.asset) == (change.chain, change.account, change.asset)
}

fn distance(a: I256, b: I256) -> U256 {
    a.saturating_sub(b).unsigned_abs()
}

fn differs(whose: &Change, wanted: I256, measured: I256) -> Blocked {
    let token = whose.asset.token();
    let show = |change| Amount::signed(change, token.decimals);
    let what = match whose.asset {
        Asset::Token(_) => token.symbol.clone(),
        Asset::Position(position) => {
            format!("{} {} at {}", token.symbol, position.kind.as_str(), position.venue)
        }
    };
    let message = format!(
        "When simulated, the {what} of {} changes by {} where {} was asked for, so the plan is not offered.",
        whose.account,
        show(measured),
        show(wanted),
    );
    Blocked::new("effects_differ", message)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::Address;
    use grimoire_registry::{ChainId, REGISTRY, Token};

    use super::*;
    use crate::venue::{Position, PositionKind};

    const CHAIN: ChainId = ChainId::Ethereum;

    fn token(symbol: &str) -> &'static Token {
        REGISTRY.token(CHAIN, symbol).expect("listed")
    }

    fn number(n: i64) -> I256 {
        I256::try_from(n).expect("small")
    }

    fn change(account: u8, symbol: &str, n: i64) -> Change {
        let asset = Asset::Token(token(symbol));
        Change { chain: CHAIN, account: Address::repeat_byte(account), asset, change: number(n) }
    }

    fn debt(n: i64) -> Change {
        let position =
            Position { venue: "aave_v3", kind: PositionKind::Debt, token: token("USDC"), market: None };
        Change { asset: Asset::Position(position), ..change(1, "USDC", n) }
    }

    fn asked(change: Change, rounding: u8) -> Effect {
        Effect { chain: CHAIN, account: change.account, asset: change.asset, change: change.change, rounding }
    }

    fn judge(measured: &[Change], allowances: usize) -> Option<&'static str> {
        let asked = [asked(change(1, "USDC", -100), 0), asked(change(1, "ETH", 4), 0), asked(debt(50), 2)];
        let executed = Executed {
            runs: Vec::new(),
            steps: vec![measured.to_vec()],
            allowances: vec![(Address::ZERO, Address::ZERO); allowances],
            warnings: Vec::new(),
        };
        conform(&executed, &asked).err().map(|b| b.code)
    }

    #[test]
    fn only_exactly_what_was_asked_passes() {
        let (paid, got, owed) = (change(1, "USDC", -100), change(1, "ETH", 4), debt(50));
        let differ = Some("effects_differ");
        assert_eq!(judge(&[paid, got, owed], 0), None);
        assert_eq!(judge(&[owed, got, paid], 0), None);
        assert_eq!(judge(&[paid, got, debt(52)], 0), None, "shares round");
        assert_eq!(judge(&[paid, got, debt(53)], 0), differ, "more than rounding");
        assert_eq!(judge(&[paid, owed], 0), differ, "nothing arrived");
        assert_eq!(judge(&[paid, got], 0), differ, "nothing is owed");
        assert_eq!(judge(&[change(1, "USDC", -101), got, owed], 0), differ, "too much left");
        assert_eq!(judge(&[paid, change(1, "ETH", 3), owed], 0), differ, "too little arrived");
        assert_eq!(judge(&[paid, got, owed, change(1, "DAI", -1)], 0), differ, "something else left");
        assert_eq!(judge(&[paid, change(2, "ETH", 4), owed], 0), differ, "somebody else got it");
        let elsewhere = Change { chain: ChainId::Base, ..got };
        assert_eq!(judge(&[paid, elsewhere, owed], 0), differ, "it arrived on another chain");
        assert_eq!(judge(&[paid, got, owed], 1), Some("allowance_left"));
    }
}
