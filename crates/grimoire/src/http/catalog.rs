//! `GET /v1/catalog`: the chains, tokens, venues and actions that are known, and which of them can be planned.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use grimoire_lang::ActionKind;
use grimoire_registry::{ChainId, REGISTRY, Venue};
use serde_json::{Value, json};

use super::App;
use crate::{auth::Caller, world::plannable};

pub(super) async fn catalog(State(app): State<Arc<App>>, _: Caller) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], app.catalog.clone()).into_response()
}

/// The document, where these chains are served.
pub(super) fn document(served: &[ChainId]) -> Value {
    json!({
        "ok": true,
        "chains": ChainId::ALL.map(|id| chain(id, served)),
        "tokens": ChainId::ALL.into_iter().flat_map(tokens).collect::<Vec<_>>(),
        "venues": REGISTRY.venues().iter().map(|one| venue(one, served)).collect::<Vec<_>>(),
        "actions": ActionKind::ALL.map(|kind| action(kind, served)),
    })
}

fn chain(id: ChainId, served: &[ChainId]) -> Value {
    let chain = REGISTRY.chain(id);
    json!({
        "id": id, "name": chain.name, "chain_id": chain.chain_id,
        "native": chain.native, "wrapped": chain.wrapped, "explorer": chain.explorer,
        "served": served.contains(&id),
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

/// `available` has what can be planned there, and on which chains; nothing of it is nothing yet.
fn venue(venue: &Venue, served: &[ChainId]) -> Value {
    let available = venue.actions.iter().filter_map(|&kind| {
        let chains = plannable(served, venue, kind);
        (!chains.is_empty()).then(|| json!({"action": kind, "chains": chains}))
    });
    json!({
        "id": venue.slug, "name": venue.name, "actions": venue.actions,
        "chains": venue.deployments.keys().collect::<Vec<_>>(),
        "available": available.collect::<Vec<_>>(),
    })
}

/// `available` has where it can be planned; what a wallet does by itself names no venue.
fn action(kind: ActionKind, served: &[ChainId]) -> Value {
    let venues = || REGISTRY.venues().iter().filter(|venue| venue.actions.contains(&kind));
    let at = |venue: &Venue| {
        let chains = plannable(served, venue, kind);
        (!chains.is_empty()).then(|| json!({"venue": venue.slug, "chains": chains}))
    };
    let mut available: Vec<Value> = venues().filter_map(at).collect();
    if venues().next().is_none() {
        available.push(json!({"chains": served}));
    }
    json!({
        "type": kind, "venues": venues().map(|venue| &venue.slug).collect::<Vec<_>>(),
        "available": available,
    })
}
