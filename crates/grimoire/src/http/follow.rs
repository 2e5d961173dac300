//! `POST /v1/session/{id}`

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, header},
    response::Response,
};

use super::{
    App,
    body::{self, Fields},
    manner::Ask,
    openapi::schema::{FollowRequest, TurnDocument},
    problem::{Kind, Problem},
    run, session,
};
use crate::{
    auth::Caller,
    followup::{self, FollowUp, MOST_ANSWERS},
    opening,
    session::{Condition, Manner},
};

/// Goes on with a conversation: answers, other words, corrections.
#[utoipa::path(
    post,
    path = "/v1/session/{id}",
    security(("key" = [])),
    params(
        ("id" = String, Path, description = "`sess_…`"),
        ("If-Match" = Option<String>, Header, description = "The tag this was written against"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same request under it gets the first result")
    ),
    request_body = FollowRequest,
    responses((status = 200, description = "A preview or a clarification", content(
        (TurnDocument = "application/json"), (String = "text/event-stream")
    )))
)]
pub(super) async fn follow(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    ask: Ask,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let fields = body::read(&headers, body, app.limits.body_timeout).await?;
    let mut manner = ask.manner(&headers, &fields)?;
    let (said, version) = read(fields, &mut manner)?;
    let condition = Condition { version, tags: tags(&headers) };
    let outcome = app.sessions.follow(&caller, &session::known(id)?, said, &condition, manner).await?;
    Ok(run::answer(outcome, &caller, &app))
}

fn read(mut fields: Fields, manner: &mut Manner) -> Result<(FollowUp, Option<i64>), Problem> {
    let answers = fields.written("answers")?;
    let message =
        fields.optional_text("message").and_then(|text| fields.note("message", opening::message(text)));
    manner.stream = fields.flag("stream");
    let version = fields.optional_integer("version");
    if answers.len() > MOST_ANSWERS {
        let most = format!("at most {MOST_ANSWERS} answers are taken at once");
        fields.wrong::<()>("answers", Kind::InvalidAnswers, &most);
    }
    if answers.is_empty() && message.is_none() && !fields.is_wrong() {
        fields.wrong::<()>("answers", Kind::MissingField, "send answers, a message, or both");
    }
    fields.finish()?;
    let answers = answers.into_iter().map(|(id, json)| (id, followup::text(&json))).collect();
    Ok((FollowUp { message, answers }, version))
}

/// The tags of `If-Match`; nothing where it is left out or names any. Weak ones never match (RFC 9110, 13.1.1).
fn tags(headers: &HeaderMap) -> Option<Vec<String>> {
    let lists: Vec<&str> =
        headers.get_all(header::IF_MATCH).iter().map(|value| value.to_str().unwrap_or_default()).collect();
    let named: Vec<&str> = lists.iter().flat_map(|list| list.split(',')).map(str::trim).collect();
    if lists.is_empty() || named.contains(&"*") {
        return None;
    }
    let strong = |tag: &&str| Some(tag.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    Some(named.iter().filter_map(strong).collect())
}
