//! Corrections that count from what was said before: “double it”, “half of that instead”.
//!
//! What comes in: a part or a multiple without a token of its own. What goes out: the amount said before, multiplied; or
//! that it has to be asked, where there are two such amounts or the product is no decimal.

use super::*;
use crate::decimal::Decimal;

/// What a multiple comes to.
pub(super) enum Scaled {
    /// The new amount of an action's side.
    To(usize, Slot, Box<Said>),
    /// It cannot be told of which amount, or the product is not exact.
    Unclear,
    /// It is no multiple of what was said: a part of a balance, of an output.
    No,
}

impl Talk {
    /// The amount said before, multiplied as a correction says.
    pub(super) fn scaled(&self, said: &Said, target: usize) -> Scaled {
        let multiple = matches!(said.how, How::Times(..));
        let part = matches!(said.how, How::Percent(_) | How::Fraction(..)) && said.base == Base::It;
        if said.thing != Thing::Unsaid || !(multiple || part) || self.is_open(Field::Amount) {
            return Scaled::No;
        }
        let output = |c: &Clause| c.funds(Slot::Give).is_some_and(|s| s.base == Base::It);
        if part && self.clauses.get(target).is_some_and(output) {
            return Scaled::No;
        }
        let mut exact = Vec::new();
        for (at, clause) in self.clauses.iter().enumerate() {
            for slot in [Slot::Give, Slot::Take] {
                let counted = clause.funds(slot).filter(|s| matches!(s.how, How::Exact(_) | How::Usd(_)));
                exact.extend(counted.map(|s| (at, slot, s)));
            }
        }
        match exact.as_slice() {
            [] if part => Scaled::No,
            [(at, slot, old)] if old.amount_answer().is_none() && !old.amount.is_empty() => {
                let Some(how) = times(old.how, said.how) else { return Scaled::Unclear };
                let mut new = (*old).clone();
                new.how = how;
                new.amount.extend(&said.amount);
                Scaled::To(*at, *slot, Box::new(new))
            }
            _ => Scaled::Unclear,
        }
    }
}

/// An amount multiplied, if the product is an exact decimal.
fn times(old: How, by: How) -> Option<How> {
    let factor = |n: Decimal| match by {
        How::Percent(p) => n.checked_mul(p)?.checked_mul(Decimal::new(1, 2)),
        How::Times(by, of) => {
            let part = match of {
                1 => Decimal::new(1, 0),
                2 => Decimal::new(5, 1),
                4 => Decimal::new(25, 2),
                _ => return None,
            };
            n.checked_mul(Decimal::new(u128::from(by), 0))?.checked_mul(part)
        }
        _ => None,
    };
    match old {
        How::Exact(n) => factor(n).map(How::Exact),
        How::Usd(n) => factor(n).map(How::Usd),
        _ => None,
    }
}
