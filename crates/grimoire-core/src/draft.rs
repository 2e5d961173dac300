//! A conversation between turns: what was said, and what binding asked that only an answer can settle.

use alloy_primitives::Address;
use grimoire_lang::{Draft as Spoken, Intent, Role, Source, Sourced};
use serde::{Deserialize, Serialize};

use crate::{
    clarification::{Clarification, FieldSpec},
    plan::Open,
};

/// How a draft is written by this version. It grows when an older version could misread what is written.
const FORMAT: u16 = 1;

/// The conversation so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// Of `FORMAT`.
    format: u16,
    /// How many turns were taken.
    #[serde(default)]
    pub turns: u16,
    /// What was said, as the language keeps it.
    pub spoken: Option<Spoken>,
    /// A complete intent that could not be bound, and what was asked about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unbound: Option<Unbound>,
}

/// Why a draft cannot be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A later version wrote it.
    Newer,
    /// It is no draft.
    Broken,
}

impl Default for Draft {
    fn default() -> Self {
        Self { format: FORMAT, turns: 0, spoken: None, unbound: None }
    }
}

impl Draft {
    /// A draft that was written before.
    ///
    /// # Errors
    /// When it is none, or a later version's: what that one added would be passed over.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Tag {
            format: u16,
        }
        let tag: Tag = serde_json::from_str(text).map_err(|_| Unreadable::Broken)?;
        if tag.format > FORMAT {
            return Err(Unreadable::Newer);
        }
        serde_json::from_str(text).map_err(|_| Unreadable::Broken)
    }
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
    role: Option<Role>,
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
    pub fn new(intent: &Intent, open: &[Open], shown: &Clarification) -> Self {
        let asked = |(open, field): (&Open, &FieldSpec)| Asked {
            id: field.id.clone(),
            role: open.role,
            action: open.question.action,
            options: field.options.clone(),
        };
        Self { intent: intent.clone(), asked: open.iter().zip(&shown.fields).map(asked).collect() }
    }

    /// Whether these answers are all to values that binding asked about.
    #[must_use]
    pub fn takes(&self, answers: &[(String, String)]) -> bool {
        let ours = |id: &str| self.asked.iter().any(|a| a.id == id && a.role.is_some());
        !answers.is_empty() && answers.iter().all(|(id, _)| ours(id))
    }

    /// The intent with the answers in place.
    ///
    /// # Errors
    /// One entry for each answer that cannot be used; nothing is applied then.
    pub fn answered(self, answers: &[(String, String)], turn: u16) -> Result<Intent, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut intent = self.intent.clone();
        for (id, text) in answers {
            let Some(asked) = self.asked.iter().find(|a| a.id == *id) else { continue };
            let Some(role) = asked.role else { continue };
            match value(asked, role, text.trim()) {
                Ok(value) => {
                    let source = Source::Answer { turn, field: asked.id.clone() };
                    self.put(&mut intent, asked.action, role, &Sourced { value, source });
                }
                Err(message) => {
                    errors.push(FieldError { field: id.clone(), code: "invalid_value".into(), message });
                }
            }
        }
        if errors.is_empty() { Ok(intent) } else { Err(errors) }
    }

    /// Replaces a value of an action; a chain also where other actions named the same one.
    fn put(&self, intent: &mut Intent, action: usize, role: Role, answer: &Sourced) {
        let old = |index: usize| self.intent.actions.get(index).and_then(|a| a.get(role));
        for (index, changed) in intent.actions.iter_mut().enumerate() {
            let concerned = index == action || (role == Role::Chain && old(index) == old(action));
            if let Some((_, sourced)) = changed.values.iter_mut().find(|(r, _)| concerned && *r == role) {
                *sourced = answer.clone();
            }
        }
    }
}

/// No answer is longer: an address has 42 characters.
const LONGEST_ANSWER: usize = 100;

/// What an answer means; what else must hold of it, binding sees.
fn value(asked: &Asked, role: Role, text: &str) -> Result<String, String> {
    match role {
        Role::Chain => {
            let option = asked.options.iter().find(|o| o.eq_ignore_ascii_case(text)).cloned();
            option.ok_or_else(|| format!("`{text}` is not one of {}", asked.options.join(", ")))
        }
        Role::Recipient => {
            let digits = text.strip_prefix("0x").unwrap_or_default();
            let mixed = digits.bytes().any(|b| b.is_ascii_uppercase())
                && digits.bytes().any(|b| b.is_ascii_lowercase());
            let address =
                if mixed { Address::parse_checksummed(text, None).ok() } else { digits.parse().ok() };
            let usable = address.is_some_and(|a: Address| !a.is_zero());
            let wrong = || format!("`{text}` is not an address: give 0x and 40 digits, checksum intact");
            if usable { Ok(text.to_owned()) } else { Err(wrong()) }
        }
        _ if text.is_empty() || text.len() > LONGEST_ANSWER => Err("give one short value".into()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_of_a_later_version_is_left_alone() {
        let written = serde_json::to_string(&Draft::default()).expect("JSON");
        assert!(Draft::read(&written).is_ok());
        let later = written.replace("\"format\":1", "\"format\":2");
        assert_eq!(Draft::read(&later).err(), Some(Unreadable::Newer));
        assert_eq!(Draft::read("{}").err(), Some(Unreadable::Broken));
    }
}
