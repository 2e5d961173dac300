//! Plans of several swaps.

use crate::stage::{account, blocked, change, ethereum, preview, preview_as, preview_on, wallet};

#[test]
fn a_later_swap_uses_what_the_earlier_one_surely_gives() {
    let p = preview(&[
        "token_in=USDC token_out=WETH amount_in=1000",
        "token_in=WETH token_out=DAI amount_in=step1",
    ]);
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(p.steps[1].details["amount_in"], p.steps[0].details["min_out"], "the minimum, not the quote");
    let left =
        p.balance_changes.iter().find(|c| c.token == "WETH").expect("what the quote gave beyond the minimum");
    assert!(left.amount.starts_with("+0.000"), "{}", left.amount);
    assert!(p.summary.contains(", then swap "), "{}", p.summary);
    assert!(p.warning_codes.contains(&"leftover".to_owned()));
}

#[test]
fn parts_of_an_output_add_up_and_are_not_used_twice() {
    let first = "token_in=USDC token_out=WETH amount_in=1000";
    let half = "token_in=WETH token_out=DAI amount_in=50%_step1";
    let rest = "token_in=WETH token_out=USDT amount_in=rest_step1";
    let whole = "token_in=WETH token_out=USDT amount_in=step1";
    assert!(preview(&[first, half, rest]).executable);
    assert_eq!(blocked(&preview(&[first, half, whole])), "output_used_twice");
    assert_eq!(blocked(&preview(&[first, "token_in=DAI token_out=USDT amount_in=step1"])), "no_output");
}

#[test]
fn one_step_that_cannot_be_done_stops_the_whole_plan() {
    let p =
        preview(&["token_in=USDC token_out=WETH amount_in=1000", "token_in=USDC token_out=BAL amount_in=5"]);
    assert_eq!(blocked(&p), "no_route");
}

#[test]
fn what_slippage_may_still_take_is_not_spent() {
    let (state, some) = wallet("USDC", 1_000_000_000, 10_u64.pow(18));
    let first = "token_in=USDC token_out=DAI amount_in=100";
    let p = preview_on(&state, &[first, "token_in=DAI token_out=WETH amount_in=all"], Some(some));
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(p.steps[1].details["amount_in"], p.steps[0].details["min_out"]);
    let first = "token_in=USDC token_out=ETH amount_out=0.1";
    let p = preview_on(&state, &[first, "token_in=USDC token_out=DAI amount_in=all"], Some(some));
    let (most, spent) = (detail(&p, 0, "max_in"), detail(&p, 1, "amount_in"));
    assert!((most + spent - 1_000.0).abs() < 1e-6, "{most} and {spent}");
}

fn detail(preview: &grimoire_core::preview::Preview, step: usize, key: &str) -> f64 {
    preview.steps[step].details[key].as_str().and_then(|t| t.parse().ok()).expect("a number")
}

#[test]
fn the_rest_of_an_output_is_what_named_amounts_left_of_it() {
    let to = account("empty");
    let actions = [
        "withdraw venue=aave_v3 token=USDC amount=500",
        &format!("transfer token=USDC amount=200 recipient={to}"),
        "token_in=USDC token_out=DAI amount_in=rest_step1",
    ];
    let p = preview_as(&actions, Some(account("lender")));
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(p.steps[2].details["amount_in"], "300");
    assert_eq!(change(&p.balance_changes, "USDC", None), "0", "500 came, 200 and 300 went");
}

#[test]
fn parts_of_a_balance_are_parts_of_the_same_balance() {
    let (state, some) = wallet("USDC", 1_000_000_000, 10_u64.pow(18));
    let half = |token: &str| format!("token_in=USDC token_out={token} amount_in=50%");
    let p = preview_on(&state, &[&half("DAI"), &half("USDT")], Some(some));
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(p.steps[0].details["amount_in"], "500");
    assert_eq!(p.steps[1].details["amount_in"], "500");
    let third = "token_in=USDC token_out=DAI amount_in=1/3";
    let p = preview_on(&state, &[third, third, third], Some(some));
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(p.steps[2].details["amount_in"], "333.333333");
}

#[test]
fn a_stand_in_secures_no_loan_that_the_plan_secures_itself() {
    let loan = |eth: &str| {
        let deposit = format!("deposit venue=aave_v3 token=ETH amount={eth} as=collateral");
        preview_as(&[&deposit, "borrow venue=aave_v3 token=USDC amount=5000"], None)
    };
    assert_eq!(blocked(&loan("0.1")), "insufficient_collateral", "250 dollars do not cover 5,000");
    assert_eq!(blocked(&loan("10")), "wallet_needed", "25,000 do");
    let wrapped = [
        "wrap token=ETH amount=2",
        "deposit venue=morpho_blue token=WETH amount=step1",
        "borrow venue=morpho_blue token=USDC amount=1000 collateral=ETH",
    ];
    let p = preview_as(&wrapped, Some(ethereum().stand_in));
    assert_eq!(
        blocked(&p),
        "no_market",
        "WETH secures no USDC loan in a listed market here, and is not lent instead"
    );
}
