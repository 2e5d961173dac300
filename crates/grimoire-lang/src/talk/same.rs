//! Old values and new ones: what a new one leaves unsaid, and whether two are the same.

use super::*;

/// A new value, with what it leaves unsaid taken from the old one.
pub(super) fn completed(new: &Said, old: &Said) -> Said {
    let mut all = new.clone();
    if all.thing == Thing::Unsaid {
        all.thing = old.thing.clone();
        all.token.clone_from(&old.token);
        all.contract.clone_from(&old.contract);
        all.answered(all.amount_answer().cloned(), old.token_answer().cloned());
    }
    if all.how == How::Unsaid {
        all.how = old.how;
        all.base = old.base;
        all.amount.clone_from(&old.amount);
        all.answered(old.amount_answer().cloned(), all.token_answer().cloned());
    }
    all
}

/// Marks the “it” of a clause as what was said before.
pub(super) fn said_before(roles: &mut [(Span, String)], part: &Clause) {
    let it = part.get(Slot::Give).map(|f| f.spans.clone()).unwrap_or_default();
    roles.iter_mut().filter(|(span, _)| it.contains(span)).for_each(|(_, r)| "said before".clone_into(r));
}

/// Whether a value is the one a correction takes away.
pub(super) fn matches(old: &Value, gone: &Value) -> bool {
    match (old, gone) {
        (Value::Funds(old), Value::Funds(gone)) => {
            gone.thing != Thing::Unsaid && gone.thing == old.thing
                || gone.how != How::Unsaid && gone.how == old.how
        }
        (old, gone) => old == gone,
    }
}

/// Whether two plans are the same, whatever words they came from.
pub(super) fn same_values(old: &Bound, new: &Bound) -> bool {
    let same = |(a, b): (&Action, &Action)| {
        a.kind == b.kind
            && a.values.len() == b.values.len()
            && a.values.iter().zip(&b.values).all(|((r, x), (q, y))| r == q && x.value == y.value)
    };
    old.actions.len() == new.actions.len() && old.actions.iter().zip(&new.actions).all(same)
}
