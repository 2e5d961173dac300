// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.19;

/// Stands in for wstETH: an ERC-20 that tells how much stETH one of it is worth.
contract WrappedStakedEther {
    string public name;
    string public symbol;
    uint8 public immutable decimals;
    uint256 public totalSupply;
    /// stETH, 18 decimals, for one whole token.
    uint256 public stEthPerToken;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    constructor(string memory name_, string memory symbol_, uint8 decimals_, uint256 stEthPerToken_) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
        stEthPerToken = stEthPerToken_;
    }

    /// Anyone may: this is a sandbox.
    function mint(address to, uint256 value) external returns (bool) {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
        return true;
    }

    function tokensPerStEth() external view returns (uint256) {
        return getWstETHByStETH(1 ether);
    }

    function getStETHByWstETH(uint256 amount) external view returns (uint256) {
        return (amount * stEthPerToken) / 1 ether;
    }

    function getWstETHByStETH(uint256 amount) public view returns (uint256) {
        return (amount * 1 ether) / stEthPerToken;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        require(allowed >= value, "ERC20: transfer amount exceeds allowance");
        allowance[from][msg.sender] = allowed - value;
        move(from, to, value);
        return true;
    }

    function move(address from, address to, uint256 value) private {
        require(balanceOf[from] >= value, "ERC20: transfer amount exceeds balance");
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}
