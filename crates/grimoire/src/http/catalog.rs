//! `GET /v1/catalog`: the chains, tokens, venues and actions there are.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use grimoire_lang::ActionKind;
use grimoire_registry::{ChainId, REGISTRY};
use serde_json::{Value, json};

use crate::auth::Caller;

static CATALOG: LazyLock<String> = LazyLock::new(|| document().to_string());

pub(super) async fn catalog(_: Caller) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], CATALOG.as_str()).into_response()
}

fn document() -> Value {
    json!({
        "ok": true,
        "chains": ChainId::ALL.map(chain),
        "tokens": ChainId::ALL.into_iter().flat_map(tokens).collect::<Vec<_>>(),
        "venues": REGISTRY.venues().iter().map(venue).collect::<Vec<_>>(),
        "actions": ActionKind::ALL.map(action),
    })
}

fn chain(id: ChainId) -> Value {
    let chain = REGISTRY.chain(id);
    json!({
        "id": id, "name": chain.name, "chain_id": chain.chain_id,
        "native": chain.native, "wrapped": chain.wrapped, "explorer": chain.explorer,
    })
}

fn tokens(chain: ChainId) -> impl Iterator<Item = Value> {
    REGISTRY.tokens(chain).iter().map(move |token| {
        json!({
            "chain": chain, "symbol": token.symbol, "name": token.name,
            "address": token.address.map(|address| address.to_checksum(None)), "decimals": token.decimals,
        })
    })
}

fn venue(venue: &grimoire_registry::Venue) -> Value {
    json!({
        "id": venue.slug, "name": venue.name, "actions": venue.actions,
        "chains": venue.deployments.keys().collect::<Vec<_>>(),
    })
}

fn action(kind: ActionKind) -> Value {
    let venues = REGISTRY.venues().iter().filter(|venue| venue.actions.contains(&kind));
    json!({"type": kind, "venues": venues.map(|venue| &venue.slug).collect::<Vec<_>>()})
}
