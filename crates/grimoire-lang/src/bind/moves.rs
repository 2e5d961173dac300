//! Bridges, transfers and wraps.

use super::{Binder, merged, put, rule, source};
use crate::account::{check_address, normalize_name};
use crate::clause::{Clause, Value, Who};
use crate::frame::Slot;
use crate::intent::{Action, ActionKind, Role};
use crate::problem::{ask, chain_name, chains};
use crate::question::{Field, Reason};
use crate::source::Source;

impl Binder<'_> {
    /// The venue that was said, or the one the language contract names when none is.
    pub(super) fn venue_or_default(&mut self, clause: &Clause, action: &mut Action, default: &str) {
        let kind = action.kind;
        let found = match clause.get(Slot::Venue) {
            Some(filled) => match &filled.value {
                Value::Place(place) => self.venue_of(place, filled, kind),
                _ => None,
            },
            None => Some((default.to_owned(), rule("default_venue", &[]))),
        };
        if let Some((venue, from)) = found {
            put(action, Role::Venue, venue, from);
        }
    }

    pub(super) fn bridge(&mut self, clause: &Clause) {
        let mut action = self.start(ActionKind::Bridge);
        self.venue_or_default(clause, &mut action, "across");
        let here = self.chain_id();
        let mut arrives = None;
        match self.named_chain(clause, Slot::ToChain) {
            Some(Ok((to, from))) => {
                if here.as_deref() == Some(to.as_str()) {
                    let name = chain_name(self.lexicon, &to);
                    let label = format!("The tokens are already on {name}. Which chain should they go to?");
                    let spans = super::source_spans(&from).to_vec();
                    let question = ask(Field::ToChain, Reason::Invalid, label);
                    self.problem(
                        question.with_options(chains(self.lexicon, here.as_deref())).with_spans(&spans),
                    );
                } else {
                    arrives = Some(to.clone());
                    put(&mut action, Role::ToChain, to, from);
                }
            }
            Some(Err(question)) => self.problem(question.with_options(chains(self.lexicon, here.as_deref()))),
            None => {
                let label = "Which chain should it be bridged to?".to_owned();
                self.problem(
                    ask(Field::ToChain, Reason::Missing, label)
                        .with_options(chains(self.lexicon, here.as_deref())),
                );
            }
        }
        let token = self.funds(clause, ActionKind::Bridge, &mut action);
        if let (Some(to), Some(token)) = (&arrives, &token) {
            let there = self.lexicon.vocabulary.tokens.iter().any(|t| t.chain == *to && t.symbol == *token);
            if !there && token != "ETH" && !token.starts_with("0x") {
                let name = chain_name(self.lexicon, to);
                let label = format!("{token} is not a token on {name}. Which token should be bridged?");
                self.problem(ask(Field::Token, Reason::Invalid, label));
            }
        }
        self.recipient(clause, &mut action, false);
        let kept = action.get(Role::Recipient).is_none();
        self.finish(clause, action);
        if kept {
            // ETH arrives on polygon as WETH.
            let native = |t: &str| {
                self.lexicon
                    .vocabulary
                    .chains
                    .iter()
                    .any(|c| Some(c.id.as_str()) == arrives.as_deref() && c.native == t)
            };
            let token = token
                .map(|t| if t == "ETH" && arrives.is_some() && !native("ETH") { "WETH".into() } else { t });
            self.outputs(token.unwrap_or_default());
        }
    }

    pub(super) fn transfer(&mut self, clause: &Clause) {
        let mut action = self.start(ActionKind::Transfer);
        self.funds(clause, ActionKind::Transfer, &mut action);
        self.recipient(clause, &mut action, true);
        self.finish(clause, action);
    }

    /// Who receives it: a full address as written, or a name in its normal form.
    pub(super) fn recipient(&mut self, clause: &Clause, action: &mut Action, required: bool) {
        let Some(filled) = clause.get(Slot::Recipient) else {
            if required {
                self.problem(ask(Field::Recipient, Reason::Missing, "Who should receive it?".into()));
            }
            return;
        };
        let Value::Who(who) = &filled.value else { return };
        let bad = |reason, label: String| ask(Field::Recipient, reason, label).with_spans(&filled.spans);
        let question = match who {
            // A character that shows nothing makes it another name than the one that is seen.
            Who::Ens(name) if name.chars().any(crate::token::invisible) => {
                bad(Reason::Invalid, format!("`{name}` holds an invisible character. Who should receive it?"))
            }
            Who::Ens(name) => match normalize_name(name) {
                Some(normal) => {
                    if odd_capital(name) {
                        let label = format!("`{name}` is the name {normal}. Is that who should receive it?");
                        let question = ask(Field::Confirm, Reason::Confirm, label);
                        self.problem(question.with_spans(&filled.spans));
                    }
                    put(action, Role::Recipient, normal, source(filled));
                    return;
                }
                None => bad(Reason::Invalid, format!("`{name}` is not a valid name. Who should receive it?")),
            },
            Who::Address(text) => match check_address(text) {
                Ok(()) => {
                    put(action, Role::Recipient, text.clone(), source(filled));
                    return;
                }
                Err(why) => bad(Reason::Invalid, format!("{} Who should receive it?", why.sentence(text))),
            },
            Who::Malformed(text) if text.starts_with("0x") => {
                let why = check_address(text).err().map(|w| w.sentence(text)).unwrap_or_default();
                bad(Reason::Invalid, format!("{why} Who should receive it?"))
            }
            Who::Malformed(text) | Who::Unknown(text) => bad(
                Reason::Unknown,
                format!("I cannot resolve `{text}`. Which address or .eth name should receive it?"),
            ),
            Who::Either(text) => {
                bad(Reason::Ambiguous, format!("You named two recipients (“{text}”). Who should receive it?"))
            }
        };
        self.problem(question);
    }

    pub(super) fn wrap(&mut self, clause: &Clause, kind: ActionKind) {
        let mut action = self.start(kind);
        let token = self.funds(clause, kind, &mut action);
        let chain = self.chain_id();
        let names = self.lexicon.vocabulary.chains.iter().find(|c| Some(&c.id) == chain.as_ref());
        let Some(names) = names else {
            self.finish(clause, action);
            return self.outputs(String::new());
        };
        let (native, wrapped) = (names.native.clone(), names.wrapped.clone());
        let of_output = action.get(Role::Amount).is_some_and(|amount| amount.contains("step"));
        let fits = match (kind, token.as_deref()) {
            (_, None) => true,
            (ActionKind::Wrap, Some(t)) => t == native,
            // “unwrap 1 ETH” names what comes of it; ETH that an earlier step gave is not wrapped.
            (_, Some(t)) => t == wrapped || t == native && !of_output,
        };
        let into = clause.get(Slot::Take).and_then(|f| match &f.value {
            Value::Funds(said) => {
                self.token_on(&said.thing, Field::TokenOut, chain.as_deref()).ok().flatten()
            }
            _ => None,
        });
        let goal = if kind == ActionKind::Wrap { &wrapped } else { &native };
        let fits = fits && (clause.get(Slot::Take).is_none() || into.as_ref() == Some(goal));
        if !fits {
            let name = chain_name(self.lexicon, &names.id);
            let label = format!("On {name} only {native} can be wrapped, into {wrapped}, and back.");
            let spans = clause.get(Slot::Give).map(|f| f.spans.clone()).unwrap_or_default();
            self.problem(ask(Field::Unsupported, Reason::Invalid, label).with_spans(&spans));
        }
        if let Some(said) = action.sourced(Role::Token).cloned() {
            let from = if said.value == native {
                said.source
            } else {
                match said.source {
                    Source::Words(spans) => rule("native_of_wrapped", &spans),
                    other => other,
                }
            };
            put(&mut action, Role::Token, native.clone(), from);
        }
        let goal = clause.get(Slot::Take).map(|f| f.spans.clone()).unwrap_or_default();
        if let Some(said) = action.sourced(Role::Token).cloned().filter(|_| !goal.is_empty()) {
            put(
                &mut action,
                Role::Token,
                said.value,
                rule("wrapped_pair", &merged(super::source_spans(&said.source), &goal)),
            );
        }
        self.finish(clause, action);
        self.outputs(if kind == ActionKind::Wrap { wrapped } else { native });
    }
}

/// A capital inside a word, such as the I of “vitaIik”: it may be seen as another letter.
fn odd_capital(name: &str) -> bool {
    let shouted = !name.chars().any(char::is_lowercase);
    let inside = |label: &str| label.chars().skip(1).any(char::is_uppercase);
    !shouted && name.split(['.', '-']).any(|l| inside(l) && l.chars().any(char::is_lowercase))
}
