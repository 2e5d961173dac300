//! Who has what, before and after: measured from balances and positions, never inferred from calls.

use std::collections::BTreeMap;

use alloy_primitives::{Address, I256, U256};
use grimoire_registry::{ChainId, REGISTRY, Token};

use crate::{
    block::Stop,
    evm::{Machine, Snapshots},
    token,
    venue::{Asset, Built, Holding, VENUES},
};

/// A measured change of one account's assets, gas apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub chain: ChainId,
    /// Whose.
    pub account: Address,
    /// Of what.
    pub asset: Asset,
    /// By how much, in smallest units.
    pub change: I256,
}

/// Adds changes up: one entry an account and asset, in the order they first came; those that cancel out are left out.
#[must_use]
pub(super) fn sum(changes: impl Iterator<Item = Change>) -> Vec<Change> {
    let mut total: Vec<Change> = Vec::new();
    for change in changes {
        let same =
            |c: &&mut Change| (c.chain, c.account, c.asset) == (change.chain, change.account, change.asset);
        match total.iter_mut().find(same) {
            Some(sum) => sum.change = sum.change.saturating_add(change.change),
            None => total.push(change),
        }
    }
    total.retain(|c| !c.change.is_zero());
    total
}

/// One row: whose, what, and how much at the last look.
struct Row {
    account: Address,
    asset: Asset,
    amount: U256,
}

/// One chain's book.
struct Page {
    before: Machine,
    accounts: Vec<Address>,
    rows: Vec<Row>,
}

/// The book over all chains of a plan.
pub(super) struct Ledger {
    sender: Address,
    pages: BTreeMap<ChainId, Page>,
}

impl Ledger {
    /// A book of the sender and of everyone the plan concerns.
    pub(super) fn new(snapshots: &Snapshots, sender: Address, built: &[Built]) -> Self {
        let page = |chain: ChainId, snapshot| {
            let mut accounts = vec![sender];
            for effect in built.iter().flat_map(|b| &b.effects).filter(|e| e.chain == chain) {
                if !accounts.contains(&effect.account) {
                    accounts.push(effect.account);
                }
            }
            Page { before: Machine::new(snapshot), accounts, rows: Vec::new() }
        };
        let pages = snapshots.iter().map(|(&chain, snapshot)| (chain, page(chain, snapshot))).collect();
        Self { sender, pages }
    }

    /// What changed on a chain since the last look; `gas_paid` is what the sender has paid for gas so far.
    pub(super) fn look(&mut self, after: &mut Machine, gas_paid: U256) -> Result<Vec<Change>, Stop> {
        let chain = after.chain();
        let Some(page) = self.pages.get_mut(&chain) else { return Ok(Vec::new()) };
        let touched = after.touched();
        let mut tokens: Vec<&'static Token> = vec![REGISTRY.native(chain)];
        tokens.extend(touched.iter().filter_map(|&at| REGISTRY.token_at(chain, at)));
        let mut changes = Vec::new();
        let mut note = |rows: &mut Vec<Row>, account, asset, old: U256, new: U256| {
            let row = rows.iter_mut().find(|r| r.account == account && r.asset == asset);
            let last = match row {
                Some(row) => std::mem::replace(&mut row.amount, new),
                None => {
                    rows.push(Row { account, asset, amount: new });
                    old
                }
            };
            // Two's complement: the difference of two amounts is exact whichever is larger.
            let change = I256::from_raw(new.wrapping_sub(last));
            if !change.is_zero() {
                changes.push(Change { chain, account, asset, change });
            }
        };
        for &account in &page.accounts {
            for &token in &tokens {
                let old = token::balance(&mut page.before, token, account)?.raw;
                let mut new = token::balance(after, token, account)?.raw;
                if token.is_native() && account == self.sender {
                    new = new.saturating_add(gas_paid);
                }
                note(&mut page.rows, account, Asset::Token(token), old, new);
            }
        }
        for venue in VENUES {
            let had = venue.holdings(&mut page.before, self.sender, &touched)?;
            for Holding { position, amount } in venue.holdings(after, self.sender, &touched)? {
                let old = had.iter().find(|h| h.position == position).map_or(U256::ZERO, |h| h.amount);
                note(&mut page.rows, self.sender, Asset::Position(position), old, amount);
            }
        }
        Ok(changes)
    }
}
