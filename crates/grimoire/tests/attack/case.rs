//! A case: what is sent, step by step, and what must come of it.
//!
//! What comes in: a line of JSON in our API's own names. What goes out: a [`Case`]. What it refuses to know: other
//! collections' names (`vocabulary` translates them), and how anything is sent.

use serde_json::Value;

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) area: String,
    /// Settings of the server it is sent to; none is the server that all such cases share.
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) steps: Vec<Step>,
}

/// One thing that is done.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) deed: Deed,
    pub(crate) times: usize,
    /// What is kept of the answer: a name, and where it stands (`/version`, `header etag`, `out`).
    pub(crate) keep: Vec<(String, String)>,
    pub(crate) expected: Expected,
}

/// What is done.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// A request is sent.
    Send(Value),
    /// A request is sent but for its last byte, and left so until the case ends.
    Hold(Value),
    /// A request is sent and its connection cut at once.
    Cut(Value),
    /// The binary is run on the same store.
    Command(Vec<String>),
    /// Time passes.
    Wait(u64),
}

/// What must come of a step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    /// One of these; 0 is a connection that is closed without an answer.
    pub(crate) status: Vec<u16>,
    /// `preview`, `blocked`, `clarification`, `error`.
    pub(crate) outcome: Vec<String>,
    /// One of these.
    pub(crate) code: Vec<String>,
    /// Checks, in the words of `judge`.
    pub(crate) must: Vec<String>,
    /// What may stand nowhere in an answer.
    pub(crate) must_not: Vec<String>,
}

impl Case {
    /// Reads a line; says what is wrong with it.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let id = text(value, "id").ok_or("a case has an id")?;
        let wrong = |why: &str| format!("{id}: {why}");
        let (input, expected) = (&value["input"], Expected::read(&value["expected"]));
        let steps = match &input["steps"] {
            Value::Array(steps) => steps.iter().map(Step::read).collect::<Result<Vec<_>, _>>(),
            _ => deed(input).map(|deed| vec![Step { deed, times: 1, keep: Vec::new(), expected }]),
        };
        let settings = value["server"].as_object().into_iter().flatten();
        Ok(Self {
            area: text(value, "area").ok_or_else(|| wrong("a case has an area"))?,
            settings: settings
                .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
                .collect(),
            steps: steps.map_err(|why| wrong(&why))?,
            id,
        })
    }
}

impl Step {
    fn read(value: &Value) -> Result<Self, String> {
        let kept = value["keep"].as_object().into_iter().flatten();
        Ok(Self {
            deed: deed(value)?,
            times: value["times"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(1),
            keep: kept.map(|(name, at)| (name.clone(), at.as_str().unwrap_or_default().to_owned())).collect(),
            expected: Expected::read(&value["expected"]),
        })
    }
}

fn deed(value: &Value) -> Result<Deed, String> {
    if value["http"].is_object() {
        return Ok(Deed::Send(value["http"].clone()));
    }
    if value["hold"].is_object() {
        return Ok(Deed::Hold(value["hold"].clone()));
    }
    if value["cut"].is_object() {
        return Ok(Deed::Cut(value["cut"].clone()));
    }
    if let Some(args) = value["command"].as_array() {
        return Ok(Deed::Command(args.iter().filter_map(Value::as_str).map(str::to_owned).collect()));
    }
    if let Some(millis) = value["wait_ms"].as_u64() {
        return Ok(Deed::Wait(millis));
    }
    let message = value["user_message"].as_str().ok_or("there is nothing to do")?;
    let context = if value["ctx"].is_object() { value["ctx"].clone() } else { default_context() };
    let body = serde_json::json!({"user_message": message, "user_context": context});
    Ok(Deed::Send(serde_json::json!({"method": "POST", "path": "/v1/run", "auth": "A", "body": body})))
}

/// Where a message is said when the case does not care.
fn default_context() -> Value {
    serde_json::json!({"chain": "ethereum"})
}

impl Expected {
    fn read(value: &Value) -> Self {
        let number = |value: &Value| value.as_u64().and_then(|n| u16::try_from(n).ok());
        Self {
            status: several(&value["status"]).iter().filter_map(number).collect(),
            outcome: texts(&value["outcome"]).iter().flat_map(|t| t.split('|').map(str::to_owned)).collect(),
            code: texts(&value["code"]),
            must: texts(&value["must"]),
            must_not: texts(&value["must_not"]),
        }
    }
}

fn several(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(all) => all.clone(),
        one => vec![one.clone()],
    }
}

fn texts(value: &Value) -> Vec<String> {
    several(value).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(str::to_owned)
}
