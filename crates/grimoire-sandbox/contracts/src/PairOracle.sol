// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.19;

/// An oracle for Morpho Blue: what one base unit of the collateral is worth in base units of the loan token, scaled by
/// 10^36.
contract PairOracle {
    uint256 public price;

    constructor(uint256 price_) {
        price = price_;
    }

    /// Anyone may: this is a sandbox.
    function set(uint256 price_) external {
        price = price_;
    }
}
