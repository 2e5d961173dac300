//! `GET /v1/catalog`

use serde_json::{Value, json};

use crate::{
    program::{Server, message_of},
    wire::Request,
};

#[test]
fn the_catalog_lists_what_there_is() {
    let server = Server::start();
    let catalog = server.get("/v1/catalog").json();
    assert_eq!(catalog["ok"], true);
    let ids = |list: &str, key: &str| {
        catalog[list].as_array().expect("a list").iter().map(|e| e[key].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids("chains", "id"), ["ethereum", "arbitrum", "optimism", "base", "polygon"]);
    assert_eq!(ids("venues", "id"), ["uniswap_v3", "aave_v3", "morpho_blue", "across"]);
    assert!(ids("actions", "type").contains(&json!("swap")));
    let usdc = json!({
        "chain": "ethereum", "symbol": "USDC", "name": "USD Coin",
        "address": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", "decimals": 6,
    });
    let listed =
        catalog["tokens"].as_array().expect("a list").iter().find(|t| t["address"] == usdc["address"]);
    assert_eq!(
        listed.map(|t| (&t["chain"], &t["symbol"], &t["decimals"])),
        Some((&usdc["chain"], &usdc["symbol"], &usdc["decimals"]))
    );
}

/// What is answered to a message on a chain.
fn run_on(server: &Server, chain: &str, message: &str) -> Value {
    let mut body = message_of(message);
    body["user_context"]["chain"] = json!(chain);
    server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&body)).json()
}

#[test]
fn the_catalog_says_what_can_be_planned() {
    let server = Server::start();
    let catalog = server.get("/v1/catalog").json();
    let list = |name: &str| catalog[name].as_array().expect("a list").clone();
    let mut served = Vec::new();
    for chain in list("chains") {
        let id = chain["id"].as_str().expect("an id");
        let document = run_on(&server, id, "Swap 100 USDC to DAI on Uniswap");
        if chain["served"].as_bool().expect("a boolean") {
            served.push(id.to_owned());
            assert_eq!(document["type"], "preview", "{id}: {document}");
        } else {
            assert_eq!(document["fields"][0]["id"], "chain", "{id}: {document}");
            assert_eq!(document["fields"][0]["options"], json!(served), "{id}: {document}");
        }
    }
    assert_eq!(served, ["ethereum", "arbitrum", "optimism", "base", "polygon"]);
    for venue in list("venues") {
        let everywhere = |action: &Value| json!({"action": action, "chains": served});
        let all: Vec<Value> = venue["actions"].as_array().expect("a list").iter().map(everywhere).collect();
        assert_eq!(venue["available"], json!(all), "{venue}");
    }
    for action in list("actions") {
        let everywhere = |venue: &Value| json!({"venue": venue, "chains": served});
        let mut all: Vec<Value> =
            action["venues"].as_array().expect("a list").iter().map(everywhere).collect();
        if all.is_empty() {
            all.push(json!({"chains": served}));
        }
        assert_eq!(action["available"], json!(all), "{action}");
    }
    for (kind, message) in [
        ("deposit", "Deposit 100 USDC to Aave"),
        ("withdraw", "Withdraw 100 USDC from Morpho"),
        ("borrow", "Borrow 100 USDC from Aave"),
        ("repay", "Repay 100 USDC on Morpho"),
        ("bridge", "Bridge 100 USDC to Base"),
        ("wrap", "Wrap 1 ETH"),
        ("unwrap", "Unwrap 1 WETH"),
        ("transfer", "Send 1 ETH to 0x88a6aea82c39a0d3db2e3ae54c920a0cf5ce20e3"),
    ] {
        let document = run_on(&server, "ethereum", message);
        assert_eq!(document["preview"]["simulation"]["status"], "success", "{message}: {document}");
        assert_eq!(document["preview"]["action_plan"]["actions"][0]["type"], kind);
    }
}
