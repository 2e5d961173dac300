//! The venues' tables name things that exist, and ids are what they claim to be.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, U256, keccak256};
use grimoire_registry::{ChainId, DataFee, REGISTRY};
use serde::Deserialize;

#[derive(Deserialize)]
struct Uniswap {
    fee_tiers: Vec<u32>,
    route_via: Vec<String>,
}

#[derive(Deserialize)]
struct Aave {
    reserves: Vec<Reserve>,
}

#[derive(Deserialize)]
struct Reserve {
    symbol: String,
    a_token: Address,
    variable_debt: Address,
}

#[derive(Deserialize)]
struct Morpho {
    irm: Address,
    markets: Vec<Market>,
}

#[derive(Deserialize)]
struct Market {
    id: B256,
    loan: String,
    collateral: String,
    oracle: Address,
    lltv: U256,
}

#[derive(Deserialize)]
struct Across {
    routes: BTreeMap<ChainId, Vec<[String; 2]>>,
}

/// The contract of a token, which must be listed.
fn token(chain: ChainId, symbol: &str) -> Address {
    let token = REGISTRY.token(chain, symbol).unwrap_or_else(|| panic!("{chain} lists no {symbol}"));
    token.address.unwrap_or_else(|| panic!("{symbol} of {chain} has no contract"))
}

#[test]
fn every_venue_has_its_contracts_on_every_chain() {
    let contracts: [(&str, &[&str]); 4] = [
        ("uniswap_v3", &["factory", "swap_router_02", "quoter_v2", "position_manager"]),
        ("aave_v3", &["pool", "addresses_provider", "oracle", "data_provider", "gateway"]),
        ("morpho_blue", &["morpho", "irm"]),
        ("across", &["spoke_pool"]),
    ];
    assert_eq!(REGISTRY.venues().len(), contracts.len());
    for (slug, names) in contracts {
        let venue = REGISTRY.venue(slug).unwrap_or_else(|| panic!("no {slug}"));
        assert_eq!(venue.deployments.keys().copied().collect::<Vec<_>>(), ChainId::ALL, "{slug}");
        for (chain, deployment) in &venue.deployments {
            let found: Vec<Address> =
                names.iter().map(|name| deployment.contract(name).expect("it has it")).collect();
            assert!(found.iter().all(|at| deployment.addresses().contains(at)), "{slug} on {chain}");
            assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), names.len(), "{slug} on {chain}");
            assert_eq!(deployment.contract("no such contract"), None);
        }
    }
}

#[test]
fn routes_of_uniswap_pass_through_listed_tokens() {
    for (chain, at) in REGISTRY.deployed::<Uniswap>("uniswap_v3") {
        assert_eq!(at.fee_tiers, [100, 500, 3000, 10000], "{chain}");
        assert!(at.route_via.iter().all(|symbol| !token(chain, symbol).is_zero()));
        assert!(!at.route_via.is_empty(), "{chain}");
    }
}

#[test]
fn every_reserve_is_a_listed_token_with_tokens_of_its_own() {
    for (chain, at) in REGISTRY.deployed::<Aave>("aave_v3") {
        let mut seen = BTreeSet::new();
        for reserve in &at.reserves {
            for address in [token(chain, &reserve.symbol), reserve.a_token, reserve.variable_debt] {
                assert!(seen.insert(address), "{chain} {}: {address} is there twice", reserve.symbol);
            }
        }
        assert!(at.reserves.iter().any(|r| r.symbol == REGISTRY.chain(chain).wrapped), "{chain}");
    }
}

#[test]
fn a_market_of_morpho_is_known_by_the_hash_of_its_parameters() {
    for (chain, at) in REGISTRY.deployed::<Morpho>("morpho_blue") {
        let mut seen = BTreeSet::new();
        for market in &at.markets {
            let [loan, collateral] = [&market.loan, &market.collateral].map(|symbol| token(chain, symbol));
            let words = [loan, collateral, market.oracle, at.irm].map(|at| at.into_word());
            let words = words.into_iter().chain([market.lltv.into()]);
            let encoded: Vec<u8> = words.flat_map(|word: B256| word.0).collect();
            assert_eq!(keccak256(encoded), market.id, "{chain} {} {}", market.loan, market.collateral);
            assert!(seen.insert(market.id), "{chain} lists {} twice", market.id);
        }
        assert!(seen.len() >= 2, "{chain}");
    }
}

#[test]
fn what_across_takes_and_gives_exists_on_either_side() {
    for (chain, at) in REGISTRY.deployed::<Across>("across") {
        let others: Vec<ChainId> = ChainId::ALL.into_iter().filter(|&other| other != chain).collect();
        assert_eq!(at.routes.keys().copied().collect::<Vec<_>>(), others, "{chain}");
        for (to, pairs) in at.routes {
            for [paid, got] in &pairs {
                assert!(REGISTRY.token(chain, paid).is_some(), "{chain} lists no {paid}");
                assert!(REGISTRY.token(to, got).is_some(), "{to} lists no {got}");
            }
            assert_eq!(pairs.iter().collect::<BTreeSet<_>>().len(), pairs.len(), "{chain} to {to}");
        }
    }
}

#[test]
fn rollups_charge_for_data_each_in_its_way() {
    let kind = |chain: ChainId| match REGISTRY.chain(chain).data_fee {
        Some(DataFee::OpStack { .. }) => "op_stack",
        Some(DataFee::Arbitrum { .. }) => "arbitrum",
        None => "none",
    };
    assert_eq!(ChainId::ALL.map(kind), ["none", "arbitrum", "op_stack", "op_stack", "none"]);
}

#[test]
fn an_unknown_venue_has_no_deployments() {
    assert!(REGISTRY.deployed::<Across>("no such venue").is_empty());
}
