//! What secures a loan: a token that is named, or what was just supplied.

use super::{Binder, put, rule, token_source};
use crate::chunk::{Base, How};
use crate::clause::{Clause, Filled, Value};
use crate::frame::Slot;
use crate::intent::{Action, ActionKind, Role};
use crate::problem::{ask, chain_name, venue_name};
use crate::question::{Field, Reason};

impl Binder<'_> {
    pub(super) fn collateral(&mut self, clause: &Clause, kind: ActionKind, action: &mut Action) {
        let Some(filled) = clause.get(Slot::Collateral) else { return };
        let Value::Funds(said) = &filled.value else { return };
        if kind == ActionKind::Repay {
            let paid = self.token_on(&said.thing, Field::Token, self.chain_id().as_deref()).ok().flatten();
            if paid.as_deref() != action.get(Role::Token) {
                let label = "A debt can only be repaid in its own token.".to_owned();
                self.problem(ask(Field::Unsupported, Reason::Invalid, label).with_spans(&filled.spans));
            }
            return;
        }
        if kind != ActionKind::Borrow {
            return;
        }
        if said.how != How::Unsaid && said.how != How::All {
            let label = "Collateral is not taken by amount: deposit it first.".to_owned();
            self.problem(ask(Field::Unexplained, Reason::Unexplained, label).with_spans(&filled.spans));
        }
        if said.base == Base::It {
            self.supplied(filled, action);
            return;
        }
        let chain = self.chain_id();
        if let Some(token) = self.token_in_context(said, Field::Token, chain.as_deref()) {
            put(action, Role::Collateral, token, token_source(said, filled));
        }
    }

    /// What was just supplied is what the loan is taken against: a position secures loans of its own market alone.
    fn supplied(&mut self, filled: &Filled, action: &mut Action) {
        let deposit = self.out.actions.iter().rev().find(|a| a.kind == ActionKind::Deposit);
        let differs = |role| {
            let there = deposit?.get(role)?;
            action.get(role).filter(|here| *here != there).map(|here| (there.to_owned(), here.to_owned()))
        };
        let apart = differs(Role::Chain)
            .map(|(there, here)| (chain_name(self.lexicon, &there), chain_name(self.lexicon, &here)))
            .or_else(|| {
                differs(Role::Venue)
                    .map(|(t, h)| (venue_name(self.lexicon, &t), venue_name(self.lexicon, &h)))
            });
        let token = deposit.and_then(|a| a.get(Role::Token)).map(str::to_owned);
        let (reason, label) = match (token, apart) {
            (Some(token), None) => {
                return put(action, Role::Collateral, token, rule("token_of_output", &filled.spans));
            }
            (Some(token), Some((there, here))) => (
                Reason::Invalid,
                format!(
                    "{token} supplied on {there} cannot secure a loan on {here}. Which token there is the collateral?"
                ),
            ),
            (None, _) => (Reason::Ambiguous, "Which token is the collateral?".to_owned()),
        };
        self.problem(ask(Field::Token, reason, label).with_spans(&filled.spans));
    }
}
