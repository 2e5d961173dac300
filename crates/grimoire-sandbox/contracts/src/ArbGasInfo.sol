// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.19;

/// Stands in for the precompile of an Arbitrum chain that tells what layer 1 costs.
contract ArbGasInfo {
    /// Wei a unit of data on layer 1, a sixteenth of a byte.
    uint256 public getL1BaseFeeEstimate;

    constructor(uint256 price) {
        getL1BaseFeeEstimate = price;
    }

    /// Anyone may: this is a sandbox.
    function set(uint256 price) external {
        getL1BaseFeeEstimate = price;
    }
}
