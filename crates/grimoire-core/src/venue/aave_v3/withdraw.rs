//! Withdrawing what was supplied; everything at once takes the interest of the last second too.

use alloy_primitives::U256;

use super::{
    abi::{IGateway, IPool},
    account::safety,
    explain::is_about_safety,
    market::{built, rate_facts},
    reserve::Reserve,
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::Call,
    plan::{Lend, Output},
    token,
    venue::{Built, Desk, Effect, Fact, PositionKind, erc20::Approval},
};

/// Builds a withdrawal and runs its calls.
pub(super) fn build(withdrawal: &Lend, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, venue, sender) = (withdrawal.token, desk.venue.name(), desk.signer.address);
    let reserve = Reserve::of(desk, token)?;
    reserve.flags(desk)?.open(&reserve, venue)?;
    let whole = reserve.supplied(desk, sender)?;
    if whole.raw.is_zero() {
        let message = format!("The wallet has supplied no {} on {venue}.", token.symbol);
        return Err(Blocked::new("no_position", message).into());
    }
    let amount = desk.resolver().of_position(&withdrawal.amount, token, whole)?;
    if amount.raw > whole.raw {
        let why = format!("The wallet has supplied {whole} {} on {venue}.", token.symbol);
        return Err(Blocked::beyond("insufficient_position", &why, Some(whole), &token.symbol).into());
    }
    let liquidity = reserve.liquidity(desk)?;
    if amount.raw > liquidity.raw {
        let why = format!("{venue} has only {liquidity} {} at hand: the rest is lent out.", token.symbol);
        return Err(Blocked::beyond("insufficient_liquidity", &why, Some(liquidity), &token.symbol).into());
    }
    let (rates, account) = (reserve.rates(desk)?, safety(desk, reserve.deployment, sender)?);
    let all = amount.raw == whole.raw;
    let shown = if all { format!("all {amount}") } else { amount.to_string() };
    let title = format!("Withdraw {shown} {} from {venue}", token.symbol);
    let order = Order { reserve: &reserve, amount, all };
    let safe = order.pool_call(if all { U256::MAX } else { amount.raw }, sender, &title);
    if let Some(revert) = desk.refusal(&safe)?.filter(is_about_safety) {
        return Err(unsafe_to_leave(desk, &order, &revert)?);
    }
    let before = token::balance(&mut desk.site.machine, token, sender)?;
    let spenders = order.run(desk, &title)?;
    let received = Amount {
        raw: token::balance(&mut desk.site.machine, token, sender)?.raw.saturating_sub(before.raw),
        ..before
    };
    let after = safety(desk, reserve.deployment, sender)?;
    let mut built = built(desk, title, account, after, &reserve)?;
    built.effects = vec![
        Effect { rounding: if all { 2 } else { 0 }, ..Effect::gain(desk.chain(), sender, token, amount.raw) },
        Effect::shrinks(desk.chain(), sender, reserve.position(PositionKind::Supplied), amount.raw),
    ];
    built.output =
        Some(Output { chain: desk.chain(), token, amount: received, taken: U256::ZERO, paid: U256::ZERO });
    built.spenders = spenders;
    let left = reserve.supplied(desk, sender)?;
    let mut facts = vec![Fact { label: "Still supplied", value: format!("{left} {}", token.symbol) }];
    facts.extend(rate_facts(desk, &reserve, "Supply APY", |r| r.supply, rates, &mut built.details)?);
    facts.append(&mut built.facts);
    built.facts = facts;
    Ok(built)
}

struct Order<'a> {
    reserve: &'a Reserve,
    amount: Amount,
    all: bool,
}

impl Order<'_> {
    fn pool_call(&self, raw: U256, to: alloy_primitives::Address, title: &str) -> Call {
        let call = IPool::withdrawCall { asset: self.reserve.asset, amount: raw, to };
        Call::new(self.reserve.deployment.pool, &call, title.to_owned())
    }

    /// Runs the calls; gives back the approvals.
    fn run(
        &self,
        desk: &mut Desk<'_>,
        title: &str,
    ) -> Result<Vec<(alloy_primitives::Address, alloy_primitives::Address)>, Stop> {
        let sender = desk.signer.address;
        let raw = if self.all { U256::MAX } else { self.amount.raw };
        if !self.reserve.token.is_native() {
            desk.run(self.pool_call(raw, sender, title))?;
            return Ok(Vec::new());
        }
        // The gateway takes the claim from the wallet; interest that comes until then needs a little more.
        let deployment = self.reserve.deployment;
        let approval = Approval {
            at: self.reserve.listed.a_token,
            symbol: format!("supplied {}", self.reserve.lent.symbol),
            spender: deployment.gateway,
            name: format!("{}'s gateway", desk.venue.name()),
        };
        let slack = if self.all { self.amount.raw / U256::from(1_000) } else { U256::ZERO };
        let given =
            approval.give(desk, Amount { raw: self.amount.raw.saturating_add(slack), ..self.amount })?;
        let call = IGateway::withdrawETHCall { pool: deployment.pool, amount: raw, to: sender };
        desk.run(Call::new(deployment.gateway, &call, title.to_owned()))?;
        if given {
            approval.take_back(desk)?;
        }
        Ok(vec![approval.pair()])
    }
}

/// The loans would not be covered: says why, and what would pass.
fn unsafe_to_leave(
    desk: &mut Desk<'_>,
    order: &Order<'_>,
    revert: &crate::evm::Revert,
) -> Result<Stop, Stop> {
    let sender = desk.signer.address;
    let most = desk.largest(order.amount, |raw| order.pool_call(raw, sender, ""))?;
    let why = super::explain::explain(revert).unwrap_or("the loans would not be covered");
    let symbol = &order.reserve.token.symbol;
    let why = format!("Withdrawing {} {symbol} is refused: {why}.", order.amount);
    Ok(Blocked::beyond("health_factor_too_low", &why, most, symbol).into())
}
