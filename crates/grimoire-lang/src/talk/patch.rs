//! What an answer changes in the clauses that are there.

use super::same::{completed, matches, same_values};
use super::*;

impl Talk {
    /// A fragment that fills open questions or corrects values.
    pub(super) fn fragment(
        &self,
        text: &str,
        turn: u16,
        chain: Option<&str>,
        lexicon: &Lexicon,
    ) -> Option<Self> {
        if crate::gate::opens_otherwise(text, lexicon) {
            return None;
        }
        let target = self
            .open
            .first()
            .map_or(self.clauses.len().saturating_sub(1), |p| p.clause)
            .min(self.clauses.len() - 1);
        let sense = self.clauses[target].sense;
        let Read::Said { best, rivals, .. } = read(text, turn, Opening::Fragment(sense), lexicon) else {
            return None;
        };
        let mut choice: Option<([usize; 5], Self)> = None;
        let before = self.conclude(chain, lexicon);
        for spoken in std::iter::once(best).chain(rivals.into_iter().map(|(_, s)| s)) {
            if !spoken.skipped.is_empty() || spoken.clauses.is_empty() {
                continue;
            }
            // A token is replaced by a token: in “change DAI to ETH” the last word is no chain.
            let filled = || spoken.clauses.iter().flat_map(|c| &c.filled);
            let gone_token =
                spoken.was.iter().any(|w| matches!(&w.value, Value::Funds(s) if s.thing != Thing::Unsaid));
            let place = filled().any(|f| matches!(f.value, Value::Place(_)));
            if gone_token && place && !filled().any(|f| matches!(f.value, Value::Funds(_))) {
                continue;
            }
            let Some(next) = self.patched(&spoken, target, text, chain, lexicon) else { continue };
            let conclusion = next.conclude(chain, lexicon);
            // Of “UNI”, the venue there already is, and “UNI”, a token, the one that changes something is meant. “Aave”,
            // written as the venue is, says again where.
            let idle = is_symbol(text)
                && matches!((&before, &conclusion), (Conclusion::Plan(old), Conclusion::Plan(new)) if same_values(old, new));
            let left = match conclusion {
                // What could replace either of two values is as good a reading as one that replaces the one it names.
                _ if next.torn.is_some() && self.open.is_empty() => 0,
                Conclusion::Plan(_) => 0,
                Conclusion::Ask(problems) => problems.len(),
            };
            // A name that is a place and a token is the place, where both would do.
            let things = spoken
                .clauses
                .iter()
                .flat_map(|c| &c.filled)
                .filter(|f| !matches!(f.value, Value::Place(_)))
                .count();
            // What is taken away must be there: in “instead of ETH” the token, not the chain of that name.
            let gone =
                |w: &Filled| self.clauses.iter().flat_map(|c| &c.filled).any(|f| matches(&f.value, &w.value));
            let stray = !spoken.was.is_empty() && !spoken.was.iter().any(gone);
            let acts = spoken.clauses.iter().any(|c| c.begins != Begins::Ellipsis);
            let key = [left, usize::from(idle), usize::from(stray), usize::from(acts), things];
            if choice.as_ref().is_none_or(|(least, _)| key < *least) {
                choice = Some((key, next));
            }
        }
        choice.map(|(_, next)| next)
    }

    pub(super) fn patched(
        &self,
        spoken: &Spoken,
        target: usize,
        text: &str,
        chain: Option<&str>,
        lexicon: &Lexicon,
    ) -> Option<Self> {
        if let [part] = spoken.clauses.as_slice()
            && part.begins != Begins::Ellipsis
            && let Some(next) = self.said_again(spoken, text, chain, lexicon)
        {
            return Some(next);
        }
        let mut next = self.clone();
        next.settle();
        next.asides.extend(&spoken.asides);
        next.roles.clone_from(&spoken.roles);
        let mut first = true;
        for part in &spoken.clauses {
            if part.begins != Begins::Ellipsis {
                // “Aave. Then borrow 300 USDC from Aave”
                if first && spoken.clauses.len() == 1 && !continues(spoken) {
                    return None;
                }
                next.clauses.push(Clause { link: Link::Then, ..part.clone() });
                continue;
            }
            first = false;
            let of_it = part.funds(Slot::Give).is_some_and(|s| s.base == Base::It);
            if of_it && self.open.is_empty() && part.get(Slot::Recipient).is_some() {
                // “half of it to bob.eth” corrects nothing: another action is meant.
                return None;
            }
            if let Some(field) = self.only_later(part, target, text) {
                next.torn = Some((target, vec![field]));
                continue;
            }
            if target + 1 == next.clauses.len() && self.one_more(part, text) {
                next.clauses.push(Clause { link: Link::Then, ..part.clone() });
                continue;
            }
            if part.filled.iter().any(|f| matches!(&f.value, Value::Funds(s) if s.plural))
                && text.to_lowercase().contains("both")
            {
                return None;
            }
            let goal = [Slot::Recipient, Slot::Take, Slot::ToChain];
            let alone = part.filled.len() == 1
                && spoken.was.is_empty()
                && goal.into_iter().any(|s| part.get(s).is_some() && self.clauses[target].get(s).is_some());
            if self.open.is_empty() && alone && again::more(text) {
                next.torn = Some((target, vec![Field::Amount]));
                continue;
            }
            // “15 to bob.eth” is said of the action that has bob.eth.
            let named = |c: &Clause| {
                part.filled.iter().any(|f| {
                    !matches!(f.value, Value::Funds(_))
                        && c.filled.iter().any(|o| o.value == f.value && o.slot == f.slot)
                })
            };
            let target = match part.filled.len() {
                2.. if self.open.is_empty() && !named(&next.clauses[target]) => {
                    next.clauses.iter().rposition(named).unwrap_or(target)
                }
                _ => target,
            };
            for filled in &part.filled {
                let goal = self.is_open(Field::ToChain) && !self.is_open(Field::Chain);
                let there = goal && filled.slot == Slot::Chain && !leaves(text, filled);
                let slot = if there { Slot::ToChain } else { filled.slot };
                next.patch(&Filled { slot, ..filled.clone() }, &spoken.was, target, lexicon);
            }
        }
        (next.clauses != self.clauses || next.torn.is_some()).then_some(next)
    }

    pub(super) fn is_open(&self, field: Field) -> bool {
        self.open.iter().any(|p| p.question.field == field)
    }

    /// Puts one value where it belongs: into an open question, in place of the value it replaces, or its own role.
    pub(crate) fn patch(&mut self, filled: &Filled, was: &[Filled], target: usize, lexicon: &Lexicon) {
        let of_it = matches!(&filled.value, Value::Funds(s) if s.base == Base::It);
        let mut filled = filled.clone();
        let mut at = target;
        if let Value::Funds(said) = &filled.value {
            match self.scaled(said, target) {
                scale::Scaled::To(at, slot, said) => {
                    self.clauses[at].set(Filled { slot, value: Value::Funds(*said), bare: false, ..filled });
                    return;
                }
                scale::Scaled::Unclear => {
                    self.torn = Some((target, vec![Field::Amount]));
                    return;
                }
                scale::Scaled::No => {}
            }
        }
        if let Value::Funds(said) = &mut filled.value {
            // In an answer “it” is the balance that is talked about.
            let output = self.clauses[at].funds(Slot::Give).is_some_and(|s| s.base == Base::It);
            if said.base == Base::It && !(output && said.how != How::All) {
                said.base = Base::Mine;
            }
            // “make it 20” is said of an amount, not of “it”.
            let amount = |c: &Clause| {
                [Slot::Give, Slot::Take].into_iter().any(|s| {
                    c.funds(s)
                        .is_some_and(|f| f.base != Base::It && !matches!(f.how, How::Unsaid | How::Rest))
                })
            };
            let bare = said.thing == Thing::Unsaid && matches!(said.how, How::Exact(_) | How::Usd(_));
            if output && bare && self.open.is_empty() {
                at = self.clauses.iter().rposition(amount).unwrap_or(at);
            }
        }
        let replaced = self.replaced(&filled.value, was);
        if let Some((clause, slot)) = replaced {
            (at, filled.slot, filled.bare) = (clause, slot, false);
        } else if let (true, Value::Funds(said)) = (self.open.is_empty(), &filled.value)
            && said.thing != Thing::Unsaid
            && said.how != How::Unsaid
        {
            // “make it 2 ETH” is said of the action that has ETH.
            let has = |c: &Clause| {
                [Slot::Give, Slot::Take]
                    .into_iter()
                    .any(|s| c.funds(s).is_some_and(|f| f.thing == said.thing))
            };
            at = if has(&self.clauses[at]) { at } else { self.clauses.iter().rposition(has).unwrap_or(at) };
        }
        if replaced.is_none()
            && let Some(fields) = self.either(&filled, at, lexicon)
        {
            self.torn = Some((at, fields));
            return;
        }
        let swap = lexicon.senses[usize::from(self.clauses[at].sense)].action == ActionKind::Swap;
        if let (Slot::Give | Slot::Take, Value::Funds(said), true, true) =
            (filled.slot, &filled.value, swap, filled.bare)
        {
            filled.slot = self.side(said, was, at);
        }
        if self.open.is_empty() || self.is_open(Field::Amount) {
            self.one_side(&filled, at);
        }
        // “with DAI”, of a repayment in USDC: the means, not the debt.
        let repay = lexicon.senses[usize::from(self.clauses[at].sense)].action == ActionKind::Repay;
        if let (true, Slot::Give, false, Value::Funds(said)) =
            (repay, filled.slot, filled.bare, &filled.value)
            && replaced.is_none()
            && said.thing != Thing::Unsaid
            && self.clauses[at]
                .funds(Slot::Give)
                .is_some_and(|s| s.thing != Thing::Unsaid && s.thing != said.thing)
        {
            filled.slot = Slot::Collateral;
        }
        let bridge = lexicon.senses[usize::from(self.clauses[at].sense)].action == ActionKind::Bridge;
        if filled.slot == Slot::Chain
            && filled.bare
            && bridge
            && (self.open.is_empty() || self.is_open(Field::ToChain))
        {
            filled.slot = Slot::ToChain;
        }
        let has = |c: &Clause| c.get(filled.slot).is_some();
        if self.open.is_empty() && replaced.is_none() && !has(&self.clauses[at]) {
            at = self.clauses.iter().rposition(has).unwrap_or(at);
        }
        if filled.slot == Slot::Chain {
            for clause in &mut self.clauses {
                clause.filled.retain(|f| f.slot != Slot::Chain);
            }
            at = 0;
        }
        let clause = &mut self.clauses[at];
        if let (Slot::Part, false, Some(Value::Funds(old))) = (
            filled.slot,
            of_it,
            clause.filled.iter_mut().find(|f| f.slot == Slot::Give).map(|f| &mut f.value),
        ) {
            // “USDC, 500”: the amount said apart takes the place of the one before.
            (old.how, old.amount) = (How::Unsaid, Vec::new());
            old.answered(None, old.token_answer().cloned());
        }
        if let (Value::Funds(new), Some(old)) = (&filled.value, clause.funds(filled.slot).cloned()) {
            filled.value = Value::Funds(completed(new, &old));
        }
        if filled.slot == Slot::Give {
            clause.filled.retain(|f| {
                !matches!(f.slot, Slot::Part | Slot::Except | Slot::Cap)
                    || matches!(&filled.value, Value::Funds(s) if s.how == How::Unsaid)
            });
        }
        clause.set(filled);
    }

    /// Where the value stands that a correction takes away: “change ETH to LINK”.
    fn replaced(&self, new: &Value, was: &[Filled]) -> Option<(usize, Slot)> {
        let fits = |old: &Value, gone: &Value| match (old, gone, new) {
            (Value::Funds(old), Value::Funds(gone), Value::Funds(new)) => {
                gone.thing != Thing::Unsaid && gone.thing == old.thing && new.thing != Thing::Unsaid
                    || gone.how != How::Unsaid && gone.how == old.how && new.how != How::Unsaid
            }
            (Value::Place(old), Value::Place(gone), Value::Place(_)) => old == gone,
            (Value::Who(old), Value::Who(gone), Value::Who(_)) => old == gone,
            _ => false,
        };
        self.clauses.iter().enumerate().rev().find_map(|(at, clause)| {
            let found = clause.filled.iter().find(|f| was.iter().any(|w| fits(&f.value, &w.value)))?;
            Some((at, found.slot))
        })
    }

    /// Puts a typed answer into its role.
    pub(crate) fn answered(&mut self, mut filled: Filled, target: usize) {
        let correction = filled.slot == Slot::Chain && !self.is_open(Field::Chain);
        if correction {
            self.clauses.iter_mut().for_each(|c| c.filled.retain(|f| f.slot != Slot::Chain));
        }
        let target = if correction { 0 } else { target };
        let Some(clause) = self.clauses.get_mut(target) else { return };
        let answer = filled.answer.clone();
        if let Value::Funds(said) = &mut filled.value {
            let amount = answer.clone().filter(|_| said.how != How::Unsaid);
            said.answered(amount, answer.filter(|_| said.thing != Thing::Unsaid));
        }
        if let (Value::Funds(new), Some(old)) = (&filled.value, clause.funds(filled.slot).cloned()) {
            filled.value = Value::Funds(completed(new, &old));
        }
        if filled.slot == Slot::Give {
            let counted = matches!(&filled.value, Value::Funds(s) if s.how != How::Unsaid);
            clause.filled.retain(|f| !counted || !matches!(f.slot, Slot::Part | Slot::Except | Slot::Cap));
        }
        clause.set(filled);
        self.settle();
        self.confirmed = false;
    }
}

/// Whether a word is written as symbols of tokens are: in capitals.
fn is_symbol(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|w| w.len() > 1).any(|w| w.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()))
}

/// Whether the word before a place says that it is left: “from Base”.
fn leaves(text: &str, place: &Filled) -> bool {
    let start = place.spans.first().map_or(0, |s| s.start as usize);
    let before = text.get(..start).unwrap_or_default().split_whitespace().next_back().unwrap_or_default();
    ["from", "of", "off", "leaving", "source", "origin", "the"].iter().any(|w| before.eq_ignore_ascii_case(w))
}
