//! Swaps: routes, amounts, impact, approvals.

use alloy_primitives::U256;

use crate::stage::{
    after, approve, balance_after, blocked, contract, ethereum, preview, preview_on, router, token,
};

fn detail<'a>(preview: &'a grimoire_core::preview::Preview, key: &str) -> &'a str {
    preview.steps[0].details[key].as_str().expect("a text")
}

#[test]
fn a_hundred_usdc_to_eth_is_executable_and_costs_the_pool_fee() {
    let p = preview(&["token_in=USDC token_out=ETH amount_in=100"]);
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(p.summary, "Swap 100 USDC to ETH via Uniswap V3");
    assert_eq!((p.price_impact.as_deref(), p.slippage.as_deref()), (Some("0.05%"), Some("0.2%")));
    assert_eq!(p.warning_codes, ["stand_in_wallet"]);
    let changes: Vec<_> = p.balance_changes.iter().map(|c| (c.token.as_str(), c.amount.as_str())).collect();
    assert_eq!(changes[0], ("USDC", "-100"));
    assert_eq!(
        changes[1],
        ("ETH", format!("+{}", detail(&p, "amount_out")).as_str()),
        "the quote is what arrives"
    );
    assert_eq!(p.balance_changes[0].usd.as_deref(), Some("-100.00"));
    let titles: Vec<_> = p.transactions.iter().map(|t| t.title.as_str()).collect();
    assert_eq!(titles, ["Approve 100 USDC for Uniswap V3", "Swap 100 USDC to ETH via Uniswap V3"]);
}

#[test]
fn what_the_quote_says_is_what_the_swap_does_for_every_kind_of_pair() {
    let mut traded = 0;
    for (from, to) in [
        ("USDC", "ETH"),
        ("ETH", "USDC"),
        ("USDC", "WETH"),
        ("WETH", "USDC"),
        ("USDC", "USDT"),
        ("USDT", "USDC"),
        ("DAI", "USDC"),
        ("USDT", "DAI"),
        ("LINK", "USDC"),
        ("UNI", "LINK"),
        ("WBTC", "ETH"),
        ("ETH", "wstETH"),
        ("wstETH", "USDC"),
        ("DAI", "WBTC"),
    ] {
        for amount in ["amount_in=0.25", "amount_out=0.125", "amount_in=$50", "amount_in=25%"] {
            let state = ethereum();
            let p = preview_on(
                &state,
                &[&format!("token_in={from} token_out={to} {amount}")],
                Some(state.stand_in),
            );
            if p.blocked
                .as_ref()
                .is_some_and(|b| ["price_impact_too_high", "value_lost", "no_price"].contains(&b.code))
            {
                continue;
            }
            assert!(p.executable, "{from} to {to}, {amount}: {:?}", p.blocked);
            traded += 1;
            assert_eq!(p.balance_changes.len(), 2);
            assert_eq!(
                p.balance_changes[0].amount,
                format!("-{}", detail(&p, "amount_in")),
                "{from} to {to}"
            );
            assert_eq!(
                p.balance_changes[1].amount,
                format!("+{}", detail(&p, "amount_out")),
                "{from} to {to}"
            );
        }
    }
    assert!(traded > 40, "only {traded} of 56 could be traded");
}

#[test]
fn larger_trades_have_larger_impact() {
    let impact = |amount: &str| {
        let p = preview(&[&format!("token_in=USDC token_out=ETH amount_in={amount}")]);
        let text = p.price_impact.expect("a trade has one");
        text.trim_end_matches('%').parse::<f64>().expect("a percentage")
    };
    let impacts = ["100", "10000", "100000", "1000000", "10000000"].map(impact);
    assert!(impacts.windows(2).all(|w| w[0] < w[1]), "{impacts:?}");
    assert!((0.05..0.055).contains(&impacts[0]) && (0.6..0.8).contains(&impacts[3]), "{impacts:?}");
}

#[test]
fn exact_output_arrives_to_the_wei_and_leaves_no_approval() {
    let p = preview(&["token_in=USDC token_out=ETH amount_out=1"]);
    assert!(p.executable, "{:?}", p.blocked);
    assert_eq!(p.balance_changes[1].amount, "+1");
    let titles: Vec<_> = p.transactions.iter().map(|t| t.title.as_str()).collect();
    assert_eq!(titles.len(), 3, "approve, swap, take back: {titles:?}");
    assert!(titles[2].starts_with("Take back"));
    let native = preview(&["token_in=ETH token_out=USDC amount_out=1000"]);
    assert_eq!(native.transactions.len(), 1, "no approval for the native token");
    assert!(native.executable && native.balance_changes[1].amount == "+1000");
}

#[test]
fn an_allowance_that_suffices_is_used_and_usdt_is_reset_first() {
    let base = ethereum();
    let wallet = base.stand_in;
    let count = |state: &_, values: &str| preview_on(state, &[values], Some(wallet)).transactions.len();
    let usdc = after(&base, &[approve(wallet, "USDC", router(), 100_000_000)]);
    assert_eq!(count(&usdc, "token_in=USDC token_out=ETH amount_in=100"), 1);
    assert_eq!(count(&usdc, "token_in=USDC token_out=ETH amount_in=101"), 2);
    let usdt = after(&base, &[approve(wallet, "USDT", router(), 1)]);
    let p = preview_on(&usdt, &["token_in=USDT token_out=ETH amount_in=100"], Some(wallet));
    let titles: Vec<_> = p.transactions.iter().map(|t| t.title.as_str()).collect();
    assert_eq!(titles[0], "Reset the USDT allowance of Uniswap V3 to 0");
    assert!(p.executable && titles.len() == 3, "{titles:?} {:?}", p.blocked);
}

#[test]
fn tokens_for_somebody_else_arrive_there() {
    let friend = "0xdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
    for to in ["ETH", "DAI"] {
        let p = preview(&[&format!("token_in=USDC token_out={to} amount_in=100 recipient={friend}")]);
        assert!(p.executable, "{:?}", p.blocked);
        assert_eq!(
            p.balance_changes[1].account.as_deref().map(str::to_lowercase),
            Some(friend.to_lowercase())
        );
        assert_eq!(p.balance_changes[0].account, None);
    }
}

#[test]
fn what_cannot_be_traded_is_said_and_never_priced() {
    let code = |values: &str| blocked(&preview(&[values]));
    assert_eq!(code("token_in=USDC token_out=tBTC amount_in=100"), "token_not_on_chain");
    assert_eq!(code("token_in=USDC token_out=BAL amount_in=100"), "no_route");
    assert_eq!(code("token_in=USDC token_out=PEPE amount_in=1000000"), "price_impact_too_high");
    assert_eq!(code("token_in=USDC token_out=ETH amount_out=10000000"), "insufficient_liquidity");
    let p = preview(&["token_in=USDC token_out=ETH amount_in=100000000"]);
    let why = p.blocked.expect("too much");
    let most: f64 = why.at_most.expect("an amount").trim_end_matches(" USDC").parse().expect("a number");
    assert!((10_000_000.0..60_000_000.0).contains(&most), "{most}");
    let passes = preview(&[&format!("token_in=USDC token_out=ETH amount_in={most}")]);
    assert!(passes.executable, "the amount that is named does pass: {:?}", passes.blocked);
    let gone = preview(&["token_in=USDC token_out=ETH amount_in=100000000000000000000000"]);
    assert!(gone.price_impact.is_none() && gone.balance_changes.is_empty() && gone.gas_estimate.is_none());
}

#[test]
fn the_same_words_on_the_same_state_give_the_same_bytes() {
    let json =
        || serde_json::to_string(&preview(&["token_in=USDC token_out=DAI amount_in=123.45"])).expect("JSON");
    assert_eq!(json(), json());
}

#[test]
fn handed_out_transactions_do_it_when_run_by_hand() {
    let base = ethereum();
    let p = preview_on(&base, &["token_in=USDC token_out=WETH amount_in=5000"], Some(base.stand_in));
    let mut machine = grimoire_core::evm::Machine::new(&base);
    let before =
        grimoire_core::token::balance(&mut machine, token("WETH"), base.stand_in).expect("a token").raw;
    let gained = balance_after(&base, base.stand_in, &p, "WETH") - before;
    let shown = grimoire_core::amount::Amount::new(gained, 18).to_string();
    assert_eq!(p.balance_changes[1].amount, format!("+{shown}"));
    assert!(gained > U256::ZERO && p.transactions[0].to == contract("USDC"));
}

#[test]
fn without_a_wallet_the_calldata_pays_whoever_signs() {
    let stand_in = alloy_primitives::hex::encode(ethereum().stand_in);
    for values in [
        "token_in=USDC token_out=ETH amount_in=100",
        "token_in=ETH token_out=USDC amount_in=1",
        "token_in=USDC token_out=ETH amount_out=1",
    ] {
        let p = preview(&[values]);
        assert!(p.executable, "{:?}", p.blocked);
        assert!(
            p.transactions.iter().all(|t| !t.data.to_string().contains(&stand_in)),
            "{values} names the stand-in"
        );
        let base = ethereum();
        let known = preview_on(&base, &[values], Some(base.stand_in));
        assert!(
            known.transactions.iter().any(|t| t.data.to_string().contains(&stand_in)),
            "a known wallet is named"
        );
    }
}

#[test]
fn without_a_wallet_a_part_of_what_it_holds_is_not_known() {
    for amount in ["all", "50%", "min(all,100)", "all-1"] {
        let p = preview(&[&format!("token_in=USDC token_out=ETH amount_in={amount}")]);
        assert_eq!(blocked(&p), "wallet_needed", "{amount}");
        assert!(p.balance_changes.is_empty() && p.warnings.is_empty());
    }
}

#[test]
fn a_pool_is_no_recipient() {
    let pool = "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640";
    assert_eq!(
        blocked(&preview(&[&format!("token_in=ETH token_out=LINK amount_in=1 recipient={pool}")])),
        "recipient_is_pool"
    );
}
