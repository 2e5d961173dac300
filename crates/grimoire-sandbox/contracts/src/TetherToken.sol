// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.19;

/// Stands in for USDT on ethereum, with its quirks: `approve`, `transfer` and `transferFrom` return nothing, `approve`
/// refuses to go from one non-zero allowance to another, and moving more than there is burns all gas.
contract TetherToken {
    string public name;
    string public symbol;
    uint256 public immutable decimals;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    constructor(string memory name_, string memory symbol_, uint256 decimals_) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
    }

    /// Anyone may: this is a sandbox.
    function mint(address to, uint256 value) external returns (bool) {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
        return true;
    }

    function approve(address spender, uint256 value) external {
        require(value == 0 || allowance[msg.sender][spender] == 0);
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
    }

    function transfer(address to, uint256 value) external {
        move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) allowance[from][msg.sender] = less(allowed, value);
        move(from, to, value);
    }

    function move(address from, address to, uint256 value) private {
        balanceOf[from] = less(balanceOf[from], value);
        unchecked {
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }

    function less(uint256 a, uint256 b) private pure returns (uint256) {
        if (b > a) {
            assembly {
                invalid()
            }
        }
        unchecked {
            return a - b;
        }
    }
}
