//! A bridge as calls: approve exactly, deposit on the origin; the fill is run on the destination.

use alloy_primitives::{Address, U256};
use grimoire_registry::{Chain, REGISTRY, Token};
use serde_json::json;

use super::{
    abi::ISpokePool,
    fee::{self, HIGH_PPM, across},
    fill::{self, Deposit},
    route::Route,
};
use crate::{
    amount::{Amount, mul_div, percent},
    block::{Blocked, Stop, Warning},
    evm::{Call, StateError},
    plan::{Bridge, Limits, Output, Step},
    venue::{Built, Desk, Effect, Fact, erc20::Approval},
};

/// A deposit that nobody fills is given back after this long.
const FILL_SECS: u32 = 7_200;

/// Builds a deposit and runs its calls, and the fill on the destination.
pub(super) fn build(step: &Step, bridge: &Bridge, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let route = Route::of(bridge, desk)?;
    if desk.site.machine.view(route.spoke_pool, &ISpokePool::pausedDepositsCall {})? {
        let message = format!("{} takes no deposits on this chain now: they are paused.", desk.venue.name());
        return Err(Blocked::new("deposits_paused", message).into());
    }
    if bridge.recipient.is_none()
        && desk.signer.known
        && desk.site.machine.is_contract(desk.signer.address)?
    {
        let message = format!(
            "The wallet is a contract, which may not exist on {}. Say which address should receive it there.",
            REGISTRY.chain(route.to).name
        );
        return Err(Blocked::new("recipient_needed", message).into());
    }
    let paid = desk.resolver().pay(&bridge.amount, route.pays)?;
    desk.must_hold(route.pays, paid, true)?;
    let sender = desk.signer.address;
    let recipient = bridge.recipient.unwrap_or(sender);
    let now = desk.site.machine.block().timestamp;
    let deposit = Deposit {
        depositor: sender,
        recipient,
        id: desk.site.machine.view(route.spoke_pool, &ISpokePool::numberOfDepositsCall {})?,
        paid: paid.raw,
        fill_deadline: fill_deadline(&route, now, step.limits.deadline_secs, desk)?,
    };
    let (fee, out) = terms(&route, &deposit, paid, desk)?;
    keep_to(&step.limits, &route, paid, fee, out, desk)?;
    let place = &REGISTRY.chain(route.to).name;
    let receiver = bridge.recipient.map_or(String::new(), |to| format!(" for {}", to.to_checksum(None)));
    let title = format!("Bridge {paid} {} to {place} via {}{receiver}", route.pays.symbol, desk.venue.name());
    let spenders = pay(&route, &deposit, out, now, &title, desk)?;
    let arrival = route.arrival(&deposit, out);
    let far = desk.far.as_mut().ok_or(StateError::NotServed(route.to))?;
    let (_, gets) = fill::run(&mut far.machine, &arrival, recipient)?;
    let ppm: u32 = mul_div(fee.raw, U256::from(1_000_000), paid.raw).saturating_to();
    let shown_fee =
        format!("about {} {} ({}, an estimate)", fee.rounded_up(4), route.pays.symbol, percent(ppm));
    let secs = expected_secs(REGISTRY.chain(route.from), REGISTRY.chain(route.to));
    let details = json!({
        "amount_in": paid.to_string(),
        "amount_out": out.to_string(),
        "token_out": gets.symbol,
        "to_chain": route.to.as_str(),
        "relayer_fee": fee.to_string(),
        "relayer_fee_source": "estimate",
        "expected_secs": secs,
        "fill_deadline": deposit.fill_deadline,
    });
    let serde_json::Value::Object(details) = details else { unreachable!("a literal object") };
    let from = &REGISTRY.chain(route.from).name;
    let wait = u64::from(deposit.fill_deadline).saturating_sub(now);
    Ok(Built {
        calls: std::mem::take(&mut desk.calls),
        effects: vec![
            Effect::loss(route.from, sender, route.pays, paid.raw),
            Effect::gain(route.to, recipient, gets, out.raw),
        ],
        output: (recipient == sender).then_some(Output {
            chain: route.to,
            token: gets,
            amount: out,
            taken: U256::ZERO,
            paid: U256::ZERO,
        }),
        spenders,
        warnings: warnings(&route, gets, ppm, &fee),
        facts: vec![
            Fact { label: "Arrives", value: format!("{out} {} on {place}", gets.symbol) },
            Fact { label: "Relayer fee", value: shown_fee },
            Fact { label: "Expected time", value: format!("about {secs} seconds (an estimate)") },
            Fact {
                label: "If not filled",
                value: format!("refunded on {from} some time after {}", lasting(wait)),
            },
        ],
        title,
        details,
        deadline: Some(u64::from(deposit.fill_deadline).min(now.saturating_add(QUOTE_SECS))),
        arrival: Some(arrival),
        ..Built::default()
    })
}

/// The spoke pool accepts a quote for an hour; prices do not hold that long.
const QUOTE_SECS: u64 = 1_800;

/// The fee and what arrives. Gas of the fill is measured by running it.
fn terms(
    route: &Route,
    deposit: &Deposit,
    paid: Amount,
    desk: &mut Desk<'_>,
) -> Result<(Amount, Amount), Stop> {
    let trial = across(paid, route.gets.decimals).unwrap_or(paid);
    let far = desk.far.as_mut().ok_or(StateError::NotServed(route.to))?;
    let mut copy = far.machine.clone();
    let (gas, _) = fill::run(&mut copy, &route.arrival(deposit, trial), deposit.recipient)?;
    let fee = fee::estimate(route, paid, gas, desk)?;
    let left = Amount { raw: paid.raw.saturating_sub(fee.raw), ..paid };
    let out = across(left, route.gets.decimals).filter(|out| !out.raw.is_zero());
    let out = out.ok_or_else(|| {
        let message = format!("{paid} {} is too little to bridge: nothing would arrive.", route.pays.symbol);
        Blocked::new("amount_too_small", message)
    })?;
    Ok((fee, out))
}

/// The calls on the origin; gives back the approvals.
fn pay(
    route: &Route,
    deposit: &Deposit,
    out: Amount,
    now: u64,
    title: &str,
    desk: &mut Desk<'_>,
) -> Result<Vec<(Address, Address)>, Stop> {
    let approval = route.pays.address.map(|at| Approval {
        at,
        symbol: route.pays.symbol.clone(),
        spender: route.spoke_pool,
        name: desk.venue.name().to_owned(),
    });
    if let Some(approval) = &approval {
        approval.give(desk, Amount::new(deposit.paid, route.pays.decimals))?;
    }
    let call = ISpokePool::depositV3Call {
        depositor: deposit.depositor,
        recipient: deposit.recipient,
        inputToken: route.input,
        outputToken: route.output,
        inputAmount: deposit.paid,
        outputAmount: out.raw,
        destinationChainId: U256::from(REGISTRY.chain(route.to).chain_id),
        exclusiveRelayer: Address::ZERO,
        quoteTimestamp: u32::try_from(now).unwrap_or(u32::MAX),
        fillDeadline: deposit.fill_deadline,
        exclusivityParameter: 0,
        message: alloy_primitives::Bytes::new(),
    };
    let value = if route.pays.is_native() { deposit.paid } else { U256::ZERO };
    desk.run(Call::new(route.spoke_pool, &call, title.to_owned()).with_value(value))?;
    Ok(approval.iter().map(Approval::pair).collect())
}

/// Until when the deposit can be filled: never later than the spoke pool allows.
fn fill_deadline(route: &Route, now: u64, said: Option<u64>, desk: &mut Desk<'_>) -> Result<u32, Stop> {
    let allowed = desk.site.machine.view(route.spoke_pool, &ISpokePool::fillDeadlineBufferCall {})?;
    let secs = said.map_or(FILL_SECS, |secs| u32::try_from(secs).unwrap_or(u32::MAX)).min(allowed);
    Ok(u32::try_from(now).unwrap_or(u32::MAX).saturating_add(secs))
}

/// Refuses when the fee takes more, or less arrives, than the person said.
fn keep_to(
    limits: &Limits,
    route: &Route,
    paid: Amount,
    fee: Amount,
    out: Amount,
    desk: &mut Desk<'_>,
) -> Result<(), Stop> {
    let symbol = &route.gets.symbol;
    if let Some(slippage) = limits.slippage.filter(|s| s.least(paid.raw) > paid.raw.saturating_sub(fee.raw)) {
        let message = format!(
            "The relayer's fee would be about {} {}, more than the {slippage} allowed. A larger amount may pass.",
            fee.rounded_up(3),
            route.pays.symbol
        );
        return Err(Blocked::new("bridge_fee_too_high", message).into());
    }
    let Some(limit) = limits.min_out else { return Ok(()) };
    let least = desk.resolver().least(limit, route.gets)?;
    if out.raw >= least.raw {
        return Ok(());
    }
    let message = format!("About {out} {symbol} would arrive, less than the {least} {symbol} asked for.");
    Err(Blocked::new("below_min_out", message).into())
}

/// `2 hours`, or minutes where it is no full hour.
fn lasting(secs: u64) -> String {
    match (secs / 3_600, secs % 3_600) {
        (1, 0) => "1 hour".into(),
        (hours, 0) => format!("{hours} hours"),
        _ if secs <= 60 => "1 minute".into(),
        _ => format!("{} minutes", secs.div_ceil(60)),
    }
}

/// A relayer waits for the deposit to be safe, then fills: three blocks here, two there, to the next ten seconds.
fn expected_secs(from: &Chain, to: &Chain) -> u64 {
    (3 * from.block_time_ms + 2 * to.block_time_ms).div_ceil(10_000) * 10
}

fn warnings(route: &Route, gets: &Token, ppm: u32, fee: &Amount) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, message: String| warnings.push(Warning { code, message });
    let message = "The relayer's fee and the time are estimates: a deposit that nobody fills is refunded on the chain it came from.";
    warn("bridge_estimate", message.into());
    if gets.symbol != route.pays.symbol {
        let message = format!("It arrives as {} on {}.", gets.symbol, REGISTRY.chain(route.to).name);
        warn("arrives_as_other_token", message);
    }
    if u64::from(ppm) > HIGH_PPM {
        let message = format!(
            "The relayer's fee is about {} {}, {} of the amount.",
            fee.rounded_up(3),
            route.pays.symbol,
            percent(ppm)
        );
        warn("high_bridge_fee", message);
    }
    warnings
}
