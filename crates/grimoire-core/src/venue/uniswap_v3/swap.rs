//! A swap as calls: quote every route, approve exactly, swap, leave nothing behind.

use alloy_primitives::{Address, I256, U256, U512};
use grimoire_registry::{REGISTRY, Token};
use serde_json::json;

use super::{
    choose::{Pair, best, too_much_impact},
    encode::Order,
    mid_price::MidPrices,
    quote::{Fixed, Quote},
    route::Hop,
};
use crate::{
    amount::{Amount, percent},
    block::{Blocked, Stop, Warning},
    evm::Call,
    plan::{Side, Slippage, Step, Swap, exact},
    token,
    venue::{Built, Desk, Effect, Trade, erc20::Approval},
};

/// Builds a swap and runs its calls.
pub(super) fn build(step: &Step, swap: &Swap, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let contracts = &step.venue.deployments[&step.chain].contracts;
    let (router, quoter) = (contracts["swap_router_02"], contracts["quoter_v2"]);
    let pair = pair(swap, desk)?;
    let fixed = match &swap.side {
        Side::ExactIn(said) => Fixed::In(desk.resolver().pay(said, swap.token_in)?.raw),
        Side::ExactOut(said) => Fixed::Out(exact(*said, swap.token_out)?.raw),
    };
    let mut mids = MidPrices::default();
    let quote = best(desk, step.venue, quoter, pair, fixed, &mut mids)?;
    let impact_ppm = mids.impact_ppm(&mut desk.all.machine, &quote)?;
    let terms = terms(step, swap, &quote, fixed, desk)?;
    let paid = Amount::new(quote.amount_in, swap.token_in.decimals);
    let got = Amount::new(quote.amount_out, swap.token_out.decimals);
    if impact_ppm > desk.all.max_impact_ppm {
        return Err(too_much_impact(desk, step.venue, quoter, pair, fixed, impact_ppm)?);
    }
    let (upfront, least) = match fixed {
        Fixed::In(_) => (paid, Amount { raw: terms.bound, ..got }),
        Fixed::Out(_) => (Amount { raw: terms.bound, ..paid }, got),
    };
    desk.must_hold(swap.token_in, upfront)?;
    let recipient = swap.recipient.unwrap_or(desk.all.sender);
    let valid_secs = step.limits.deadline_secs.unwrap_or(desk.all.deadline_secs);
    let deadline = desk.all.machine.block().timestamp.saturating_add(valid_secs);
    let order = Order {
        route: &quote.route,
        fixed,
        bound: terms.bound,
        native_in: swap.token_in.is_native(),
        native_out: swap.token_out.is_native(),
        recipient,
        deadline,
    };
    let title = title(swap, fixed, paid, got, &step.venue.name);
    let approval = match swap.token_in.address {
        Some(at) => Some(Approval::give(desk, swap.token_in, at, router, upfront, &step.venue.name)?),
        None => None,
    };
    desk.run(Call::new(router, &order.call(), title.clone()).with_value(order.value()))?;
    if let Some(approval) = approval {
        approval.take_back(desk, &step.venue.name)?;
    }
    let sender = desk.all.sender;
    Ok(Built {
        calls: std::mem::take(&mut desk.calls),
        effects: effects(swap, sender, recipient, &quote),
        output: (recipient == sender).then_some((swap.token_out, least)),
        title,
        spenders: swap.token_in.address.map(|at| (at, router)).into_iter().collect(),
        trade: Some(Trade { impact_ppm, slippage: terms.slippage }),
        warnings: warnings(desk, swap, &quote, impact_ppm, terms.slippage)?,
        details: details(desk, swap, &quote, upfront, least, deadline),
        deadline: Some(deadline),
    })
}

fn pair(swap: &Swap, desk: &mut Desk<'_>) -> Result<Pair, Stop> {
    for token in [swap.token_in, swap.token_out] {
        if !token::exists(&mut desk.all.machine, token)? {
            let message = format!("{} does not exist on this chain as it is simulated.", token.symbol);
            return Err(Blocked::new("token_not_on_chain", message).into());
        }
    }
    let machine = &desk.all.machine;
    Ok(Pair {
        token_in: swap.token_in,
        token_out: swap.token_out,
        from: token::contract(machine, swap.token_in),
        to: token::contract(machine, swap.token_out),
    })
}

/// What the router is told to keep to.
struct Terms {
    bound: U256,
    slippage: Slippage,
}

/// The bound from quote and slippage, tightened by what the person said; refused when the quote is beyond it.
fn terms(step: &Step, swap: &Swap, quote: &Quote, fixed: Fixed, desk: &mut Desk<'_>) -> Result<Terms, Stop> {
    let slippage = step.limits.slippage.unwrap_or(desk.all.slippage);
    let said = |desk: &mut Desk<'_>, limit, token: &'static Token| desk.resolver().limit(limit, token);
    if let Fixed::In(_) = fixed {
        let mut bound = slippage.least(quote.amount_out);
        if let Some(limit) = step.limits.min_out {
            let least = said(desk, limit, swap.token_out)?;
            let got = Amount { raw: quote.amount_out, ..least };
            if got.raw < least.raw {
                let symbol = &swap.token_out.symbol;
                let message =
                    format!("The swap gives {got} {symbol} now, less than the {least} {symbol} asked for.");
                return Err(Blocked {
                    code: "below_min_out",
                    message,
                    at_most: Some(format!("{got} {symbol}")),
                }
                .into());
            }
            bound = bound.max(least.raw);
        }
        // The router reads 0 as “anything will do”.
        return Ok(Terms { bound: bound.max(U256::ONE), slippage });
    }
    let mut bound = slippage.most(quote.amount_in);
    if let Some(limit) = step.limits.max_in {
        let most = said(desk, limit, swap.token_in)?;
        let paid = Amount { raw: quote.amount_in, ..most };
        if paid.raw > most.raw {
            let symbol = &swap.token_in.symbol;
            let message =
                format!("The swap costs {paid} {symbol} now, more than the {most} {symbol} allowed.");
            return Err(Blocked::new("above_max_in", message).into());
        }
        bound = bound.min(most.raw);
    }
    Ok(Terms { bound, slippage })
}

fn effects(swap: &Swap, sender: Address, recipient: Address, quote: &Quote) -> Vec<Effect> {
    let signed = |raw: U256| I256::try_from(raw).unwrap_or(I256::MAX);
    vec![
        Effect { account: sender, token: swap.token_in, change: -signed(quote.amount_in) },
        Effect { account: recipient, token: swap.token_out, change: signed(quote.amount_out) },
    ]
}

fn title(swap: &Swap, fixed: Fixed, paid: Amount, got: Amount, venue: &str) -> String {
    let (from, to) = (&swap.token_in.symbol, &swap.token_out.symbol);
    match fixed {
        Fixed::In(_) => format!("Swap {paid} {from} to {to} via {venue}"),
        Fixed::Out(_) => format!("Swap {from} to exactly {got} {to} via {venue}"),
    }
}

fn warnings(
    desk: &mut Desk<'_>,
    swap: &Swap,
    quote: &Quote,
    impact_ppm: u32,
    slippage: Slippage,
) -> Result<Vec<Warning>, Stop> {
    let mut warnings = Vec::new();
    if impact_ppm >= 10_000 {
        let message = format!("This trade is large for its pools: price impact {}.", percent(impact_ppm));
        warnings.push(Warning { code: "high_price_impact", message });
    }
    if slippage.ppm() > 50_000 {
        let message = format!("A slippage of {slippage} lets others take up to that much of the trade.");
        warnings.push(Warning { code: "high_slippage", message });
    }
    let machine = &mut desk.all.machine;
    let price_in = desk.all.prices.of(machine, swap.token_in)?;
    let price_out = desk.all.prices.of(machine, swap.token_out)?;
    if let (Some(price_in), Some(price_out)) = (price_in, price_out) {
        let paid = price_in.value(Amount::new(quote.amount_in, swap.token_in.decimals));
        let got = price_out.value(Amount::new(quote.amount_out, swap.token_out.decimals));
        if got.micros() * U512::from(100) < paid.micros() * U512::from(95) {
            let message = format!(
                "By the chain's price feeds, ${} are paid and ${} come back.",
                paid.cents(),
                got.cents()
            );
            warnings.push(Warning { code: "value_lost", message });
        }
    }
    Ok(warnings)
}

fn details(
    desk: &Desk<'_>,
    swap: &Swap,
    quote: &Quote,
    upfront: Amount,
    least: Amount,
    deadline: u64,
) -> serde_json::Map<String, serde_json::Value> {
    let chain = desk.all.machine.chain();
    let symbol =
        |at: Address| REGISTRY.token_at(chain, at).map_or_else(|| at.to_string(), |t| t.symbol.clone());
    let hop = |h: &Hop| {
        json!({
            "pool": h.pool.to_checksum(None),
            "token_in": symbol(h.from),
            "token_out": symbol(h.to),
            "fee": percent(h.fee),
        })
    };
    let details = json!({
        "amount_in": Amount::new(quote.amount_in, swap.token_in.decimals).to_string(),
        "amount_out": Amount::new(quote.amount_out, swap.token_out.decimals).to_string(),
        "max_in": upfront.to_string(),
        "min_out": least.to_string(),
        "route": quote.route.0.iter().map(hop).collect::<Vec<_>>(),
        "ticks_crossed": quote.ticks_crossed,
        "deadline": deadline,
    });
    let serde_json::Value::Object(details) = details else { unreachable!("a literal object") };
    details
}
