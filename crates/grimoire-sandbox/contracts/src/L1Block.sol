// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.19;

/// Stands in for the predeploy of an OP-stack chain that holds the prices of layer 1.
contract L1Block {
    /// Wei a unit of gas, and a unit of blob gas, on layer 1.
    uint256 public basefee;
    uint256 public blobBaseFee;
    /// Their shares in the fee, scaled by 10^6.
    uint32 public baseFeeScalar;
    uint32 public blobBaseFeeScalar;
    /// The fee of whoever runs the chain: a share of the gas, and wei on top.
    uint32 public operatorFeeScalar;
    uint64 public operatorFeeConstant;

    constructor(uint256 basefee_, uint256 blobBaseFee_, uint32 baseFeeScalar_, uint32 blobBaseFeeScalar_) {
        set(basefee_, blobBaseFee_, baseFeeScalar_, blobBaseFeeScalar_);
    }

    /// Anyone may: this is a sandbox.
    function set(uint256 basefee_, uint256 blobBaseFee_, uint32 baseFeeScalar_, uint32 blobBaseFeeScalar_) public {
        basefee = basefee_;
        blobBaseFee = blobBaseFee_;
        baseFeeScalar = baseFeeScalar_;
        blobBaseFeeScalar = blobBaseFeeScalar_;
    }

    /// Anyone may: this is a sandbox.
    function setOperatorFee(uint32 scalar, uint64 constant_) external {
        operatorFeeScalar = scalar;
        operatorFeeConstant = constant_;
    }
}
