//! Bounds: slippage, what must come out, what may go in, gas, time.

use super::{Binder, put, source};
use crate::chunk::How;
use crate::clause::{Clause, Filled, Value};
use crate::decimal::Decimal;
use crate::frame::Slot;
use crate::intent::{Action, ActionKind, Role};
use crate::problem::ask;
use crate::quantity::Money;
use crate::question::{Field, Reason};

impl Binder<'_> {
    pub(super) fn limits(&mut self, clause: &Clause, action: &mut Action) {
        let wraps = matches!(action.kind, ActionKind::Wrap | ActionKind::Unwrap);
        for filled in &clause.filled {
            match (filled.slot, &filled.value) {
                (Slot::MaxSlippage | Slot::MinOut | Slot::MaxIn, _)
                    if wraps || action.kind != ActionKind::Swap =>
                {
                    self.no_such_bound(filled);
                }
                (Slot::MaxSlippage, Value::Percent(p)) => {
                    if p.is_zero() || *p >= Decimal::new(100, 0) {
                        let label = format!("A slippage of {p}% cannot be kept. How much may it be?");
                        self.problem(ask(Field::Amount, Reason::Invalid, label).with_spans(&filled.spans));
                    }
                    put(action, Role::MaxSlippage, format!("{p}%"), source(filled));
                }
                (Slot::Deadline, Value::Time(n, _)) if n.is_zero() => self.no_such_bound(filled),
                (Slot::MaxGas, Value::Money(Money::Usd(n) | Money::Gwei(n) | Money::Token(n, _)))
                    if n.is_zero() =>
                {
                    self.no_such_bound(filled);
                }
                (Slot::Deadline, Value::Time(n, unit)) => {
                    put(action, Role::Deadline, format!("{n}{unit}"), source(filled));
                }
                (Slot::MaxGas, Value::Money(money)) => {
                    let value = self.money(*money);
                    put(action, Role::MaxGas, value, source(filled));
                }
                (Slot::MinOut, _) => self.bound(filled, action, Role::TokenOut, Role::MinOut),
                (Slot::MaxIn, _) => self.bound(filled, action, Role::TokenIn, Role::MaxIn),
                _ => {}
            }
        }
    }

    fn money(&self, money: Money) -> String {
        match money {
            Money::Usd(n) => format!("${n}"),
            Money::Gwei(n) => format!("{n} gwei"),
            Money::Token(n, name) => {
                let entry = &self.lexicon.names[usize::from(name)];
                let index = self.chain_id().and_then(|c| self.lexicon.chain(&c)).map_or(0, usize::from);
                let token = entry.tokens.get(index).filter(|&&t| t != crate::names::NONE);
                let token = token.or_else(|| entry.tokens.iter().find(|&&t| t != crate::names::NONE));
                let symbol =
                    token.map_or("", |&t| self.lexicon.vocabulary.tokens[usize::from(t)].symbol.as_str());
                format!("{n} {symbol}")
            }
        }
    }

    /// A least or most amount, which must be in the token of that side.
    fn bound(&mut self, filled: &Filled, action: &mut Action, side: Role, role: Role) {
        let Value::Funds(said) = &filled.value else { return };
        let chain = self.chain_id();
        let named = self.token_on(&said.thing, Field::TokenOut, chain.as_deref()).ok().flatten();
        let fits = named.is_none() && said.thing == crate::clause::Thing::Unsaid
            || named.as_deref() == action.get(side);
        let value = match said.how {
            How::Exact(n) => n.to_string(),
            How::Usd(n) => format!("${n}"),
            How::Either(..) => {
                let label = "That number can be read in two ways. Which one do you mean?".to_owned();
                return self
                    .problem(ask(Field::NumberFormat, Reason::Ambiguous, label).with_spans(&filled.spans));
            }
            _ => return self.no_such_bound(filled),
        };
        if !fits {
            return self.no_such_bound(filled);
        }
        if action.get(role).is_some() {
            let label = "The limit was said twice. What should it be?".to_owned();
            return self
                .problem(ask(Field::Unexplained, Reason::Unexplained, label).with_spans(&filled.spans));
        }
        let from = match &filled.answer {
            Some(_) => source(filled),
            None => super::from(&filled.spans, filled),
        };
        put(action, role, value, from);
    }

    fn no_such_bound(&mut self, filled: &Filled) {
        let label = "I could not place this limit. What should it hold for?".to_owned();
        self.problem(ask(Field::Unexplained, Reason::Unexplained, label).with_spans(&filled.spans));
    }
}
