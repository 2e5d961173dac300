//! Wallets: what they hold, what they lack, what gas takes.

use alloy_primitives::{Address, U256};
use grimoire_core::amount::Amount;

use crate::stage::{balance_after, blocked, ethereum, preview_on, wallet};

#[test]
fn a_wallet_without_funds_is_told_what_it_holds() {
    let p = preview_on(
        &ethereum(),
        &["token_in=USDC token_out=ETH amount_in=100"],
        Some(Address::repeat_byte(9)),
    );
    assert_eq!(blocked(&p), "insufficient_funds");
    let why = p.blocked.expect("a reason");
    assert_eq!(why.message, "The wallet holds no USDC; 100 USDC are needed.");
    assert!(p.warnings.is_empty() && p.balance_changes.is_empty() && p.simulation.plan_hash.is_none());
    let (state, some) = wallet("USDC", 1_234_560_000, 10_u64.pow(18));
    let p = preview_on(&state, &["token_in=USDC token_out=ETH amount_in=5000"], Some(some));
    assert_eq!(p.blocked.expect("a reason").at_most.as_deref(), Some("1234.56 USDC"));
}

#[test]
fn gas_must_be_paid_too() {
    let (state, poor) = wallet("USDC", 500_000_000, 1_000);
    let p = preview_on(&state, &["token_in=USDC token_out=DAI amount_in=100"], Some(poor));
    assert_eq!(blocked(&p), "insufficient_gas_funds");
}

#[test]
fn everything_of_a_token_is_everything() {
    let (state, some) = wallet("USDC", 1_234_567_891, 10_u64.pow(18));
    for (said, left) in
        [("all", 0), ("50%", 617_283_946), ("all-34.567891", 34_567_891), ("min(all,1000)", 234_567_891)]
    {
        let p = preview_on(&state, &[&format!("token_in=USDC token_out=DAI amount_in={said}")], Some(some));
        assert!(p.executable, "{said}: {:?}", p.blocked);
        assert_eq!(balance_after(&state, some, &p, "USDC"), U256::from(left), "{said}");
    }
}

#[test]
fn everything_of_the_native_token_leaves_gas_for_the_plan() {
    let (state, some) = wallet("USDC", 1, 3 * 10_u64.pow(18));
    let p = preview_on(&state, &["token_in=ETH token_out=USDC amount_in=all"], Some(some));
    assert!(p.executable, "{:?}", p.blocked);
    let left = balance_after(&state, some, &p, "ETH");
    let most = Amount::of("0.001".parse().expect("a decimal"), 18).expect("fits").raw;
    assert!(left > U256::ZERO && left < most, "{left} wei stay for gas");
    let then = ["token_in=ETH token_out=USDC amount_in=1", "token_in=ETH token_out=DAI amount_in=rest"];
    assert!(p.warning_codes.contains(&"gas_kept".to_owned()));
    let rest = preview_on(&state, &then, Some(some));
    assert!(rest.executable, "{:?}", rest.blocked);
    let limits: u64 = p.transactions.iter().map(|t| t.gas_limit).sum();
    assert_eq!(
        left,
        U256::from(limits) * U256::from(2_100_000_000u64),
        "gas limits at the highest fee they offer"
    );
}

#[test]
fn everything_of_a_small_wallet_can_be_sent_too() {
    let (state, small) = wallet("USDC", 1, 1_500_000_000_000_000);
    let p = preview_on(&state, &["token_in=ETH token_out=USDC amount_in=all"], Some(small));
    assert!(p.executable, "1.5 thousandths of an ETH pay for a swap: {:?}", p.blocked);
}
