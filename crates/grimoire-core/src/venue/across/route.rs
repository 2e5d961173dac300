//! What leaves one chain and what arrives on the other.

use alloy_primitives::Address;
use grimoire_registry::{ChainId, REGISTRY, Token};

use super::deployment::Deployment;
use crate::{
    block::{Blocked, Stop},
    evm::StateError,
    plan::Bridge,
    token,
    venue::Desk,
};

/// A route of the bridge.
#[derive(Clone, Copy)]
pub(super) struct Route {
    /// The chain it leaves.
    pub(super) from: ChainId,
    /// The chain it reaches.
    pub(super) to: ChainId,
    /// Takes the deposit.
    pub(super) spoke_pool: Address,
    /// Fills it.
    pub(super) far_pool: Address,
    /// What the wallet pays.
    pub(super) pays: &'static Token,
    /// The contract that is deposited: the wrapped form of a native token.
    pub(super) input: Address,
    /// What the relayer pays out.
    pub(super) gets: &'static Token,
    /// Its contract: the wrapped form of a native token.
    pub(super) output: Address,
}

impl Route {
    /// The route of a token: to the same token where there is one.
    pub(super) fn of(bridge: &Bridge, desk: &mut Desk<'_>) -> Result<Self, Stop> {
        let (from, to) = (desk.chain(), bridge.to_chain);
        let pays = bridge.token;
        let none = || {
            let message = format!(
                "{} has no route for {} from {} to {}.{}",
                desk.venue.name(),
                pays.symbol,
                REGISTRY.chain(from).name,
                REGISTRY.chain(to).name,
                offered(from, to)
            );
            Stop::from(Blocked::new("no_route", message))
        };
        let near = Deployment::of(from).ok_or_else(none)?;
        let far = Deployment::of(to).ok_or_else(none)?;
        let pairs = near.routes.get(&to).ok_or_else(none)?;
        let [_, symbol] = pairs.iter().find(|[paid, _]| *paid == pays.symbol).ok_or_else(none)?;
        let gets = REGISTRY.token(to, symbol).ok_or_else(none)?;
        let input = pays.address.or(REGISTRY.wrapped(from).address).ok_or_else(none)?;
        let output = gets.address.or(REGISTRY.wrapped(to).address).ok_or_else(none)?;
        let route = Self {
            from,
            to,
            spoke_pool: near.spoke_pool,
            far_pool: far.spoke_pool,
            pays,
            input,
            gets,
            output,
        };
        route.must_exist(desk)?;
        Ok(route)
    }

    fn must_exist(&self, desk: &mut Desk<'_>) -> Result<(), Stop> {
        if !token::exists(&mut desk.site.machine, self.pays)? {
            return Err(token::not_here(self.pays).into());
        }
        let far = desk.far.as_mut().ok_or(StateError::NotServed(self.to))?;
        if !token::exists(&mut far.machine, self.gets)? {
            return Err(token::not_here(self.gets).into());
        }
        let near = desk.site.machine.has_code(self.spoke_pool)?;
        if near && far.machine.has_code(self.far_pool)? {
            return Ok(());
        }
        let message = format!("{} has no contract on both chains as they are simulated.", desk.venue.name());
        Err(Blocked::new("venue_not_on_chain", message).into())
    }
}

/// What can be bridged there.
fn offered(from: ChainId, to: ChainId) -> String {
    let pairs = Deployment::of(from).and_then(|d| d.routes.get(&to));
    let mut symbols: Vec<&str> = pairs.into_iter().flatten().map(|[paid, _]| paid.as_str()).collect();
    symbols.dedup();
    if symbols.is_empty() { String::new() } else { format!(" It takes {} there.", symbols.join(", ")) }
}
