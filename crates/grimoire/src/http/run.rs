//! `POST /v1/run`

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{AppendHeaders, IntoResponse, Response},
};

use super::{
    App,
    body::{self, Fields},
    manner::Ask,
    openapi::schema::{RunRequest, TurnDocument},
    problem::{Kind, Problem},
    sse,
};
use crate::{
    auth::Caller,
    opening::{self, Opening},
    session::{Manner, Outcome},
};

/// Turns a message into a preview, or into the questions that are open.
#[utoipa::path(
    post,
    path = "/v1/run",
    security(("key" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under it gets the first result")),
    request_body = RunRequest,
    responses((status = 200, description = "A preview or a clarification", content(
        (TurnDocument = "application/json"), (String = "text/event-stream")
    )))
)]
pub(super) async fn run(
    State(app): State<Arc<App>>,
    caller: Caller,
    ask: Ask,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let fields = body::read(&headers, body, app.limits.body_timeout).await?;
    let mut manner = ask.manner(&headers, &fields)?;
    let opening = read(fields, &caller, &mut manner)?;
    Ok(answer(app.sessions.run(&caller, opening, manner).await?, &caller, &app))
}

/// What a turn came to, or the stream that tells it; the tag is the session's version.
pub(super) fn answer(outcome: Outcome, caller: &Caller, app: &App) -> Response {
    let answer = match outcome {
        Outcome::Answer(answer) => answer,
        Outcome::Stream(events) => return sse::respond(events, caller.clone(), app),
    };
    let media_type = if answer.stream { sse::MEDIA_TYPE } else { "application/json" };
    let headers =
        [(header::CONTENT_TYPE, media_type.to_owned()), (header::ETAG, format!("\"{}\"", answer.version))];
    let mut response = (headers, answer.document).into_response();
    if answer.stream {
        let headers = AppendHeaders(sse::naming(&answer.session, answer.run));
        response = (headers, response).into_response();
    }
    if answer.replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// A body in another partner's name is refused before anything else of it is looked at.
fn read(mut fields: Fields, caller: &Caller, manner: &mut Manner) -> Result<Opening, Problem> {
    let partner = fields.text("partner_id");
    if partner.is_some_and(|partner| partner != caller.partner) {
        return Err(Problem::new(Kind::ForeignPartner, "partner_id must be the partner the key belongs to"));
    }
    let message =
        fields.text("user_message").and_then(|text| fields.note("user_message", opening::message(text)));
    manner.stream = fields.flag("stream");
    let mut context = fields.object("user_context")?;
    let chain = context.optional_text("chain").and_then(|text| context.note("chain", opening::chain(&text)));
    let wallet = context
        .optional_text("wallet_address")
        .and_then(|text| context.note("wallet_address", opening::wallet(&text)));
    fields.absorb(context)?;
    fields.finish()?;
    let message = message.ok_or_else(Problem::internal)?;
    Ok(Opening { message, chain, wallet })
}
