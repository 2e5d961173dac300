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
        let swaps = json!([{"action": "swap", "chains": served}]);
        let available = if venue["id"] == "uniswap_v3" { swaps } else { json!([]) };
        assert_eq!(venue["available"], available, "{venue}");
    }
    for action in list("actions") {
        let somewhere = json!([{"venue": "uniswap_v3", "chains": served}]);
        let available = if action["type"] == "swap" { somewhere } else { json!([]) };
        assert_eq!(action["available"], available, "{action}");
    }
    let deposit = run_on(&server, "ethereum", "Deposit 100 USDC to Aave");
    assert_eq!(deposit["fields"][0]["id"], "unsupported", "{deposit}");
}
