//! Typed answers: the text of a field, read as the one value it can be.

use crate::account::{check_address, normalize_name};
use crate::chunk::{How, Lattice, Place};
use crate::clause::{Filled, Said, Thing, Value, Where, Who};
use crate::frame::Slot;
use crate::intent::ActionKind;
use crate::lexicon::Lexicon;
use crate::problem::Problem;
use crate::question::Field;
use crate::talk::Talk;
use crate::token::{Kind, tokens};

/// Why an answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// There is no such question, and no such value to correct.
    NoQuestion,
    /// The value does not fit, and why.
    Value(String),
}

/// Applies one answer.
pub(crate) fn apply(
    talk: &mut Talk,
    turn: u16,
    id: &str,
    text: &str,
    chain: Option<&str>,
    lexicon: &Lexicon,
) -> Result<(), Unusable> {
    let (field, count) = field_of(id).ok_or(Unusable::NoQuestion)?;
    let open: Vec<&Problem> = talk.open.iter().filter(|p| p.question.field == field).collect();
    let problem = open.get(count - 1).map(|p| (*p).clone());
    if problem.is_none() && (count > 1 || !correctable(talk, field)) {
        return Err(Unusable::NoQuestion);
    }
    let text = match &problem {
        Some(p) => p
            .question
            .options
            .iter()
            .find(|o| o.label.eq_ignore_ascii_case(text.trim()))
            .map_or(text, |o| o.value.as_str()),
        None => text,
    };
    let target = problem.as_ref().map_or(talk.clauses.len().saturating_sub(1), |p| p.clause);
    let bad = |why: &str| Err(Unusable::Value(format!("`{text}` {why}.")));
    match field {
        Field::Confirm => match text.trim() {
            "true" | "yes" => {
                talk.confirmed = true;
                Ok(())
            }
            "false" | "no" => {
                *talk = Talk::default();
                Ok(())
            }
            _ => bad("is neither true nor false"),
        },
        Field::Recurrence
            if matches!(text.trim().to_lowercase().as_str(), "run_once" | "once" | "run once" | "true") =>
        {
            if talk.run_once(lexicon) {
                Ok(())
            } else {
                bad("leaves nothing that can be planned")
            }
        }
        Field::Recurrence => bad("is not run_once"),
        Field::Condition => bad("cannot be watched: say what should happen right now"),
        Field::Intent | Field::Unsupported | Field::Unexplained | Field::TooComplex => {
            *talk = Talk::default();
            talk.message(text, turn, chain, lexicon);
            Ok(())
        }
        _ => {
            let value = read_value(field, text, lexicon).map_err(Unusable::Value)?;
            fits(field, &value, talk, target, chain, lexicon)?;
            let swap = talk
                .clauses
                .get(target)
                .is_some_and(|c| lexicon.senses[usize::from(c.sense)].action == ActionKind::Swap);
            let slot = slot_of(field, swap, talk, target);
            let filled =
                Filled { slot, value, spans: Vec::new(), bare: false, answer: Some((turn, id.to_owned())) };
            talk.answered(filled, target);
            Ok(())
        }
    }
}

/// A field id without its suffix, and which of its kind it is.
fn field_of(id: &str) -> Option<(Field, usize)> {
    let (name, count) = match id.rsplit_once('_') {
        Some((name, n)) if n.bytes().all(|b| b.is_ascii_digit()) => {
            (name, n.parse().ok().filter(|&n| n > 1)?)
        }
        _ => (id, 1),
    };
    let field = serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()?;
    Some((field, count))
}

/// Whether a value of the plan, or of the request so far, can be corrected by its field id.
fn correctable(talk: &Talk, field: Field) -> bool {
    !talk.clauses.is_empty()
        && matches!(
            field,
            Field::Venue
                | Field::Token
                | Field::TokenIn
                | Field::TokenOut
                | Field::Amount
                | Field::Chain
                | Field::ToChain
                | Field::Recipient
                | Field::NumberFormat
        )
}

fn slot_of(field: Field, swap: bool, talk: &Talk, target: usize) -> Slot {
    match field {
        Field::Venue => Slot::Venue,
        Field::Chain => Slot::Chain,
        Field::ToChain => Slot::ToChain,
        Field::Recipient => Slot::Recipient,
        Field::Target => Slot::Target,
        Field::TokenOut => Slot::Take,
        Field::Amount | Field::NumberFormat if swap => {
            let clause = talk.clauses.get(target);
            let exact = |slot: Slot| {
                clause.and_then(|c| c.funds(slot)).is_some_and(|s| !matches!(s.how, How::Unsaid))
            };
            if exact(Slot::Take) && !exact(Slot::Give) { Slot::Take } else { Slot::Give }
        }
        _ => Slot::Give,
    }
}

/// Reads a text as the value of a field.
fn read_value(field: Field, text: &str, lexicon: &Lexicon) -> Result<Value, String> {
    let tokens = tokens(text, &lexicon.words);
    let n = tokens.len();
    if n == 0 || n > 12 {
        return Err(format!("`{text}` is not an answer to that."));
    }
    let lattice = Lattice::new(text, &tokens, lexicon);
    let whole = |end: usize| end == n;
    match field {
        Field::Venue | Field::Chain | Field::ToChain => {
            let chain = field != Field::Venue;
            match lattice.place(0, chain) {
                Some((end, Place::Name(name))) if whole(end) => Ok(Value::Place(Where::Name(name))),
                _ => Err(format!("`{text}` is not one of the {}.", if chain { "chains" } else { "venues" })),
            }
        }
        Field::Amount | Field::NumberFormat => lattice
            .funds_at(0)
            .iter()
            .find(|(end, f)| {
                whole(usize::from(*end))
                    && !matches!(
                        f.how,
                        How::Unsaid
                            | How::Vague
                            | How::Enough
                            | How::Invalid
                            | How::Either(..)
                            | How::Times(..)
                    )
            })
            .map(|(_, f)| {
                let base = crate::chunk::Base::Unsaid;
                Value::Funds(Said { how: f.how, base, thing: named(f.asset), ..Said::default() })
            })
            .ok_or_else(|| format!("`{text}` is not an exact amount.")),
        Field::Token | Field::TokenIn | Field::TokenOut => lattice
            .funds_at(0)
            .iter()
            .find(|(end, f)| {
                whole(usize::from(*end)) && f.how == How::Unsaid && named(f.asset) != Thing::Unsaid
            })
            .map(|(_, f)| Value::Funds(Said { thing: named(f.asset), ..Said::default() }))
            .or_else(|| address(&tokens[0], text).filter(|_| n == 1))
            .ok_or_else(|| format!("`{text}` is not a token.")),
        Field::Recipient => recipient(text.trim(), &tokens[0].kind, n),
        Field::Target => {
            let said = text.trim().to_lowercase().replace('_', " ");
            let known =
                ["maximize apy", "maximise apy", "highest apy", "best apy", "reduce risk", "lowest risk"];
            if known.contains(&said.as_str()) {
                Ok(Value::Flag)
            } else {
                Err(format!("`{text}` is neither maximize_apy nor reduce_risk."))
            }
        }
        _ => Err(format!("`{text}` is not an answer to that.")),
    }
}

fn named(asset: crate::chunk::Asset) -> Thing {
    match asset {
        crate::chunk::Asset::Name(name) => Thing::Name(name),
        _ => Thing::Unsaid,
    }
}

fn address(token: &crate::token::Token, text: &str) -> Option<Value> {
    let address = text.trim();
    (token.kind == Kind::Address && check_address(address).is_ok())
        .then(|| Value::Funds(Said { thing: Thing::Address(address.to_owned()), ..Said::default() }))
}

fn recipient(text: &str, kind: &Kind, tokens: usize) -> Result<Value, String> {
    match kind {
        Kind::Address if tokens == 1 => {
            check_address(text).map_err(|why| why.sentence(text))?;
            Ok(Value::Who(Who::Address(text.to_owned())))
        }
        Kind::Ens if tokens == 1 && normalize_name(text).is_some() => {
            Ok(Value::Who(Who::Ens(text.to_owned())))
        }
        _ => Err(format!("`{text}` is neither an address nor a .eth name.")),
    }
}

/// Whether a value can stand in its field: a supported chain, a venue that can do it, a token of the chain.
fn fits(
    field: Field,
    value: &Value,
    talk: &Talk,
    target: usize,
    chain: Option<&str>,
    lexicon: &Lexicon,
) -> Result<(), Unusable> {
    let no = |why: &str| Err(Unusable::Value(why.to_owned()));
    let kind = talk.clauses.get(target).map(|c| lexicon.senses[usize::from(c.sense)].action);
    match (field, value) {
        (Field::Chain | Field::ToChain, Value::Place(Where::Name(name))) => {
            if lexicon.names[usize::from(*name)].chain.is_none() {
                no("That chain is not supported.")
            } else {
                Ok(())
            }
        }
        (Field::Venue, Value::Place(Where::Name(name))) => {
            let venue =
                lexicon.names[usize::from(*name)].venue.map(|v| &lexicon.vocabulary.venues[usize::from(v)]);
            match (venue, kind) {
                (Some(v), Some(kind)) if v.actions.contains(&kind) => Ok(()),
                _ => no("That venue cannot do this."),
            }
        }
        (_, Value::Funds(said)) => {
            let Thing::Name(name) = said.thing else { return Ok(()) };
            let entry = &lexicon.names[usize::from(name)];
            let on = talk.chain_of(target, chain, lexicon).and_then(|c| lexicon.chain(&c)).map(usize::from);
            let here = match on {
                Some(c) => entry.offers[c].is_none() && entry.tokens[c] != crate::names::NONE,
                None => entry.tokens.iter().any(|&t| t != crate::names::NONE),
            };
            if here { Ok(()) } else { no("That is not one token of the chain.") }
        }
        _ => Ok(()),
    }
}
