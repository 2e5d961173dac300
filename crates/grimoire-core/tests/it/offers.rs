//! Questions with facts: what venues pay, what the wallet holds.

use alloy_primitives::Address;
use grimoire_core::{
    clarification::{Clarification, OptionDetail},
    turn::{Reply, Request},
};
use grimoire_registry::ChainId;

use crate::stage::{account, ethereum, world};

fn asked(message: &str, wallet: Option<Address>) -> Clarification {
    let request =
        Request { message: Some(message), chain: Some(ChainId::Ethereum), wallet, ..Request::default() };
    match world().turn(&request, &mut |_| {}).expect("the state can be read").reply {
        Reply::Clarification(asked) => asked,
        Reply::Preview(preview) => panic!("no question: {}", preview.summary),
    }
}

fn options(asked: &Clarification, id: &str) -> Vec<OptionDetail> {
    let field = asked.fields.iter().find(|f| f.id == id);
    field.unwrap_or_else(|| panic!("no {id} in {asked:?}")).option_details.clone()
}

fn values(details: &[OptionDetail]) -> Vec<&str> {
    details.iter().map(|d| d.value.as_str()).collect()
}

#[test]
fn a_missing_lending_venue_offers_rates_and_depth_best_first() {
    let found = options(&asked("Lend 1000 USDC", None), "venue");
    assert_eq!(values(&found), ["aave_v3", "morpho_blue"]);
    assert_eq!(found[0].apy.as_deref(), Some("3.96%"));
    assert!(found[0].liquidity.as_deref().is_some_and(|l| l.ends_with(" USDC")), "{found:?}");
    let found = options(&asked("Lend 10 WETH", None), "venue");
    assert_eq!(values(&found), ["morpho_blue", "aave_v3"], "Morpho pays more: {found:?}");
    let found = options(&asked("Borrow 1000 USDC", None), "venue");
    assert_eq!(values(&found), ["morpho_blue", "aave_v3"], "the cheaper one comes first: {found:?}");
}

#[test]
fn a_venue_that_cannot_do_it_now_is_not_offered() {
    assert_eq!(
        values(&options(&asked("Lend 1000 DAI", None), "venue")),
        ["aave_v3"],
        "no DAI market on Morpho"
    );
    let found = options(&asked("Withdraw 100 USDC", Some(account("lender"))), "venue");
    assert_eq!(values(&found), ["aave_v3", "morpho_blue"], "the larger position first");
    assert_eq!(found[0].balance.as_deref(), Some("5000 USDC"));
    let found = options(&asked("Lend 10 LUSD", None), "venue");
    assert_eq!(values(&found).len(), 2, "frozen there, no market here: the question stays as it is");
    assert!(found.iter().all(|d| d.apy.is_none()));
}

#[test]
fn a_missing_token_offers_what_the_wallet_holds() {
    let found = options(&asked("Lend 100 on Aave", Some(account("lender"))), "token");
    assert_eq!(values(&found), ["ETH", "USDC"]);
    assert_eq!(found[1].balance.as_deref(), Some("1000 USDC"));
    assert!(options(&asked("Lend 100 on Aave", None), "token").is_empty(), "nobody's balances are guessed");
    let found = options(&asked("Swap 1 btc to USDC", Some(ethereum().stand_in)), "token_in");
    assert!(values(&found).contains(&"WBTC") && found.iter().any(|d| d.balance.is_some()), "{found:?}");
}
