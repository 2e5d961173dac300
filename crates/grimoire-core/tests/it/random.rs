//! Random plans: they never panic, they are the same twice, they leave no approval, and what their steps change adds up
//! to what really changed.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};
use grimoire_core::{
    amount::Amount,
    evm::{Call, Machine},
    preview::Preview,
    token,
    turn::Reply,
};
use grimoire_registry::{ChainId, REGISTRY};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::stage::{account, ethereum, preview_as, reply_as};

fn action() -> impl Strategy<Value = String> {
    let token = || select(vec!["ETH", "WETH", "USDC", "USDT", "DAI", "WBTC", "wstETH", "LINK", "PEPE"]);
    let venue = || select(vec!["aave_v3", "morpho_blue"]);
    let amount = || {
        select(vec![
            "1",
            "0.3",
            "$250",
            "1000",
            "50%",
            "all",
            "min(all,10)",
            "all-0.5",
            "step1",
            "50%_step1",
            "rest_step1",
            "1/3",
            "rest",
        ])
    };
    let exact = || select(vec!["1", "0.01", "250"]);
    prop_oneof![
        (token(), token(), amount())
            .prop_map(|(i, o, a)| format!("swap token_in={i} token_out={o} amount_in={a}")),
        (token(), token(), exact())
            .prop_map(|(i, o, a)| format!("swap token_in={i} token_out={o} amount_out={a}")),
        (select(vec!["deposit", "withdraw", "repay"]), venue(), token(), amount())
            .prop_map(|(k, v, t, a)| format!("{k} venue={v} token={t} amount={a}")),
        (venue(), token(), exact()).prop_map(|(v, t, a)| format!("borrow venue={v} token={t} amount={a}")),
        (select(vec!["wrap", "unwrap"]), amount()).prop_map(|(k, a)| format!("{k} token=ETH amount={a}")),
        (token(), amount()).prop_map(|(t, a)| format!(
            "transfer token={t} amount={a} recipient=0x67EeF6EB8D5857b3030628112D0FAB9182704b05"
        )),
        (token(), select(vec!["base", "arbitrum", "polygon"]), amount())
            .prop_map(|(t, c, a)| format!("bridge to_chain={c} token={t} amount={a}")),
    ]
}

/// What running the transactions by hand, free of gas, changes on ethereum.
fn by_hand(preview: &Preview, wallet: Address) -> BTreeMap<String, String> {
    let mut before = Machine::new(&ethereum());
    let mut after = Machine::new(&ethereum());
    for tx in &preview.transactions {
        let call = Call { to: tx.to, value: tx.value, data: tx.data.clone(), title: String::new() };
        after.rehearse(wallet, &call).expect("an executable plan runs");
    }
    let mut changes = BTreeMap::new();
    for token in REGISTRY.tokens(ChainId::Ethereum) {
        if !token::exists(&mut after, token).expect("in memory") {
            continue;
        }
        let held = |machine: &mut Machine| token::balance(machine, token, wallet).expect("a token").raw;
        let (old, new) = (held(&mut before), held(&mut after));
        if old != new {
            let size = Amount::new(new.max(old) - new.min(old), token.decimals);
            changes.insert(token.symbol.clone(), format!("{}{size}", if new > old { '+' } else { '-' }));
        }
    }
    changes
}

fn approvals(preview: &Preview, wallet: Address) -> U256 {
    let mut machine = Machine::new(&ethereum());
    let mut pairs = Vec::new();
    for tx in &preview.transactions {
        let call = Call { to: tx.to, value: tx.value, data: tx.data.clone(), title: String::new() };
        machine.rehearse(wallet, &call).expect("an executable plan runs");
        // approve(address,uint256)
        if tx.data.starts_with(&[0x09, 0x5e, 0xa7, 0xb3]) {
            pairs.push((tx.to, Address::from_slice(&tx.data[16..36])));
        }
    }
    let left = |(at, spender)| token::allowance(&mut machine, at, wallet, spender).expect("a token");
    pairs.into_iter().map(left).fold(U256::ZERO, U256::saturating_add)
}

#[test]
fn random_plans_do_what_they_say() {
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let executed = std::cell::Cell::new(0);
    let wallets = [ethereum().stand_in, account("borrower"), account("lender")];
    let plans = (vec(action(), 1..5), select(wallets.to_vec()));
    let outcome = runner.run(&plans, |(actions, wallet)| {
        let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
        // A token for itself is asked about.
        let Reply::Preview(preview) = reply_as(&actions, Some(wallet)) else { return Ok(()) };
        let again = preview_as(&actions, Some(wallet));
        prop_assert_eq!(
            serde_json::to_string(&preview).expect("JSON"),
            serde_json::to_string(&again).expect("JSON")
        );
        if let Some(blocked) = &preview.blocked {
            prop_assert!(
                !["effects_differ", "allowance_left", "reverted", "call_failed"].contains(&blocked.code),
                "{blocked:?}"
            );
            prop_assert!(preview.transactions.is_empty());
            return Ok(());
        }
        if preview.transactions.iter().any(|t| t.chain_id != 1) {
            return Ok(());
        }
        executed.set(executed.get() + 1);
        let shown: BTreeMap<String, String> = preview
            .balance_changes
            .iter()
            .filter(|c| c.account.is_none() && c.position.is_none() && c.chain == "ethereum")
            .map(|c| (c.token.clone(), c.amount.clone()))
            .collect();
        prop_assert_eq!(shown, by_hand(&preview, wallet), "what is shown is what happens");
        prop_assert_eq!(approvals(&preview, wallet), U256::ZERO);
        Ok(())
    });
    outcome.unwrap_or_else(|why| panic!("{why}"));
    assert!(executed.get() > 200, "only {} of 2,000 plans could be executed", executed.get());
}
