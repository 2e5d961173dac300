//! What the pool and its gateway refuse with, in plain words: numbers before 3.4, custom errors since.

use alloy_sol_types::SolError;

use super::abi::IErrors;
use crate::evm::Revert;

/// The sentence for a refusal.
pub(super) fn explain(revert: &Revert) -> Option<&'static str> {
    match revert {
        Revert::Text(text) => number(text).or_else(|| gateway(text)),
        Revert::Custom(data) => custom(data.get(..4)?.try_into().ok()?),
        Revert::Panic(0x11) => Some("the market has not enough of it at hand"),
        Revert::Panic(_) | Revert::Empty => None,
    }
}

/// Whether the refusal is about how safe the account's loans would be.
pub(super) fn is_about_safety(revert: &Revert) -> bool {
    match revert {
        Revert::Text(text) => matches!(text.as_str(), "34" | "35" | "36" | "57"),
        Revert::Custom(data) => data.get(..4).is_some_and(|selector| {
            [
                IErrors::HealthFactorLowerThanLiquidationThreshold::SELECTOR,
                IErrors::CollateralCannotCoverNewBorrow::SELECTOR,
                IErrors::LtvValidationFailed::SELECTOR,
            ]
            .iter()
            .any(|known| known == selector)
        }),
        _ => false,
    }
}

const TOO_SMALL: &str = "the amount is too small after rounding";
const NO_AMOUNT: &str = "the amount is zero, or more than the market has";
const INACTIVE: &str = "this asset is not active there";
const FROZEN: &str =
    "this asset is frozen: nothing new can be supplied or borrowed, withdrawing and repaying work";
const PAUSED: &str = "this asset is paused: nothing works until it is released";
const NOT_BORROWABLE: &str = "this asset cannot be borrowed there";
const MORE_THAN_SUPPLIED: &str = "that is more than was supplied";
const NO_COLLATERAL: &str = "there is no collateral to borrow against";
const UNSAFE: &str = "the health factor would fall below 1, and the position could be liquidated at once";
const NOT_COVERED: &str = "the collateral does not cover that much debt";
const NO_DEBT: &str = "there is no debt in this asset";
const NOTHING_SUPPLIED: &str = "nothing of this asset was supplied";
const BORROW_CAP: &str = "the borrow cap of this asset is reached";
const SUPPLY_CAP: &str = "the supply cap of this asset is reached";
const CEILING: &str = "the debt ceiling of this collateral is reached";
const ZERO_LTV: &str = "some of the collateral counts for nothing any more and must be withdrawn first";
const NOT_LISTED: &str = "this asset is not listed there";
const E_MODE: &str = "the account's efficiency mode does not allow borrowing this asset";
const NO_COLLATERAL_ASSET: &str = "this asset cannot serve as collateral";
const ISOLATION: &str = "this asset cannot be borrowed against an isolated collateral";
const SILOED: &str = "this asset cannot be borrowed together with others";
const SENTINEL: &str = "the chain's sequencer was down a moment ago, and borrowing waits for it";

fn number(text: &str) -> Option<&'static str> {
    Some(match text {
        "24" | "25" => TOO_SMALL,
        "26" => NO_AMOUNT,
        "27" => INACTIVE,
        "28" => FROZEN,
        "29" => PAUSED,
        "30" => NOT_BORROWABLE,
        "32" => MORE_THAN_SUPPLIED,
        "34" => NO_COLLATERAL,
        "35" => UNSAFE,
        "36" => NOT_COVERED,
        "39" => NO_DEBT,
        "43" => NOTHING_SUPPLIED,
        "50" => BORROW_CAP,
        "51" => SUPPLY_CAP,
        "53" => CEILING,
        "57" => ZERO_LTV,
        "59" => SENTINEL,
        "60" => ISOLATION,
        "62" => NO_COLLATERAL_ASSET,
        "82" => NOT_LISTED,
        "89" => SILOED,
        "100" => E_MODE,
        _ => return None,
    })
}

fn custom(selector: [u8; 4]) -> Option<&'static str> {
    Some(match selector {
        IErrors::InvalidMintAmount::SELECTOR | IErrors::InvalidBurnAmount::SELECTOR => TOO_SMALL,
        IErrors::InvalidAmount::SELECTOR => NO_AMOUNT,
        IErrors::ReserveInactive::SELECTOR => INACTIVE,
        IErrors::ReserveFrozen::SELECTOR => FROZEN,
        IErrors::ReservePaused::SELECTOR => PAUSED,
        IErrors::BorrowingNotEnabled::SELECTOR => NOT_BORROWABLE,
        IErrors::NotEnoughAvailableUserBalance::SELECTOR => MORE_THAN_SUPPLIED,
        IErrors::HealthFactorLowerThanLiquidationThreshold::SELECTOR => UNSAFE,
        IErrors::CollateralCannotCoverNewBorrow::SELECTOR => NOT_COVERED,
        IErrors::NoDebtOfSelectedType::SELECTOR => NO_DEBT,
        IErrors::UnderlyingBalanceZero::SELECTOR => NOTHING_SUPPLIED,
        IErrors::BorrowCapExceeded::SELECTOR => BORROW_CAP,
        IErrors::SupplyCapExceeded::SELECTOR => SUPPLY_CAP,
        IErrors::DebtCeilingExceeded::SELECTOR => CEILING,
        IErrors::LtvValidationFailed::SELECTOR => ZERO_LTV,
        IErrors::PriceOracleSentinelCheckFailed::SELECTOR => SENTINEL,
        IErrors::AssetNotBorrowableInIsolation::SELECTOR => ISOLATION,
        IErrors::UserHasAssetWithZeroLtv::SELECTOR | IErrors::UserInIsolationModeOrLtvZero::SELECTOR => {
            NO_COLLATERAL_ASSET
        }
        IErrors::AssetNotListed::SELECTOR => NOT_LISTED,
        IErrors::SiloedBorrowingViolation::SELECTOR => SILOED,
        IErrors::NotBorrowableInEMode::SELECTOR => E_MODE,
        _ => return None,
    })
}

fn gateway(text: &str) -> Option<&'static str> {
    Some(match text {
        "ETH_TRANSFER_FAILED" => "the receiver does not accept the native token",
        "msg.value is less than repayment amount" => "less was sent than is to be repaid",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_custom_errors_say_the_same() {
        let text = |number: &str| Revert::Text(number.into());
        let custom = |selector: [u8; 4]| Revert::Custom(selector.to_vec().into());
        let frozen = custom(IErrors::ReserveFrozen::SELECTOR);
        assert_eq!(explain(&text("28")), explain(&frozen));
        assert!(!is_about_safety(&frozen) && !is_about_safety(&text("28")));
        let low = custom(IErrors::HealthFactorLowerThanLiquidationThreshold::SELECTOR);
        assert_eq!(explain(&text("35")), explain(&low));
        assert!(is_about_safety(&low) && is_about_safety(&text("35")));
        assert_eq!(explain(&text("999")), None);
    }
}
