//! `GET /v1/catalog`

use serde_json::json;

use crate::program::Server;

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
