//! `POST /v1/session/{id}`: answers, other words, corrections.

use serde_json::{Value, json};

use crate::{
    program::{Server, message_of},
    wire::{Request, Response},
};

fn post(server: &Server, id: &str, body: &Value) -> Response {
    server.ask(&Request::new("POST", &format!("/v1/session/{id}")).key(&server.key).json(body))
}

/// Opens a session with a message; gives its id and the document.
fn open(server: &Server, message: &str) -> (String, Value) {
    let document = server.run(message).json();
    (document["session_id"].as_str().expect("an id").to_owned(), document)
}

fn ids(document: &Value) -> Vec<&str> {
    document["fields"].as_array().expect("fields").iter().filter_map(|f| f["id"].as_str()).collect()
}

/// Field and code of every entry of a problem.
fn entries(response: &Response) -> Vec<(String, String)> {
    let document = response.json();
    let text = |entry: &Value, name: &str| entry[name].as_str().expect("a text").to_owned();
    let entries = document["errors"].as_array().expect("entries");
    entries.iter().map(|e| (text(e, "field"), text(e, "code"))).collect()
}

#[test]
fn a_goal_becomes_a_preview_in_words() {
    let server = Server::start();
    let (id, first) = open(&server, "Optimize my lending position");
    assert_eq!(ids(&first), ["venue", "token", "target"]);
    let second = post(&server, &id, &json!({"message": "Aave, USDC, maximize APY"})).json();
    assert_eq!((&second["type"], ids(&second)), (&json!("clarification"), vec!["amount"]), "{second}");
    assert_eq!(second["version"], 2);
    let third = post(&server, &id, &json!({"message": "All of it, up to 50,000"}));
    let document = third.json();
    assert_eq!((third.status, &document["type"]), (200, &json!("preview")), "{document}");
    assert_eq!((&document["state"], &document["version"]), (&json!("PREVIEW_READY"), &json!(3)));
    let action = &document["preview"]["action_plan"]["actions"][0];
    assert_eq!((&action["type"], &action["venue"]), (&json!("deposit"), &json!("aave_v3")), "{document}");
    assert_eq!(action["params"]["amount"], "min(all,50000)", "{document}");
}

#[test]
fn answers_become_a_preview() {
    let server = Server::start();
    let (id, _) = open(&server, "Move my USDC to a better yield");
    let response = post(&server, &id, &json!({"answers": {"venue": "morpho_blue", "amount": 5000}}));
    let document = response.json();
    assert_eq!((response.status, &document["type"]), (200, &json!("preview")), "{document}");
    assert_eq!(response.header("etag"), Some("\"2\""));
    let action = &document["preview"]["action_plan"]["actions"][0];
    assert_eq!((&action["venue"], &action["params"]["amount"]), (&json!("morpho_blue"), &json!("5000")));
    let look = server.get(&format!("/v1/session/{id}")).json();
    assert_eq!((&look["state"], &look["version"]), (&json!("PREVIEW_READY"), &json!(2)));
    assert_eq!((&look["latest_preview"], &look["unresolved_fields"]), (&document["preview"], &json!([])));
}

#[test]
fn a_number_is_the_same_however_it_is_written() {
    let server = Server::start();
    for amount in ["5000", "5000.0", "5e3", "\"5000\"", "\"5,000\""] {
        let (id, _) = open(&server, "Lend USDC on Aave");
        let body = format!("{{\"answers\":{{\"amount\":{amount}}}}}");
        let request = Request::new("POST", &format!("/v1/session/{id}")).key(&server.key);
        let document = server.ask(&request.header("content-type", "application/json").raw(body)).json();
        let action = &document["preview"]["action_plan"]["actions"][0];
        assert_eq!(action["params"]["amount"], "5000", "{amount}: {document}");
    }
}

#[test]
fn a_preview_can_be_corrected() {
    let server = Server::start();
    let (id, first) = open(&server, "Swap 100 USDC to ETH on Uniswap");
    let document = post(&server, &id, &json!({"message": "make it 200"})).json();
    let action = &document["preview"]["action_plan"]["actions"][0];
    assert_eq!(action["params"]["amount_in"], "200", "{document}");
    assert_eq!(document["version"], 2);
    let hash = |document: &Value| document["preview"]["simulation"]["plan_hash"].clone();
    assert_ne!(hash(&document), hash(&first));
}

#[test]
fn answers_that_cannot_be_used_change_nothing() {
    let server = Server::start();
    let (id, _) = open(&server, "Move my USDC to a better yield");
    let before = server.get(&format!("/v1/session/{id}")).body;
    let cases = [
        (json!({"venue": "aave_v3", "amuont": 1}), vec![("answers.amuont", "unknown_field")]),
        (json!({"amount": "lots"}), vec![("answers.amount", "invalid_value")]),
        (json!({"amount": -5}), vec![("answers.amount", "invalid_value")]),
        (
            json!({"venue": "nowhere", "amount": true}),
            vec![("answers.venue", "invalid_value"), ("answers.amount", "invalid_value")],
        ),
        (
            json!({"venue": ["aave_v3"], "amount": "x y z"}),
            vec![("answers.venue", "invalid_type"), ("answers.amount", "invalid_value")],
        ),
        (json!({"amount": null}), vec![("answers.amount", "invalid_type")]),
        (
            json!({"amount": 1, "token_out": "DAI", "x": {"y": 1}}),
            vec![("answers.token_out", "unknown_field"), ("answers.x", "unknown_field")],
        ),
        (
            json!({"constructor": 1, "amount_2": 5}),
            vec![("answers.constructor", "unknown_field"), ("answers.amount_2", "unknown_field")],
        ),
    ];
    for (answers, expected) in cases {
        let response = post(&server, &id, &json!({"answers": answers}));
        assert_eq!((response.status, response.problem().as_str()), (422, "invalid_answers"), "{answers}");
        let found = entries(&response);
        let found: Vec<_> = found.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        assert_eq!(found, expected, "{answers}");
        assert_eq!(server.get(&format!("/v1/session/{id}")).body, before, "{answers}");
    }
    let answered = post(&server, &id, &json!({"answers": {"venue": "aave_v3", "amount": 1}}));
    assert_eq!((answered.status, &answered.json()["version"]), (200, &json!(2)));
    let again = post(&server, &id, &json!({"answers": {"amount": 1}}));
    assert_eq!((again.status, entries(&again)[0].1.as_str()), (422, "unknown_field"), "nothing is asked now");
}

#[test]
fn a_body_that_says_nothing_or_too_much_is_refused() {
    let server = Server::start();
    let (id, _) = open(&server, "hello");
    let many: Value = (0..65).map(|n| (n.to_string(), json!(n))).collect::<serde_json::Map<_, _>>().into();
    for (body, status, code) in [
        (json!({}), 422, "missing_field"),
        (json!({"answers": {}}), 422, "missing_field"),
        (json!({"answers": null, "message": null}), 422, "missing_field"),
        (json!({"message": ""}), 422, "message_empty"),
        (json!({"message": 5}), 422, "invalid_type"),
        (json!({"message": "x".repeat(2_001)}), 422, "message_too_long"),
        (json!({"answers": [1]}), 400, "invalid_request"),
        (json!({"answers": "venue"}), 400, "invalid_request"),
        (json!({"answers": many}), 422, "invalid_answers"),
        (json!({"message": "x", "partner_id": "demo"}), 400, "unknown_field"),
        (json!({"message": "x", "version": 1.5}), 422, "invalid_type"),
        (json!({"message": "x", "version": "1"}), 422, "invalid_type"),
    ] {
        let response = post(&server, &id, &body);
        assert_eq!((response.status, response.problem().as_str()), (status, code), "{body}");
    }
}

#[test]
fn a_stale_version_is_told_how_the_session_stands() {
    let server = Server::start();
    let (id, _) = open(&server, "Swap 100 USDC to ETH on Uniswap");
    let say = |version: i64, text: &str| post(&server, &id, &json!({"message": text, "version": version}));
    assert_eq!(say(1, "make it 200").status, 200);
    for version in [1, 3, 0, -1, i64::MAX] {
        let response = say(version, "make it 300");
        assert_eq!((response.status, response.problem().as_str()), (409, "version_conflict"), "{version}");
        let document = response.json();
        assert_eq!((&document["version"], &document["state"]), (&json!(2), &json!("PREVIEW_READY")));
    }
    assert_eq!(say(2, "make it 300").json()["version"], 3);
}

#[test]
fn a_tag_that_does_not_match_is_a_failed_precondition() {
    let server = Server::start();
    let (id, _) = open(&server, "Swap 100 USDC to ETH on Uniswap");
    let say = |tag: &str| {
        let request = Request::new("POST", &format!("/v1/session/{id}")).key(&server.key);
        server.ask(&request.header("if-match", tag).json(&json!({"message": "make it 200"})))
    };
    for tag in ["\"2\"", "W/\"1\"", "1", "\"\"", "\"1-expired\""] {
        let response = say(tag);
        assert_eq!((response.status, response.problem().as_str()), (412, "precondition_failed"), "{tag}");
        assert_eq!(response.json()["version"], 1);
    }
    assert_eq!(say("\"1\"").header("etag"), Some("\"2\""));
    assert_eq!(say("\"7\", \"2\"").header("etag"), Some("\"3\""));
    assert_eq!(say("*").header("etag"), Some("\"4\""));
}

#[test]
fn a_foreign_session_takes_nothing() {
    let server = Server::start();
    let (id, _) = open(&server, "Swap 100 USDC to ETH on Uniswap");
    let other = server.another_partner("other");
    for body in [json!({"message": "make it 200"}), json!({"answers": {"x": 1}, "version": 7})] {
        let request = Request::new("POST", &format!("/v1/session/{id}")).key(&other).json(&body);
        let response = server.ask(&request.header("if-match", "\"9\""));
        assert_eq!((response.status, response.problem().as_str()), (404, "not_found"));
    }
    let nobody = Request::new("POST", &format!("/v1/session/{id}")).json(&json!({"message": "make it 200"}));
    assert_eq!(server.ask(&nobody).status, 401);
    assert_eq!(server.get(&format!("/v1/session/{id}")).json()["version"], 1);
}

#[test]
fn a_session_takes_so_many_turns() {
    let server = Server::start_with(&[("GRIMOIRE_SESSION_MAX_TURNS", "2")]);
    let (id, _) = open(&server, "hello");
    assert_eq!(post(&server, &id, &json!({"message": "hello"})).status, 200);
    let response = post(&server, &id, &json!({"message": "hello"}));
    assert_eq!((response.status, response.problem().as_str()), (429, "session_limit"));
}

#[test]
fn an_expired_session_takes_nothing_and_each_turn_prolongs_it() {
    let server = Server::start_with(&[("GRIMOIRE_SESSION_TTL", "2s"), ("GRIMOIRE_SESSION_MAX_AGE", "5s")]);
    let (id, first) = open(&server, "Swap 100 USDC to ETH on Uniswap");
    let expiry = |document: &Value| document["expires_at"].as_str().expect("a time").to_owned();
    let mut last = expiry(&first);
    let mut prolonged = 0;
    let expired = (0..1_000).find_map(|_| {
        // Only time has to pass; what is awaited is the end of the session's life.
        std::thread::sleep(std::time::Duration::from_millis(50));
        let response = post(&server, &id, &json!({"message": "make it 200"}));
        if response.status != 200 {
            return Some(response);
        }
        let next = expiry(&response.json());
        prolonged += u32::from(next > last);
        last = next;
        None
    });
    let expired = expired.expect("it is too old in the end");
    assert_eq!((expired.status, expired.problem().as_str()), (410, "session_expired"));
    assert!(prolonged >= 2, "each write prolongs it");
    assert_eq!(server.get(&format!("/v1/session/{id}")).json()["state"], "EXPIRED");
}

#[test]
fn the_body_of_a_run_still_says_which_partner() {
    let server = Server::start();
    let mut body = message_of("hello");
    body["partner_id"] = json!("other");
    let response = server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&body));
    assert_eq!((response.status, response.problem().as_str()), (403, "foreign_partner"));
}
