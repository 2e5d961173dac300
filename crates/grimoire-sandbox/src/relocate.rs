//! Moves contracts to given addresses while they are created.
//!
//! A real CREATE runs and only its address is another: the nonce, the size limit and `extcodesize == 0` in the
//! constructor are what they would be on a live chain.

use std::collections::VecDeque;

use alloy_primitives::Address;
use revm::{
    Inspector,
    context_interface::CreateScheme,
    interpreter::{CreateInputs, CreateOutcome},
};

/// Places for the creations of one transaction, nested ones included, in the order they begin. `None` leaves one
/// where it would go anyway, and so does the end of the list.
pub(crate) struct Relocate {
    places: VecDeque<Option<Address>>,
}

impl Relocate {
    pub(crate) fn to(places: impl IntoIterator<Item = Option<Address>>) -> Self {
        Self { places: places.into_iter().collect() }
    }
}

impl<CTX> Inspector<CTX> for Relocate {
    fn create(&mut self, _: &mut CTX, inputs: &mut CreateInputs) -> Option<CreateOutcome> {
        if let Some(Some(address)) = self.places.pop_front() {
            inputs.set_scheme(CreateScheme::Custom { address });
        }
        None
    }
}
