//! Another collection's cases in our API's names: the one place where its fields, codes and states are mapped.
//!
//! What comes in: a line of that collection. What goes out: a [`Case`], one of our own that plays the same, or why there
//! is none; and the sentences that nothing here understands. What it refuses to know: how cases are played.

use serde_json::{Value, json};

use crate::{
    case::Case,
    sentences::{self, Meaning},
};

/// What a line comes to.
pub(crate) enum Translated {
    Case(Box<Case>),
    /// Our own case of this id plays it.
    Own(&'static str),
    Skipped(String),
}

/// Areas of what the API does not have yet.
const NOT_YET: [(&str, &str); 3] = [
    ("policy", "there are no policies yet"),
    ("rpc", "there is no chain node yet"),
    ("sim", "plans come from the product alone: no route takes one to simulate"),
];

/// Their codes in ours, with our status where it differs.
const CODES: [(&str, &[&str], Option<u16>); 12] = [
    ("unknown_field", &["unknown_field"], Some(400)),
    ("invalid_json", &["invalid_json"], None),
    ("invalid_type", &["invalid_type", "invalid_answers"], None),
    ("nothing_to_apply", &["missing_field"], None),
    ("message_too_long", &["message_too_long", "payload_too_large"], None),
    ("invalid_amount", &["invalid_json", "invalid_answers"], None),
    ("overflow", &["invalid_answers"], None),
    ("negative", &["invalid_answers"], None),
    ("zero", &["invalid_answers"], None),
    ("ambiguous_or_invalid", &["invalid_answers"], None),
    ("too_many_decimals", &["invalid_answers"], None),
    ("bidi_control", &["control_character"], None),
];

/// Where our documented contract says otherwise: the case, what must come instead, and why.
const OTHERWISE: [(&str, &[u16], &[&str], &str); 16] = [
    (
        "auth-025",
        &[200],
        &["lacks demo"],
        "GET /metrics answers without a key; it names no partner and no message",
    ),
    (
        "idor-005",
        &[400],
        &["unchanged"],
        "a body with a field that is not known is refused before anything is looked up",
    ),
    (
        "http-028",
        &[400],
        &["closed", "problem"],
        "HTTP/2 is the proxy's: its preface is answered as malformed",
    ),
    (
        "http-031",
        &[404],
        &["problem"],
        "no build has a route that panics; a test in this process breaks the world instead",
    ),
    ("json-014", &[413], &["problem"], "a body of 200 kB is too large before it is too deep"),
    ("version-007", &[422], &["unchanged"], "a version is an integer"),
    ("dos-006", &[422], &["within 500"], "a message has at most 2,000 characters"),
    ("dos-007", &[422], &["within 500"], "a message has at most 2,000 characters"),
    ("dos-010", &[422], &["within 500"], "a message has at most 2,000 characters"),
    ("number-037", &[200], &["if-preview amount 2000000"], "the language reads 2m as two million"),
    ("token-003", &[200], &["grounded"], "tokens are those of the registry: there is one PEPE in it"),
    ("recipient-023", &[200], &["grounded"], "a valid address is not guessed about by its digits"),
    ("units-012", &[200], &["harmless"], "words that were not understood are asked about"),
    (
        "chain-006",
        &[200],
        &["grounded"],
        "a bridge acts for an account that is named: it asks for the wallet",
    ),
    ("gas-002", &[200], &["grounded"], "how much all is depends on the wallet: it asks for it"),
    (
        "units-009",
        &[200],
        &["if-preview amount 0.5%"],
        "how much a part is depends on the wallet: it asks for it",
    ),
];

/// What is told in words, and the case of ours that does it.
const PLAYED: [(&str, &str); 33] = [
    ("auth-022", "auth-guesses"),
    ("auth-024", "auth-rotation"),
    ("idor-009", "idor-same-key"),
    ("idor-010", "idor-same-words"),
    ("idor-013", "idor-enumeration"),
    ("idor-015", "idor-alternating"),
    ("version-015", "version-stale-answer"),
    ("version-018", "version-read-your-writes"),
    ("idem-004", "idem-other-route"),
    ("idem-005", "idem-other-bytes"),
    ("idem-012", "idem-repeated"),
    ("idem-013", "idem-corrected"),
    ("idem-014", "idem-forgotten"),
    ("idem-015", "idem-client-left"),
    ("session-001", "session-expired"),
    ("session-004", "session-not-asked"),
    ("session-006", "session-contradiction"),
    ("session-008", "session-too-many-turns"),
    ("session-009", "session-quota"),
    ("session-011", "session-correction"),
    ("sse-009", "sse-after-done"),
    ("sse-010", "sse-client-left"),
    ("sse-015", "sse-bad-body"),
    ("sse-017", "sse-two-readers"),
    ("sse-018", "sse-too-many"),
    ("dos-001", "dos-silence"),
    ("dos-003", "dos-body-stops"),
    ("dos-004", "dos-rate"),
    ("web-006", "web-every-problem"),
    ("web-011", "web-logs"),
    ("chain-009", "chain-zkevm"),
    ("lending-005", "lending-collateral"),
    ("quote-009", "quote-thin"),
];

/// What cannot be played from outside, or is another test's.
const ELSEWHERE: [(&str, &str); 13] = [
    ("idem-011", "the process would have to be killed between its commit and its answer: not played here"),
    ("session-010", "nothing here sweeps while a turn is under way: not played"),
    ("session-013", "there is one version of the program's state so far"),
    (
        "sse-014",
        "open: streams get no event at SIGTERM; a stream lasts no longer than its turn, which is let finish",
    ),
    ("sse-016", "tests/it/streams has a failure in the middle"),
    ("dos-014", "there is no chain node yet"),
    ("chain-008", "there is no chain node yet"),
    ("chain-011", "tests of the core's bridge hold which token arrives, and that another one is warned of"),
    ("lending-004", "tests of the core's aave hold caps, frozen and paused reserves"),
    ("quote-001", "POST /v1/validate is no route yet"),
    ("quote-002", "POST /v1/validate is no route yet"),
    ("gas-009", "POST /v1/validate is no route yet"),
    ("idor-006", "POST /v1/validate is no route yet"),
];

/// Translates a line; the second part is what of it no check is known for.
pub(crate) fn translate(value: &Value) -> (Translated, Vec<String>) {
    let text = |name: &str| value[name].as_str().unwrap_or_default();
    let (id, area, input) = (text("id"), text("area"), &value["input"]);
    let skipped = |why: &str| (Translated::Skipped(why.to_owned()), Vec::new());
    if let Some((_, own)) = PLAYED.iter().find(|(theirs, _)| *theirs == id) {
        return (Translated::Own(own), Vec::new());
    }
    if let Some((_, why)) = NOT_YET.iter().chain(&ELSEWHERE).find(|(name, _)| *name == area || *name == id) {
        return skipped(why);
    }
    if input["steps"].is_array() || input["fault"].is_string() {
        return skipped("it is told in words, and no case of ours plays it");
    }
    if let Some(why) = own_world(&input["ctx"]) {
        return skipped(why);
    }
    let mut input = input.clone();
    if input["http"]["path"] == "/v1/validate" {
        match amount(&input["http"]) {
            Some(amount) if area == "number" => input = answered(&amount),
            _ => return skipped("POST /v1/validate is no route yet"),
        }
    }
    if input["http"].is_object() {
        request(&mut input["http"], id);
    } else {
        let chain = if id == "chain-001" { Value::Null } else { "ethereum".into() };
        input["ctx"] = json!({"chain": chain, "wallet_address": Value::Null});
    }
    let mut expected = value["expected"].clone();
    let strange = expectation(&mut expected, id, area);
    let case = Case::read(&json!({"id": id, "area": area, "input": input, "expected": expected}));
    let case = case.unwrap_or_else(|why| panic!("{why}"));
    (Translated::Case(Box::new(case)), strange)
}

/// Why a case is about a world that is not ours.
fn own_world(context: &Value) -> Option<&'static str> {
    let names = |name: &str| context[name].as_object().is_some_and(|all| !all.is_empty());
    if names("tokens") || context["chain"].is_string() {
        return Some("it names tokens or chains that only its own world has");
    }
    if names("address_book") || context["history"].is_array() {
        return Some("the API has no address book");
    }
    let world = ["balances", "position", "dest_code", "gas_usd"];
    world
        .iter()
        .any(|name| !context[*name].is_null())
        .then_some("a wallet with given balances or positions cannot be made over HTTP")
}

/// The amount in the one step of a plan, as it is written.
fn amount(http: &Value) -> Option<String> {
    if let Some(raw) = http["raw"].as_str() {
        let (_, rest) = raw.split_once("\"amount\":")?;
        return Some(rest.split('}').next()?.to_owned());
    }
    let step = http["body"]["plan"]["steps"].get(0)?;
    step.get("amount").map(Value::to_string)
}

/// The same amount as an answer to a question for one.
fn answered(amount: &str) -> Value {
    let raw = format!("{{\"answers\":{{\"amount\":{amount}}}}}");
    json!({"http": {"method": "POST", "path": "/v1/session/{{SID_A}}", "auth": "A", "raw": raw}})
}

/// Their way of writing a request, in ours.
fn request(http: &mut Value, id: &str) {
    for part in ["path", "raw", "body_gen"] {
        if let Some(text) = http[part].as_str() {
            http[part] = renamed(text).into();
        }
    }
    if let Some(path) = http["path"].as_str() {
        http["path"] = path.replace(' ', "%20").into();
    }
    for part in ["headers", "body"] {
        let text = http[part].to_string();
        if text.contains("{{") {
            http[part] = serde_json::from_str(&renamed(&text)).expect("names hold no quotes");
        }
    }
    if let Some(Value::String(key)) = http["headers"].as_object_mut().and_then(|all| all.get_mut("x-api-key"))
        && key.starts_with("repeat(")
    {
        *key = "a".repeat(100_000);
    }
    let raw = http["raw"].as_str().unwrap_or_default().to_owned();
    match raw.as_str() {
        "3 MB garbage" => http["raw"] = "\\x00\\xffgarbage".repeat(50_000).into(),
        raw if raw.starts_with("PRI * HTTP/2.0") => {
            http["wire"] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\\x00\\x00\\xff".into();
        }
        raw if raw.contains(": ") && raw.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let raw = raw.replace("\\r\\n", "\r\n").replace("<bytes ff fe>", "\\xff\\xfe");
            let raw = raw.split("  (").next().unwrap_or_default().to_owned();
            http["lines"] = raw.into();
            http["unmeasured"] = true.into();
            http.as_object_mut().expect("an object").remove("raw");
        }
        _ => {}
    }
    if http["body_gen"].as_str().is_some_and(|text| text.starts_with("gzip")) {
        http["body_gen"] = "'\\x1f\\x8b\\x08'+repeat('\\x00',1048576)".into();
    }
    // A run names its partner; a raw body that would otherwise be refused for that alone names it too.
    if let (Some(raw), Some("/v1/run")) = (http["raw"].as_str(), http["path"].as_str())
        && raw.starts_with("{\"")
        && !raw.contains("partner_id")
        && id != "json-027"
    {
        http["raw"] = raw.replacen('{', "{\"partner_id\":\"demo\",", 1).into();
    }
}

fn renamed(text: &str) -> String {
    let names = [
        ("{{KEY_A_EXPIRED}}", "{{KEY_EXPIRED}}"),
        ("{{KEY_A.upper()}}", "{{KEY_A:UPPER}}"),
        ("{{V-1}}", "{{V-1}}"),
        ("{{IDEM_USED_BY_B}}", "used-by-b-{{SID_B}}"),
        ("{{IDEM_B}}", "used-by-b-{{SID_B}}"),
        ("{{PREVIEW_B}}", "pre_b"),
    ];
    let text = names.iter().fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours));
    text.replace("{{1 KB}}", &"k".repeat(1_024))
}

/// Their expectation in ours; gives the sentences that no check is known for.
fn expectation(expected: &mut Value, id: &str, area: &str) -> Vec<String> {
    let mut checks = Vec::new();
    let mut strange = Vec::new();
    for (part, meaning) in
        [("must", sentences::must as fn(&str) -> Option<Meaning>), ("must_not", sentences::must_not)]
    {
        for sentence in expected[part].as_array().into_iter().flatten().filter_map(Value::as_str) {
            match meaning(sentence) {
                Some(Meaning::Checks(all)) => checks.extend(all.iter().map(|check| json!(check))),
                Some(Meaning::Unseen(why)) => assert!(!why.is_empty(), "{sentence} needs a reason"),
                None => strange.push(sentence.to_owned()),
            }
        }
    }
    (expected["must"], expected["must_not"]) = (checks.into(), Value::Null);
    let code = expected["code"].as_str().unwrap_or_default().to_owned();
    if let Some((_, ours, status)) = CODES.iter().find(|(theirs, ..)| *theirs == code) {
        expected["code"] = json!(ours);
        if let Some(status) = status {
            expected["status"] = json!([status]);
        }
    }
    if area == "number" && expected["outcome"] == "error" {
        // An amount that can be read exactly may be taken.
        (expected["status"], expected["outcome"]) = (json!([200, 400, 422]), Value::Null);
    }
    // What is asked and what is blocked hand out nothing, either way.
    if [json!("blocked"), json!("clarification")].contains(&expected["outcome"]) {
        expected["outcome"] = json!("clarification|blocked");
    }
    if let Some((_, status, must, why)) = OTHERWISE.iter().find(|(theirs, ..)| *theirs == id) {
        assert!(!why.is_empty(), "{id} needs a reason");
        *expected = json!({"status": status, "must": must});
    }
    strange
}
