//! Routes: the pools a swap could go through.

use alloy_primitives::{Address, B256, Bytes, b256, keccak256};
use grimoire_registry::REGISTRY;

use super::deployment::Deployment;
use crate::evm::{Machine, StateError};

/// Keccak-256 of a pool's creation code (periphery, `PoolAddress.sol`): the same on every chain.
const POOL_INIT_CODE_HASH: B256 = b256!("e34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54");

/// One pool on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The token that goes in.
    pub from: Address,
    /// The token that comes out.
    pub to: Address,
    /// In hundredths of a basis point.
    pub fee: u32,
    /// The pool.
    pub pool: Address,
}

/// Pools in the order the swap passes them; one or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route(pub Vec<Hop>);

impl Route {
    /// Every route between two tokens over pools that exist: direct ones, and those with one stop.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn find(machine: &mut Machine, from: Address, to: Address) -> Result<Vec<Self>, StateError> {
        let chain = machine.chain();
        let Some(deployment) = Deployment::of(chain) else { return Ok(Vec::new()) };
        let mut pools = |from, to| pools(machine, deployment.factory, &deployment.fee_tiers, from, to);
        let mut routes: Vec<Self> = pools(from, to)?.into_iter().map(|hop| Self(vec![hop])).collect();
        for symbol in &deployment.route_via {
            let stop = REGISTRY.token(chain, symbol).and_then(|t| t.address);
            let Some(stop) = stop.filter(|&s| s != from && s != to) else { continue };
            let first = pools(from, stop)?;
            if first.is_empty() {
                continue;
            }
            for last in pools(stop, to)? {
                routes.extend(first.iter().map(|&hop| Self(vec![hop, last])));
            }
        }
        Ok(routes)
    }

    /// `token fee token …` in 20 and 3 bytes, in the direction of the trade.
    #[must_use]
    pub fn path(&self) -> Bytes {
        path(self.0[0].from, self.0.iter().map(|hop| (hop.fee, hop.to)))
    }

    /// The same from the output back: what exact-output functions take.
    #[must_use]
    pub fn path_reversed(&self) -> Bytes {
        path(self.0[self.0.len() - 1].to, self.0.iter().rev().map(|hop| (hop.fee, hop.from)))
    }
}

fn path(first: Address, rest: impl Iterator<Item = (u32, Address)>) -> Bytes {
    let mut path = first.to_vec();
    for (fee, token) in rest {
        path.extend_from_slice(&fee.to_be_bytes()[1..]);
        path.extend_from_slice(token.as_slice());
    }
    path.into()
}

fn pools(
    machine: &mut Machine,
    factory: Address,
    tiers: &[u32],
    from: Address,
    to: Address,
) -> Result<Vec<Hop>, StateError> {
    let mut pools = Vec::new();
    for &fee in tiers {
        let pool = pool_address(factory, from, to, fee);
        if machine.has_code(pool)? {
            pools.push(Hop { from, to, fee, pool });
        }
    }
    Ok(pools)
}

/// Where the factory puts the pool of two tokens and a fee: CREATE2.
#[must_use]
pub fn pool_address(factory: Address, a: Address, b: Address, fee: u32) -> Address {
    let (token0, token1) = if a < b { (a, b) } else { (b, a) };
    let mut key = [0u8; 96];
    key[12..32].copy_from_slice(token0.as_slice());
    key[44..64].copy_from_slice(token1.as_slice());
    key[92..96].copy_from_slice(&fee.to_be_bytes());
    factory.create2(keccak256(key), POOL_INIT_CODE_HASH)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::address;

    use super::*;

    const FACTORY: Address = address!("1F98431c8aD98523631AE4a59f267346ea31F984");
    const USDC: Address = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
    const WETH: Address = address!("C02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");

    #[test]
    fn the_best_known_pool_is_where_it_is_on_ethereum() {
        let known = address!("88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640");
        assert_eq!(pool_address(FACTORY, USDC, WETH, 500), known);
        assert_eq!(pool_address(FACTORY, WETH, USDC, 500), known);
    }
}
