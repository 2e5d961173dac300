//! Which words gave which value, and what stayed open: for a person who wants to know why.

use std::fmt::Write;

use crate::source::{Source, Span};
use crate::understand::{Outcome, Reading};

/// Explains a reading of a message.
#[must_use]
pub fn explain(message: &str, reading: &Reading) -> String {
    let mut out = String::new();
    let turn = reading.words.first().map_or(0, |w| w.span.turn);
    let said = |span: &Span| {
        message.get(span.start as usize..span.end as usize).unwrap_or_default().replace('\n', "⏎")
    };
    let width = reading.words.iter().map(|w| said(&w.span).chars().count()).max().unwrap_or(0).min(40);
    for word in &reading.words {
        let text = said(&word.span);
        let _ = writeln!(out, "  {text:width$}  {}", word.role);
    }
    match &reading.outcome {
        Outcome::Plan(intent) => {
            for (i, action) in intent.actions.iter().enumerate() {
                let _ = writeln!(out, "{}. {}", i + 1, action.kind);
                for (role, value) in &action.values {
                    let _ = writeln!(
                        out,
                        "   {role} = {}  ({})",
                        value.value,
                        because(&value.source, turn, &said)
                    );
                }
            }
            for note in &intent.notes {
                let _ = writeln!(out, "note: {}", note.text);
            }
        }
        Outcome::Ask(questions) => {
            for question in questions {
                let words: Vec<String> = question
                    .spans
                    .iter()
                    .filter(|s| s.turn == turn)
                    .map(|s| format!("“{}”", said(s)))
                    .collect();
                let about =
                    if words.is_empty() { String::new() } else { format!("  ({})", words.join(", ")) };
                let _ = writeln!(out, "open: {}: {}{about}", question.field, question.label);
            }
        }
    }
    out
}

fn because(source: &Source, turn: u16, said: &impl Fn(&Span) -> String) -> String {
    let words = |spans: &[Span]| {
        let quoted = spans
            .iter()
            .map(|s| if s.turn == turn { format!("“{}”", said(s)) } else { format!("turn {}", s.turn + 1) });
        quoted.collect::<Vec<_>>().join(" ")
    };
    match source {
        Source::Words(spans) => words(spans),
        Source::Answer { field, .. } => format!("your answer to {field}"),
        Source::Context => "the chain you are on".to_owned(),
        Source::Rule { name, spans } if spans.is_empty() => format!("rule {name}"),
        Source::Rule { name, spans } => format!("rule {name}, from {}", words(spans)),
    }
}
