//! Which role a value belongs to that was said without a word that gives it one.
//!
//! What comes in: the value and the action it may correct. What goes out: its role, or the fields of the two values it
//! could replace, which are then asked about.

use super::*;

impl Talk {
    /// The fields a bare value could replace alike: “DAI instead”, where a token is sold and another bought.
    pub(super) fn either(&self, filled: &Filled, at: usize, lexicon: &Lexicon) -> Option<Vec<Field>> {
        let clause = self.clauses.get(at)?;
        let bridges = self.clauses.iter().any(|c| c.get(Slot::ToChain).is_some());
        let action = lexicon.senses[usize::from(clause.sense)].action;
        if filled.slot == Slot::Chain && bridges && action != ActionKind::Bridge && self.open.is_empty() {
            // “bridge … and lend it”, then “on Arbitrum”: here or there?
            return Some(vec![Field::Chain, Field::ToChain]);
        }
        if !filled.bare {
            return None;
        }
        let sense = &lexicon.senses[usize::from(clause.sense)];
        let named =
            |slot: Slot| clause.funds(slot).is_some_and(|s| s.thing != Thing::Unsaid && s.base != Base::It);
        let asked = |fields: &[Field]| self.torn.is_none() && fields.iter().any(|f| self.is_open(*f));
        let (one, other, fields): (bool, bool, &[Field]) = match (&filled.value, sense.action) {
            (Value::Funds(said), ActionKind::Swap)
                if alone(said) && Self::said_last(clause, said).is_none() || strange(said, clause) =>
            {
                (named(Slot::Give), named(Slot::Take), &[Field::TokenIn, Field::TokenOut])
            }
            (Value::Funds(said), ActionKind::Borrow) if alone(said) => {
                (named(Slot::Give), named(Slot::Collateral), &[Field::Token])
            }
            (Value::Place(_), ActionKind::Bridge) if matches!(filled.slot, Slot::Chain | Slot::ToChain) => {
                let said = |slot: Slot| clause.place(slot).is_some();
                (said(Slot::Chain), said(Slot::ToChain), &[Field::Chain, Field::ToChain])
            }
            (Value::Place(_), _) if sense.id == "relocate" && filled.slot == Slot::Venue => {
                let said = |slot: Slot| clause.place(slot).is_some();
                (said(Slot::Venue), said(Slot::ToVenue), &[Field::Venue])
            }
            (Value::Funds(said), _) if alone(said) && self.open.is_empty() => {
                // “DAI instead”, where two actions name a token each.
                let given = |c: &&Clause| {
                    c.funds(Slot::Give).is_some_and(|s| s.thing != Thing::Unsaid && s.base != Base::It)
                };
                let named = self.clauses.iter().filter(given).count();
                let several = named > 1 || named == 1 && !given(&clause);
                (several, several, &[Field::Token])
            }
            _ => return None,
        };
        (one && other && !asked(fields)).then(|| fields.to_vec())
    }

    /// With both sides of a swap exact, the one that is said again is the one that counts.
    pub(super) fn one_side(&mut self, filled: &Filled, at: usize) {
        let other = match filled.slot {
            Slot::Give => Slot::Take,
            Slot::Take => Slot::Give,
            _ => return,
        };
        let counted = |f: &Filled| matches!(&f.value, Value::Funds(s) if s.how != How::Unsaid);
        let clause = &mut self.clauses[at];
        let both = [Slot::Give, Slot::Take].into_iter().all(|s| clause.get(s).is_some_and(counted));
        if let (true, true, Some(old)) =
            (both, counted(filled), clause.filled.iter_mut().find(|f| f.slot == other))
            && let Value::Funds(said) = &mut old.value
        {
            (said.how, said.amount) = (How::Unsaid, Vec::new());
        }
    }

    /// The side of a swap that the turn before this one said alone: what comes right after corrects that.
    fn said_last(clause: &Clause, said: &Said) -> Option<Slot> {
        let turn = said.token.first()?.turn.checked_sub(1)?;
        let named = |slot: Slot| clause.funds(slot).is_some_and(|s| s.thing != Thing::Unsaid);
        if !named(Slot::Give) || !named(Slot::Take) {
            return None;
        }
        let spoken = |slot: Slot| Some(clause.funds(slot)?.token.first()?.turn);
        match (spoken(Slot::Give)?, spoken(Slot::Take)?) {
            (give, take) if give == turn && take < turn => Some(Slot::Give),
            (give, take) if take == turn && give < turn => Some(Slot::Take),
            _ => None,
        }
    }

    /// The questions of a correction that could replace either of two values, beside those that are open anyway.
    pub(super) fn torn_between(&self, open: &[Problem]) -> Vec<Problem> {
        let Some((clause, fields)) = &self.torn else { return Vec::new() };
        let label = |field: Field| match field {
            Field::TokenIn => "Is that the token you pay with? Which one should be sold?",
            Field::TokenOut => "Is that the token you get? Which one should be bought?",
            Field::Chain => "Is that the chain it starts from? Which one should that be?",
            Field::ToChain => "Is that the chain it goes to? Which one should that be?",
            Field::Recipient => "Who should receive it?",
            Field::Unexplained => "Which of the actions is that said of?",
            Field::Amount => "How much should each of them get?",
            Field::Venue => "Is that where it comes from or where it goes? Which venue should it be?",
            _ => "Is that the token itself or its collateral? Which token should it be?",
        };
        let missing = |f: &&Field| !open.iter().any(|p| p.question.field == **f);
        let question = |f: &Field| ask(*f, Reason::Ambiguous, label(*f).to_owned());
        fields.iter().filter(missing).map(|f| Problem { question: question(f), clause: *clause }).collect()
    }

    /// Which side of a swap a token or amount belongs to.
    pub(super) fn side(&self, said: &Said, was: &[Filled], at: usize) -> Slot {
        let clause = &self.clauses[at];
        let replaced = |slot: Slot| {
            was.iter().any(|w| match (&w.value, clause.funds(slot)) {
                (Value::Funds(old), Some(now)) => old.thing != Thing::Unsaid && old.thing == now.thing,
                _ => false,
            })
        };
        if replaced(Slot::Take) {
            return Slot::Take;
        }
        let same = |slot: Slot| {
            clause.funds(slot).is_some_and(|s| s.thing != Thing::Unsaid && s.thing == said.thing)
        };
        if said.how != How::Unsaid && same(Slot::Take) && !same(Slot::Give) {
            return Slot::Take;
        }
        let out_exact = clause.funds(Slot::Take).is_some_and(|s| matches!(s.how, How::Exact(_)))
            && clause.funds(Slot::Give).is_none_or(|s| s.how == How::Unsaid);
        let counted = said.thing != Thing::Unsaid && said.how != How::Unsaid;
        if replaced(Slot::Give) || counted && (!out_exact || same(Slot::Give)) {
            return Slot::Give;
        }
        if counted && !self.is_open(Field::Amount) {
            return Slot::Take;
        }
        if said.thing == Thing::Unsaid {
            return if out_exact { Slot::Take } else { Slot::Give };
        }
        if let Some(slot) = Self::said_last(clause, said).filter(|_| alone(said)) {
            return slot;
        }
        let open_in = self.is_open(Field::TokenIn);
        // A token alone, with nothing open, is what one would rather get.
        if !open_in && (self.open.is_empty() || self.is_open(Field::TokenOut)) {
            Slot::Take
        } else {
            Slot::Give
        }
    }
}

/// A token without an amount.
fn alone(said: &Said) -> bool {
    said.thing != Thing::Unsaid && said.how == How::Unsaid
}

/// A counted token that is on neither side, where the count is that of what is bought: “200 DAI”.
fn strange(said: &Said, clause: &Clause) -> bool {
    let side = |slot: Slot| clause.funds(slot).filter(|s| s.thing != Thing::Unsaid);
    let (Some(give), Some(take)) = (side(Slot::Give), side(Slot::Take)) else { return false };
    let exact = matches!(take.how, How::Exact(_)) && give.how == How::Unsaid;
    exact
        && said.thing != Thing::Unsaid
        && said.how != How::Unsaid
        && said.thing != give.thing
        && said.thing != take.thing
}
