// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.19;

interface Prices {
    function basefee() external view returns (uint256);
    function blobBaseFee() external view returns (uint256);
    function baseFeeScalar() external view returns (uint32);
    function blobBaseFeeScalar() external view returns (uint32);
    function operatorFeeScalar() external view returns (uint32);
    function operatorFeeConstant() external view returns (uint64);
}

/// Stands in for the predeploy of an OP-stack chain that tells what a transaction pays besides its gas: the fee for its
/// data on layer 1 by the published formula of Fjord, and the operator fee by that of Jovian. The compressed length
/// follows FastLZ, level 1, as the original counts it (with the size rules of LibZip in Solady, MIT).
contract GasPriceOracle {
    uint256 public constant decimals = 6;
    bool public constant isEcotone = true;
    bool public constant isFjord = true;
    bool public constant isIsthmus = true;
    bool public constant isJovian = true;

    /// What a signature adds to an unsigned transaction, in bytes.
    uint256 private constant SIGNATURE = 68;
    /// Entries of the table of what was seen where; each takes four bytes.
    uint256 private constant ENTRIES = 8192;

    Prices private immutable prices;

    constructor(address l1Block) {
        prices = Prices(l1Block);
    }

    function gasPrice() external view returns (uint256) {
        return block.basefee;
    }

    function baseFee() external view returns (uint256) {
        return block.basefee;
    }

    function l1BaseFee() external view returns (uint256) {
        return prices.basefee();
    }

    function blobBaseFee() external view returns (uint256) {
        return prices.blobBaseFee();
    }

    function baseFeeScalar() external view returns (uint32) {
        return prices.baseFeeScalar();
    }

    function blobBaseFeeScalar() external view returns (uint32) {
        return prices.blobBaseFeeScalar();
    }

    /// The fee in wei for the data of an unsigned transaction.
    function getL1Fee(bytes memory transaction) external view returns (uint256) {
        return cost(compressed(transaction) + SIGNATURE);
    }

    /// The most it can be for an unsigned transaction of that many bytes.
    function getL1FeeUpperBound(uint256 size) external view returns (uint256) {
        uint256 signed = size + SIGNATURE;
        return cost(signed + signed / 255 + 16);
    }

    function getL1GasUsed(bytes memory transaction) external pure returns (uint256) {
        return (estimated(compressed(transaction) + SIGNATURE) * 16) / 1e6;
    }

    /// The operator's fee in wei for that much gas.
    function getOperatorFee(uint256 gas) external view returns (uint256) {
        return gas * prices.operatorFeeScalar() * 100 + prices.operatorFeeConstant();
    }

    function cost(uint256 size) private view returns (uint256) {
        uint256 execution = 16 * prices.basefee() * prices.baseFeeScalar();
        uint256 blobs = prices.blobBaseFee() * prices.blobBaseFeeScalar();
        return (estimated(size) * (execution + blobs)) / 1e12;
    }

    /// The size of a transaction in a batch, scaled by 10^6, from its size when compressed alone.
    function estimated(uint256 size) private pure returns (uint256) {
        uint256 scaled = 836_500 * size;
        return scaled <= 42_585_600 + 100e6 ? 100e6 : scaled - 42_585_600;
    }

    /// The length of the data when compressed.
    function compressed(bytes memory data) private pure returns (uint256 length) {
        unchecked {
            if (data.length < 14) return literals(data.length);
            uint256 table = newTable();
            uint256 last = data.length - 13;
            (uint256 anchor, uint256 here) = (0, 2);
            while (true) {
                uint256 back;
                (back, here) = nextMatch(data, table, here, last);
                // One at the very end is not taken.
                if (here + 1 >= last) break;
                if (here > anchor) length += literals(here - anchor);
                uint256 run = matched(data, back + 3, here + 3, last + 9);
                length += 3 * (run / 262) + (run % 262 >= 6 ? 3 : 2);
                here += run + 1;
                put(table, hashed(three(data, here)), here);
                put(table, hashed(three(data, here + 1)), here + 1);
                here += 2;
                anchor = here;
            }
            length += literals(data.length - anchor);
        }
    }

    /// The next place whose three bytes were seen before, not too far back, and where; `last` or more when there is none.
    function nextMatch(bytes memory data, uint256 table, uint256 here, uint256 last)
        private
        pure
        returns (uint256 back, uint256)
    {
        unchecked {
            while (here < last) {
                uint256 triple = three(data, here);
                uint256 slot = hashed(triple);
                back = get(table, slot);
                put(table, slot, here);
                if (here - back <= 0x1fff && triple == three(data, back)) break;
                here += 1;
            }
            return (back, here);
        }
    }

    /// How many bytes from `p` equal those from `q`, which ends before `end`.
    function matched(bytes memory data, uint256 p, uint256 q, uint256 end) private pure returns (uint256 run) {
        unchecked {
            while (q + run < end && data[p + run] == data[q + run]) run += 1;
            // The byte that ends a run counts; the end of the data does not.
            if (q + run >= end) run -= 1;
        }
    }

    /// The length of bytes that are not compressed: one more for every 32 of them.
    function literals(uint256 run) private pure returns (uint256) {
        return run + (run + 31) / 32;
    }

    function hashed(uint256 triple) private pure returns (uint256) {
        unchecked {
            return ((2_654_435_769 * triple) >> 19) & (ENTRIES - 1);
        }
    }

    /// Three bytes of the data, the first the least.
    function three(bytes memory data, uint256 at) private pure returns (uint256 value) {
        assembly {
            let word := mload(add(add(data, 32), at))
            value := or(byte(0, word), or(shl(8, byte(1, word)), shl(16, byte(2, word))))
        }
    }

    function newTable() private pure returns (uint256 table) {
        bytes memory zeros = new bytes(4 * ENTRIES + 32);
        assembly {
            table := add(zeros, 32)
        }
    }

    function get(uint256 table, uint256 slot) private pure returns (uint256 value) {
        assembly {
            value := shr(224, mload(add(table, shl(2, slot))))
        }
    }

    function put(uint256 table, uint256 slot, uint256 value) private pure {
        assembly {
            let place := add(table, shl(2, slot))
            mstore(place, or(shr(32, shl(32, mload(place))), shl(224, value)))
        }
    }
}
