//! What is asked of the person, in the form of the API.

use std::collections::BTreeMap;

use grimoire_lang::{Field, Question};
use serde::Serialize;

/// Open questions: the body of a clarification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clarification {
    /// One or two sentences for a person.
    pub message: String,
    /// One entry a question, most important first.
    pub fields: Vec<FieldSpec>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldSpec {
    /// The field id of the language contract, with `_2` … for the second and later actions that ask the same.
    pub id: String,
    /// A question for a person, naming tokens and venues.
    pub label: String,
    /// `select`, `number`, `text`, `boolean` or `address`.
    pub input: grimoire_lang::Input,
    /// Whether the plan needs it.
    pub required: bool,
    /// Values to choose from, for `select`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The same with label and facts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub option_details: Vec<OptionDetail>,
}

/// What is known of an option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OptionDetail {
    /// The option.
    pub value: String,
    /// For a person.
    pub label: String,
    /// What lending there earns, or borrowing costs, now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apy: Option<String>,
    /// What is at hand there, with its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liquidity: Option<String>,
    /// What the wallet holds of it, or has there, with its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<String>,
}

impl Clarification {
    /// Questions in the form of the API.
    #[must_use]
    pub fn of<'a>(questions: impl Iterator<Item = &'a Question>) -> Self {
        let mut seen: BTreeMap<Field, u32> = BTreeMap::new();
        let fields: Vec<FieldSpec> = questions
            .map(|question| {
                let times = seen.entry(question.field).or_default();
                *times += 1;
                field(question, *times)
            })
            .collect();
        let message = fields.iter().map(|f| f.label.as_str()).collect::<Vec<_>>().join(" ");
        Self { message, fields }
    }
}

fn field(question: &Question, times: u32) -> FieldSpec {
    let detail = |c: &grimoire_lang::Choice| OptionDetail {
        value: c.value.clone(),
        label: c.label.clone(),
        ..OptionDetail::default()
    };
    FieldSpec {
        id: if times == 1 { question.field.to_string() } else { format!("{}_{times}", question.field) },
        label: question.label.clone(),
        input: question.input,
        required: true,
        options: question.options.iter().map(|c| c.value.clone()).collect(),
        option_details: question.options.iter().map(detail).collect(),
    }
}
