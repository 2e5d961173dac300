//! What a bare amount is a part of: “400 to LINK, 300 to ETH and the rest to Base” divides one thing.
//!
//! What comes in: a clause, and what the clauses before took from. What goes out: the output, the balance, or that it
//! was not said. A number alone never takes its token from a swap that came out just before.

use super::{Binder, Field, Use};
use crate::chunk::{Base, How, Which};
use crate::clause::{Clause, Filled, Said, Thing, Value};
use crate::decimal::Decimal;
use crate::frame::Slot;
use crate::intent::ActionKind;
use crate::outputs::{Output, Taken};
use crate::search::Begins;

/// What a bare amount is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pool {
    /// The nearest output that fits.
    Nearest,
    /// This output, by its index.
    Output(usize),
    /// Two things it could be: it is asked about.
    Unclear,
}

/// What a clause took a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Divided {
    Output(usize),
    Balance,
}

/// A part, as opposed to everything.
fn part(how: How) -> bool {
    matches!(
        how,
        How::Percent(_) | How::Fraction(..) | How::Exact(_) | How::Usd(_) | How::Rest | How::AllBut(_)
    )
}

impl Binder<'_> {
    /// What has been taken of each output and of the wallet so far.
    pub(super) fn parts(&self) -> (Vec<(Use, Taken)>, usize) {
        (self.outputs.list.iter().map(|o| (o.use_, o.taken)).collect(), self.outputs.wallet.len())
    }

    /// What was taken from since.
    pub(super) fn taken_since(&self, before: &(Vec<(Use, Taken)>, usize)) -> Option<Divided> {
        let now = self.outputs.list.iter().map(|o| (o.use_, o.taken));
        let output = before.0.iter().zip(now).position(|(old, new)| *old != new && new.1 != Taken::NOTHING);
        match output {
            Some(output) => Some(Divided::Output(output)),
            None => (self.outputs.wallet.len() > before.1).then_some(Divided::Balance),
        }
    }

    /// What a bare amount of this clause is a part of.
    pub(super) fn choose_pool(&self, clause: &Clause) -> Pool {
        let Some((said, _)) = self.given(clause) else { return Pool::Nearest };
        if said.which != Which::default() {
            return self.named_pool(said.which);
        }
        let bare = said.thing == Thing::Unsaid && part(said.how);
        let ellipsis = clause.begins == Begins::Ellipsis;
        if !bare || !(said.base == Base::Unsaid || ellipsis && said.base == Base::It) {
            return Pool::Nearest;
        }
        let last = self.outputs.list.len().checked_sub(1);
        match self.divided {
            Some(Divided::Output(_)) if said.how == How::Rest && !ellipsis => Pool::Nearest,
            Some(Divided::Output(output)) if ellipsis || Some(output) == last => Pool::Output(output),
            Some(Divided::Output(output)) => {
                let share = matches!(said.how, How::Percent(_) | How::Fraction(..));
                // “swap half to ETH, then send half to bob.eth”: half of which?
                if share && clause.later { Pool::Unclear } else { Pool::Output(output) }
            }
            // “swap 1000 USDC to ETH and send 500 to bob.eth”: 500 of which?
            Some(Divided::Balance) if self.last == Some(ActionKind::Swap) && counted(&said) => Pool::Unclear,
            // “bridge half my USDC to Base and lend half on Aave”: half of what arrives, or of what stayed?
            Some(Divided::Balance)
                if self.last == Some(ActionKind::Bridge)
                    && !clause.later
                    && matches!(said.how, How::Percent(_) | How::Fraction(..))
                    && self.balance_share =>
            {
                Pool::Unclear
            }
            // “swap it to ETH, and a third to LINK”: a third of which?
            _ if ellipsis && self.last == Some(ActionKind::Swap) => Pool::Unclear,
            _ => Pool::Nearest,
        }
    }

    /// The output of the action that is named; of several, the last.
    fn named_pool(&self, which: Which) -> Pool {
        // One action for every step so far: the numbers agree.
        if which.steps != 0 && self.at != self.out.actions.len() {
            return Pool::Unclear;
        }
        if which.vague {
            return if self.outputs.list.len() == 1 { Pool::Nearest } else { Pool::Unclear };
        }
        let swaps = |k| matches!(k, ActionKind::Swap | ActionKind::Wrap | ActionKind::Unwrap);
        let here = self.chain_id();
        let fits = |o: &Output| {
            let action = self.out.actions.get(usize::from(o.step).wrapping_sub(1));
            let does = |k| action.is_some_and(|a| a.kind == k || k == ActionKind::Swap && swaps(a.kind));
            let numbered = 1u64.checked_shl(o.step.into()).is_some_and(|bit| which.steps & bit != 0);
            (which.steps == 0 || numbered) && which.kind.is_none_or(does)
        };
        let there = |o: &&Output| o.chain.is_none() || here.is_none() || o.chain == here;
        // “the proceeds of the swap”, where something else is there as well, is asked about.
        if which.steps == 0 && self.outputs.list.iter().filter(there).count() != 1 {
            return Pool::Unclear;
        }
        self.outputs.list.iter().rposition(fits).map_or(Pool::Unclear, Pool::Output)
    }

    /// The output an amount of a token is a part of.
    pub(super) fn source_of(&self, token: Option<&str>, rest: bool) -> Option<usize> {
        match self.pool {
            Pool::Output(output)
                if token.is_none_or(|t| {
                    let of = &self.outputs.list[output].token;
                    of == t || of.is_empty()
                }) =>
            {
                Some(output)
            }
            _ => self.outputs.nearest(token, rest),
        }
    }
}

impl Binder<'_> {
    /// “keep 10 USDC and swap the rest”: a clause whose amount spares what is kept.
    pub(super) fn sparing(&self, clause: &Clause, kept: &Said) -> Clause {
        let mut clause = clause.clone();
        let Some(filled) = clause.get(Slot::Give).cloned() else { return clause };
        let Value::Funds(mut said) = filled.value.clone() else { return clause };
        let hundred = Decimal::new(100, 0);
        let rest = said.how == How::Rest;
        said.how = match kept.how {
            How::Exact(n) if matches!(said.how, How::Rest | How::All) => How::AllBut(n),
            How::Percent(p) if rest => hundred.checked_sub(p).map_or(How::Vague, How::Percent),
            How::Fraction(n, d) if rest && n < d => How::Fraction(d - n, d),
            How::Percent(_) | How::Fraction(..) | How::Rest => said.how,
            _ => How::Vague,
        };
        if !matches!(kept.how, How::Rest) && (rest || matches!(said.how, How::AllBut(_))) {
            if said.thing == Thing::Unsaid {
                said.thing = kept.thing.clone();
                said.token.clone_from(&kept.token);
            } else if kept.thing != Thing::Unsaid && kept.thing != said.thing {
                said.how = How::Vague;
            }
            let put_out = self.outputs.list.last().is_some_and(|o| match &said.thing {
                Thing::Unsaid => true,
                thing => {
                    let chain = self.chain_id();
                    self.token_on(thing, Field::Token, chain.as_deref()).ok().flatten().as_ref()
                        == Some(&o.token)
                }
            });
            said.base = match (put_out, &said.thing) {
                (true, _) => Base::It,
                (false, Thing::Unsaid) => Base::Unsaid,
                (false, _) => Base::Mine,
            };
            said.amount.splice(0..0, kept.amount.iter().copied());
        }
        clause.set(Filled { value: Value::Funds(said), ..filled });
        clause
    }
}

fn counted(said: &Said) -> bool {
    matches!(said.how, How::Exact(_))
}
