//! Across: the deposit on one chain, the fill on the other, and what runs after it; fees of several chains.

use std::sync::Arc;

use grimoire_core::{
    evm::{Snapshot, StateSource},
    preview::{BalanceChange, Preview},
};
use grimoire_registry::{ChainId, DataFee, REGISTRY};
use revm::{database::CacheDB, state::AccountInfo};

use crate::stage::{SANDBOX, account, blocked, change, ethereum, fact, preview_as, preview_on};

fn done(actions: &[&str]) -> Preview {
    let p = preview_as(actions, Some(ethereum().stand_in));
    assert!(p.executable, "{actions:?}: {:?}", p.blocked);
    p
}

fn on<'a>(changes: &'a [BalanceChange], chain: &str) -> Vec<&'a BalanceChange> {
    changes.iter().filter(|c| c.chain == chain).collect()
}

#[test]
fn a_bridge_pays_here_and_arrives_there() {
    let p = done(&["bridge to_chain=base token=USDC amount=1000"]);
    assert_eq!(p.summary, "Bridge 1000 USDC to Base via Across");
    let (here, there) = (on(&p.balance_changes, "ethereum"), on(&p.balance_changes, "base"));
    assert_eq!((here.len(), there.len()), (1, 1), "{:?}", p.balance_changes);
    assert_eq!((here[0].token.as_str(), here[0].amount.as_str()), ("USDC", "-1000"));
    let arrived: f64 = there[0].amount.parse().expect("a number");
    assert!((999.0..999.8).contains(&arrived), "{arrived}");
    assert_eq!(there[0].amount, format!("+{}", p.steps[0].details["amount_out"].as_str().expect("text")));
    assert!(fact(&p, 0, "Relayer fee").contains("an estimate"), "{}", fact(&p, 0, "Relayer fee"));
    assert_eq!(fact(&p, 0, "Expected time"), "about 40 seconds (an estimate)");
    assert!(p.warning_codes.contains(&"bridge_estimate".to_owned()));
    assert!(p.transactions.iter().all(|t| t.chain_id == 1), "the fill is not ours to send");
    assert_eq!(p.simulation.blocks.len(), 2);
}

#[test]
fn the_native_token_arrives_native_except_on_polygon() {
    let p = done(&["bridge to_chain=arbitrum token=ETH amount=1"]);
    assert_eq!(p.transactions.len(), 1, "no approval");
    assert!(on(&p.balance_changes, "arbitrum")[0].token == "ETH");
    let p = done(&["bridge to_chain=polygon token=ETH amount=1"]);
    assert_eq!(on(&p.balance_changes, "polygon")[0].token, "WETH");
    assert!(p.warning_codes.contains(&"arrives_as_other_token".to_owned()));
}

#[test]
fn the_step_after_a_bridge_runs_on_the_destination_with_what_arrives() {
    let p = done(&[
        "bridge to_chain=base token=USDC amount=1000",
        "deposit chain=base venue=aave_v3 token=USDC amount=step1",
    ]);
    let arrived = p.steps[0].details["amount_out"].as_str().expect("text").to_owned();
    assert_eq!(change(&p.steps[1].balance_changes, "USDC", Some("supplied")), format!("+{arrived}"));
    assert_eq!(change(&p.steps[1].balance_changes, "USDC", None), format!("-{arrived}"));
    assert!(p.warning_codes.contains(&"after_fill".to_owned()), "{:?}", p.warning_codes);
    assert_eq!(p.transactions.iter().map(|t| t.chain_id).collect::<Vec<_>>(), [1, 1, 8453, 8453]);
    assert_eq!(p.fees.chains.iter().map(|c| c.chain.as_str()).collect::<Vec<_>>(), ["ethereum", "base"]);
    assert!(!p.warning_codes.contains(&"leftover".to_owned()));
}

#[test]
fn a_recipient_gets_it_and_the_next_step_has_nothing_to_use() {
    let to = account("empty");
    let p = done(&[&format!("bridge to_chain=optimism token=USDC amount=500 recipient={to}")]);
    let there = on(&p.balance_changes, "optimism");
    assert_eq!(there[0].account.as_deref(), Some(to.to_checksum(None).as_str()));
    let p = preview_as(
        &[
            &format!("bridge to_chain=optimism token=USDC amount=500 recipient={to}"),
            "token_in=USDC token_out=ETH amount_in=step1 chain=optimism",
        ],
        Some(ethereum().stand_in),
    );
    assert_eq!(blocked(&p), "no_output");
}

#[test]
fn what_cannot_be_bridged_is_said() {
    let refused = |action: &str| blocked(&preview_as(&[action], Some(ethereum().stand_in)));
    assert_eq!(refused("bridge to_chain=base token=LINK amount=10"), "no_route");
    assert_eq!(refused("bridge to_chain=base token=WBTC amount=1"), "no_route");
    assert_eq!(refused("bridge to_chain=base token=USDC amount=0.1"), "bridge_fee_too_high");
    assert_eq!(refused("bridge chain=polygon to_chain=base token=POL amount=10"), "no_route");
    let p = preview_as(&["bridge to_chain=base token=USDC amount=2000"], Some(account("lender")));
    assert_eq!(blocked(&p), "insufficient_funds");
}

#[test]
fn limits_on_a_bridge_bound_its_fee() {
    let bridge = |limit: &str| {
        let action = format!("bridge to_chain=base token=USDC amount=1000 {limit}");
        preview_as(&[&action], Some(ethereum().stand_in))
    };
    assert!(bridge("max_slippage=0.5%").executable);
    assert_eq!(blocked(&bridge("max_slippage=0.01%")), "bridge_fee_too_high");
    assert!(bridge("min_out=999").executable);
    assert_eq!(blocked(&bridge("min_out=999.9")), "below_min_out");
    assert_eq!(
        fact(&bridge("deadline=30m"), 0, "If not filled"),
        "refunded on Ethereum some time after 30 minutes"
    );
}

#[test]
fn every_route_of_every_chain_is_filled() {
    use grimoire_core::venue::across::deployment::Deployment;
    let mut filled = 0;
    for from in ChainId::ALL {
        for (to, pairs) in &Deployment::of(from).expect("deployed").routes {
            let mut seen: Vec<&str> = Vec::new();
            for [symbol, _] in pairs {
                if seen.contains(&symbol.as_str()) {
                    continue;
                }
                seen.push(symbol);
                let amount = if symbol == "WBTC" {
                    "0.05"
                } else if symbol.contains("ETH") {
                    "2"
                } else {
                    "3000"
                };
                let action = format!("bridge chain={from} to_chain={to} token={symbol} amount={amount}");
                let p = preview_as(&[&action], SANDBOX.account(from, "stand_in"));
                match &p.blocked {
                    None => filled += 1,
                    Some(b) => assert_eq!(b.code, "token_not_on_chain", "{action}: {b:?}"),
                }
            }
        }
    }
    assert!(filled >= 60, "only {filled}");
}

#[test]
fn layer_two_pays_for_its_data_apart() {
    for chain in ["optimism", "base"] {
        let p = preview_as(
            &[&format!("token_in=USDC token_out=ETH amount_in=100 chain={chain}")],
            Some(ethereum().stand_in),
        );
        assert!(p.executable, "{chain}: {:?}", p.blocked);
        let data: f64 = p.fees.l1_data_usd.as_deref().expect("known").parse().expect("a number");
        assert!(data > 0.0, "{chain} charges for data: {:?}", p.fees);
        assert!(p.gas_estimate.is_some());
    }
    let polygon =
        preview_as(&["token_in=USDC token_out=WETH amount_in=100 chain=polygon"], Some(ethereum().stand_in));
    assert_eq!(polygon.fees.l1_data_usd.as_deref(), Some("0.00"));
    let arbitrum =
        preview_as(&["token_in=USDC token_out=WETH amount_in=100 chain=arbitrum"], Some(ethereum().stand_in));
    assert!(arbitrum.executable, "{:?}", arbitrum.blocked);
    let data: f64 = arbitrum.fees.l1_data_usd.as_deref().expect("known").parse().expect("a number");
    assert!(data > 0.0, "{:?}", arbitrum.fees);
}

#[test]
fn without_a_price_for_data_no_gas_limit_is_handed_out() {
    let state = SANDBOX.snapshot(ChainId::Arbitrum).expect("the sandbox serves arbitrum");
    let Some(DataFee::Arbitrum { arb_gas_info, .. }) = REGISTRY.chain(ChainId::Arbitrum).data_fee else {
        panic!("arbitrum charges for data")
    };
    let mut db = CacheDB::new(Arc::clone(&state.state));
    db.insert_account_info(arb_gas_info, AccountInfo::default());
    let without = Snapshot { state: Arc::new(db), ..state.clone() };
    let swap = ["chain=arbitrum token_in=USDC token_out=ETH amount_in=100"];
    assert!(preview_on(&state, &swap, Some(state.stand_in)).executable);
    assert_eq!(blocked(&preview_on(&without, &swap, Some(state.stand_in))), "data_price_unknown");
}
