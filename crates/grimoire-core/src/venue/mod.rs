//! Venues: how an action becomes calls.
//!
//! A venue encodes calls and runs them at once on the working state, so a quote can never disagree with what the
//! calls do. Adding one is its folder and one line in [`VENUES`].

mod position;
mod built;
mod offer;
mod safety;
mod desk;
mod endow;
pub mod erc20;
mod transfer;
mod wrapped;
pub mod aave_v3;
pub mod across;
pub mod morpho_blue;
pub mod uniswap_v3;

pub use built::{Arrival, Built, Fact, Health, Rehearsed, Trade};
pub(crate) use desk::refused;
pub use desk::{Desk, Signer, Site, Terms};
pub use offer::Offer;
pub use position::{Asset, Effect, Holding, Position, PositionKind};
pub use safety::Safety;

use alloy_primitives::Address;
use grimoire_lang::ActionKind;
use grimoire_registry::{REGISTRY, Token};

use crate::{
    block::{Blocked, Stop},
    evm::{Machine, Revert},
    plan::{Action, Step},
};

/// A protocol that carries out actions.
pub trait Venue: Sync {
    /// Its slug: the same in folder, data, JSON and docs.
    fn slug(&self) -> &'static str;

    /// Its name for people.
    fn name(&self) -> &'static str {
        REGISTRY.venue(self.slug()).map_or(self.slug(), |venue| &venue.name)
    }

    /// Encodes an action and runs its calls on the desk's working state.
    ///
    /// # Errors
    /// When it cannot do what was asked, with what would work; or the state cannot be read.
    fn build(&self, step: &Step, desk: &mut Desk<'_>) -> Result<Built, Stop>;

    /// A revert of one of its contracts in plain words, where it knows better than [`Revert`] itself.
    fn explain(&self, revert: &Revert) -> Option<&'static str>;

    /// Everything it keeps for an account, as far as it can have changed: `touched` are the contracts that were.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn holdings(
        &self,
        machine: &mut Machine,
        owner: Address,
        touched: &[Address],
    ) -> Result<Vec<Holding>, Stop> {
        let _ = (machine, owner, touched);
        Ok(Vec::new())
    }

    /// What it offers for an action with a token, to somebody who has not chosen a venue; none when it has nothing to
    /// say about that.
    ///
    /// # Errors
    /// When it cannot do it now, with the reason; or the state cannot be read.
    fn offer(
        &self,
        kind: ActionKind,
        token: &'static Token,
        desk: &mut Desk<'_>,
    ) -> Result<Option<Offer>, Stop> {
        let _ = (kind, token, desk);
        Ok(None)
    }

    /// Gives a stand-in the position that a step needs: what it is to withdraw, collateral for what it is to borrow,
    /// a debt it is to repay. The calls run on the desk's working state.
    ///
    /// # Errors
    /// When the state cannot be read. A venue that cannot give it leaves the stand-in as it is.
    fn endow(&self, step: &Step, desk: &mut Desk<'_>) -> Result<(), Stop> {
        let _ = (step, desk);
        Ok(())
    }
}

/// Every venue.
pub const VENUES: &[&dyn Venue] =
    &[&uniswap_v3::UniswapV3, &aave_v3::AaveV3, &morpho_blue::MorphoBlue, &across::Across];

/// The venue of that slug.
#[must_use]
pub fn find(slug: &str) -> Option<&'static dyn Venue> {
    VENUES.iter().copied().find(|v| v.slug() == slug)
}

/// Who builds a step: its venue, or the wallet itself.
///
/// # Errors
/// When this version has no code for the venue.
pub fn builder(step: &Step) -> Result<&'static dyn Venue, Blocked> {
    match (step.venue, &step.action) {
        (None, Action::Wrap(_) | Action::Unwrap(_)) => Ok(&wrapped::Wrapped),
        (None, _) => Ok(&transfer::Transfers),
        (Some(venue), _) => find(&venue.slug).ok_or_else(|| {
            Blocked::new("venue_not_available", format!("{} is not available in this version.", venue.name))
        }),
    }
}

/// The refusal of an action that a builder does not do.
pub(crate) fn cannot(venue: &dyn Venue, action: &Action) -> Stop {
    let message = format!("{} cannot do a {}.", venue.name(), action.kind());
    Blocked::new("unsupported_action", message).into()
}
