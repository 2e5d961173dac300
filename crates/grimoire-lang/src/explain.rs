//! Which words gave which value by which rule, and what stayed open: for a person who wants to know why.
//!
//! What comes in: a message and its reading. What goes out: every phrase with what it was taken as, every value with
//! its reason, every open question with its words. What it refuses to know: how the reading was found.

use std::fmt::Write;

use crate::amount::{Amount, Take};
use crate::intent::{Action, Role};
use crate::question::{Field, Reason};
use crate::source::{Source, Span};
use crate::understand::{Outcome, Reading};

/// Explains a reading of a message.
#[must_use]
pub fn explain(message: &str, reading: &Reading) -> String {
    let mut out = String::new();
    let turn = reading.words.first().map_or(0, |w| w.span.turn);
    let teller = Teller { message, turn };
    if !reading.words.is_empty() {
        out.push_str("What each part of the message was taken as:\n");
    }
    let width = reading.words.iter().map(|w| teller.said(w.span).chars().count()).max().unwrap_or(0).min(40);
    for word in &reading.words {
        let _ = writeln!(out, "  {:width$}  {}", teller.said(word.span), taken_as(&word.role));
    }
    match &reading.outcome {
        Outcome::Plan(intent) => {
            out.push_str("What follows from it:\n");
            for (i, action) in intent.actions.iter().enumerate() {
                let _ = writeln!(out, "  {}. {}", i + 1, action.kind);
                teller.values(action, &mut out);
            }
            for note in &intent.notes {
                let _ = writeln!(out, "  Note: {}", note.text);
            }
        }
        Outcome::Ask(questions) => {
            out.push_str("No plan yet. What is open:\n");
            for question in questions {
                let _ = writeln!(out, "  {}: {}", question.field, question.label);
                let words: Vec<String> =
                    question.spans.iter().filter(|s| s.turn == turn).map(|s| teller.quoted(*s)).collect();
                let about = if words.is_empty() { String::new() } else { format!(": {}", words.join(" ")) };
                let _ = writeln!(
                    out,
                    "      because {}{about}",
                    asked(question.field, question.reason, words.is_empty())
                );
                let options: Vec<&str> = question.options.iter().map(|o| o.label.as_str()).collect();
                if !options.is_empty() {
                    let _ = writeln!(out, "      could be {}", options.join(", "));
                }
            }
        }
    }
    out
}

/// What a phrase was taken as, without the words of grammarians.
fn taken_as(role: &str) -> &str {
    match role {
        "verb" => "what to do",
        "give" => "what goes in",
        "take" => "what comes out",
        "part" => "how much of it",
        "except" => "what stays",
        "cap" => "no more than that",
        "marker" => "leads to what follows",
        "particle" => "belongs to what to do",
        "connective" => "joins two parts",
        "silent" => "says nothing about the transaction",
        "set aside" => "a reason or a story: set aside",
        "stated balance" => "what there is",
        "replaced" => "what was said before and no longer holds",
        "to chain" => "the chain it goes to",
        "to venue" => "the venue it goes to",
        "as collateral" => "that it secures a loan",
        "in full" => "all of it",
        "each" => "how it is shared",
        "target" => "what to aim at",
        "min out" => "the least that must come out",
        "max in" => "the most that may go in",
        other => other,
    }
}

/// Why a question is asked.
const fn asked(field: Field, reason: Reason, unsaid: bool) -> &'static str {
    if matches!(field, Field::Intent) {
        return "that is no request for a transaction";
    }
    match reason {
        Reason::Missing if unsaid => "nothing in the message says it",
        Reason::Missing => "the message does not say it exactly",
        Reason::Ambiguous => "it can be read in several ways",
        Reason::Unknown => "that is no name that is known here",
        Reason::Invalid => "that cannot be done",
        Reason::Unexplained => "words that could change the plan were not understood",
        Reason::Confirm => "not all words were used",
    }
}

struct Teller<'t> {
    message: &'t str,
    turn: u16,
}

impl Teller<'_> {
    fn said(&self, span: Span) -> String {
        self.message.get(span.start as usize..span.end as usize).unwrap_or_default().replace('\n', "⏎")
    }

    fn quoted(&self, span: Span) -> String {
        if span.turn == self.turn {
            format!("“{}”", self.said(span))
        } else {
            format!("message {}", span.turn + 1)
        }
    }

    fn values(&self, action: &Action, out: &mut String) {
        let width = |of: &dyn Fn(&(Role, String)) -> usize, rows: &[(Role, String)]| {
            rows.iter().map(of).max().unwrap_or(0).min(44)
        };
        let rows: Vec<(Role, String)> =
            action.values.iter().map(|(role, said)| (*role, shown(*role, &said.value))).collect();
        let name = width(&|(role, _)| role.as_str().len(), &rows);
        let value = width(&|(_, value)| value.chars().count(), &rows);
        for ((role, text), (_, said)) in rows.iter().zip(&action.values) {
            let because = self.because(&said.source);
            let _ = writeln!(out, "     {:name$}  {text:value$}  {because}", role.as_str());
        }
    }

    fn because(&self, source: &Source) -> String {
        let words = |spans: &[Span]| spans.iter().map(|s| self.quoted(*s)).collect::<Vec<_>>().join(" ");
        match source {
            Source::Words(spans) => format!("from {}", words(spans)),
            Source::Answer { field, .. } => format!("your answer to {field}"),
            Source::Context => "the chain you are on: no other is named".to_owned(),
            Source::Rule { name, spans } if spans.is_empty() => rule(name).to_owned(),
            Source::Rule { name, spans } => format!("{}: {}", rule(name), words(spans)),
        }
    }
}

/// A rule of the language, said.
fn rule(name: &str) -> &str {
    match name {
        "default_venue" => "no venue is named: this is the usual one",
        "venue_said_before" => "the venue named for the step before",
        "after_bridge" => "where the bridge before arrives",
        "output_of_step" => "nothing else is named: what the step before puts out",
        "token_of_output" => "the token the earlier step puts out",
        "wrapped_pair" => "a token and its wrapped form: this is a wrap",
        "native_of_wrapped" => "what the wrapped token stands for",
        other => other,
    }
}

/// A value as the plan writes it, and what that means where it is shorthand.
fn shown(role: Role, value: &str) -> String {
    let amount = matches!(role, Role::Amount | Role::AmountIn | Role::AmountOut);
    match value.parse::<Amount>().ok().filter(|_| amount).and_then(|a| in_words(&a)) {
        Some(words) => format!("{value}, {words}"),
        None => value.to_owned(),
    }
}

/// What a symbolic amount is.
fn in_words(amount: &Amount) -> Option<String> {
    let part = |take: &Take, whole: &str| match take {
        Take::All => format!("all of {whole}"),
        Take::Percent(p) => format!("{p}% of {whole}"),
        Take::Fraction(n, d) => format!("{n}/{d} of {whole}"),
        Take::AllBut(n) => format!("all of {whole} but {n}"),
        Take::AtMost(n) => format!("all of {whole}, but no more than {n}"),
        Take::Rest => format!("what is left of {whole}"),
    };
    match amount {
        Amount::Exact(_) => None,
        Amount::Usd(n) => Some(format!("as much as is worth ${n}")),
        Amount::Balance(take) => Some(part(take, "what there is")),
        Amount::Output(steps, take) => {
            let steps: Vec<String> = steps.iter().map(u8::to_string).collect();
            let puts = if steps.len() == 1 { "step" } else { "steps" };
            let out = if steps.len() == 1 { "puts out" } else { "put out" };
            Some(part(take, &format!("what {puts} {} {out}", steps.join(" and "))))
        }
    }
}
