//! The clock moves when it is told to, and everything that reads it notices.

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use grimoire_core::{
    evm::StateSource as _,
    venue::{aave_v3, across},
};
use grimoire_registry::REGISTRY;

use crate::{
    evm::Evm,
    fixture::{On, sandbox},
};

sol! {
    interface Erc20 {
        function balanceOf(address account) external view returns (uint256);
    }

    interface Spoke {
        function getCurrentTime() external view returns (uint256);
    }

    interface Feed {
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    }
}

const DAY: u64 = 86_400;

#[test]
fn no_time_later_is_now() {
    let same = sandbox().later(0);
    for on in On::every() {
        assert_eq!(same.snapshot(on.0).expect("it is served").block, on.snapshot().block);
    }
}

#[test]
fn a_day_later_blocks_have_been_made_and_interest_has_grown() {
    let tomorrow = sandbox().later(DAY);
    for on in On::every() {
        let (now, then) = (on.snapshot(), tomorrow.snapshot(on.0).expect("it is served"));
        assert_eq!(then.block.timestamp, now.block.timestamp + DAY);
        let made = DAY * 1000 / REGISTRY.chain(on.0).block_time_ms;
        assert_eq!(then.block.number, now.block.number + made, "{on:?}");
        assert_ne!(then.block.hash, now.block.hash);
        let told =
            tomorrow.info().chains.into_iter().find(|chain| chain.chain == on.0).expect("it is served");
        assert_eq!(
            (told.block, told.timestamp, told.hash),
            (then.block.number, then.block.timestamp, then.block.hash)
        );

        let at = aave_v3::deployment::Deployment::of(on.0).expect("deployed");
        let a_token = at.reserve("USDC").expect("a reserve").a_token;
        let [before, after] = [&now, &then].map(|snapshot| {
            Evm::on(snapshot).ask(a_token, &Erc20::balanceOfCall { account: on.account("lender") })
        });
        // 5,000 USDC at some 3 to 4 % a year.
        let earned = after - before;
        assert!(earned > U256::from(400_000) && earned < U256::from(700_000), "{on:?}: {earned}");
    }
}

#[test]
fn contracts_read_the_new_time() {
    let later = sandbox().later(DAY + 1_234);
    for on in On::every() {
        let snapshot = later.snapshot(on.0).expect("it is served");
        let (mut evm, now) = (Evm::on(&snapshot), U256::from(snapshot.block.timestamp));
        let spoke = across::deployment::Deployment::of(on.0).expect("deployed").spoke_pool;
        assert_eq!(evm.ask(spoke, &Spoke::getCurrentTimeCall {}), now, "{on:?}");
        let feed: Address = *REGISTRY.chain(on.0).feeds.get("USDC / USD").expect("a feed");
        let updated = evm.ask(feed, &Feed::latestRoundDataCall {}).updatedAt;
        assert_eq!(updated, now - U256::from(1_234), "{on:?}: feeds report on the hour");
    }
}

#[test]
fn the_clock_never_runs_over() {
    let end = sandbox().later(u64::MAX);
    assert!(On::every().all(|on| end.snapshot(on.0).expect("it is served").block.timestamp == u64::MAX));
}
