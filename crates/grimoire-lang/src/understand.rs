//! A turn of a conversation, understood: the plan, or the questions that are open.

use serde::{Deserialize, Serialize};

use crate::answer::{Unusable, apply};
use crate::check::{Evidence, Violation, check};
use crate::intent::{Action, Intent, Note};
use crate::lexicon::Lexicon;
use crate::problem::ask;
use crate::question::{Field, Question, Reason};
use crate::source::Span;
use crate::talk::{Conclusion, Talk};

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
    /// The actions as far as they are known, where something is asked: what answers will complete.
    pub so_far: Vec<Action>,
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
    let chain = context.chain.as_deref();
    let mut talk = Talk::default();
    let mut draft = draft.cloned().unwrap_or_default();
    for (i, past) in draft.turns.iter().enumerate() {
        let number = u16::try_from(i).unwrap_or(u16::MAX);
        // A turn of a draft was understood when it was said.
        if step(&mut talk, past.message.as_deref(), &past.answers, number, chain, lexicon).is_err() {
            continue;
        }
    }
    let before = talk.clone();
    let number = u16::try_from(draft.turns.len()).unwrap_or(u16::MAX);
    let conclusion = step(&mut talk, turn.message, turn.answers, number, chain, lexicon)?;
    draft.turns.push(Past { message: turn.message.map(str::to_owned), answers: turn.answers.to_vec() });
    let outcome = match conclusion {
        Conclusion::Ask(problems) => {
            let said = |span: &Span| {
                let turn = draft.turns.get(usize::from(span.turn)).and_then(|t| t.message.as_deref());
                turn.and_then(|text| text.get(span.start as usize..span.end as usize)).unwrap_or_default()
            };
            Outcome::Ask(problems.into_iter().map(|p| quoting(p.question, &said)).collect())
        }
        Conclusion::Plan(bound) => {
            let mut notes = bound.notes;
            if let (true, Conclusion::Plan(old)) = (number > 0, before.conclude(chain, lexicon)) {
                notes.extend(changes(&old.actions, &bound.actions));
            }
            let intent = Intent { actions: bound.actions, notes };
            let messages: Vec<&str> =
                draft.turns.iter().map(|t| t.message.as_deref().unwrap_or_default()).collect();
            let roles: Vec<_> = talk.roles.iter().filter(|(s, _)| s.turn == number).cloned().collect();
            let evidence =
                Evidence { messages: &messages, roles: &roles, chain, vocabulary: &lexicon.vocabulary };
            match check(&evidence, &intent) {
                Ok(()) => Outcome::Plan(intent),
                Err(violation) => Outcome::Ask(vec![doubted(&violation)]),
            }
        }
    };
    let so_far = match &outcome {
        Outcome::Ask(_) => talk.so_far(chain, lexicon),
        Outcome::Plan(_) => Vec::new(),
    };
    let mut words: Vec<WordRole> =
        talk.roles.iter().map(|(span, role)| WordRole { span: *span, role: role.clone() }).collect();
    words.retain(|w| w.span.turn == number);
    Ok(Reading { outcome, so_far, draft, words })
}

/// Takes one turn into the conversation: its answers, then its message.
fn step(
    talk: &mut Talk,
    message: Option<&str>,
    answers: &[(String, String)],
    turn: u16,
    chain: Option<&str>,
    lexicon: &Lexicon,
) -> Result<Conclusion, Vec<AnswerError>> {
    let mut next = talk.clone();
    let mut errors = Vec::new();
    for (field, text) in answers {
        if let Err(why) = apply(&mut next, turn, field, text, chain, lexicon) {
            errors.push(error(field, &why));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut answered = Vec::new();
    if !answers.is_empty() {
        next.ask_again(chain, lexicon);
        answered = next.so_far(chain, lexicon);
    }
    match message {
        Some(text) if answers.is_empty() || !text.trim().is_empty() => {
            next.message(text, turn, chain, lexicon);
        }
        None if answers.is_empty() => next.message("", turn, chain, lexicon),
        _ => {}
    }
    let mut conclusion = next.ask_again(chain, lexicon);
    if let Conclusion::Plan(bound) = &conclusion
        && let Some(asked) = next.contradicted(turn, talk, &answered, &bound.actions)
    {
        conclusion = Conclusion::Ask(asked.open.clone());
        next = asked;
    }
    *talk = next;
    Ok(conclusion)
}

fn error(field: &str, why: &Unusable) -> AnswerError {
    let (code, message) = match why {
        Unusable::NoQuestion => ("unknown_field", format!("`{field}` is not asked.")),
        Unusable::Value(why) => ("invalid_value", why.clone()),
    };
    AnswerError { field: field.to_owned(), code: code.to_owned(), message }
}

/// A question about words that stop the whole request quotes them.
fn quoting<'t>(mut question: Question, said: &impl Fn(&Span) -> &'t str) -> Question {
    let stops = matches!(
        question.field,
        Field::Unexplained | Field::Condition | Field::Recurrence | Field::Unsupported
    );
    let words: Vec<&str> = question.spans.iter().map(said).map(str::trim).filter(|w| !w.is_empty()).collect();
    let short = words.iter().map(|w| w.len()).sum::<usize>() <= 80;
    if stops && short && !words.is_empty() && !question.label.contains(words[0]) {
        question.label = format!("“{}”: {}", words.join("”, “"), question.label);
    }
    question
}

/// A plan the checker does not let pass is asked about.
fn doubted(violation: &Violation) -> Question {
    let label = format!(
        "These words could change the plan ({}). Could you say it differently?",
        violation.rule.replace('_', " ")
    );
    ask(Field::Unexplained, Reason::Unexplained, label).with_spans(&violation.spans)
}

/// What a correction changed, for the person.
fn changes(old: &[Action], new: &[Action]) -> Vec<Note> {
    if old.len() != new.len() {
        return Vec::new();
    }
    let mut notes = Vec::new();
    for (before, after) in old.iter().zip(new) {
        for (role, value) in &after.values {
            if let Some(was) = before.get(*role).filter(|was| *was != value.value) {
                let text = format!("Changed {role} from {was} to {}.", value.value);
                notes.push(Note { code: "changed".into(), text });
            }
        }
    }
    notes
}
