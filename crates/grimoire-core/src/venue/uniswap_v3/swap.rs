//! A swap as calls: quote every route, approve exactly, swap, leave nothing behind.

use alloy_primitives::{Address, U256};
use grimoire_registry::{ChainId, REGISTRY};
use serde_json::json;

use super::{
    abi::IUniswapV3Pool,
    choose::{Pair, best, too_much_impact},
    deployment::Deployment,
    encode::Order,
    judge::{impact_ppm, warnings},
    mid_price::MidPrices,
    quote::{Fixed, Quote},
    route::Hop,
    terms::Terms,
};
use crate::{
    amount::{Amount, percent},
    block::{Blocked, Stop},
    evm::Call,
    plan::{Output, Side, Step, Swap, exact},
    token,
    venue::{Built, Desk, Effect, Fact, Trade, erc20::Approval},
};

/// Builds a swap and runs its calls.
pub(super) fn build(step: &Step, swap: &Swap, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let deployment = Deployment::of(step.chain).expect("a step is bound to a chain its venue is on");
    let (router, quoter) = (deployment.swap_router_02, deployment.quoter_v2);
    let pair = pair(swap, desk)?;
    if let Some(recipient) = swap.recipient {
        no_pool(desk, recipient, deployment.factory)?;
    }
    let fixed = match &swap.side {
        Side::ExactIn(said) => Fixed::In(desk.resolver().pay(said, swap.token_in)?.raw),
        Side::ExactOut(said) => Fixed::Out(exact(*said, swap.token_out)?.raw),
    };
    let mut mids = MidPrices::default();
    let quote = best(desk, quoter, pair, fixed, &mut mids)?;
    let impact_ppm = impact_ppm(desk, &mut mids, &quote)?;
    if impact_ppm > desk.terms.max_impact_ppm {
        return Err(too_much_impact(desk, quoter, pair, fixed, impact_ppm)?);
    }
    let terms = Terms::of(step, swap, &quote, fixed, desk)?;
    let paid = Amount::new(quote.amount_in, swap.token_in.decimals);
    let got = Amount::new(quote.amount_out, swap.token_out.decimals);
    let (most, least) = match fixed {
        Fixed::In(_) => (paid, Amount { raw: terms.bound, ..got }),
        Fixed::Out(_) => (Amount { raw: terms.bound, ..paid }, got),
    };
    desk.must_hold(swap.token_in, most, matches!(fixed, Fixed::In(_)))?;
    let sender = desk.signer.address;
    let recipient = swap.recipient.unwrap_or(sender);
    let valid_secs = step.limits.deadline_secs.unwrap_or(desk.terms.deadline_secs);
    let deadline = desk.site.machine.block().timestamp.saturating_add(valid_secs);
    let order = Order {
        route: &quote.route,
        fixed,
        bound: terms.bound,
        native_in: swap.token_in.is_native(),
        native_out: swap.token_out.is_native(),
        recipient: swap.recipient.or(desk.signer.known.then_some(sender)),
        deadline,
    };
    let title = title(swap, fixed, paid, got, desk.venue.name());
    let approval = swap.token_in.address.map(|at| Approval {
        at,
        symbol: swap.token_in.symbol.clone(),
        spender: router,
        name: desk.venue.name().to_owned(),
    });
    let given = approval.as_ref().map_or(Ok(false), |approval| approval.give(desk, most))?;
    desk.run(Call::new(router, &order.call(), title.clone()).with_value(order.value()))?;
    if given && let Some(approval) = &approval {
        approval.take_back(desk)?;
    }
    let mut unsure = vec![(swap.token_in, most.raw - paid.raw)];
    if recipient == sender {
        unsure.push((swap.token_out, got.raw - least.raw));
    }
    Ok(Built {
        calls: std::mem::take(&mut desk.calls),
        effects: vec![
            Effect::loss(step.chain, sender, swap.token_in, quote.amount_in),
            Effect::gain(step.chain, recipient, swap.token_out, quote.amount_out),
        ],
        output: (recipient == sender).then_some(Output {
            chain: step.chain,
            token: swap.token_out,
            amount: least,
            taken: U256::ZERO,
            paid: U256::ZERO,
        }),
        unsure,
        title,
        spenders: approval.iter().map(Approval::pair).collect(),
        trade: Some(Trade { impact_ppm, slippage: terms.slippage }),
        warnings: warnings(desk, swap, &quote, impact_ppm, terms.slippage)?,
        facts: facts(desk, swap, fixed, &quote, most, least),
        details: details(desk, swap, &quote, most, least, deadline),
        deadline: Some(deadline),
        ..Built::default()
    })
}

/// Refuses a pool of this venue as recipient: it would keep the tokens.
fn no_pool(desk: &mut Desk<'_>, recipient: Address, factory: Address) -> Result<(), Stop> {
    let machine = &mut desk.site.machine;
    if !machine.has_code(recipient)?
        || machine.view(recipient, &IUniswapV3Pool::factoryCall {}).ok() != Some(factory)
    {
        return Ok(());
    }
    let message = format!("{recipient} is a pool: tokens sent there are lost. Give a wallet's address.");
    Err(Blocked::new("recipient_is_pool", message).into())
}

fn pair(swap: &Swap, desk: &mut Desk<'_>) -> Result<Pair, Stop> {
    for token in [swap.token_in, swap.token_out] {
        if !token::exists(&mut desk.site.machine, token)? {
            return Err(token::not_here(token).into());
        }
    }
    let machine = &desk.site.machine;
    Ok(Pair {
        token_in: swap.token_in,
        token_out: swap.token_out,
        from: token::contract(machine, swap.token_in),
        to: token::contract(machine, swap.token_out),
    })
}

fn title(swap: &Swap, fixed: Fixed, paid: Amount, got: Amount, venue: &str) -> String {
    let (from, to) = (&swap.token_in.symbol, &swap.token_out.symbol);
    let receiver = swap.recipient.map_or(String::new(), |to| format!(" for {}", to.to_checksum(None)));
    match fixed {
        Fixed::In(_) => format!("Swap {paid} {from} to {to} via {venue}{receiver}"),
        Fixed::Out(_) => format!("Swap {from} to exactly {got} {to} via {venue}{receiver}"),
    }
}

/// The bound that holds whatever the market does, and the route.
fn facts(
    desk: &Desk<'_>,
    swap: &Swap,
    fixed: Fixed,
    quote: &Quote,
    most: Amount,
    least: Amount,
) -> Vec<Fact> {
    let bound = match fixed {
        Fixed::In(_) => {
            Fact { label: "Minimum received", value: format!("{least} {}", swap.token_out.symbol) }
        }
        Fixed::Out(_) => Fact { label: "Maximum sent", value: format!("{most} {}", swap.token_in.symbol) },
    };
    let hops = &quote.route.0;
    let stops: Vec<String> = hops
        .iter()
        .map(|h| h.from)
        .chain(hops.last().map(|h| h.to))
        .map(|at| symbol(desk.chain(), at))
        .collect();
    let fees: Vec<String> = hops.iter().map(|h| percent(h.fee)).collect();
    let pools = if fees.len() == 1 { "pool" } else { "pools" };
    let route = format!("{} ({} {pools})", stops.join(" → "), fees.join(" and "));
    vec![bound, Fact { label: "Route", value: route }]
}

fn symbol(chain: ChainId, at: Address) -> String {
    REGISTRY.token_at(chain, at).map_or_else(|| at.to_string(), |t| t.symbol.clone())
}

fn details(
    desk: &Desk<'_>,
    swap: &Swap,
    quote: &Quote,
    upfront: Amount,
    least: Amount,
    deadline: u64,
) -> serde_json::Map<String, serde_json::Value> {
    let symbol = |at| symbol(desk.chain(), at);
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
