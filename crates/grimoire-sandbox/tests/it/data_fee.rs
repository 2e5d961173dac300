//! The fee for data on layer 1 is what the contract of OP-stack chains computes.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::sol;
use grimoire_registry::{ChainId, DataFee, REGISTRY};

use crate::{
    evm::{Call, Evm},
    fixture::On,
};

sol! {
    interface Oracle {
        function getL1Fee(bytes transaction) external view returns (uint256);
        function getL1FeeUpperBound(uint256 size) external view returns (uint256);
        function getL1GasUsed(bytes transaction) external view returns (uint256);
        function getOperatorFee(uint256 gas) external view returns (uint256);
        function l1BaseFee() external view returns (uint256);
        function blobBaseFee() external view returns (uint256);
        function baseFeeScalar() external view returns (uint32);
        function blobBaseFeeScalar() external view returns (uint32);
        function isFjord() external view returns (bool);
        function isIsthmus() external view returns (bool);
        function isJovian() external view returns (bool);
        function decimals() external view returns (uint256);
    }

    interface Prices {
        function set(uint256 basefee, uint256 blobBaseFee, uint32 baseFeeScalar, uint32 blobBaseFeeScalar) external;
        function setOperatorFee(uint32 scalar, uint64 constant_) external;
    }
}

/// The chains that charge so, with the oracle and the prices.
fn charged() -> impl Iterator<Item = (On, Address, Address)> {
    On::every().filter_map(|on| match REGISTRY.chain(on.0).data_fee {
        Some(DataFee::OpStack { gas_price_oracle, l1_block }) => Some((on, gas_price_oracle, l1_block)),
        _ => None,
    })
}

#[test]
fn the_prices_are_the_markets() {
    assert_eq!(charged().map(|(on, ..)| on.0).collect::<Vec<_>>(), [ChainId::Optimism, ChainId::Base]);
    for (on, at, _) in charged() {
        let (mut evm, market) = (Evm::on(&on.snapshot()), on.market());
        let scalar = |key: &str| market["data_fee"]["op_stack"][key].as_integer().expect("a scalar");
        assert_eq!(evm.ask(at, &Oracle::l1BaseFeeCall {}), U256::from(1_000_000_000), "{on:?}");
        assert_eq!(evm.ask(at, &Oracle::blobBaseFeeCall {}), U256::ONE, "{on:?}");
        assert_eq!(i64::from(evm.ask(at, &Oracle::baseFeeScalarCall {})), scalar("base_fee_scalar"));
        assert_eq!(i64::from(evm.ask(at, &Oracle::blobBaseFeeScalarCall {})), scalar("blob_base_fee_scalar"));
        assert_eq!(evm.ask(at, &Oracle::decimalsCall {}), U256::from(6));
        assert!(evm.ask(at, &Oracle::isFjordCall {}) && evm.ask(at, &Oracle::isIsthmusCall {}));
        assert!(evm.ask(at, &Oracle::isJovianCall {}));
    }
}

#[test]
fn arbitrum_tells_the_price_of_a_unit() {
    sol! {
        interface Meter {
            function getL1BaseFeeEstimate() external view returns (uint256);
        }
    }
    for on in On::every() {
        let Some(DataFee::Arbitrum { arb_gas_info, .. }) = REGISTRY.chain(on.0).data_fee else { continue };
        let price = Evm::on(&on.snapshot()).ask(arb_gas_info, &Meter::getL1BaseFeeEstimateCall {});
        assert_eq!((on.0, price), (ChainId::Arbitrum, U256::from(300_000_000)));
    }
}

#[test]
fn the_fee_is_the_originals() {
    // What the original contract answers to the same bytes at the same prices.
    let squares: Vec<u8> = (0..100u32).flat_map(|n| (n * n).to_be_bytes()).collect();
    let known = [
        (Vec::new(), 8_831_471_400_u64),
        (vec![0; 300], 8_831_471_400),
        ((0..=255).cycle().take(700).collect(), 21_652_153_759),
        (squares, 29_113_554_844),
    ];
    for (on, at, prices) in charged() {
        let mut evm = Evm::on(&on.snapshot());
        let set = Prices::setCall {
            basefee: U256::from(1_055_991_687),
            blobBaseFee: U256::from(17),
            baseFeeScalar: 5_227,
            blobBaseFeeScalar: 1_014_213,
        };
        assert!(evm.run(&Call::new(Address::ZERO, prices, &set)).success);
        for (transaction, fee) in &known {
            let transaction = Bytes::from(transaction.clone());
            let size = U256::from(transaction.len());
            assert_eq!(
                evm.ask(at, &Oracle::getL1FeeCall { transaction }),
                U256::from(*fee),
                "{on:?}: {size} bytes"
            );
            let most = evm.ask(at, &Oracle::getL1FeeUpperBoundCall { size });
            assert!(most >= U256::from(*fee), "{on:?}: {size} bytes");
        }
    }
}

#[test]
fn an_operator_may_charge_on_top() {
    for (on, at, prices) in charged() {
        let mut evm = Evm::on(&on.snapshot());
        let fee = |evm: &mut Evm| evm.ask(at, &Oracle::getOperatorFeeCall { gas: U256::from(100_000) });
        assert_eq!(fee(&mut evm), U256::ZERO, "{on:?}");
        let charge = Prices::setOperatorFeeCall { scalar: 3, constant_: 5 };
        assert!(evm.run(&Call::new(Address::ZERO, prices, &charge)).success);
        assert_eq!(fee(&mut evm), U256::from(100_000 * 3 * 100 + 5), "{on:?}");
    }
}

#[test]
fn a_fee_is_quick_to_ask_for() {
    for (on, at, _) in charged() {
        let transaction = Bytes::from((0..=255).cycle().take(2_000).collect::<Vec<u8>>());
        let ask = Call::new(Address::ZERO, at, &Oracle::getL1FeeCall { transaction });
        let gas = Evm::on(&on.snapshot()).run(&ask).gas;
        assert!(gas < 1_000_000, "{on:?}: {gas}");
    }
}
