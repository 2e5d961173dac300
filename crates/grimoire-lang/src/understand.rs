//! A turn of a conversation, understood: the plan, or the questions that are open.

use serde::{Deserialize, Serialize};

use crate::bind::bind;
use crate::clause::Spoken;
use crate::discourse::link;
use crate::intent::Intent;
use crate::lexicon::Lexicon;
use crate::problem::{Problem, ask};
use crate::question::{Field, Question, Reason};
use crate::read::{Read, read};
use crate::search::Opening;
use crate::source::Span;

/// What is known besides the words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The chain the person is on.
    pub chain: Option<String>,
}

/// What a person says or answers in one turn.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// Free text.
    pub message: Option<&'a str>,
    /// Typed answers: field id, maybe with a suffix such as `_2`, and the answer as text.
    pub answers: &'a [(String, String)],
}

/// The conversation so far. Opaque: its turns, which are read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub(crate) turns: Vec<Past>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Past {
    pub(crate) message: Option<String>,
    pub(crate) answers: Vec<(String, String)>,
}

/// The plan, or the questions that are open. There is no third outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every word is understood, nothing is missing, one reading only.
    Plan(Intent),
    /// Anything else; never empty.
    Ask(Vec<Question>),
}

/// A word or phrase of the message and what it was taken as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WordRole {
    /// The words.
    pub span: Span,
    /// What they were taken as.
    pub role: String,
}

/// What a turn came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The plan, or the questions.
    pub outcome: Outcome,
    /// The conversation with this turn.
    pub draft: Draft,
    /// Every word of this turn's message, in order.
    pub words: Vec<WordRole>,
}

/// An answer that does not fit its question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerError {
    /// The field id as it was given.
    pub field: String,
    /// `unknown_field` or `invalid_value`.
    pub code: String,
    /// A sentence for a person.
    pub message: String,
}

/// Understands a turn.
///
/// # Errors
///
/// Typed answers that name no open question, or values outside its options. Nothing of the turn is applied.
pub fn understand(
    turn: &Turn<'_>,
    draft: Option<&Draft>,
    context: &Context,
    lexicon: &Lexicon,
) -> Result<Reading, Vec<AnswerError>> {
    let message = turn.message.unwrap_or_default();
    let mut draft = draft.cloned().unwrap_or_default();
    let number = u16::try_from(draft.turns.len()).unwrap_or(u16::MAX);
    draft.turns.push(Past { message: turn.message.map(str::to_owned), answers: turn.answers.to_vec() });
    let read = read(message, number, Opening::Fresh, lexicon);
    let words = match &read {
        Read::Said { best, .. } => &best.roles,
        Read::Not { roles, .. } => roles,
    };
    let words = words.iter().map(|(span, role)| WordRole { span: *span, role: role.clone() }).collect();
    let outcome = match &read {
        Read::Not { field, spans, .. } => Outcome::Ask(vec![refusal(*field, spans)]),
        Read::Said { best, .. } => conclude(best, context, lexicon),
    };
    Ok(Reading { outcome, draft, words })
}

fn refusal(field: Field, spans: &[Span]) -> Question {
    let label = match field {
        Field::TooComplex => "That is too long or has too many possible readings. Could you say it in fewer words?",
        Field::Unsupported => "That operation is not supported. What would you like to do instead?",
        Field::Recurrence => "Only one-time transactions are supported. Should it run once?",
        Field::Condition => "Conditions and times cannot be watched. Should it run now, without them?",
        Field::Unexplained => "Some words could change the plan and were not understood. Could you say it differently?",
        _ => "What transaction would you like to make?",
    };
    let reason = if field == Field::Unexplained { Reason::Unexplained } else { Reason::Invalid };
    ask(field, reason, label.to_owned()).with_spans(spans)
}

fn conclude(spoken: &Spoken, context: &Context, lexicon: &Lexicon) -> Outcome {
    let linked = link(&spoken.clauses, lexicon);
    let bound = bind(&linked.clauses, context.chain.as_deref(), lexicon);
    let mut problems = bound.problems;
    if !spoken.skipped.is_empty() || !linked.unclear.is_empty() {
        let spans: Vec<Span> = spoken.skipped.iter().chain(&linked.unclear).copied().collect();
        // What else seems to be missing may only seem so: the words come first.
        return Outcome::Ask(vec![refusal(Field::Unexplained, &spans)]);
    }
    let confirms = spoken.clauses.iter().any(|c| lexicon.senses[usize::from(c.sense)].confirm);
    if problems.is_empty() && (confirms || !spoken.asides.is_empty()) {
        let label = "Some words were set aside. Is this the plan you want?".to_owned();
        problems.push(Problem { question: ask(Field::Confirm, Reason::Confirm, label).with_spans(&spoken.asides), clause: 0 });
    }
    if problems.is_empty() {
        return Outcome::Plan(Intent { actions: bound.actions, notes: bound.notes });
    }
    let mut questions: Vec<Question> = problems.into_iter().map(|p| p.question).collect();
    questions.sort_by_key(|q| (q.field, q.action));
    if let Some(only) = questions.iter().find(|q| matches!(q.field, Field::Unsupported | Field::Recurrence | Field::Condition | Field::Intent)) {
        questions = vec![only.clone()];
    }
    Outcome::Ask(questions)
}
