//! Lending: deposit, withdraw, borrow, repay, and moving from one market to another.

use super::{Binder, Owner, amount_source, put, rule, source, token_source};
use crate::chunk::{Base, How};
use crate::clause::{Clause, Filled, Said, Thing, Value, Where};
use crate::frame::Slot;
use crate::intent::{Action, ActionKind, Role};
use crate::problem::{ask, near_first, venues};
use crate::question::{Choice, Field, Reason};
use crate::source::Source;

impl Binder<'_> {
    pub(super) fn lend(&mut self, clause: &Clause, kind: ActionKind, sense: &str) {
        if sense == "optimize" && clause.get(Slot::Target).is_none() {
            return self.optimize(clause);
        }
        if sense == "repay_towards" && clause.get(Slot::Debt).is_none() {
            // “pay 20 USDC on Aave” names no debt, and nobody who is paid.
            let label = "Is a debt repaid, or somebody paid? Which debt, or whom?".to_owned();
            self.problem(ask(Field::Unexplained, Reason::Missing, label).with_spans(&clause.verb));
        }
        let mut action = self.start(kind);
        let venue = self.lending_venue(clause, kind);
        if let Some((venue, from)) = venue {
            put(&mut action, Role::Venue, venue, from);
        }
        let output = self.funds(clause, kind, &mut action);
        self.collateral(clause, kind, &mut action);
        if clause.get(Slot::AsCollateral).is_some() {
            let spans = clause.get(Slot::AsCollateral).map(|f| f.spans.clone()).unwrap_or_default();
            put(&mut action, Role::As, "collateral".into(), Source::Words(spans));
        }
        self.finish(clause, action);
        if matches!(kind, ActionKind::Withdraw | ActionKind::Borrow) {
            self.outputs(output.unwrap_or_default());
        }
    }

    /// A goal without an objective asks what it aims at; its amount waits.
    fn optimize(&mut self, clause: &Clause) {
        let mut action = self.start(ActionKind::Deposit);
        if let Some((venue, from)) = self.lending_venue(clause, ActionKind::Deposit) {
            put(&mut action, Role::Venue, venue, from);
        }
        let (said, filled) = self.given(clause).unwrap_or_else(nothing);
        match self.token_in_context(&said, Field::Token, self.chain_id().as_deref()) {
            Some(token) => put(&mut action, Role::Token, token, token_source(&said, &filled)),
            None => {
                self.problem(ask(Field::Token, Reason::Missing, "Which token is the position in?".into()));
            }
        }
        let choice = |value: &str, label: &str| Choice { value: value.into(), label: label.into() };
        let options = vec![choice("maximize_apy", "Maximize APY"), choice("reduce_risk", "Reduce risk")];
        let question = ask(Field::Target, Reason::Missing, "What should the position aim at?".into());
        self.problem(question.with_options(options));
        self.finish(clause, action);
    }

    /// The token and amount of a lending action, a transfer, a bridge or a wrap.
    pub(super) fn funds(&mut self, clause: &Clause, kind: ActionKind, action: &mut Action) -> Option<String> {
        let implied =
            clause.get(Slot::Give).is_none() && clause.get(Slot::Part).is_none() && self.implied_output();
        let (mut said, filled) = self.given(clause).unwrap_or_else(nothing);
        if implied {
            (said.how, said.base) = (How::All, Base::It);
        }
        if kind == ActionKind::Borrow
            && matches!(
                said.how,
                How::All | How::Percent(_) | How::Fraction(..) | How::AtMost(_) | How::AllBut(_)
            )
            && said.base != Base::It
        {
            let label = "Borrowing needs an exact amount. How much should it be?".to_owned();
            self.problem(ask(Field::Amount, Reason::Invalid, label).with_spans(&said.amount));
            said.how = How::Unsaid;
        }
        let token = self.lent_token(&said, kind);
        if let Some(token) = &token {
            put(action, Role::Token, token.clone(), token_source(&said, &filled));
        }
        if let (Some(debt), Some(filled)) = (clause.funds(Slot::Debt), clause.get(Slot::Debt)) {
            self.debt(debt, filled, token.as_deref(), action);
        }
        let position = matches!(kind, ActionKind::Withdraw | ActionKind::Repay | ActionKind::Borrow);
        let owner = Owner { verb: Some(kind.as_str()), position };
        // A debt is one thing; what is repaid with an output is that output.
        if kind != ActionKind::Repay {
            said.debt = false;
        }
        if position
            && said.base == Base::Unsaid
            && said.thing == Thing::Unsaid
            && kind != ActionKind::Repay
            && said.how == How::All
        {
            said.base = Base::Mine;
        }
        let already = self
            .out
            .problems
            .iter()
            .any(|p| p.question.field == Field::Amount && p.question.action == self.out.actions.len());
        if !already && let Some(amount) = self.amount(&said, token.as_deref(), owner) {
            put(action, Role::Amount, amount.to_string(), amount_source(&said, &filled));
        }
        token
    }

    /// The debt that given funds reduce must be in their token.
    fn debt(&mut self, debt: &Said, filled: &Filled, token: Option<&str>, action: &mut Action) {
        let chain = self.chain_id();
        if !matches!(debt.how, How::Unsaid | How::All) {
            let label = "How much should be repaid: what is given, or what is owed?".to_owned();
            self.problem(ask(Field::Amount, Reason::Ambiguous, label).with_spans(&debt.amount));
        }
        let Some(owed) = self.token_in_context(debt, Field::Token, chain.as_deref()) else { return };
        if token.is_some_and(|t| t != owed) {
            let label = format!("A {owed} debt can only be repaid in {owed}.");
            self.problem(ask(Field::Unsupported, Reason::Invalid, label).with_spans(&filled.spans));
        } else {
            put(action, Role::Token, owed, token_source(debt, filled));
        }
    }

    fn lent_token(&mut self, said: &Said, kind: ActionKind) -> Option<String> {
        if said.thing == Thing::Unsaid && self.open_output(said) && said.how != How::Unsaid {
            return None;
        }
        let position = matches!(kind, ActionKind::Withdraw | ActionKind::Borrow);
        let token = if said.how == How::Unsaid || position && said.base != Base::It {
            let chain = self.chain_id();
            self.token_in_context(said, Field::Token, chain.as_deref())
        } else {
            self.given_token(said, Field::Token)
        };
        if token.is_none() && said.thing == Thing::Unsaid {
            let label = match said.how {
                How::Exact(n) => format!("Which token are the {n} in?"),
                How::Usd(n) => format!("Which token should the ${n} be in?"),
                _ => format!("Which token should I {}?", kind.as_str()),
            };
            self.problem(ask(Field::Token, Reason::Missing, label).with_spans(&said.amount));
        }
        token
    }

    /// An object left out right after an action is its output.
    pub(super) fn implied_output(&self) -> bool {
        self.outputs.list.last().is_some_and(|o| usize::from(o.step) == self.out.actions.len() || o.step == 0)
    }

    /// The venue of a lending action: said, or that of the lending action before. There is no default.
    fn lending_venue(&mut self, clause: &Clause, kind: ActionKind) -> Option<(String, Source)> {
        let adjective = [Slot::Debt, Slot::Give].into_iter().find_map(|slot| clause.funds(slot)?.venue);
        if let Some(filled) = clause.get(Slot::Venue) {
            let Value::Place(place) = &filled.value else { return None };
            return self.venue_of(place, filled, kind);
        }
        if let Some((name, span)) = adjective {
            let filled = Filled {
                slot: Slot::Venue,
                value: Value::Flag,
                spans: vec![span],
                bare: false,
                answer: None,
            };
            return self.venue_of(&Where::Name(name), &filled, kind);
        }
        let inherited = self
            .venue
            .clone()
            .filter(|(_, _, before)| !(kind == ActionKind::Deposit && *before == ActionKind::Withdraw));
        if let Some((venue, from, _)) = inherited {
            self.venue = Some((venue.clone(), from.clone(), kind));
            return Some((venue, rule("venue_said_before", super::source_spans(&from))));
        }
        let said = self.given(clause).map(|(s, _)| s);
        let token = said.and_then(|s| match s.thing {
            Thing::Name(_) => {
                self.token_on(&s.thing, Field::Token, self.chain_id().as_deref()).ok().flatten()
            }
            _ => None,
        });
        let what = token.unwrap_or_else(|| "it".into());
        let label = match kind {
            ActionKind::Deposit => format!("Where should {what} be lent?"),
            ActionKind::Withdraw => format!("From which venue should {what} be withdrawn?"),
            ActionKind::Borrow => format!("From which venue should {what} be borrowed?"),
            _ => format!("On which venue is the {what} debt to be repaid?"),
        };
        self.problem(ask(Field::Venue, Reason::Missing, label).with_options(venues(self.lexicon, kind)));
        None
    }

    pub(super) fn venue_of(
        &mut self,
        place: &Where,
        filled: &Filled,
        kind: ActionKind,
    ) -> Option<(String, Source)> {
        let lexicon = self.lexicon;
        let known = match place {
            Where::Name(name) => lexicon.names[usize::from(*name)].venue,
            _ => None,
        };
        if let Some(venue) = known.map(|v| &lexicon.vocabulary.venues[usize::from(v)])
            && venue.actions.contains(&kind)
        {
            let from = source(filled);
            if !matches!(kind, ActionKind::Swap | ActionKind::Bridge) {
                self.venue = Some((venue.id.clone(), from.clone(), kind));
            }
            return Some((venue.id.clone(), from));
        }
        let mut options = venues(lexicon, kind);
        let (reason, label) = match (place, known) {
            (_, Some(v)) => {
                let name = &lexicon.vocabulary.venues[usize::from(v)].name;
                (Reason::Invalid, format!("{name} has no {}. Which venue should it be?", kind.as_str()))
            }
            (Where::Unknown(said), _) => {
                let (near, hint) = near_first(said, options);
                options = near;
                (Reason::Unknown, format!("`{said}` is not a venue I know.{hint} Which one should it be?"))
            }
            (Where::Either(said), _) => {
                (Reason::Ambiguous, format!("You named two venues (“{said}”). Which one should it be?"))
            }
            (Where::Open, _) => (Reason::Missing, "Which venue should it be?".to_owned()),
            (Where::Name(_), None) => {
                (Reason::Invalid, "That venue is not supported. Which one should it be?".to_owned())
            }
        };
        let question = ask(Field::Venue, reason, label).with_options(options).with_spans(&filled.spans);
        self.problem(question);
        None
    }

    /// “Move 5000 USDC from Aave to Morpho”: withdraw, bridge if the chains differ, deposit.
    pub(super) fn relocate(&mut self, clause: &Clause) {
        let mut withdraw = self.start(ActionKind::Withdraw);
        if let Some((venue, from)) = self.lending_venue(clause, ActionKind::Withdraw) {
            put(&mut withdraw, Role::Venue, venue, from);
        }
        let token = self.funds(clause, ActionKind::Withdraw, &mut withdraw);
        let spans = clause.get(Slot::Give).map(|f| f.spans.clone()).unwrap_or_default();
        let step = self.out.actions.len() + 1;
        let target = clause.get(Slot::ToVenue);
        let found = target.and_then(|filled| match &filled.value {
            Value::Place(place) => self.venue_of(place, filled, ActionKind::Deposit),
            _ => None,
        });
        self.finish(clause, withdraw);
        let passes_on = |action: &mut Action, step: usize| {
            if let Some(token) = &token {
                put(action, Role::Token, token.clone(), rule("token_of_output", &spans));
            }
            put(action, Role::Amount, format!("step{step}"), rule("output_of_step", &spans));
        };
        let mut last = step;
        if let Some(Ok((to, from))) = self.named_chain(clause, Slot::ToChain)
            && self.chain_id().as_deref() != Some(to.as_str())
        {
            let mut bridge = self.start(ActionKind::Bridge);
            put(&mut bridge, Role::ToChain, to.clone(), from.clone());
            put(&mut bridge, Role::Venue, "across".into(), rule("default_venue", &[]));
            passes_on(&mut bridge, step);
            self.out.actions.push(sorted(bridge));
            self.chain = Some((to, from));
            last += 1;
        }
        let mut deposit = self.start(ActionKind::Deposit);
        let origin = self.out.actions.get(step - 1).and_then(|a| a.get(Role::Venue));
        if last == step && origin.is_some() && origin == found.as_ref().map(|(venue, _)| venue.as_str()) {
            let label = "Both ends of that move are the same venue. Where should it go?".to_owned();
            let said = target.map(|f| f.spans.clone()).unwrap_or_default();
            self.problem(ask(Field::Venue, Reason::Invalid, label).with_spans(&said));
        }
        if let Some((venue, from)) = found {
            put(&mut deposit, Role::Venue, venue, from);
        }
        passes_on(&mut deposit, last);
        self.out.actions.push(sorted(deposit));
    }
}

fn sorted(mut action: Action) -> Action {
    action.values.sort_by_key(|(role, _)| *role);
    action
}

fn nothing() -> (Said, Filled) {
    (
        Said::default(),
        Filled { slot: Slot::Give, value: Value::Flag, spans: Vec::new(), bare: false, answer: None },
    )
}
