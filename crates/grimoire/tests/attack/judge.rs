//! Whether what came is what must come.
//!
//! What comes in: an [`Outcome`] and the checks of a case, each a line of a small language. What goes out: what does not
//! hold. What it refuses to know: why a check is made.

use std::time::Duration;

use serde_json::Value;

use crate::{
    case::Expected,
    line::{Answer, Heard},
    plan,
};

/// What came of sending a request.
pub(crate) struct Outcome {
    pub(crate) heard: Heard,
    /// Whether such an answer has no body.
    pub(crate) bodiless: bool,
    pub(crate) took: Duration,
    /// Whether the connection was closed afterwards, saying nothing more. Known where a check asks for it.
    pub(crate) closed: bool,
    /// What else is there to compare with: the same request by nobody, to nobody's session, a session before and after.
    pub(crate) twin: Option<Answer>,
    pub(crate) sessions: Vec<(Value, Value)>,
    /// How many KiB the process grew by.
    pub(crate) grew: u64,
    /// What was sent.
    pub(crate) sent: String,
}

/// Everything that does not hold.
pub(crate) fn judge(outcome: &Outcome, expected: &Expected) -> Vec<String> {
    let answer = match &outcome.heard {
        Heard::Answer(answer) => answer.clone(),
        Heard::Closed => Answer::default(),
        Heard::Silence => return vec!["there was no answer in time".into()],
        Heard::Nonsense(why) => return vec![why.clone()],
    };
    let document: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    let mut wrong = Vec::new();
    if !expected.status.is_empty() && !expected.status.contains(&answer.status) {
        wrong.push(format!("the status is {}", answer.status));
    }
    if answer.status >= 400 && !outcome.bodiless {
        wrong.extend(malformed(&answer, &document));
        let code = document["code"].as_str().unwrap_or_default();
        if !expected.code.is_empty() && !expected.code.iter().any(|c| c == code) {
            wrong.push(format!("the code is {code}"));
        }
    }
    if !expected.outcome.is_empty() && answer.status != 0 {
        let is = class(&answer, &document);
        // What is blocked is a preview that hands nothing out.
        if !expected.outcome.iter().any(|o| o == is) {
            wrong.push(format!("it is a {is}: {}", brief(&answer)));
        }
    }
    for check in &expected.must {
        if let Some(why) = fails(check, outcome, &answer, &document) {
            wrong.push(format!("{check}: {why}"));
        }
    }
    for text in &expected.must_not {
        if whole(&answer).contains(&text.to_lowercase()) {
            wrong.push(format!("it says {text:?}"));
        }
    }
    wrong
}

fn class(answer: &Answer, document: &Value) -> &'static str {
    if answer.status >= 400 {
        "error"
    } else if document["type"] == "clarification" {
        "clarification"
    } else if document["preview"]["executable"] == false {
        "blocked"
    } else if document["type"] == "preview" {
        "preview"
    } else {
        "document"
    }
}

/// What is wrong with a problem document.
pub(crate) fn malformed(answer: &Answer, document: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    if answer.header("content-type") != Some("application/problem+json") {
        wrong.push(format!("no problem document: {}", brief(answer)));
        return wrong;
    }
    let text = |name: &str| document[name].as_str().is_some_and(|text| !text.is_empty());
    for name in ["type", "title", "code", "detail", "request_id"] {
        if !text(name) {
            wrong.push(format!("the problem has no {name}: {}", brief(answer)));
        }
    }
    let holds = document["status"] == answer.status
        && document["ok"] == false
        && document["retryable"].is_boolean()
        && document["request_id"].as_str() == answer.header("x-request-id");
    if !holds {
        wrong.push(format!("the problem does not fit its answer: {}", brief(answer)));
    }
    if document["retryable"] == true && answer.header("retry-after").is_none() {
        wrong.push("it says to try again and not when".into());
    }
    wrong
}

fn fails(check: &str, outcome: &Outcome, answer: &Answer, document: &Value) -> Option<String> {
    let (word, rest) = check.split_once(' ').unwrap_or((check, ""));
    let holds = match word {
        "problem" => malformed(answer, document).is_empty(),
        "closed" => outcome.closed,
        "header" => header_holds(answer, rest),
        "no-header" => answer.header(rest).is_none(),
        "json" => return json_fails(document, rest),
        "no-json" => document.pointer(rest).is_none(),
        "has" => whole(answer).contains(&rest.to_lowercase()),
        "within" => {
            return (outcome.took > Duration::from_millis(rest.parse().expect("milliseconds")))
                .then(|| format!("it took {:?}", outcome.took));
        }
        "unchanged" => {
            let changed = outcome.sessions.iter().find(|(before, after)| before != after);
            return changed.map(|(before, after)| format!("{before} became {after}"));
        }
        "alike" => {
            let twin = outcome.twin.as_ref().expect("a twin was asked");
            let same = anonymous(answer) == anonymous(twin);
            return (!same).then(|| format!("{} and {}", brief(answer), brief(twin)));
        }
        "harmless" => {
            document["preview"]["transactions"].is_null() && document["preview"]["executable"] != true
        }
        "asks" => document["fields"].as_array().is_some_and(|all| all.iter().any(|f| f["id"] == rest)),
        "error" => {
            let (field, code) = rest.split_once(' ').unwrap_or((rest, ""));
            let errors = document["errors"].as_array();
            let fits = |e: &Value| e["field"] == field && (code.is_empty() || e["code"] == code);
            errors.is_some_and(|all| all.iter().any(fits))
        }
        "grew" => {
            return (outcome.grew > rest.parse().expect("KiB")).then(|| format!("by {} KiB", outcome.grew));
        }
        "is" => answer.text() == rest,
        "lacks" => !whole(answer).contains(&rest.to_lowercase()),
        "approves" => {
            plan::approved(document).iter().all(|amount| amount == rest)
                && !plan::approved(document).is_empty()
        }
        "if-preview" => document["type"] != "preview" || plan::holds(document, rest, &outcome.sent),
        "grounded" => return plan::ungrounded(document, &outcome.sent),
        "events" => return crate::stream::misfit(&answer.text(), rest),
        _ => return Some("there is no such check".into()),
    };
    (!holds).then(|| brief(answer))
}

fn header_holds(answer: &Answer, rest: &str) -> bool {
    match rest.split_once(": ") {
        Some((name, value)) => answer.header(name) == Some(value),
        None => answer.header(rest).is_some(),
    }
}

fn json_fails(document: &Value, rest: &str) -> Option<String> {
    let (pointer, wanted) = rest.split_once(" = ").map_or((rest, None), |(p, w)| (p, Some(w)));
    let found = document.pointer(pointer);
    match wanted {
        None => found.is_none().then(|| format!("not there: {document}")),
        Some(wanted) => {
            let wanted: Value = serde_json::from_str(wanted).expect("a JSON value");
            (found != Some(&wanted)).then(|| format!("it is {found:?}: {document}"))
        }
    }
}

/// The document without what names the request, and what stands in the path.
fn anonymous(answer: &Answer) -> (u16, String) {
    let id = answer.header("x-request-id").unwrap_or("-");
    (answer.status, answer.text().replace(id, ""))
}

fn whole(answer: &Answer) -> String {
    let headers: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    (headers + &answer.text()).to_lowercase()
}

fn brief(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.text().chars().take(600).collect::<String>())
}
