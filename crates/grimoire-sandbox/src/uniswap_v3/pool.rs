//! One pool: created, priced by the market, filled by the market maker.

use alloy_primitives::{
    U256,
    aliases::{I24, U24},
};
use alloy_sol_types::sol;

use super::{
    PoolRow,
    contracts::{Deployed, Factory},
};
use crate::{
    book::Book,
    dev_chain::DevChain,
    error::SandboxError,
    exact,
    image::Pool,
    market::{MARKET_MAKER, account},
};

sol! {
    interface V3Pool {
        function initialize(uint160 sqrtPriceX96) external;
        function slot0() external view returns (uint160 sqrtPriceX96, int24 tick, uint16 observationIndex, uint16 observationCardinality, uint16 observationCardinalityNext, uint8 feeProtocol, bool unlocked);
    }

    struct MintParams {
        address token0;
        address token1;
        uint24 fee;
        int24 tickLower;
        int24 tickUpper;
        uint256 amount0Desired;
        uint256 amount1Desired;
        uint256 amount0Min;
        uint256 amount1Min;
        address recipient;
        uint256 deadline;
    }

    interface PositionManager {
        function mint(MintParams params) external payable returns (uint256 tokenId, uint128 liquidity, uint256 amount0, uint256 amount1);
    }
}

/// The last tick of a pool: TickMath.MAX_TICK.
const MAX_TICK: i32 = 887_272;

/// Creates a pool of the market.
pub(super) fn fill(
    chain: &mut DevChain,
    book: &Book,
    at: &Deployed,
    row: &PoolRow,
) -> Result<Pool, SandboxError> {
    let maker = account(MARKET_MAKER);
    let (a, b) = (book.token(&row.pair[0])?, book.token(&row.pair[1])?);
    let (token0, token1) = if a.address < b.address { (a, b) } else { (b, a) };
    let fee = U24::from(row.fee);

    let create = Factory::createPoolCall { tokenA: token0.address, tokenB: token1.address, fee };
    let pool = chain.send(maker, at.factory, &create)?;
    let price =
        exact::sqrt_price_x96((token0.price, token0.token.decimals), (token1.price, token1.token.decimals));
    let price = price.ok_or_else(|| book.wrong(format!("the price of {:?} is out of range", row.pair)))?;
    chain.send(maker, pool, &V3Pool::initializeCall { sqrtPriceX96: price })?;

    let spacing = chain.view(at.factory, &Factory::feeAmountTickSpacingCall { fee })?.as_i32();
    let tick = chain.view(pool, &V3Pool::slot0Call {})?.tick.as_i32();
    let (lower, upper) = range(tick, spacing, row.range_percent);
    let position =
        |tick: i32| I24::try_from(tick).map_err(|_| book.wrong(format!("the tick {tick} is out of range")));
    let params = MintParams {
        token0: token0.address,
        token1: token1.address,
        fee,
        tickLower: position(lower)?,
        tickUpper: position(upper)?,
        amount0Desired: book.worth(row.side, &token0)?,
        amount1Desired: book.worth(row.side, &token1)?,
        amount0Min: U256::ZERO,
        amount1Min: U256::ZERO,
        recipient: maker,
        deadline: U256::MAX,
    };
    let minted = chain.send(maker, at.position_manager, &PositionManager::mintCall { params })?;
    Ok(Pool {
        address: pool,
        pair: [token0.token.symbol.clone(), token1.token.symbol.clone()],
        fee: row.fee.into(),
        liquidity: minted.liquidity,
        amounts: [minted.amount0, minted.amount1],
    })
}

/// The ends of a position that reaches `percent` to either side of `tick`, or everywhere, on multiples of `spacing`.
fn range(tick: i32, spacing: i32, percent: Option<u32>) -> (i32, i32) {
    let below = |tick: i32| tick.div_euclid(spacing) * spacing;
    let Some(percent) = percent else {
        let end = below(MAX_TICK);
        return (-end, end);
    };
    let reach = exact::ticks_spanning(percent);
    (below(tick - reach), below(tick + reach) + spacing)
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_range_ends_on_multiples_of_the_spacing() {
        assert_eq!(range(0, 60, None), (-887_220, 887_220));
        assert_eq!(range(-276_325, 1, Some(1)), (-276_425, -276_224));
        assert_eq!(range(-5, 10, Some(1)), (-110, 100));
    }
}
