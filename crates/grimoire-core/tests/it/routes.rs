//! Routes: which pools a swap goes through.

use alloy_primitives::U256;
use grimoire_core::{
    amount::Amount,
    evm::Machine,
    venue::uniswap_v3::{Fixed, Quote, Route, deployment::Deployment},
};

use crate::stage::{blocked, contract, ethereum, preview, preview_on, token};

#[test]
fn a_pair_without_its_own_pool_goes_through_another_token() {
    let p = preview(&["token_in=LINK token_out=USDC amount_in=10"]);
    let route = p.steps[0].details["route"].as_array().expect("hops");
    assert_eq!(route.len(), 2);
    assert_eq!((&route[0]["token_out"], &route[1]["token_in"]), (&"WETH".into(), &"WETH".into()));
    assert!(p.executable);
}

#[test]
fn the_cheapest_tier_is_not_taken_where_its_pool_is_thin() {
    let fee = |amount: &str| {
        let p = preview(&[&format!("token_in=USDC token_out=WETH amount_in={amount}")]);
        p.steps[0].details["route"][0]["fee"].as_str().expect("a fee").to_owned()
    };
    assert_eq!(fee("1"), "0.01%", "a tiny trade fits the thin 0.01 % pool");
    assert_eq!(fee("1000"), "0.05%");
}

#[test]
fn no_route_that_was_not_executed_would_have_given_more() {
    let state = ethereum();
    let quoter = Deployment::of(state.chain).expect("deployed").quoter_v2;
    for (from, to, amount) in [
        ("USDC", "WETH", "25000"),
        ("WETH", "USDC", "400"),
        ("DAI", "WBTC", "50000"),
        ("USDT", "DAI", "70000"),
        ("WBTC", "USDT", "3"),
        ("UNI", "USDC", "2000"),
        ("USDC", "wstETH", "900000"),
    ] {
        let mut machine = Machine::new(&state);
        let raw = Amount::of(amount.parse().expect("a decimal"), token(from).decimals).expect("fits");
        let routes = Route::find(&mut machine, contract(from), contract(to)).expect("in memory");
        let outs = routes.iter().filter_map(|route| {
            Quote::of(&mut machine, quoter, route, Fixed::In(raw.raw))
                .expect("in memory")
                .map(|q| q.amount_out)
        });
        let most = outs.max().expect("a route");
        let p = preview(&[&format!("token_in={from} token_out={to} amount_in={amount}")]);
        let got = Amount::of(
            p.steps[0].details["amount_out"].as_str().expect("a text").parse().expect("a decimal"),
            token(to).decimals,
        );
        // Gas may decide between routes that give nearly the same.
        let enough = most - most / U256::from(10_000);
        assert!(got.expect("fits").raw >= enough, "{from} to {to}: {most}");
        assert!(routes.len() > 1, "{from} to {to} has a choice");
    }
}

#[test]
fn a_trade_in_pieces_has_the_impact_of_the_whole() {
    let base = ethereum();
    let piece = "token_in=LINK token_out=USDC amount_in=100000";
    let whole = "token_in=LINK token_out=USDC amount_in=300000";
    let code = |actions: &[&str]| blocked(&preview(actions));
    assert_eq!(code(&[whole]), "price_impact_too_high");
    assert_eq!(code(&[piece, piece, piece]), "price_impact_too_high");
    assert!(preview_on(&base, &[piece], None).executable);
}
