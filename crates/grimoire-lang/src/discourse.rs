//! Links between clauses: their order, what an ellipsis repeats, what two verbs share, and where each takes place.

use crate::chunk::{Base, How};
use crate::clause::{Clause, Filled, Said, Thing, Value, Where};
use crate::frame::Slot;
use crate::intent::ActionKind;
use crate::lexicon::{Lexicon, Link};
use crate::search::Begins;
use crate::source::Span;

/// Clauses in the order they happen, each complete by what its neighbours said.
pub(crate) struct Linked {
    pub(crate) clauses: Vec<Clause>,
    /// Clauses whose order two readings would swap.
    pub(crate) unclear: Vec<Span>,
}

/// Links clauses.
pub(crate) fn link(clauses: &[Clause], lexicon: &Lexicon) -> Linked {
    let (mut clauses, unclear) = order(clauses);
    share_objects(&mut clauses);
    share_ellipsis(&mut clauses, lexicon);
    share_limits(&mut clauses, lexicon);
    share_pledges(&mut clauses, lexicon);
    Linked { clauses, unclear }
}

/// “Y after X” and “before Y, X” put X first.
fn order(clauses: &[Clause]) -> (Vec<Clause>, Vec<Span>) {
    let mut out: Vec<Clause> = Vec::with_capacity(clauses.len());
    let mut last = None;
    let mut unclear = Vec::new();
    for (i, clause) in clauses.iter().enumerate() {
        match clause.link {
            Link::After if !out.is_empty() => {
                let at = (0..out.len()).rev().find(|&k| out[k].begins != Begins::Ellipsis).unwrap_or(0);
                out.insert(at, clause.clone());
                if i + 1 < clauses.len() {
                    unclear.extend(clause.verb.iter().copied());
                }
            }
            Link::Before if i == 0 && clauses.len() > 1 => last = Some(clause.clone()),
            _ => out.push(clause.clone()),
        }
    }
    if clauses.len() > 2 && last.is_some() {
        unclear.extend(clauses[0].verb.iter().copied());
    }
    out.extend(last);
    (out, unclear)
}

fn it() -> Said {
    Said { how: How::All, base: Base::It, ..Said::default() }
}

/// “wrap and deposit 2 ETH”: the first verb's object is the second's, and the second takes what the first puts out.
fn share_objects(clauses: &mut [Clause]) {
    for i in (0..clauses.len().saturating_sub(1)).rev() {
        let bare = clauses[i].filled.is_empty()
            && clauses[i].begins == Begins::Verb
            && clauses[i + 1].begins == Begins::Verb;
        if !bare {
            continue;
        }
        let Some(object) = clauses[i + 1].get(Slot::Give).cloned() else { continue };
        let own = clauses[i + 1].funds(Slot::Give).is_some_and(|s| s.base != Base::It);
        if own {
            clauses[i].filled.push(object);
            clauses[i + 1].set(Filled {
                slot: Slot::Give,
                value: Value::Funds(it()),
                spans: Vec::new(),
                bare: false,
                answer: None,
            });
        }
    }
}

/// Roles an ellipsis repeats, and an earlier part of the list takes from a later one.
const SHARED: [Slot; 9] = [
    Slot::Give,
    Slot::Take,
    Slot::Chain,
    Slot::ToChain,
    Slot::Venue,
    Slot::ToVenue,
    Slot::Recipient,
    Slot::Collateral,
    Slot::AsCollateral,
];

fn share_ellipsis(clauses: &mut Vec<Clause>, lexicon: &Lexicon) {
    let mut head = 0;
    while head < clauses.len() {
        let mut end = head + 1;
        while end < clauses.len() && clauses[end].begins == Begins::Ellipsis {
            end += 1;
        }
        if end > head + 1 {
            if clauses[head..end].iter().any(|c| c.get(Slot::Respectively).is_some()) {
                let pairs = pair(&mut clauses[head..end]);
                clauses.drain(head + pairs..end);
                end = head + pairs;
            } else {
                share_group(&mut clauses[head..end], lexicon);
            }
        }
        head = end;
    }
}

fn share_group(group: &mut [Clause], lexicon: &Lexicon) {
    let sense = lexicon.senses[usize::from(group[0].sense)].id.as_str();
    if sense == "arrow" {
        // “100 USDC → ETH → PEPE”: each arrow takes what the one before gave.
        for clause in
            group.iter_mut().skip(1).filter(|c| c.get(Slot::Give).is_none() && c.get(Slot::Take).is_some())
        {
            clause.filled.push(Filled {
                slot: Slot::Give,
                value: Value::Funds(it()),
                spans: Vec::new(),
                bare: false,
                answer: None,
            });
        }
    }
    let evenly = group.iter().any(|c| c.get(Slot::Evenly).is_some());
    if sense == "split" || sense == "split_swap" || evenly {
        return split(group, lexicon);
    }
    let each = group.iter().any(|c| c.get(Slot::Each).is_some());
    let buy = |c: &Clause| lexicon.senses[usize::from(c.sense)].id == "buy";
    for i in 1..group.len() {
        let before = group[i - 1].clone();
        for slot in SHARED {
            // The object of a purchase is what is bought: its means are repeated only as a token.
            let Some(from) = before.get(slot) else { continue };
            match group[i].get(slot) {
                None => {
                    let mut repeated = from.clone();
                    let amount = matches!(slot, Slot::Give) || (slot == Slot::Take && buy(&group[i]));
                    if let Value::Funds(said) = &mut repeated.value {
                        let keep = each && amount;
                        if !keep && said.base != Base::It && amount {
                            (said.how, said.amount, said.base) = (How::Unsaid, Vec::new(), Base::Unsaid);
                        }
                    }
                    group[i].filled.push(repeated);
                }
                Some(own) => {
                    let (Value::Funds(mine), Value::Funds(other)) = (&own.value, &from.value) else {
                        continue;
                    };
                    let inherits =
                        mine.thing == Thing::Unsaid && mine.base != Base::It && mine.how != How::All;
                    if inherits {
                        let mut mine = mine.clone();
                        mine.thing = other.thing.clone();
                        mine.token.clone_from(&other.token);
                        let counted = matches!(other.how, How::Exact(_) | How::Usd(_));
                        if counted
                            && mine.thing != Thing::Unsaid
                            && matches!(mine.how, How::Percent(_) | How::Fraction(..))
                        {
                            // “bridge 1000 USDC to Base, half to Arbitrum”: half of which?
                            mine.how = How::Vague;
                        }
                        if mine.base == Base::Unsaid && !matches!(mine.how, How::Exact(_) | How::Usd(_)) {
                            mine.base = other.base;
                        }
                        let own = own.clone();
                        group[i].set(Filled { value: Value::Funds(mine), ..own });
                    }
                }
            }
        }
    }
    for i in (0..group.len() - 1).rev() {
        let after = group[i + 1].clone();
        // “$100 of ETH and $50 of LINK with USDC”: both with USDC.
        if let (Some(own), Some(later)) = (group[i].get(Slot::Give).cloned(), after.funds(Slot::Give))
            && let Value::Funds(mut mine) = own.value.clone()
            && mine.thing == Thing::Unsaid
            && mine.base == Base::Unsaid
            && matches!(mine.how, How::Exact(_) | How::Usd(_))
            && matches!(later.thing, Thing::Name(_))
        {
            (mine.thing, mine.token) = (later.thing.clone(), later.token.clone());
            group[i].set(Filled { value: Value::Funds(mine), ..own });
        }
        for slot in SHARED {
            if let (None, Some(later)) = (group[i].get(slot), after.get(slot)) {
                let mut later = later.clone();
                if let (Slot::Give, Value::Funds(said)) = (slot, &mut later.value) {
                    // “send A and B 10 USDC”: whether each gets 10 was not said.
                    if !each && said.base != Base::It {
                        (said.how, said.amount) = (How::Unsaid, Vec::new());
                    }
                }
                group[i].filled.push(later);
            }
        }
    }
}

/// “send 10 and 20 DAI to A and B respectively”: the amounts and the goals, each in their order. How many there are.
fn pair(group: &mut [Clause]) -> usize {
    let goals = [Slot::Take, Slot::Recipient, Slot::ToChain, Slot::Venue];
    let counted = |c: &Clause| {
        c.get(Slot::Give).filter(|f| matches!(&f.value, Value::Funds(s) if s.how != How::Unsaid)).cloned()
    };
    let mut amounts: Vec<Filled> = group.iter().filter_map(counted).collect();
    for slot in goals {
        let mut found: Vec<Filled> = Vec::new();
        for clause in group.iter() {
            // “to USDC and DAI”: what stands after “and” is another goal.
            let bare = clause.get(Slot::Give).filter(|_| slot == Slot::Take && counted(clause).is_none());
            found.extend(clause.get(slot).or(bare).cloned().map(|f| Filled { slot, ..f }));
        }
        if found.len() < 2 || found.len() != amounts.len() {
            continue;
        }
        let thing = amounts.iter().rev().find_map(|f| match &f.value {
            Value::Funds(s) if s.thing != Thing::Unsaid => Some((s.thing.clone(), s.token.clone())),
            _ => None,
        });
        for filled in &mut amounts {
            if let (Value::Funds(said), Some((thing, token))) = (&mut filled.value, &thing)
                && said.thing == Thing::Unsaid
            {
                (said.thing, said.token) = (thing.clone(), token.clone());
            }
        }
        if group.len() < amounts.len() {
            break;
        }
        let shared: Vec<Filled> = [Slot::Chain, Slot::Venue, Slot::Take, Slot::Recipient, Slot::ToChain]
            .into_iter()
            .filter(|s| *s != slot)
            .filter_map(|s| group.iter().find_map(|c| c.get(s)).cloned())
            .collect();
        for (i, clause) in group.iter_mut().enumerate() {
            if let (Some(amount), Some(goal)) = (amounts.get(i), found.get(i)) {
                clause
                    .filled
                    .retain(|f| !goals.contains(&f.slot) && f.slot != Slot::Give && f.slot != Slot::Chain);
                clause.filled.extend([amount.clone(), goal.clone()]);
                clause.filled.extend(shared.iter().cloned());
            }
        }
        return amounts.len();
    }
    group.len()
}

/// “split it evenly between A and B”: an equal part for each.
fn split(group: &mut [Clause], lexicon: &Lexicon) {
    let lends = lexicon.senses[usize::from(group[0].sense)].action == ActionKind::Deposit;
    for clause in group.iter_mut().skip(1) {
        // “between ETH and LINK”: what stands after “and” is another goal.
        let goal = clause.get(Slot::Take).is_none()
            && clause.funds(Slot::Give).is_some_and(|s| s.how == How::Unsaid && s.base == Base::Unsaid);
        for filled in clause.filled.iter_mut().filter(|f| goal && f.slot == Slot::Give) {
            let venue = match &filled.value {
                Value::Funds(Said { thing: Thing::Name(n), .. }) => {
                    Some(*n).filter(|n| lexicon.names[usize::from(*n)].venue.is_some())
                }
                _ => None,
            };
            match venue.filter(|_| lends) {
                // “between Aave and Morpho”
                Some(venue) => {
                    (filled.slot, filled.value) = (Slot::Venue, Value::Place(Where::Name(venue)));
                }
                None => filled.slot = Slot::Take,
            }
        }
    }
    if group.iter().skip(1).any(|c| c.get(Slot::Give).is_some()) {
        return;
    }
    let Some(give) = group.iter().find_map(|c| c.get(Slot::Give)).cloned() else { return };
    let Value::Funds(said) = &give.value else { return };
    let divides = |c: &Clause| c.get(Slot::Each).or(c.get(Slot::Evenly)).cloned();
    let evenly = group.iter().any(|c| divides(c).is_some());
    let parts = u32::try_from(group.len()).unwrap_or(1);
    let whole = said.how == How::All || said.how == How::Unsaid && said.base == Base::The;
    let how = match crate::number::percent(1, parts) {
        _ if !evenly || !whole || parts < 2 => How::Vague,
        Some(part) => How::Percent(part),
        None => How::Fraction(1, parts),
    };
    let each = group.iter().find_map(divides).map(|f| f.spans).unwrap_or_default();
    for clause in group.iter_mut() {
        let mut part = said.clone();
        part.how = how;
        part.amount.extend(&each);
        clause.set(Filled { value: Value::Funds(part), ..give.clone() });
    }
    share_places(group);
}

/// Places said once hold for every part.
fn share_places(group: &mut [Clause]) {
    for slot in [Slot::Chain, Slot::Venue] {
        let Some(place) = group.iter().find_map(|c| c.get(slot)).cloned() else { continue };
        for clause in group.iter_mut().filter(|c| c.get(slot).is_none()) {
            clause.filled.push(place.clone());
        }
    }
}

/// “use 1 ETH as collateral to borrow 500 USDC on Aave”: one venue for both, and what was pledged is the collateral.
fn share_pledges(clauses: &mut [Clause], lexicon: &Lexicon) {
    for i in 1..clauses.len() {
        let sense = |c: &Clause| &lexicon.senses[usize::from(c.sense)];
        let pledge = clauses[i - 1].get(Slot::AsCollateral).is_some();
        if !pledge || sense(&clauses[i]).action != ActionKind::Borrow {
            continue;
        }
        if let (None, Some(venue)) = (clauses[i - 1].get(Slot::Venue), clauses[i].get(Slot::Venue).cloned()) {
            clauses[i - 1].filled.push(venue);
        }
        // “… as collateral to borrow” says what the loan is taken against, “… and borrow” does not.
        if !clauses[i].joined && clauses[i].get(Slot::Collateral).is_none() {
            let value = Value::Funds(it());
            clauses[i].filled.push(Filled {
                slot: Slot::Collateral,
                value,
                spans: Vec::new(),
                bare: false,
                answer: None,
            });
        }
    }
}

/// Whether nothing but other bounds follows in the clause.
fn stands_last(bound: &Filled, clause: &Clause) -> bool {
    let limits = Slot::MaxSlippage.bit()
        | Slot::MinOut.bit()
        | Slot::MaxIn.bit()
        | Slot::MaxGas.bit()
        | Slot::Deadline.bit();
    let Some(at) = bound.spans.first() else { return true };
    let others = clause.filled.iter().filter(|f| limits & f.slot.bit() == 0);
    !others.flat_map(|f| &f.spans).any(|s| s.turn == at.turn && s.start > at.start)
}

/// A bound said at the end holds for every earlier action that can have it and has none.
fn share_limits(clauses: &mut [Clause], lexicon: &Lexicon) {
    let Some(last) = clauses.last().cloned() else { return };
    let limits = [Slot::MaxSlippage, Slot::MaxGas, Slot::Deadline];
    for slot in limits {
        let Some(bound) = last.get(slot).filter(|b| stands_last(b, &last)) else { continue };
        let count = clauses.len() - 1;
        let mut placed = false;
        // An action added in a later turn keeps its bound to itself.
        let said = bound.spans.first().map(|s| s.turn);
        let own = last.verb.first().or_else(|| last.funds(Slot::Give)?.amount.first()).map(|s| s.turn);
        let keeps = lexicon.senses[usize::from(last.sense)].limits & slot.bit() != 0 && own == said;
        for clause in &mut clauses[..count] {
            if keeps && clause.verb.first().is_some_and(|v| Some(v.turn) < said) {
                continue;
            }
            let sense = &lexicon.senses[usize::from(clause.sense)];
            let can = sense.limits & slot.bit() != 0
                && !matches!(sense.action, ActionKind::Wrap | ActionKind::Unwrap);
            if can && clause.get(slot).is_none() {
                clause.filled.push(bound.clone());
                placed = true;
            }
        }
        let sense = &lexicon.senses[usize::from(last.sense)];
        if let (true, Some(clause)) = (placed && sense.limits & slot.bit() == 0, clauses.last_mut()) {
            clause.filled.retain(|f| f.slot != slot);
        }
    }
}
