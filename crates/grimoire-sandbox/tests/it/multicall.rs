//! Multicall3's functions at its address.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall as _, SolValue as _, sol};
use grimoire_registry::REGISTRY;

use crate::{
    evm::Evm,
    fixture::{CHAIN, account, snapshot, token, units},
};

sol! {
    struct Call3 { address target; bool allowFailure; bytes callData; }
    struct Result3 { bool success; bytes returnData; }

    interface Multicall3 {
        function aggregate3(Call3[] calls) external payable returns (Result3[] results);
        function getEthBalance(address account) external view returns (uint256);
        function getBlockNumber() external view returns (uint256);
        function getCurrentBlockTimestamp() external view returns (uint256);
        function getBasefee() external view returns (uint256);
        function getChainId() external view returns (uint256);
    }

    interface Erc20 {
        function balanceOf(address account) external view returns (uint256);
        function transfer(address to, uint256 value) external returns (bool);
    }
}

#[test]
fn many_reads_are_one_and_failures_are_told() {
    let (mut evm, user) = (Evm::on(&snapshot()), account("lender"));
    let call =
        |call_data: Vec<u8>| Call3 { target: token("USDC"), allowFailure: true, callData: call_data.into() };
    let calls = vec![
        call(Erc20::balanceOfCall { account: user }.abi_encode()),
        call(Erc20::transferCall { to: user, value: U256::MAX }.abi_encode()),
    ];
    let results = evm.ask(REGISTRY.chain(CHAIN).multicall3, &Multicall3::aggregate3Call { calls });
    assert_eq!(results.iter().map(|result| result.success).collect::<Vec<_>>(), [true, false]);
    assert_eq!(results[0].returnData, units(1_000, "USDC").abi_encode());
}

#[test]
fn it_tells_about_the_block() {
    let (snapshot, at) = (snapshot(), REGISTRY.chain(CHAIN).multicall3);
    let (mut evm, block) = (Evm::on(&snapshot), snapshot.block);
    let ether = Multicall3::getEthBalanceCall { account: account("stand_in") };
    assert_eq!(evm.ask(at, &ether), units(10_000, "ETH"));
    assert_eq!(evm.ask(at, &Multicall3::getBlockNumberCall {}), U256::from(block.number));
    assert_eq!(evm.ask(at, &Multicall3::getCurrentBlockTimestampCall {}), U256::from(block.timestamp));
    assert_eq!(evm.ask(at, &Multicall3::getBasefeeCall {}), U256::ZERO, "gas costs nothing here");
    assert_eq!(evm.ask(at, &Multicall3::getChainIdCall {}), U256::from(REGISTRY.chain(CHAIN).chain_id));
    assert_eq!((block.number, block.timestamp), (1, 1_767_225_600));
    assert_eq!(
        (block.base_fee, block.priority_fee, block.gas_limit),
        (1_000_000_000, 100_000_000, 60_000_000)
    );
}
