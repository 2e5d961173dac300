//! Corpus lines: one JSON line in, one JSON line out, in the form of the language contract.

use serde_json::{Map, Value, json};

use crate::intent::Action;
use crate::lexicon::Lexicon;
use crate::question::Question;
use crate::source::{Source, Span};
use crate::understand::{Context, Draft, Outcome, Turn, understand};

/// Answers one line.
///
/// # Errors
///
/// The line is no JSON object of the expected form: a sentence that says what is wrong.
pub fn answer(line: &str, lexicon: &Lexicon) -> Result<String, String> {
    let line: Value = serde_json::from_str(line).map_err(|e| format!("not JSON: {e}"))?;
    let object = line.as_object().ok_or("not a JSON object")?;
    let context = Context { chain: text(object, "chain")? };
    let mut out = Map::new();
    out.insert("id".into(), object.get("id").cloned().unwrap_or(Value::Null));
    let mut draft = None;
    if let Some(turns) = object.get("turns") {
        let turns = turns.as_array().ok_or("`turns` is not a list")?;
        let mut results = Vec::new();
        for turn in turns {
            let turn = turn.as_object().ok_or("a turn is not an object")?;
            results.push(Value::Object(one(turn, &mut draft, &context, lexicon)?));
        }
        out.insert("turns".into(), Value::Array(results));
    } else {
        out.extend(one(object, &mut draft, &context, lexicon)?);
    }
    Ok(Value::Object(out).to_string())
}

fn text(object: &Map<String, Value>, key: &str) -> Result<Option<String>, String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(s)) => Ok(Some(s.clone())),
        Some(_) => Err(format!("`{key}` is not a string")),
    }
}

fn one(
    turn: &Map<String, Value>,
    draft: &mut Option<Draft>,
    context: &Context,
    lexicon: &Lexicon,
) -> Result<Map<String, Value>, String> {
    let message = text(turn, "message")?;
    let mut answers = Vec::new();
    if let Some(given) = turn.get("answers") {
        for (field, value) in given.as_object().ok_or("`answers` is not an object")? {
            let value = match value {
                Value::String(s) => s.clone(),
                other => other.to_string(),
            };
            answers.push((field.clone(), value));
        }
    }
    if message.is_none() && answers.is_empty() && !turn.contains_key("answers") {
        return Err("neither `message` nor `answers`".into());
    }
    let turn = Turn { message: message.as_deref(), answers: &answers };
    Ok(match understand(&turn, draft.as_ref(), context, lexicon) {
        Ok(reading) => {
            *draft = Some(reading.draft);
            outcome(&reading.outcome)
        }
        // An invalid answer asks its field again, and applies nothing of the turn.
        Err(errors) => {
            let fields = errors.iter().map(|e| Value::String(e.field.clone())).collect();
            Map::from_iter([("outcome".into(), json!("ask")), ("fields".into(), Value::Array(fields))])
        }
    })
}

fn outcome(outcome: &Outcome) -> Map<String, Value> {
    match outcome {
        Outcome::Plan(intent) => {
            let actions = intent.actions.iter().map(|a| Value::Object(action(a))).collect();
            Map::from_iter([("outcome".into(), json!("plan")), ("actions".into(), Value::Array(actions))])
        }
        Outcome::Ask(questions) => {
            let fields = field_ids(questions).into_iter().map(Value::String).collect();
            Map::from_iter([("outcome".into(), json!("ask")), ("fields".into(), Value::Array(fields))])
        }
    }
}

/// The id of every question: the second and later ones that ask the same field get a suffix.
pub fn field_ids(questions: &[Question]) -> Vec<String> {
    let mut ids = Vec::new();
    for (i, question) in questions.iter().enumerate() {
        let before = questions[..i].iter().filter(|q| q.field == question.field).count();
        let name = question.field.as_str();
        ids.push(if before == 0 { name.to_owned() } else { format!("{name}_{}", before + 1) });
    }
    ids
}

fn action(action: &Action) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("type".into(), json!(action.kind.as_str()));
    let mut spans = Map::new();
    for (role, sourced) in &action.values {
        out.insert(role.as_str().into(), json!(sourced.value));
        if let Source::Words(words) = &sourced.source {
            let words = words.iter().map(|Span { turn, start, end }| json!([turn, start, end])).collect();
            spans.insert(role.as_str().into(), Value::Array(words));
        }
    }
    out.insert("spans".into(), Value::Object(spans));
    out
}
