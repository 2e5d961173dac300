//! The preview as JSON: names and formats of the API contract.

use serde_json::Value;

use crate::stage::{intent, preview, reply};
use grimoire_core::turn::{Reply, Request, TurnError};
use grimoire_registry::ChainId;

fn json(values: &str) -> Value {
    serde_json::to_value(preview(&[values])).expect("JSON")
}

#[test]
fn an_executable_preview_has_every_published_field() {
    let p = json("token_in=USDC token_out=ETH amount_in=100");
    for text in ["summary", "gas_estimate", "price_impact", "slippage", "valid_until"] {
        assert!(p[text].is_string(), "{text}");
    }
    let gas = p["gas_estimate"].as_str().expect("text");
    assert!(gas.starts_with("~$") && gas.split('.').next_back().is_some_and(|c| c.len() == 2), "{gas}");
    assert_eq!(p["executable"], true);
    assert_eq!(p["action_plan"]["chain"], "ethereum");
    let action = &p["action_plan"]["actions"][0];
    assert_eq!((&action["type"], &action["venue"]), (&"swap".into(), &"uniswap_v3".into()));
    assert_eq!(
        action["params"],
        serde_json::json!({"token_in": "USDC", "token_out": "ETH", "amount_in": "100"})
    );
    assert_eq!(p["action_plan"]["trigger"], serde_json::json!({"kind": "manual"}));
    let tx = &p["transactions"][0];
    assert_eq!((&tx["chain_id"], &tx["value"], &tx["action"]), (&1.into(), &"0x0".into(), &0.into()));
    assert!(tx["gas_limit"].as_str().is_some_and(|g| g.starts_with("0x")));
    assert_eq!(p["simulation"]["status"], "success");
    assert_eq!(p["simulation"]["source"], "sandbox");
    assert_eq!(p["simulation"]["block"]["timestamp"], 1_767_225_600);
    assert_eq!(p["fees"]["l1_data_usd"], "0.00");
    assert_eq!(p["provenance"]["actions[0].params.amount_in"]["source"], "context");
}

#[test]
fn a_blocked_preview_hands_out_nothing_and_guesses_nothing() {
    let p = json("token_in=USDC token_out=BAL amount_in=100");
    assert_eq!(p["executable"], false);
    assert!(
        p.get("transactions").is_none() && p.get("gas_estimate").is_none() && p.get("price_impact").is_none()
    );
    assert_eq!(p["simulation"]["plan_hash"], Value::Null);
    assert_eq!(p["fees"]["gas_units"], Value::Null);
    assert!(p["blocked"]["message"].as_str().is_some_and(|m| m.contains("BAL")));
}

#[test]
fn what_does_not_exist_there_is_asked_about() {
    let lend = intent(&["deposit venue=uniswap_v3 token=USDC amount=100"]);
    let Reply::Clarification(asked) = reply(&crate::stage::ethereum(), &lend, None) else {
        panic!("a question")
    };
    assert_eq!(asked.fields[0].id, "venue");
    assert!(asked.fields[0].options.contains(&"aave_v3".to_owned()), "{asked:?}");
    let same = intent(&["token_in=ETH token_out=WETH amount_in=1"]);
    let Reply::Clarification(asked) = reply(&crate::stage::ethereum(), &same, None) else {
        panic!("a question")
    };
    assert_eq!(asked.fields[0].id, "token_out");
    let part = intent(&["borrow venue=aave_v3 token=USDC amount=all"]);
    let Reply::Clarification(asked) = reply(&crate::stage::ethereum(), &part, None) else {
        panic!("a question")
    };
    assert_eq!(asked.fields[0].id, "amount", "a part of the wallet says nothing about a loan");
    let base = intent(&["chain=base token_in=USDC token_out=ETH amount_in=100"]);
    let Reply::Clarification(asked) = reply(&crate::stage::ethereum(), &base, None) else {
        panic!("a question")
    };
    assert_eq!(
        (asked.fields[0].id.as_str(), asked.fields[0].options.clone()),
        ("chain", vec!["ethereum".to_owned()])
    );
}

#[test]
fn an_address_that_is_nobodys_wallet_is_asked_about() {
    let usdc = crate::stage::contract("USDC").to_checksum(None);
    let router = crate::stage::router().to_checksum(None);
    for lost in [usdc.as_str(), router.as_str(), "0x0000000000000000000000000000000000000002", "bob.eth"] {
        let swap = intent(&[&format!("token_in=USDC token_out=ETH amount_in=100 recipient={lost}")]);
        let Reply::Clarification(asked) = reply(&crate::stage::ethereum(), &swap, None) else {
            panic!("{lost}")
        };
        assert_eq!(asked.fields[0].id, "recipient", "{lost}");
    }
}

#[test]
fn an_answer_to_what_is_not_here_goes_on_to_the_plan() {
    let world = crate::stage::world_of(&crate::stage::ethereum());
    let message = Request {
        message: Some("swap 100 usdc to eth on base"),
        chain: Some(ChainId::Ethereum),
        ..Request::default()
    };
    let first = world.turn(&message, &mut |_| {}).expect("a reply");
    assert!(matches!(&first.reply, Reply::Clarification(asked) if asked.fields[0].id == "chain"));
    let answer = |text: &str| {
        let answers = [("chain".to_owned(), text.to_owned())];
        world.turn(
            &Request { answers: &answers, draft: Some(&first.draft), ..Request::default() },
            &mut |_| {},
        )
    };
    assert!(matches!(answer("polygon"), Err(TurnError::Answers(errors)) if errors[0].field == "chain"));
    let Reply::Preview(preview) = answer("ethereum").expect("a reply").reply else { panic!("a preview") };
    assert!(preview.executable && preview.action_plan.chain == "ethereum");
    assert_eq!(
        serde_json::to_value(&preview.provenance["actions[0].chain"]).expect("JSON")["source"],
        "answer"
    );
}
