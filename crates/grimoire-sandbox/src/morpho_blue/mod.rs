//! Morpho Blue: its contracts at the registry's addresses, then the market's markets and what accounts have there.
//!
//! What comes in: the market's rows, and tokens that are already deployed. What goes out: markets with their rates.
//! What it refuses to know: plans. Morpho is the original; its rate model and its oracles are our own.

mod abi;
mod market;
mod place;

use alloy_primitives::U256;
use alloy_sol_types::SolValue;
use grimoire_core::venue::morpho_blue::deployment::Deployment;

use abi::Morpho;
use market::{Market, Position};
use place::Place;

use crate::{
    book::{Book, Listed},
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    image::LendingMarket,
    market::{MARKET_MAKER, account},
    progress::{Stage, Teller},
};

const SLUG: &str = "morpho_blue";

/// Deploys the contracts and the markets. Whoever borrows secures twice what is borrowed.
pub(crate) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    teller: &mut Teller<'_>,
) -> Result<(), SandboxError> {
    let Some(Market { markets }) = book.venue(SLUG)? else { return Ok(()) };
    let at = Deployment::of(book.chain).ok_or_else(|| book.wrong("morpho_blue is not on it"))?;
    let maker = account(MARKET_MAKER);
    let morpho = contracts.compiled("Morpho", &[])?;
    chain.create(Some(at.morpho), "Morpho", morpho, &(maker,).abi_encode_params())?;
    let irm = contracts.compiled("CurveIrm", &[])?;
    chain.create(Some(at.irm), "CurveIrm", irm, &[])?;
    chain.send(maker, at.morpho, &Morpho::enableIrmCall { irm: at.irm })?;

    let total = markets.len();
    for (done, row) in markets.iter().enumerate() {
        teller.tell(Stage::MorphoBlue, done, total);
        let place = Place::of(book, at, row.id)?;
        place.create(chain, book, contracts)?;
        place.lend(chain, book.units(row.supply, place.loan.token.decimals)?, maker)?;
        let borrowed = book.units(row.borrowed, place.loan.token.decimals)?;
        place.borrow(chain, worth(book, borrowed, &place)? * U256::from(2), borrowed, maker)?;
    }
    teller.tell(Stage::MorphoBlue, total, total);
    Ok(())
}

/// Gives accounts their positions; the market maker pays, and gets what is borrowed.
pub(crate) fn take_positions(chain: &mut DevChain, book: &Book) -> Result<(), SandboxError> {
    let Some(at) = Deployment::of(book.chain) else { return Ok(()) };
    for position in book.positions::<Position>(SLUG) {
        let (who, position) = position?;
        let units = |amount, of: &Listed<'_>| book.units(amount, of.token.decimals);
        for loan in &position.lend {
            let place = Place::of(book, at, loan.market)?;
            place.lend(chain, units(loan.amount, &place.loan)?, who)?;
        }
        for debt in &position.borrow {
            let place = Place::of(book, at, debt.market)?;
            let collateral = units(debt.collateral, &place.collateral)?;
            place.borrow(chain, collateral, units(debt.amount, &place.loan)?, who)?;
        }
    }
    Ok(())
}

/// The markets as the contracts tell them.
pub(crate) fn markets(chain: &DevChain, book: &Book) -> Result<Vec<LendingMarket>, SandboxError> {
    let (Some(Market { markets }), Some(at)) = (book.venue(SLUG)?, Deployment::of(book.chain)) else {
        return Ok(Vec::new());
    };
    markets.iter().map(|row| Place::of(book, at, row.id)?.told(chain)).collect()
}

/// The collateral that is worth an amount of the loan token.
fn worth(book: &Book, loan: U256, place: &Place<'_>) -> Result<U256, SandboxError> {
    let one = book.units(grimoire_lang::Decimal::new(1, 0), place.loan.token.decimals)?;
    let of_one = book.worth(place.loan.price, &place.collateral)?;
    Ok(loan * of_one / one)
}
