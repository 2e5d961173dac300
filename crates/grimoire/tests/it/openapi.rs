//! `GET /openapi.json`: the API's own description.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    program::{Server, message_of},
    wire::Request,
};

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi.json");

fn described(server: &Server) -> Value {
    let response = server.ask(&Request::new("GET", "/openapi.json"));
    assert_eq!((response.status, response.header("content-type")), (200, Some("application/json")));
    response.json()
}

/// With `UPDATE_SNAPSHOTS=1` the file is written instead.
#[test]
fn the_description_changes_only_on_purpose() {
    let document = described(&Server::start());
    let text = format!("{}\n", serde_json::to_string_pretty(&document).expect("JSON"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(SNAPSHOT, &text).expect("written");
    }
    let kept = fs::read_to_string(Path::new(SNAPSHOT)).expect("the snapshot is there");
    assert!(kept == text, "UPDATE_SNAPSHOTS=1 writes {SNAPSHOT} anew; look at what changed");
}

#[test]
fn every_route_that_is_described_is_there() {
    let server = Server::start();
    let document = described(&server);
    assert_eq!(document["paths"].as_object().map(serde_json::Map::len), Some(8));
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let there = path.replace("{id}", "sess_00000000000000000000000000");
            let response = server.ask(&Request::new(&method.to_uppercase(), &there));
            let keyed = operation["security"].is_array();
            assert_eq!(response.status, if keyed { 401 } else { 200 }, "{method} {path}");
        }
    }
}

/// What in a value does not fit its schema.
fn misfits(value: &Value, schema: &Value, all: &Value, place: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let named = all.pointer(name.trim_start_matches('#')).expect("the reference leads somewhere");
        return misfits(value, named, all, place);
    }
    if let Some(either) = schema["oneOf"].as_array() {
        let tried: Vec<_> = either.iter().map(|one| misfits(value, one, all, place)).collect();
        let best = tried.into_iter().min_by_key(Vec::len);
        return best.expect("there is one");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        kinds => kinds.as_array().expect("a type").iter().filter_map(Value::as_str).collect(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.contains(&kind) {
        return vec![format!("{place} is {kind}, not {kinds:?}")];
    }
    let allowed = schema["enum"].as_array().is_none_or(|allowed| allowed.contains(value));
    let mut wrong = if allowed { Vec::new() } else { vec![format!("{place} is {value}")] };
    for item in value.as_array().into_iter().flatten() {
        wrong.extend(misfits(item, &schema["items"], all, place));
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                wrong.push(format!("{place}.{name} is missing"));
            }
        }
        for (name, inner) in object {
            let place = format!("{place}.{name}");
            match properties.get(name) {
                Some(schema) => wrong.extend(misfits(inner, schema, all, &place)),
                None => wrong.push(format!("{place} is not described")),
            }
        }
    }
    wrong
}

#[test]
fn real_answers_are_as_described() {
    let server = Server::start();
    let all = described(&server);
    let holds = |value: &Value, name: &str| {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        assert_eq!(misfits(value, &schema, &all, name), Vec::<String>::new(), "{value}");
    };
    for message in ["Swap 100 USDC to ETH on Uniswap", "Move my USDC to a better yield", "hello"] {
        let run = server.run(message).json();
        holds(&run, "TurnDocument");
        let session = format!("/v1/session/{}", run["session_id"].as_str().expect("an id"));
        holds(&server.get(&session).json(), "SessionDocument");
        let stale = json!({"message": "hi", "version": 9});
        holds(&server.ask(&Request::new("POST", &session).key(&server.key).json(&stale)).json(), "Problem");
        holds(&stale, "FollowRequest");
        let wrong = json!({"answers": {"x": true, "y": "z"}});
        holds(&server.ask(&Request::new("POST", &session).key(&server.key).json(&wrong)).json(), "Problem");
    }
    holds(&message_of("hello"), "RunRequest");
    let run = server.run("hello").json();
    let schema = json!({"$ref": "#/components/schemas/SessionDocument"});
    assert!(!misfits(&run, &schema, &all, "").is_empty(), "another document does not fit");
}
