//! Swaps, and the swaps that are wraps.

use super::{Binder, Owner, amount_source, merged, put, rule, token_source};
use crate::chunk::{Base, How};
use crate::clause::{Clause, Filled, Said, Thing, Value};
use crate::frame::Slot;
use crate::intent::{ActionKind, Role};
use crate::problem::ask;
use crate::question::{Field, Reason};
use crate::source::Source;

impl Binder<'_> {
    pub(super) fn swap(&mut self, clause: &Clause, buy: bool) {
        let mut action = self.start(ActionKind::Swap);
        self.venue_or_default(clause, &mut action, "uniswap_v3");
        let missing = || {
            (
                Said::default(),
                Filled { slot: Slot::Give, value: Value::Flag, spans: Vec::new(), bare: false, answer: None },
            )
        };
        let said_give = self.given(clause);
        let implied = said_give.is_none() && self.implied_output();
        let (mut give, give_filled) = said_give.unwrap_or_else(missing);
        if implied {
            (give.how, give.base) = (How::All, Base::It);
        }
        let (mut take, take_filled) = match clause.get(Slot::Take) {
            Some(filled) => match &filled.value {
                Value::Funds(said) => (said.clone(), filled.clone()),
                _ => missing(),
            },
            None => missing(),
        };
        // “amount_out: 1”
        if let (Some(more), How::Unsaid) = (clause.funds(Slot::TakePart), take.how) {
            (take.how, take.amount) = (more.how, more.amount.clone());
        } else if clause.get(Slot::TakePart).is_some() {
            take.how = How::Vague;
        }
        // “usdc→eth 100”: of which side?
        if let (How::Exact(_), Some(token), Some(amount), None) =
            (take.how, take.token.first(), take.amount.first(), clause.get(Slot::TakePart))
            && token.turn == amount.turn
            && token < amount
        {
            take.how = How::Vague;
        }
        // “swap USDC to ETH, 100”: the same question.
        if let (Some(part), How::Exact(_)) = (clause.get(Slot::Part), give.how)
            && part.bare
            && !take_filled.bare
            && part.spans.first() > take_filled.spans.first()
        {
            give.how = How::Vague;
        }
        let mut max_in = None;
        // “buy 1 ETH with at most 3000 USDC”
        if let (How::AtMost(n), How::Exact(_)) = (give.how, take.how) {
            max_in = Some((n, give.amount.clone()));
            give.how = How::Unsaid;
        }
        // “sell enough LINK for 500 USDC”
        if let (How::Enough, How::Exact(_)) = (give.how, take.how) {
            give.how = How::Unsaid;
        }
        // “$100 of ETH” bought is what may be spent.
        if let (How::Usd(_), How::Unsaid) = (take.how, give.how) {
            (give.how, give.amount) = (take.how, take.amount.clone());
            take.how = How::Unsaid;
        }
        let wanted = self.token_on(&take.thing, Field::TokenOut, self.chain_id().as_deref()).ok().flatten();
        let token_in = self.swap_token(&give, Field::TokenIn, described(&take, wanted.as_deref()));
        let token_out = self.swap_token(&take, Field::TokenOut, described(&give, token_in.as_deref()));
        if let Some(token) = &token_in {
            put(&mut action, Role::TokenIn, token.clone(), token_source(&give, &give_filled));
        }
        if let Some(token) = &token_out {
            put(&mut action, Role::TokenOut, token.clone(), token_source(&take, &take_filled));
        }
        if let (Some(a), Some(b)) = (&token_in, &token_out)
            && a == b
        {
            let label = format!("{a} cannot be swapped to itself. Which token should it become?");
            self.problem(ask(Field::TokenOut, Reason::Invalid, label).with_spans(&take_filled.spans));
        }
        if let Thing::Name(name) = take.thing {
            let plunge = matches!(
                self.lexicon.senses[usize::from(clause.sense)].id.as_str(),
                "ape" | "arrow" | "spend" | "split_swap"
            );
            // “no, to UNI”, where a token stood before: a token.
            let replaces = matches!(
                (take.token.first(), give.token.first()),
                (Some(t), Some(g)) if t.turn > g.turn && self.lexicon.senses[usize::from(clause.sense)].id == "arrow"
            );
            if plunge && !replaces && self.lexicon.names[usize::from(name)].venue.is_some() {
                let label = "Is the token meant, and not the venue of that name?".to_owned();
                self.problem(ask(Field::Confirm, Reason::Confirm, label).with_spans(&take_filled.spans));
            }
        }
        if let (Thing::Name(name), "arrow") =
            (&take.thing, self.lexicon.senses[usize::from(clause.sense)].id.as_str())
        {
            let entry = &self.lexicon.names[usize::from(*name)];
            let native = token_out
                .as_ref()
                .is_some_and(|t| self.lexicon.vocabulary.chains.iter().any(|c| c.native == *t));
            if entry.chain.is_some() && !native {
                let label =
                    "Is the token meant, or the chain of that name? Which token should it become?".to_owned();
                self.problem(ask(Field::TokenOut, Reason::Ambiguous, label).with_spans(&take_filled.spans));
            }
        }
        let owner = Owner { verb: Some(if buy { "spend" } else { "swap" }), position: false };
        let out = token_out.as_deref();
        match (take.how, give.how) {
            (How::AtLeast(n), _) => {
                self.out_bound(n, &take, out);
                let source = amount_source(&take, &take_filled);
                put(&mut action, Role::MinOut, n.to_string(), source);
                self.amount_in(&give, &give_filled, token_in.as_deref(), owner, &mut action);
            }
            (How::Exact(n), How::Unsaid) if give.base != Base::The && give.base != Base::It => {
                if let Some(question) = self.sanity(take.how, out) {
                    self.problem(question.with_spans(&take.amount));
                }
                put(&mut action, Role::AmountOut, n.to_string(), amount_source(&take, &take_filled));
                if take.approx {
                    let text = "“About” was read as exactly that much.".to_owned();
                    self.out.notes.push(crate::intent::Note { code: "approximate_amount".into(), text });
                }
                if let Some((most, spans)) = max_in {
                    put(&mut action, Role::MaxIn, most.to_string(), Source::Words(spans));
                }
            }
            (How::Either(..) | How::Vague, How::Unsaid) => {
                self.amount(&take, out, owner);
            }
            (How::Unsaid, _) => self.amount_in(&give, &give_filled, token_in.as_deref(), owner, &mut action),
            _ => {
                let label = "Both sides have an amount. Which one should be exact?".to_owned();
                let spans = merged(&take.amount, &give.amount);
                self.problem(ask(Field::Amount, Reason::Ambiguous, label).with_spans(&spans));
            }
        }
        let amount_out = action.get(Role::AmountOut).is_some();
        if clause.get(Slot::MaxIn).is_some() && !amount_out {
            let label =
                "A limit on what is spent needs an exact amount to buy. How much should it be?".to_owned();
            self.problem(ask(Field::Amount, Reason::Ambiguous, label));
        }
        if self.native_pair(&mut action, token_in.as_deref(), token_out.as_deref()) {
            self.finish(clause, action);
            self.outputs(token_out.unwrap_or_default());
            return;
        }
        self.recipient(clause, &mut action, false);
        let kept = action.get(Role::Recipient).is_none();
        self.finish(clause, action);
        if kept {
            self.outputs(token_out.unwrap_or_default());
        }
    }

    fn amount_in(
        &mut self,
        give: &Said,
        filled: &Filled,
        token: Option<&str>,
        owner: Owner<'_>,
        action: &mut crate::intent::Action,
    ) {
        if let Some(amount) = self.amount(give, token, owner) {
            put(action, Role::AmountIn, amount.to_string(), amount_source(give, filled));
        }
    }

    fn out_bound(&mut self, n: crate::decimal::Decimal, take: &Said, out: Option<&str>) {
        if let Some(question) = self.sanity(How::Exact(n), out) {
            self.problem(question.with_spans(&take.amount));
        }
    }

    fn swap_token(&mut self, said: &Said, field: Field, other: Option<String>) -> Option<String> {
        let input = field == Field::TokenIn;
        if said.thing == Thing::Unsaid && input && (said.base == Base::It || said.how != How::Unsaid) {
            if self.open_output(said) {
                return None;
            }
            if let Some(token) = self.given_token(said, field) {
                return Some(token);
            }
        }
        if said.thing == Thing::Unsaid {
            let label = match (input, said.how) {
                (true, _) => match other {
                    Some(out) => format!("Which token should be spent for {out}?"),
                    None => "Which token should be spent?".to_owned(),
                },
                (false, _) => {
                    format!("Which token should {} be swapped to?", other.unwrap_or_else(|| "it".into()))
                }
            };
            let same = |p: &crate::problem::Problem| {
                p.question.field == field && p.question.action == self.out.actions.len()
            };
            if !self.out.problems.iter().any(same) {
                self.problem(ask(field, Reason::Missing, label));
            }
            return None;
        }
        let chain = self.chain_id();
        self.token_in_context(said, field, chain.as_deref())
    }

    /// ETH to WETH is a wrap and back an unwrap, whatever the verb.
    fn native_pair(
        &mut self,
        action: &mut crate::intent::Action,
        input: Option<&str>,
        output: Option<&str>,
    ) -> bool {
        let Some(chain) = self.chain_id() else { return false };
        let Some(names) = self.lexicon.vocabulary.chains.iter().find(|c| c.id == chain) else { return false };
        let (native, wrapped) = (Some(names.native.as_str()), Some(names.wrapped.as_str()));
        let kind = if input == native && output == wrapped {
            ActionKind::Wrap
        } else if input == wrapped && output == native {
            ActionKind::Unwrap
        } else {
            return false;
        };
        action.kind = kind;
        let amount = [Role::AmountIn, Role::AmountOut].into_iter().find_map(|r| action.sourced(r).cloned());
        let both = [Role::TokenIn, Role::TokenOut, Role::Venue].into_iter().filter_map(|r| action.sourced(r));
        let said: Vec<_> = both.flat_map(|s| super::source_spans(&s.source).to_vec()).collect();
        let venue = action.sourced(Role::Venue).cloned();
        action.values.retain(|(role, _)| *role == Role::Chain);
        put(action, Role::Token, names.native.clone(), rule("wrapped_pair", &said));
        if let Some(amount) = amount {
            put(action, Role::Amount, amount.value, amount.source);
        }
        if venue.is_some_and(|v| matches!(v.source, Source::Words(_))) {
            let note = "Wrapping is done by the wrapped token itself: no venue takes part.".to_owned();
            self.out.notes.push(crate::intent::Note { code: "venue_not_needed".into(), text: note });
        }
        true
    }
}

/// “100 USDC”, “half of your ETH”: the other side of a question.
fn described(said: &Said, token: Option<&str>) -> Option<String> {
    let token = token?;
    Some(match said.how {
        How::Exact(n) => format!("{n} {token}"),
        How::Usd(n) => format!("${n} of {token}"),
        How::Percent(p) => format!("{p}% of the {token}"),
        How::All => format!("all the {token}"),
        _ => token.to_owned(),
    })
}
