//! `POST /v1/run`: a preview, or what is missing.

use serde_json::{Value, json};

use crate::{
    program::{Server, message_of},
    wire::Request,
};

fn matches(text: &Value, pattern: &[&str]) -> bool {
    let Some(mut rest) = text.as_str() else { return false };
    for part in pattern {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        rest = match *part {
            "#" if digits > 0 => &rest[digits..],
            part => match rest.strip_prefix(part) {
                Some(rest) => rest,
                None => return false,
            },
        };
    }
    rest.is_empty()
}

#[test]
fn a_whole_message_gives_a_preview() {
    let server = Server::start();
    let response = server.run("Swap 100 USDC to ETH on Uniswap");
    let document = response.json();
    assert_eq!(
        (response.status, response.header("content-type")),
        (200, Some("application/json")),
        "{document}"
    );
    assert_eq!(
        (&document["ok"], &document["type"], &document["state"]),
        (&json!(true), &json!("preview"), &json!("PREVIEW_READY"))
    );
    assert!(
        matches(&document["expires_at"], &["#", "-", "#", "-", "#", "T", "#", ":", "#", ":", "#", "Z"]),
        "{document}"
    );
    assert_eq!(document["version"], 1);
    let preview = &document["preview"];
    assert!(matches(&preview["gas_estimate"], &["~$", "#", ".", "#"]), "{preview}");
    assert!(matches(&preview["price_impact"], &["#", ".", "#", "%"]), "{preview}");
    assert_eq!(preview["slippage"], "0.2%");
    assert_eq!(preview["executable"], true);
    assert_eq!(
        preview["action_plan"],
        json!({
            "chain": "ethereum",
            "actions": [{"type": "swap", "venue": "uniswap_v3", "params": {"token_in": "USDC", "token_out": "ETH", "amount_in": "100"}}],
            "trigger": {"kind": "manual"},
        })
    );
    assert_eq!(preview["simulation"]["source"], "sandbox");
    assert!(preview["transactions"].as_array().is_some_and(|list| !list.is_empty()), "{preview}");
    assert_eq!(
        preview["warnings"].as_array().map(Vec::len),
        preview["warning_codes"].as_array().map(Vec::len)
    );
}

#[test]
fn a_message_with_gaps_gives_a_clarification() {
    let server = Server::start();
    let document = server.run("Move my USDC to a better yield").json();
    assert_eq!(
        (&document["ok"], &document["type"], &document["state"]),
        (&json!(true), &json!("clarification"), &json!("CLARIFYING"))
    );
    assert!(document["message"].as_str().is_some_and(|m| !m.is_empty()));
    let fields = document["fields"].as_array().expect("fields");
    assert_eq!(fields.iter().map(|f| &f["id"]).collect::<Vec<_>>(), ["venue", "amount"]);
    assert_eq!(fields[0]["input"], "select");
    assert_eq!(fields[0]["options"], json!(["aave_v3", "morpho_blue"]));
    assert!(fields.iter().all(|f| f["required"] == true && f["label"].is_string()));
}

#[test]
fn what_is_no_request_is_no_error() {
    let server = Server::start();
    for message in ["hello", " ", "what is the APY on Aave?", "🦄", "do this 1000 times: swap 1 USDC to DAI"]
    {
        let response = server.run(message);
        assert_eq!((response.status, &response.json()["type"]), (200, &json!("clarification")), "{message}");
    }
}

#[test]
fn the_context_may_be_left_out() {
    let server = Server::start();
    for context in [json!(null), json!({}), json!({"chain": null, "wallet_address": null})] {
        let mut body = message_of("Swap 100 USDC to ETH on Uniswap");
        body["user_context"] = context;
        let document = server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&body)).json();
        assert_eq!(document["fields"][0]["id"], "chain", "{document}");
    }
}

#[test]
fn an_empty_wallet_gets_a_preview_that_says_what_is_missing() {
    let server = Server::start();
    let mut body = message_of("Swap 100 USDC to ETH on Uniswap");
    body["user_context"]["wallet_address"] = json!("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    let document = server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&body)).json();
    assert_eq!(document["type"], "preview", "{document}");
    assert_eq!(document["preview"]["executable"], false);
    assert_eq!(document["preview"]["transactions"], json!(null));
    assert!(document["preview"]["blocked"]["message"].is_string());
}

#[test]
fn many_at_once_are_all_answered() {
    let server = Server::start();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    (0..10)
                        .map(|_| {
                            server.run("Swap 100 USDC to ETH on Uniswap").json()["session_id"].to_string()
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let mut ids: Vec<_> = threads.into_iter().flat_map(|t| t.join().expect("no panic")).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 80);
    });
}
