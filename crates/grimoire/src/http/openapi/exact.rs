//! What annotations cannot say: which texts a header or a field takes, what must come together, what leads where.
//!
//! What comes in: the document of the annotations. What goes out: the same, exact enough to be tested by programs that know
//! nothing else. What it refuses to know: requests.

use serde_json::{Map, Value, json};

/// Texts of at most 2,000 characters without control characters but tabs and line breaks.
const MESSAGE: &str = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]+$";

/// Makes the document exact.
pub(super) fn exact(mut api: Value) -> Value {
    for operation in operations(&mut api) {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            if let Some(schema) = parameter["name"].as_str().and_then(parameter_schema) {
                parameter["schema"] = schema;
            }
        }
    }
    for operation in operations(&mut api) {
        let stream = operation.pointer_mut("/responses/200/content/text~1event-stream/schema");
        stream.into_iter().for_each(|schema| *schema = event());
    }
    fields(&mut api["components"]["schemas"]);
    leads(&mut api);
    api
}

fn operations(api: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = api["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut)
}

/// A parameter is left out rather than null.
fn parameter_schema(name: &str) -> Option<Value> {
    Some(match name {
        "id" => json!({"type": "string", "pattern": "^sess_[0-9a-hjkmnp-tv-z]{26}$"}),
        "Idempotency-Key" => json!({"type": "string", "pattern": "^[!-~]{1,255}$"}),
        "If-Match" | "If-None-Match" => json!({"type": "string"}),
        "Last-Event-ID" => json!({"type": "integer", "format": "int64", "minimum": 0}),
        "run" => json!({"type": "integer", "format": "int64"}),
        _ => return None,
    })
}

/// One event of a stream.
fn event() -> Value {
    let types = ["thinking", "summary_chunk", "preview_ready", "clarification", "error", "done"];
    json!({
        "type": "object",
        "description": "Each event of the stream.",
        "required": ["id", "data"],
        "properties": {
            "id": {"type": "string", "pattern": "^[1-9][0-9]*$"},
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {
                    "type": "object",
                    "required": ["seq", "type"],
                    "properties": {
                        "seq": {"type": "integer", "minimum": 1, "description": "The same as the id."},
                        "type": {"type": "string", "enum": types},
                    },
                },
            },
        },
    })
}

fn fields(schemas: &mut Value) {
    schemas["RunRequest"]["properties"]["user_message"]["pattern"] = MESSAGE.into();
    let wallet = &mut schemas["UserContext"]["properties"]["wallet_address"];
    wallet["format"] = "eip55".into();
    // The zero address is nobody's.
    wallet["not"] = json!({"const": format!("0x{}", "0".repeat(40))});
    let follow = &mut schemas["FollowRequest"];
    follow["properties"]["message"]["pattern"] = MESSAGE.into();
    follow["properties"]["answers"]["maxProperties"] = 64.into();
    // Answers, a message, or both.
    follow["anyOf"] = json!([
        {"required": ["answers"], "properties": {"answers": {"type": "object", "minProperties": 1}}},
        {"required": ["message"], "properties": {"message": {"type": "string"}}},
    ]);
}

/// A turn names the session that other routes take.
fn leads(api: &mut Value) {
    let id = json!({"id": "$response.body#/session_id"});
    let lead = |to: &str| json!({"operationId": to, "parameters": id.clone()});
    for (path, leads) in
        [("/v1/run", ["look", "follow", "resume"]), ("/v1/session/{id}", ["look", "follow", "resume"])]
    {
        let links: Map<String, Value> = leads.iter().map(|to| ((*to).to_owned(), lead(to))).collect();
        api["paths"][path]["post"]["responses"]["200"]["links"] = links.into();
    }
}
