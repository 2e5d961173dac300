//! Aave V3, real pool code: what each action does, shows and refuses.

use grimoire_core::{evm::StateSource, preview::Preview};
use grimoire_registry::ChainId;

use crate::stage::{SANDBOX, account, blocked, change, ethereum, fact, preview_as, preview_on};

fn lend(actions: &[&str]) -> Preview {
    let p = preview_as(actions, Some(ethereum().stand_in));
    assert!(p.executable, "{actions:?}: {:?}", p.blocked);
    p
}

fn refused(action: &str) -> &'static str {
    blocked(&preview_as(&[action], Some(ethereum().stand_in)))
}

#[test]
fn a_deposit_moves_the_token_into_a_position_and_shows_what_it_earns() {
    let p = lend(&["deposit venue=aave_v3 token=USDC amount=1000"]);
    assert_eq!(p.summary, "Deposit 1000 USDC into Aave V3");
    assert_eq!(change(&p.balance_changes, "USDC", None), "-1000");
    assert_eq!(change(&p.balance_changes, "USDC", Some("supplied")), "+1000");
    assert_eq!(p.balance_changes.len(), 2);
    assert_eq!(fact(&p, 0, "Supply APY"), "3.96%");
    assert_eq!(fact(&p, 0, "Counts as collateral"), "yes");
    assert!(p.price_impact.is_none() && p.slippage.is_none(), "a deposit trades nothing");
    let titles: Vec<&str> = p.transactions.iter().map(|t| t.title.as_str()).collect();
    assert_eq!(titles, ["Approve 1000 USDC for Aave V3", "Deposit 1000 USDC into Aave V3"]);
}

#[test]
fn a_large_deposit_lowers_the_rate() {
    let state = ethereum();
    let p = preview_on(&state, &["deposit venue=aave_v3 token=DAI amount=4000000"], Some(state.stand_in));
    let apy = fact(&p, 0, "Supply APY").split(" → ").map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(apy.len(), 2, "before and after: {apy:?}");
    assert!(apy[1] < apy[0], "{apy:?}");
}

#[test]
fn the_native_token_goes_through_the_gateway_and_comes_back() {
    let p =
        lend(&["deposit venue=aave_v3 token=ETH amount=2", "withdraw venue=aave_v3 token=ETH amount=all"]);
    assert_eq!(change(&p.steps[0].balance_changes, "ETH", None), "-2");
    assert_eq!(change(&p.steps[0].balance_changes, "WETH", Some("supplied")), "+2");
    assert_eq!(change(&p.steps[1].balance_changes, "ETH", None), "+2");
    assert_eq!(change(&p.balance_changes, "WETH", Some("supplied")), "0");
    assert_eq!(p.transactions.len(), 4, "deposit, approve the claim, withdraw, take the approval back");
}

#[test]
fn loans_show_how_safe_they_are() {
    let p = lend(&[
        "deposit venue=aave_v3 token=ETH amount=10 as=collateral",
        "borrow venue=aave_v3 token=USDC amount=5000 collateral=ETH",
    ]);
    assert_eq!(change(&p.balance_changes, "USDC", None), "+5000");
    assert_eq!(change(&p.balance_changes, "USDC", Some("debt")), "+5000");
    // 25,000 dollars of collateral, 83 % of which count, over 5,000 dollars of debt.
    assert_eq!(fact(&p, 1, "Health factor"), "no debt → 4.15");
    assert_eq!(fact(&p, 1, "LTV"), "0.00% → 20.00% (liquidated above 83.00%)");
    assert!(fact(&p, 1, "Borrow APY").starts_with("5.21%"));
    let near = preview_as(&["borrow venue=aave_v3 token=USDC amount=11000"], Some(account("borrower")));
    assert!(near.executable && near.warning_codes.contains(&"near_liquidation".to_owned()), "{near:?}");
}

#[test]
fn more_than_the_collateral_covers_is_refused_with_what_would_pass() {
    let p = preview_as(&["borrow venue=aave_v3 token=USDC amount=50000"], Some(account("borrower")));
    assert_eq!(blocked(&p), "insufficient_collateral");
    let most = p.blocked.and_then(|b| b.at_most).expect("what would pass");
    let amount = most.trim_end_matches(" USDC");
    let again =
        preview_as(&[&format!("borrow venue=aave_v3 token=USDC amount={amount}")], Some(account("borrower")));
    assert!(again.executable, "{most} should pass: {:?}", again.blocked);
    let leave = preview_as(&["withdraw venue=aave_v3 token=ETH amount=all"], Some(account("borrower")));
    assert_eq!(blocked(&leave), "health_factor_too_low");
    assert_eq!(refused("borrow venue=aave_v3 token=USDC amount=100 collateral=LINK"), "no_collateral");
}

#[test]
fn everything_is_repaid_and_withdrawn_without_a_rest() {
    let p = preview_as(
        &["repay venue=aave_v3 token=USDC amount=1500", "repay venue=aave_v3 token=USDC amount=500"],
        Some(account("borrower")),
    );
    assert_eq!(blocked(&p), "insufficient_funds", "the borrower holds 500");
    let actions = [
        "deposit venue=aave_v3 token=WETH amount=4",
        "borrow venue=aave_v3 token=DAI amount=1000",
        "repay venue=aave_v3 token=DAI amount=all",
        "withdraw venue=aave_v3 token=WETH amount=all",
    ];
    let p = lend(&actions);
    assert_eq!(fact(&p, 2, "Debt left"), "0 DAI");
    assert_eq!(fact(&p, 3, "Still supplied"), "0 WETH");
    assert!(p.balance_changes.is_empty(), "nothing remains of it: {:?}", p.balance_changes);
    let native = lend(&[
        "deposit venue=aave_v3 token=USDC amount=9000",
        "borrow venue=aave_v3 token=ETH amount=1",
        "repay venue=aave_v3 token=ETH amount=all",
    ]);
    assert_eq!(change(&native.balance_changes, "ETH", None), "0");
    assert_eq!(change(&native.steps[1].balance_changes, "WETH", Some("debt")), "+1");
}

#[test]
fn a_withdrawal_feeds_the_next_step() {
    let p = preview_as(
        &["withdraw venue=aave_v3 token=USDC amount=2000", "token_in=USDC token_out=ETH amount_in=50%_step1"],
        Some(account("lender")),
    );
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(p.steps[1].details["amount_in"], "1000");
    assert_eq!(change(&p.balance_changes, "USDC", None), "+1000");
    assert_eq!(change(&p.balance_changes, "USDC", Some("supplied")), "-2000");
    assert!(!p.warning_codes.contains(&"leftover".to_owned()), "a withdrawal is exact");
}

#[test]
fn what_the_market_does_not_permit_is_said() {
    assert_eq!(refused("deposit venue=aave_v3 token=PEPE amount=1000"), "asset_not_listed");
    assert_eq!(refused("deposit venue=aave_v3 token=LUSD amount=10"), "reserve_frozen");
    assert_eq!(refused("deposit venue=aave_v3 token=BAL amount=10"), "reserve_paused");
    assert_eq!(refused("withdraw venue=aave_v3 token=BAL amount=10"), "reserve_paused");
    assert_eq!(refused("deposit venue=aave_v3 token=CRV amount=10"), "supply_cap");
    assert_eq!(refused("borrow venue=aave_v3 token=UNI amount=10"), "borrow_cap");
    assert_eq!(refused("borrow venue=aave_v3 token=AAVE amount=1"), "borrowing_disabled");
    assert_eq!(refused("deposit venue=aave_v3 token=USDS amount=10 as=collateral"), "not_collateral");
    assert_eq!(refused("borrow venue=aave_v3 token=USDC amount=10"), "insufficient_collateral");
    assert_eq!(refused("withdraw venue=aave_v3 token=USDC amount=10"), "no_position");
    assert_eq!(refused("repay venue=aave_v3 token=USDC amount=10"), "no_debt");
    let p = preview_as(&["withdraw venue=aave_v3 token=USDC amount=6000"], Some(account("lender")));
    assert_eq!(blocked(&p), "insufficient_position");
    assert!(p.blocked.is_some_and(|b| b.at_most.is_some_and(|m| m.starts_with("5000"))));
}

#[test]
fn a_stand_in_gets_the_position_it_needs_but_no_transactions() {
    for action in [
        "deposit venue=aave_v3 token=USDC amount=1000",
        "withdraw venue=aave_v3 token=USDC amount=2000",
        "borrow venue=aave_v3 token=USDC amount=500 collateral=ETH",
        "repay venue=aave_v3 token=USDC amount=500",
    ] {
        let p = preview_as(&[action], None);
        assert_eq!(blocked(&p), "wallet_needed", "calldata that names the stand-in is not handed out");
        assert_eq!(serde_json::to_value(p.simulation.status).expect("JSON"), "success", "{action}");
        assert!(p.gas_estimate.is_some() && !p.balance_changes.is_empty(), "{action}");
    }
    let frozen = preview_as(&["withdraw venue=aave_v3 token=LUSD amount=1"], None);
    assert!(frozen.blocked.is_some_and(|b| b.message.contains("frozen")));
}

#[test]
fn a_day_later_the_interest_is_paid_and_owed() {
    let later = SANDBOX.later(86_400).snapshot(ChainId::Ethereum).expect("the sandbox serves ethereum");
    let p = preview_on(&later, &["withdraw venue=aave_v3 token=USDC amount=all"], Some(account("lender")));
    assert!(p.executable, "{:?}", p.blocked);
    let got: f64 = change(&p.balance_changes, "USDC", None).parse().expect("a number");
    // 3.888 % a year of 5,000 USDC, for one day.
    assert!((5_000.53..5_000.54).contains(&got), "{got}");
    let p = preview_on(&later, &["repay venue=aave_v3 token=USDC amount=100"], Some(account("borrower")));
    let left: f64 = fact(&p, 0, "Debt left").trim_end_matches(" USDC").parse().expect("a number");
    assert!((4_900.69..4_900.71).contains(&left), "5.082 % a year of 5,000 USDC, for one day: {left}");
}
