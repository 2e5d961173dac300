//! Rates are those of the market's terms, and interest is paid at them.

use alloy_primitives::{U256, utils::parse_units};
use grimoire_registry::ChainId;

use super::{Data, at, held};
use crate::{evm::Evm, fixture::On};

/// The kinked curve in millionths: what is paid and what is earned at a utilisation.
fn curve(terms: &toml::Value, utilisation: u64) -> (u64, u64) {
    let ppm = |key: &str| -> u64 {
        parse_units(terms[key].as_str().expect("a percentage"), 4).expect("a decimal").get_absolute().to()
    };
    let (optimal, slope1, slope2) = (ppm("optimal"), ppm("slope1"), ppm("slope2"));
    let beyond = utilisation.saturating_sub(optimal);
    let paid = if beyond == 0 {
        slope1 * utilisation / optimal
    } else {
        slope1 + slope2 * beyond / (1_000_000 - optimal)
    };
    let factor = u64::try_from(terms["factor"].as_integer().expect("a factor")).expect("positive");
    (paid, paid * utilisation / 1_000_000 * (10_000 - factor) / 10_000)
}

#[test]
fn rates_follow_from_the_markets_terms() {
    let mut compared = 0;
    for on in On::every() {
        let (market, mut evm) = (on.market(), Evm::on(&on.snapshot()));
        let aave = &market["venues"]["aave_v3"];
        for row in aave["reserves"].as_array().expect("reserves") {
            let symbol = row["symbol"].as_str().expect("a symbol");
            let whole = |key: &str| -> u64 {
                row.get(key).map_or(0, |n| n.as_str().expect("a number").parse().expect("whole"))
            };
            let (supplied, borrowed) = (whole("supply"), whole("borrowed"));
            let terms = &aave["terms"][row["terms"].as_str().expect("terms")];
            let (paid, earned) = curve(terms, borrowed * 1_000_000 / supplied);
            let data = evm.ask(at(on).data_provider, &Data::getReserveDataCall { asset: on.token(symbol) });
            // Millionths a year; accounts' positions move them a little.
            let ppm = |ray: U256| -> u64 { (ray / U256::from(10).pow(U256::from(21))).to() };
            assert!(ppm(data.variableBorrowRate).abs_diff(paid) < 200, "{on:?} {symbol}: {paid}");
            assert!(ppm(data.liquidityRate).abs_diff(earned) < 200, "{on:?} {symbol}: {earned}");
            assert!(data.totalAToken >= on.units(supplied, symbol), "{on:?} {symbol}");
            assert!(data.totalVariableDebt >= on.units(borrowed, symbol), "{on:?} {symbol}");
            let caps = evm.ask(at(on).data_provider, &Data::getReserveCapsCall { asset: on.token(symbol) });
            let cap = |key: &str| row.get(key).map_or(0, |n| n.as_integer().expect("whole"));
            assert_eq!(caps.supplyCap, U256::from(cap("supply_cap")), "{on:?} {symbol}");
            assert_eq!(caps.borrowCap, U256::from(cap("borrow_cap")), "{on:?} {symbol}");
            compared += 1;
        }
    }
    assert_eq!(compared, 14 + 12 + 10 + 10 + 11);
}

#[test]
fn rates_are_the_known_ones() {
    // Percent a year, worked out by hand from the curve.
    let known =
        [("WETH", "1.403", "2.201"), ("USDC", "3.888", "5.081"), ("CRV", "1.44", "6"), ("AAVE", "0", "0")];
    let reserves = On(ChainId::Ethereum).info().reserves;
    for (symbol, earned, paid) in known {
        let reserve = reserves.iter().find(|reserve| reserve.symbol == symbol).expect("a reserve");
        let near = |text: &str, want: &str| {
            let milli = |text| parse_units(text, 3).expect("a decimal").get_absolute();
            milli(text).abs_diff(milli(want)) <= U256::from(2)
        };
        assert!(near(&reserve.supply_apr_percent, earned), "{symbol} earns {}", reserve.supply_apr_percent);
        assert!(near(&reserve.borrow_apr_percent, paid), "{symbol} costs {}", reserve.borrow_apr_percent);
    }
}

#[test]
fn interest_comes_with_time() {
    for on in On::every() {
        let mut later = on.snapshot();
        later.block.timestamp += 365 * 86_400;
        let reserve = at(on).reserve("USDC").expect("a reserve");
        let [now, then] = [on.snapshot(), later].map(|snapshot| {
            let mut evm = Evm::on(&snapshot);
            [
                held(&mut evm, reserve.a_token, on.account("lender")),
                held(&mut evm, reserve.variable_debt, on.account("borrower")),
            ]
        });
        let info = on.info().reserves.into_iter().find(|r| r.symbol == "USDC").expect("a reserve");
        let rate = parse_units(&info.supply_apr_percent, 5).expect("a decimal").get_absolute();
        let earned = (then[0] - now[0]) * U256::from(10_000_000) / now[0];
        // A supplier's interest is not compounded between two updates; a borrower's is.
        assert!(earned.abs_diff(rate) < U256::from(200), "{on:?}: {earned} instead of {rate}");
        let paid = (then[1] - now[1]) * U256::from(10_000_000) / now[1];
        let rate = parse_units(&info.borrow_apr_percent, 5).expect("a decimal").get_absolute();
        assert!(paid > rate && paid < rate + rate / U256::from(20), "{on:?}: {paid} instead of {rate}");
    }
}
