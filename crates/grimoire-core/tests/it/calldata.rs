//! Calldata and addresses against vectors that other codecs produced.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use grimoire_core::{
    token::IErc20,
    venue::uniswap_v3::{Fixed, Hop, Order, Route, deployment::Deployment, pool_address},
};
use grimoire_registry::{ChainId, REGISTRY};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../vectors/uniswap_v3.json")).expect("JSON")
}

fn number(value: &Value) -> U256 {
    value.as_str().expect("a decimal string").parse().expect("a number")
}

fn address(value: &Value) -> Address {
    value.as_str().expect("an address").parse().expect("an address")
}

/// `token fee token …` as hops in that order.
fn hops(path: &Bytes) -> Vec<Hop> {
    let token = |at: usize| Address::from_slice(&path[at..at + 20]);
    let fee = |at: usize| u32::from_be_bytes([0, path[at], path[at + 1], path[at + 2]]);
    let hop = |at| Hop { from: token(at), to: token(at + 23), fee: fee(at + 20), pool: Address::ZERO };
    (0..path.len() / 23).map(|i| hop(i * 23)).collect()
}

#[test]
fn swaps_are_encoded_as_the_vectors_say() {
    let mut seen = 0;
    for row in vectors()["calls"].as_array().expect("rows") {
        let id = row["id"].as_str().expect("an id");
        if !id.starts_with("swap.exact") {
            continue;
        }
        let inner = &row["args"]["data"][0];
        let params = &inner["args"]["params"];
        let exact_in = inner["fn"].as_str().expect("a function").starts_with("exactInput");
        let mut route = match params.get("path") {
            Some(path) => hops(&path.as_str().expect("bytes").parse().expect("bytes")),
            None => vec![Hop {
                from: address(&params["tokenIn"]),
                to: address(&params["tokenOut"]),
                fee: number(&params["fee"]).to(),
                pool: Address::ZERO,
            }],
        };
        if !exact_in && params.get("path").is_some() {
            route.reverse();
            route.iter_mut().for_each(|hop| std::mem::swap(&mut hop.from, &mut hop.to));
        }
        let native_out = id.ends_with("native_out");
        let recipient =
            if native_out { &row["args"]["data"][1]["args"]["recipient"] } else { &params["recipient"] };
        let (fixed, bound) = if exact_in {
            (Fixed::In(number(&params["amountIn"])), number(&params["amountOutMinimum"]))
        } else {
            (Fixed::Out(number(&params["amountOut"])), number(&params["amountInMaximum"]))
        };
        let route = Route(route);
        let order = Order {
            route: &route,
            fixed,
            bound,
            native_in: id.ends_with("native_in"),
            native_out,
            recipient: Some(address(recipient)),
            deadline: number(&row["args"]["deadline"]).to(),
        };
        let data: Bytes = row["data"].as_str().expect("bytes").parse().expect("bytes");
        assert_eq!(Bytes::from(order.call().abi_encode()), data, "{id}");
        assert_eq!(order.value(), number(&row["value"]), "{id}");
        seen += 1;
    }
    assert_eq!(seen, 6, "every swap vector is checked");
}

#[test]
fn approvals_are_encoded_as_the_vectors_say() {
    let mut seen = 0;
    for row in vectors()["calls"].as_array().expect("rows") {
        if !row["id"].as_str().expect("an id").starts_with("erc20.approve") {
            continue;
        }
        let args: Vec<&Value> = match &row["args"] {
            Value::Array(list) => list.iter().collect(),
            Value::Object(map) => map.values().collect(),
            other => panic!("{other}"),
        };
        let call = IErc20::approveCall { spender: address(args[0]), amount: number(args[1]) };
        let data: Bytes = row["data"].as_str().expect("bytes").parse().expect("bytes");
        assert_eq!(Bytes::from(call.abi_encode()), data, "{}", row["id"]);
        seen += 1;
    }
    assert!(seen >= 2, "{seen}");
}

#[test]
fn pools_are_where_the_chains_have_them() {
    for row in vectors()["v3_pool_address"].as_array().expect("rows") {
        let chain: ChainId = row["chain"].as_str().expect("a chain").parse().expect("a chain");
        let factory = Deployment::of(chain).expect("deployed").factory;
        let token = |symbol: &str| REGISTRY.token(chain, symbol).and_then(|t| t.address).expect("an ERC-20");
        let (a, b) = row["pair"].as_str().expect("a pair").split_once('/').expect("two tokens");
        let fee = u32::try_from(row["fee"].as_u64().expect("a fee")).expect("small");
        assert_eq!(pool_address(factory, token(a), token(b), fee), address(&row["address"]), "{row}");
    }
}
