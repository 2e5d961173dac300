//! Plans of several swaps.

use crate::stage::{blocked, preview, preview_on, wallet};

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
