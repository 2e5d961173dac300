//! Morpho Blue, real contract code: what each action does, shows and refuses.

use grimoire_core::preview::Preview;

use crate::stage::{account, blocked, change, ethereum, fact, preview_as};

fn done(actions: &[&str]) -> Preview {
    let p = preview_as(actions, Some(ethereum().stand_in));
    assert!(p.executable, "{actions:?}: {:?}", p.blocked);
    p
}

fn refused(action: &str) -> &'static str {
    blocked(&preview_as(&[action], Some(ethereum().stand_in)))
}

#[test]
fn a_deposit_goes_to_the_largest_market_that_can_pay_back_and_names_it() {
    let p = done(&["deposit venue=morpho_blue token=USDC amount=1000"]);
    assert_eq!(change(&p.balance_changes, "USDC", None), "-1000");
    let lent: f64 = change(&p.balance_changes, "USDC", Some("supplied")).parse().expect("a number");
    assert!((lent - 1_000.0).abs() < 1e-5, "shares round: {lent}");
    assert_eq!(fact(&p, 0, "Market"), "WBTC/USDC 86%", "the largest of three");
    assert!(fact(&p, 0, "Supply APY").starts_with("3.67%"), "e^0.036 - 1: {}", fact(&p, 0, "Supply APY"));
    assert_eq!(refused("deposit venue=morpho_blue token=LINK amount=10"), "no_market");
}

#[test]
fn the_native_token_is_wrapped_on_the_way_in_and_unwrapped_on_the_way_out() {
    let p = done(&[
        "deposit venue=morpho_blue token=ETH amount=2",
        "withdraw venue=morpho_blue token=ETH amount=1",
    ]);
    assert_eq!(change(&p.balance_changes, "ETH", None), "-1");
    assert_eq!(change(&p.balance_changes, "WETH", None), "0");
    let titles: Vec<&str> = p.transactions.iter().map(|t| t.title.as_str()).collect();
    assert!(
        titles[0].starts_with("Wrap 2 ETH") && titles.last().is_some_and(|t| t.starts_with("Unwrap 1")),
        "{titles:?}"
    );
}

#[test]
fn everything_leaves_by_shares_and_nothing_remains() {
    let p = preview_as(&["withdraw venue=morpho_blue token=USDC amount=all"], Some(account("lender")));
    assert!(p.executable, "{:?}", p.blocked);
    let got: f64 = change(&p.balance_changes, "USDC", None).parse().expect("a number");
    assert!((1_999.99..2_000.01).contains(&got), "{got}");
    let actions = [
        "deposit venue=morpho_blue token=WBTC amount=1 as=collateral",
        "borrow venue=morpho_blue token=USDC amount=20000 collateral=WBTC",
        "repay venue=morpho_blue token=USDC amount=all",
        "withdraw venue=morpho_blue token=WBTC amount=all",
    ];
    let p = done(&actions);
    assert_eq!(fact(&p, 2, "Debt left"), "0 USDC");
    assert!(
        p.balance_changes
            .iter()
            .all(|c| c.token == "USDC" && c.amount.trim_start_matches(['+', '-']).starts_with("0.00000")),
        "only a unit of rounding: {:?}",
        p.balance_changes
    );
}

#[test]
fn collateral_goes_where_the_later_loan_is_taken() {
    let p = done(&[
        "deposit venue=morpho_blue token=WBTC amount=1 as=collateral",
        "borrow venue=morpho_blue token=USDT amount=40000",
    ]);
    assert_eq!(fact(&p, 0, "Market"), "WBTC/USDT 86%");
    assert_eq!(change(&p.balance_changes, "WBTC", Some("collateral")), "+1");
    assert_eq!(fact(&p, 1, "Health factor"), "no debt → 2.15");
    assert_eq!(fact(&p, 1, "LTV"), "0.00% → 40.00% (liquidated above 86.00%)");
}

#[test]
fn what_does_not_go_is_said_with_what_would() {
    assert_eq!(refused("borrow venue=morpho_blue token=USDC amount=100"), "no_collateral");
    assert_eq!(refused("withdraw venue=morpho_blue token=USDC amount=100"), "no_position");
    assert_eq!(refused("repay venue=morpho_blue token=USDC amount=100"), "no_debt");
    assert_eq!(refused("borrow venue=morpho_blue token=PEPE amount=100"), "no_market");
    let p = preview_as(&["borrow venue=morpho_blue token=USDC amount=50000"], Some(account("borrower")));
    assert_eq!(blocked(&p), "insufficient_collateral");
    let most = p.blocked.and_then(|b| b.at_most).expect("what would pass");
    let amount = most.trim_end_matches(" USDC");
    let again = [format!("borrow venue=morpho_blue token=USDC amount={amount}")];
    let again = preview_as(&[again[0].as_str()], Some(account("borrower")));
    assert!(again.executable && again.warning_codes.contains(&"near_liquidation".to_owned()), "{most}");
    let p = preview_as(&["withdraw venue=morpho_blue token=WBTC amount=all"], Some(account("borrower")));
    assert_eq!(blocked(&p), "health_factor_too_low");
}

#[test]
fn a_position_moves_from_one_venue_to_the_other() {
    let actions = [
        "withdraw venue=aave_v3 token=USDC amount=5000",
        "deposit venue=morpho_blue token=USDC amount=step1",
    ];
    let p = preview_as(&actions, Some(account("lender")));
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(change(&p.balance_changes, "USDC", None), "0");
    assert_eq!(p.balance_changes.len(), 2, "one position shrinks, one grows: {:?}", p.balance_changes);
    assert_eq!(
        p.balance_changes.iter().map(|c| c.venue).collect::<Vec<_>>(),
        [Some("aave_v3"), Some("morpho_blue")]
    );
}

#[test]
fn a_stand_in_gets_the_position_it_needs() {
    for action in [
        "withdraw venue=morpho_blue token=USDC amount=2000",
        "borrow venue=morpho_blue token=USDC amount=500 collateral=WBTC",
        "repay venue=morpho_blue token=USDC amount=500",
    ] {
        let p = preview_as(&[action], None);
        assert_eq!(blocked(&p), "wallet_needed", "{action}: {:?}", p.blocked);
        assert!(p.gas_estimate.is_some(), "{action} was simulated: {:?}", p.blocked);
    }
}
