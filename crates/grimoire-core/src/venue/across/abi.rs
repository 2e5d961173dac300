//! The functions of the spoke pools that a bridge reads and calls.

use alloy_sol_types::sol;

sol! {
    /// A deposit as a relayer fills it; accounts are padded on the left.
    struct RelayData {
        bytes32 depositor;
        bytes32 recipient;
        bytes32 exclusiveRelayer;
        bytes32 inputToken;
        bytes32 outputToken;
        uint256 inputAmount;
        uint256 outputAmount;
        uint256 originChainId;
        uint256 depositId;
        uint32 fillDeadline;
        uint32 exclusivityDeadline;
        bytes message;
    }

    /// Takes deposits on the origin, and fills on the destination.
    interface ISpokePool {
        function depositV3(
            address depositor, address recipient, address inputToken, address outputToken,
            uint256 inputAmount, uint256 outputAmount, uint256 destinationChainId, address exclusiveRelayer,
            uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityParameter, bytes message
        ) external payable;
        function fillRelay(RelayData relayData, uint256 repaymentChainId, bytes32 repaymentAddress) external;
        function pausedDeposits() external view returns (bool);
        function pausedFills() external view returns (bool);
        function fillDeadlineBuffer() external view returns (uint32);
        function numberOfDeposits() external view returns (uint32);
    }

    /// What they refuse with.
    interface IErrors {
        error InvalidQuoteTimestamp();
        error InvalidFillDeadline();
        error InvalidExclusiveRelayer();
        error InvalidOutputToken();
        error MsgValueDoesNotMatchInputAmount();
        error DepositsArePaused();
        error FillsArePaused();
        error MaxTransferSizeExceeded();
        error DisabledRoute();
    }
}
