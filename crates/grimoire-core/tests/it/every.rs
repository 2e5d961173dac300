//! Every action at every venue on every chain: it is executed and does exactly what was asked, or says why not.

use std::collections::BTreeMap;

use grimoire_core::preview::{Preview, Status};
use grimoire_registry::{ChainId, REGISTRY};

use crate::stage::preview_as;

/// Reasons that are facts of the market: what is not listed, frozen, capped or priced.
const FACTS: [&str; 12] = [
    "asset_not_listed",
    "reserve_frozen",
    "reserve_paused",
    "supply_cap",
    "borrow_cap",
    "borrowing_disabled",
    "no_market",
    "no_price",
    "insufficient_collateral",
    "insufficient_liquidity",
    "token_not_on_chain",
    "no_route",
];

/// What became of an action: executed, or the reason.
fn outcome(preview: &Preview) -> String {
    match &preview.blocked {
        None => "executed".into(),
        Some(b) if preview.simulation.status == Status::Success => {
            assert_eq!(b.code, "wallet_needed", "it ran, and still is not offered: {b:?}");
            "executed".into()
        }
        // A stand-in cannot be given a position where nothing can be supplied or borrowed.
        Some(b) if b.code == "wallet_needed" => "no position can be had".into(),
        Some(b) => {
            assert!(FACTS.contains(&b.code), "{}: {b:?}", preview.summary);
            b.code.into()
        }
    }
}

#[test]
fn lending_on_every_chain() {
    let mut table: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    for chain in ChainId::ALL {
        for venue in ["aave_v3", "morpho_blue"] {
            for token in
                REGISTRY.tokens(chain).iter().filter(|t| REGISTRY.chain(chain).prices.contains_key(&t.symbol))
            {
                for kind in ["deposit", "withdraw", "borrow", "repay"] {
                    let symbol = &token.symbol;
                    let action = format!("{kind} chain={chain} venue={venue} token={symbol} amount=$100");
                    let found = outcome(&preview_as(&[&action], None));
                    *table.entry(format!("{chain} {venue} {kind}")).or_default().entry(found).or_default() +=
                        1;
                }
            }
        }
    }
    assert_eq!(table.len(), 5 * 2 * 4);
    for (what, outcomes) in &table {
        let executed = outcomes.get("executed").copied().unwrap_or_default();
        let least = if what.contains("aave_v3") { 5 } else { 1 };
        assert!(executed >= least, "{what}: {outcomes:?}");
        assert!(outcomes.len() > 1, "{what}: something is never possible there: {outcomes:?}");
    }
    let said = |code: &str| table.values().any(|outcomes| outcomes.contains_key(code));
    for code in ["asset_not_listed", "reserve_frozen", "supply_cap", "borrowing_disabled", "no_market"] {
        assert!(said(code), "nothing is ever refused with {code}");
    }
}

#[test]
fn trading_wrapping_and_sending_on_every_chain() {
    for chain in ChainId::ALL {
        let (native, wrapped) = (&REGISTRY.chain(chain).native, &REGISTRY.chain(chain).wrapped);
        for action in [
            format!("swap chain={chain} token_in=USDC token_out={native} amount_in=100"),
            format!("swap chain={chain} token_in={native} token_out=USDC amount_in=1"),
            format!("swap chain={chain} token_in={wrapped} token_out=USDC amount_out=10"),
            format!("wrap chain={chain} token={native} amount=1"),
            format!("unwrap chain={chain} token={native} amount=1"),
            format!(
                "transfer chain={chain} token={native} amount=1 recipient=0x88a6aea82c39a0d3db2e3ae54c920a0cf5ce20e3"
            ),
            format!(
                "transfer chain={chain} token=USDC amount=1 recipient=0x88a6aea82c39a0d3db2e3ae54c920a0cf5ce20e3"
            ),
        ] {
            let p = preview_as(&[&action], None);
            assert!(p.executable, "{action}: {:?}", p.blocked);
        }
    }
}
