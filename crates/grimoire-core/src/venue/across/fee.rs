//! What a relayer asks for, estimated: nobody is asked, so every figure made from it says that it is an estimate.

use alloy_primitives::U256;
use grimoire_registry::REGISTRY;

use super::route::Route;
use crate::{
    amount::{Amount, mul_div_up, ten_to},
    block::{Blocked, Stop},
    evm::{Fee, StateError},
    venue::Desk,
};

/// For capital that waits, in millionths of the amount: tokens that everybody holds, and others.
const CAPITAL_PPM: u64 = 100;
const SCARCE_CAPITAL_PPM: u64 = 2_500;
/// Tokens that relayers hold plenty of.
const PLENTY: [&str; 5] = ["ETH", "WETH", "USDC", "USDT", "DAI"];
/// For the moves of prices, in millionths of the amount …
const MARGIN_PPM: u64 = 200;
/// … and so many dollars at least, in millionths.
const MARGIN_MICRO_USD: u64 = 100_000;
/// Gas is counted so much higher, in per cent: prices move until the fill.
const GAS_PERCENT: u64 = 150;
/// No fee is lower, in millionths of the amount.
const LEAST_PPM: u64 = 300;
/// A fee above this is pointed out.
pub(super) const HIGH_PPM: u64 = 20_000;
/// A fee above this is refused.
const HIGHEST_PPM: u64 = 250_000;

/// The fee of a fill that uses so much gas on the destination, in the token that is paid.
pub(super) fn estimate(route: &Route, paid: Amount, gas: u64, desk: &mut Desk<'_>) -> Result<Amount, Stop> {
    let symbol = &route.pays.symbol;
    let unknown = || {
        let message = format!("{symbol} has no price feed, so the relayer's fee cannot be estimated.");
        Stop::from(Blocked::new("no_price", message))
    };
    let far = desk.far.as_mut().ok_or(StateError::NotServed(route.to))?;
    let native = REGISTRY.native(route.to);
    let wei = U256::from(gas) * U256::from(Fee::of(far.machine.block()).effective) * U256::from(GAS_PERCENT)
        / U256::from(100);
    let gas_usd = far.prices.of(&mut far.machine, native)?.ok_or_else(unknown)?;
    let gas_usd = gas_usd.value(Amount::new(wei, native.decimals)).micros().saturating_to::<U256>();
    let price = desk.site.prices.of(&mut desk.site.machine, route.pays)?.ok_or_else(unknown)?;
    let tokens = |micros: U256| {
        let usd = Amount::new(micros, 6);
        price.amount(usd, paid.decimals).map(|a| a.raw).ok_or_else(unknown)
    };
    let share = |ppm: u64| mul_div_up(paid.raw, U256::from(ppm), U256::from(1_000_000));
    let capital = if PLENTY.contains(&symbol.as_str()) { CAPITAL_PPM } else { SCARCE_CAPITAL_PPM };
    let margin = share(MARGIN_PPM).max(tokens(U256::from(MARGIN_MICRO_USD))?);
    let fee = share(capital).saturating_add(margin).saturating_add(tokens(gas_usd)?).max(share(LEAST_PPM));
    if fee <= share(HIGHEST_PPM) {
        return Ok(Amount { raw: fee, ..paid });
    }
    let message = format!(
        "The relayer's fee would be about {} {symbol}, more than a quarter of the amount. A larger amount would pass.",
        Amount { raw: fee, ..paid }.rounded_up(3)
    );
    Err(Blocked::new("bridge_fee_too_high", message).into())
}

/// An amount in the decimals of the other side, rounded down.
pub(super) fn across(amount: Amount, decimals: u8) -> Option<Amount> {
    let raw = if decimals >= amount.decimals {
        amount.raw.checked_mul(ten_to(decimals - amount.decimals)?)?
    } else {
        amount.raw / ten_to(amount.decimals - decimals)?
    };
    Some(Amount::new(raw, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_the_other_side_round_down() {
        let amount = Amount::new(U256::from(1_234_567), 6);
        assert_eq!(across(amount, 8).expect("fits").raw, U256::from(123_456_700));
        assert_eq!(across(amount, 2).expect("fits").raw, U256::from(123));
    }
}
