//! Lending to a market, or locking collateral in one.

use alloy_primitives::{Address, Bytes, U256};

use super::{
    abi::IMorpho,
    action::{built, pay_in, rates, show_rate},
    loan::safety,
    market::Market,
    place::{to_lend, to_secure},
};
use crate::{
    amount::Amount,
    block::Stop,
    evm::Call,
    plan::Lend,
    venue::{Built, Desk, Effect, PositionKind},
};

/// Builds a deposit and runs its calls.
pub(super) fn build(deposit: &Lend, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let token = deposit.token;
    let locks = deposit.as_collateral || deposit.secures.is_some();
    let market = if locks { to_secure(desk, token, deposit.secures)? } else { to_lend(desk, token)?.market };
    let amount = desk.resolver().pay(&deposit.amount, token)?;
    desk.must_hold(token, amount, true)?;
    let sender = desk.signer.address;
    let (before, rate) = (safety(desk, &market, sender)?, rates(desk, &market)?);
    let way = if locks { "as collateral into" } else { "into" };
    let title = format!("Deposit {amount} {} {way} {}", token.symbol, desk.venue.name());
    let (approval, _) = pay_in(desk, &market, token, amount)?;
    let (call, kind) = if locks {
        (lock(&market, amount, sender, title.clone()), PositionKind::Collateral)
    } else {
        (lend(&market, amount, sender, title.clone()), PositionKind::Supplied)
    };
    desk.run(call)?;
    let after = safety(desk, &market, sender)?;
    let mut built = built(desk, title, &market, locks.then_some((before, after)))?;
    if !locks {
        show_rate(desk, &mut built, &market, "Supply APY", |r| r.supply, rate)?;
    }
    built.effects = vec![
        Effect::loss(desk.chain(), sender, token, amount.raw),
        Effect::grows(desk.chain(), sender, market.position(kind), amount.raw),
    ];
    built.spenders = vec![approval.pair()];
    Ok(built)
}

/// Lends so much.
pub(super) fn lend(market: &Market, amount: Amount, sender: Address, title: String) -> Call {
    let call = IMorpho::supplyCall {
        params: market.params(),
        assets: amount.raw,
        shares: U256::ZERO,
        onBehalf: sender,
        data: Bytes::new(),
    };
    Call::new(market.morpho, &call, title)
}

/// Locks so much as collateral.
pub(super) fn lock(market: &Market, amount: Amount, sender: Address, title: String) -> Call {
    let call = IMorpho::supplyCollateralCall {
        params: market.params(),
        assets: amount.raw,
        onBehalf: sender,
        data: Bytes::new(),
    };
    Call::new(market.morpho, &call, title)
}
