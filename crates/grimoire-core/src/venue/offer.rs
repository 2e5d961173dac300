//! What a venue could do for somebody who has not chosen one yet.

use crate::{amount::Amount, block::Blocked, rate::Apy};

/// What a venue offers for an action, as of now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// What lending earns, or borrowing costs.
    pub apy: Option<Apy>,
    /// What is at hand there.
    pub liquidity: Option<Amount>,
    /// What the account has there: lent for a withdrawal, owed for a repayment.
    pub position: Option<Amount>,
}

/// Refuses where an account has nothing; of an unknown one nothing is known.
pub(super) fn there(position: Option<Amount>) -> Result<(), Blocked> {
    match position.filter(|p| p.raw.is_zero()) {
        Some(_) => Err(Blocked::new("no_position", "The wallet has nothing there.".into())),
        None => Ok(()),
    }
}
