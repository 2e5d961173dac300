//! Feeds answer as Chainlink's do, and agree with the pools about every price.

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use grimoire_registry::REGISTRY;

use crate::{
    evm::{Call, Evm},
    fixture::{CHAIN, On, snapshot},
    trade::quote,
};

sol! {
    interface Feed {
        function decimals() external view returns (uint8);
        function description() external view returns (string);
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        function set(int256 answer, uint256 reported) external;
    }

    interface StakedEther {
        function stEthPerToken() external view returns (uint256);
    }
}

/// What an amount of a token is worth by its feeds, in whole dollars; none without feeds.
pub(crate) fn dollars(on: On, evm: &mut Evm, symbol: &str, amount: U256) -> Option<U256> {
    let chain = REGISTRY.chain(on.0);
    let mut worth = amount;
    let mut shift = REGISTRY.token(on.0, symbol)?.decimals;
    for source in chain.prices.get(symbol)? {
        let (rate, decimals) = match chain.feeds.get(source) {
            Some(&feed) => {
                let answer = evm.ask(feed, &Feed::latestRoundDataCall {}).answer;
                (answer.into_raw(), evm.ask(feed, &Feed::decimalsCall {}))
            }
            None => (evm.ask(on.token(symbol), &StakedEther::stEthPerTokenCall {}), 18),
        };
        worth *= rate;
        shift += decimals;
    }
    Some(worth / U256::from(10).pow(U256::from(shift)))
}

/// The feeds that price the market's tokens.
fn feeds(on: On) -> Vec<(&'static String, Address)> {
    let chain = REGISTRY.chain(on.0);
    let sources = |symbol: String| chain.prices.get(&symbol).into_iter().flatten();
    let mut found: Vec<_> = on
        .info()
        .tokens
        .into_keys()
        .flat_map(sources)
        .filter_map(|s| Some((s, *chain.feeds.get(s)?)))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_feed_of_a_token_answers_in_chainlinks_shape() {
    let mut counts = Vec::new();
    for on in On::every() {
        let snapshot = on.snapshot();
        let mut evm = Evm::on(&snapshot);
        let feeds = feeds(on);
        counts.push(feeds.len());
        for (name, at) in feeds {
            assert_eq!(evm.ask(at, &Feed::descriptionCall {}), *name);
            let rate = name.ends_with(" / ETH") || name.ends_with("_Rate");
            assert_eq!(evm.ask(at, &Feed::decimalsCall {}), if rate { 18 } else { 8 }, "{on:?} {name}");
            let round = evm.ask(at, &Feed::latestRoundDataCall {});
            assert!(round.answer.is_positive(), "{on:?} {name}");
            assert_eq!(round.roundId, round.answeredInRound);
            let now = U256::from(snapshot.block.timestamp);
            assert_eq!(round.updatedAt, now, "{on:?} {name}: as fresh as the block");
        }
    }
    assert_eq!(counts, [20, 14, 11, 13, 9]);
}

#[test]
fn a_feed_reports_on_the_hour_unless_it_is_told_a_time() {
    let mut later = snapshot();
    later.block.timestamp += 86_400 + 1_234;
    let (feed, mut evm) = (REGISTRY.chain(CHAIN).feeds["ETH / USD"], Evm::on(&later));
    let updated = evm.ask(feed, &Feed::latestRoundDataCall {}).updatedAt;
    assert_eq!(updated, U256::from(later.block.timestamp - 1_234));
    let answer = evm.ask(feed, &Feed::latestRoundDataCall {}).answer;
    let stale = Feed::setCall { answer, reported: U256::from(7) };
    assert!(evm.run(&Call::new(Address::ZERO, feed, &stale)).success);
    assert_eq!(evm.ask(feed, &Feed::latestRoundDataCall {}).updatedAt, U256::from(7));
}

#[test]
fn feeds_and_pools_agree_on_every_price() {
    // Enough digits that whole dollars are precise.
    let scale = U256::from(10).pow(U256::from(12));
    let mut counts = Vec::new();
    for on in On::every() {
        let mut compared = 0;
        for pool in on.info().pools {
            let [zero, one] = [0, 1].map(|side| pool.pair[side].as_str());
            for [from, to] in [[zero, one], [one, zero]] {
                let mut evm = Evm::on(&on.snapshot());
                let Some(price) = dollars(on, &mut evm, from, on.units(1, from) * scale) else { continue };
                let amount = on.units(1, from) * scale / price;
                let paid = quote(on, &mut evm, [from, to], pool.fee, amount);
                let Some(got) = dollars(on, &mut evm, to, paid * scale) else { continue };
                // For one dollar, in parts of a million: the fee, and what the last digit of a bitcoin cuts off.
                let lost = U256::from(1_000_000) - got * U256::from(1_000_000) / scale;
                let fee = U256::from(pool.fee);
                assert!(
                    lost >= fee && lost <= fee + U256::from(1_100),
                    "{on:?} {from} {to} {}: {lost}",
                    pool.fee
                );
                compared += 1;
            }
        }
        counts.push(compared);
    }
    assert_eq!(counts, [48, 32, 24, 28, 24], "all pools whose tokens have feeds, in both directions");
}
