//! `POST /v1/run`

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use super::{
    App,
    body::{self, Fields},
    problem::{Kind, Problem},
};
use crate::{
    auth::Caller,
    opening::{self, Opening},
    session::Answer,
};

pub(super) async fn run(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let opening = read(body::read(&headers, body, app.limits.body_timeout).await?, &caller)?;
    Ok(answer(app.sessions.run(&caller, opening).await?))
}

/// What a turn came to; the tag is the session's version.
pub(super) fn answer(answer: Answer) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::ETAG, format!("\"{}\"", answer.version)),
    ];
    (headers, answer.document).into_response()
}

/// A body in another partner's name is refused before anything else of it is looked at.
fn read(mut fields: Fields, caller: &Caller) -> Result<Opening, Problem> {
    let partner = fields.text("partner_id");
    if partner.is_some_and(|partner| partner != caller.partner) {
        return Err(Problem::new(Kind::ForeignPartner, "partner_id must be the partner the key belongs to"));
    }
    let message =
        fields.text("user_message").and_then(|text| fields.note("user_message", opening::message(text)));
    if fields.flag("stream") {
        fields.wrong::<()>("stream", Kind::StreamUnavailable, "leave this out, or send false");
    }
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
