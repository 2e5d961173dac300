//! What a person allows: slippage, least output, most input, gas, time.

use grimoire_core::turn::Reply;

use crate::stage::{blocked, ethereum, intent, preview, reply};

fn code(limit: &str) -> Option<&'static str> {
    let p = preview(&[&format!("token_in=USDC token_out=ETH {limit}")]);
    if p.executable { None } else { Some(blocked(&p)) }
}

#[test]
fn each_limit_holds_or_stops_the_plan() {
    assert_eq!(code("amount_in=100 min_out=0.039"), None);
    assert_eq!(code("amount_in=100 min_out=0.05"), Some("below_min_out"));
    assert_eq!(code("amount_in=100 min_out=$95"), None);
    assert_eq!(code("amount_in=100 min_out=$150"), Some("below_min_out"));
    assert_eq!(code("amount_out=0.04 max_in=110"), None);
    assert_eq!(code("amount_out=0.04 max_in=90"), Some("above_max_in"));
    assert_eq!(code("amount_in=100 max_gas=$5"), None);
    assert_eq!(code("amount_in=100 max_gas=$0.01"), Some("gas_too_high"));
    assert_eq!(code("amount_in=100 max_gas=0.01_ETH"), None);
    assert_eq!(code("amount_in=100 max_gas=0.0000001_ETH"), Some("gas_too_high"));
    assert_eq!(code("amount_in=100 max_gas=2_gwei"), None);
    assert_eq!(code("amount_in=100 max_gas=1_gwei"), Some("gas_too_high"));
}

#[test]
fn a_limit_on_the_gas_price_is_kept_when_signing() {
    let offered = |limit: &str| {
        let p = preview(&[&format!("token_in=USDC token_out=ETH amount_in=100{limit}")]);
        p.transactions.iter().map(|t| t.max_fee_per_gas).max()
    };
    assert_eq!(offered(""), Some(2_100_000_000), "twice the base fee and the tip");
    assert_eq!(offered(" max_gas=1.5_gwei"), Some(1_500_000_000));
}

#[test]
fn the_least_output_follows_the_slippage_and_the_persons_word() {
    let least = |limits: &str| {
        let p = preview(&[&format!("token_in=USDC token_out=ETH amount_in=100{limits}")]);
        let detail = |key: &str| p.steps[0].details[key].as_str().expect("text").to_owned();
        let parse = |text: String| text.parse::<f64>().expect("a number");
        (parse(detail("min_out")) / parse(detail("amount_out")), p.slippage)
    };
    let (ratio, shown) = least("");
    assert!((ratio - 0.998).abs() < 1e-9 && shown.as_deref() == Some("0.2%"));
    let (ratio, shown) = least(" max_slippage=1%");
    assert!((ratio - 0.99).abs() < 1e-9 && shown.as_deref() == Some("1%"));
    let (ratio, _) = least(" max_slippage=50% min_out=0.0399");
    assert!(ratio > 0.997, "the stricter of the two counts: {ratio}");
}

#[test]
fn transactions_expire_when_the_person_says() {
    let until = |limits: &str| {
        preview(&[&format!("token_in=USDC token_out=ETH amount_in=100{limits}")])
            .valid_until
            .expect("a deadline")
            .0
    };
    let genesis = ethereum().block.timestamp;
    assert_eq!(until("") - genesis, 1_800);
    assert_eq!(until(" deadline=10m") - genesis, 600);
}

#[test]
fn limits_that_mean_nothing_here_are_asked_about() {
    for limit in ["max_gas=5_USDC", "max_gas=5_POL", "deadline=900000000h", "max_slippage=101%"] {
        let swap = intent(&[&format!("token_in=USDC token_out=ETH amount_in=100 {limit}")]);
        let Reply::Clarification(asked) = reply(&ethereum(), &swap, None) else { panic!("{limit}") };
        assert!(asked.fields[0].label.contains("cannot be used"), "{limit}: {}", asked.message);
    }
}

#[test]
fn a_limit_that_an_action_cannot_keep_is_asked_about() {
    for limit in ["max_slippage=0.5%", "min_out=90", "deadline=10m"] {
        let deposit = intent(&[&format!("deposit venue=aave_v3 token=USDC amount=100 {limit}")]);
        let Reply::Clarification(asked) = reply(&ethereum(), &deposit, None) else { panic!("{limit}") };
        assert_eq!(asked.fields[0].id, "unexplained", "{limit}");
        assert!(asked.message.contains(limit.split_once('=').expect("a value").1), "{}", asked.message);
    }
    let gas = intent(&["deposit venue=aave_v3 token=USDC amount=100 max_gas=$5"]);
    assert!(matches!(reply(&ethereum(), &gas, None), Reply::Preview(_)), "gas can always be limited");
}

#[test]
fn a_limit_on_the_cost_bounds_what_is_offered() {
    let most = |limit: &str| -> u128 {
        let p = preview(&[&format!("token_in=USDC token_out=ETH amount_in=100{limit}")]);
        assert!(p.executable, "{:?}", p.blocked);
        p.transactions.iter().map(|t| u128::from(t.gas_limit) * t.max_fee_per_gas).sum()
    };
    // A dollar of ETH at 2,500 dollars.
    let dollar = 400_000_000_000_000;
    assert!(most("") > dollar && most(" max_gas=$1") <= dollar, "{} and {}", most(""), most(" max_gas=$1"));
    assert_eq!(
        code("amount_in=100 max_gas=0.00000000001_gwei"),
        Some("gas_too_high"),
        "finer than a wei is not no limit"
    );
}
