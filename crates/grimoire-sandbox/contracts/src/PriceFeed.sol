// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.19;

/// A price feed in Chainlink's shape. It reports once an hour, on the hour, so it stays as fresh as a live one
/// when the sandbox's clock moves; `set` with a time makes it stale.
contract PriceFeed {
    /// Chainlink numbers rounds within a phase: phase 1, round 1.
    uint80 private constant ROUND = (1 << 64) | 1;

    uint8 public immutable decimals;
    uint256 public constant version = 4;
    string public description;
    int256 private answer;
    /// When the answer was reported; 0: the last full hour.
    uint256 private reported;

    constructor(uint8 decimals_, string memory description_, int256 answer_) {
        decimals = decimals_;
        description = description_;
        answer = answer_;
    }

    /// Anyone may: this is a sandbox.
    function set(int256 answer_, uint256 reported_) external {
        answer = answer_;
        reported = reported_;
    }

    function latestAnswer() external view returns (int256) {
        return answer;
    }

    function latestTimestamp() public view returns (uint256) {
        return reported == 0 ? block.timestamp - (block.timestamp % 1 hours) : reported;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (ROUND, answer, latestTimestamp(), latestTimestamp(), ROUND);
    }

    function getRoundData(uint80 round) external view returns (uint80, int256, uint256, uint256, uint80) {
        require(round == ROUND, "No data present");
        return (ROUND, answer, latestTimestamp(), latestTimestamp(), ROUND);
    }
}
