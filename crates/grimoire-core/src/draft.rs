//! A conversation between turns: what was said, and what binding asked that only an answer can settle.

use alloy_primitives::Address;
use grimoire_lang::{Draft as Spoken, Field, Intent, Question, Role, Source, Sourced};
use serde::{Deserialize, Serialize};

use crate::clarification::Clarification;

/// The conversation so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Draft {
    /// How many turns were taken.
    #[serde(default)]
    pub turns: u16,
    /// What was said, as the language keeps it.
    pub spoken: Option<Spoken>,
    /// A complete intent that could not be bound, and what was asked about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unbound: Option<Unbound>,
}

/// An intent whose names do not all exist here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unbound {
    intent: Intent,
    asked: Vec<Asked>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Asked {
    id: String,
    field: Field,
    action: usize,
    options: Vec<String>,
}

/// What is wrong with one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field id.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// A sentence for a person.
    pub message: String,
}

impl Unbound {
    /// An intent and the questions binding has about it.
    #[must_use]
    pub fn new(intent: &Intent, questions: &[Question], shown: &Clarification) -> Self {
        let asked = |(question, field): (&Question, &crate::clarification::FieldSpec)| Asked {
            id: field.id.clone(),
            field: question.field,
            action: question.action,
            options: field.options.clone(),
        };
        Self { intent: intent.clone(), asked: questions.iter().zip(&shown.fields).map(asked).collect() }
    }

    /// Whether these answers are all to what binding asked by a value: a chain, a recipient.
    #[must_use]
    pub fn takes(&self, answers: &[(String, String)]) -> bool {
        let ours = |id: &str| {
            self.asked.iter().any(|a| a.id == id && matches!(a.field, Field::Chain | Field::Recipient))
        };
        !answers.is_empty() && answers.iter().all(|(id, _)| ours(id))
    }

    /// The intent with the answers in place.
    ///
    /// # Errors
    /// One entry for each answer that cannot be used; nothing is applied then.
    pub fn answered(mut self, answers: &[(String, String)], turn: u16) -> Result<Intent, Vec<FieldError>> {
        let mut errors = Vec::new();
        for (id, text) in answers {
            let Some(asked) = self.asked.iter().find(|a| a.id == *id) else { continue };
            match value(asked, text.trim()) {
                Ok(value) => put(&mut self.intent, asked, value, turn),
                Err(message) => {
                    errors.push(FieldError { field: id.clone(), code: "invalid_value".into(), message })
                }
            }
        }
        if errors.is_empty() { Ok(self.intent) } else { Err(errors) }
    }
}

fn value(asked: &Asked, text: &str) -> Result<String, String> {
    if asked.field == Field::Chain {
        let option = asked.options.iter().find(|o| o.eq_ignore_ascii_case(text)).cloned();
        return option.ok_or_else(|| format!("`{text}` is not one of {}", asked.options.join(", ")));
    }
    let mixed =
        text.bytes().any(|b| b.is_ascii_uppercase()) && text.bytes().skip(2).any(|b| b.is_ascii_lowercase());
    let address = if mixed { Address::parse_checksummed(text, None).ok() } else { text.parse().ok() };
    let usable = address.filter(|a| !a.is_zero() && text.starts_with("0x"));
    usable
        .map(|_| text.to_owned())
        .ok_or_else(|| format!("`{text}` is not an address: give 0x and 40 digits, checksum intact"))
}

fn put(intent: &mut Intent, asked: &Asked, value: String, turn: u16) {
    let source = Source::Answer { turn, field: asked.id.clone() };
    let (role, everywhere) = match asked.field {
        Field::Chain => (Role::Chain, true),
        _ => (Role::Recipient, false),
    };
    let old = intent.actions.get(asked.action).and_then(|a| a.get(role)).map(str::to_owned);
    for (index, action) in intent.actions.iter_mut().enumerate() {
        for (r, sourced) in &mut action.values {
            if *r == role && (index == asked.action || (everywhere && Some(&sourced.value) == old.as_ref())) {
                *sourced = Sourced { value: value.clone(), source: source.clone() };
            }
        }
    }
}
