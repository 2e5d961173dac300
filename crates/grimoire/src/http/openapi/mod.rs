//! `GET /openapi.json`: the API as a document (OpenAPI 3.1), made of the routes' own annotations.
//!
//! What comes in: annotations, the table of failures. What goes out: the document. What it refuses to know: requests.

pub(super) mod schema;
mod exact;

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Ref, ResponseBuilder,
        path::{Operation, PathItem},
        schema::Schema,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

use super::{App, ProblemKind};
use schema::Problem;

#[derive(OpenApi)]
#[openapi(
    info(title = "Grimoire", description = "Natural language in, a validated, simulated preview out."),
    paths(
        super::run::run,
        super::follow::follow,
        super::session::look,
        super::sse::resume,
        catalog,
        super::health::healthz,
        super::health::readyz,
        super::metrics::metrics,
        openapi
    ),
    components(schemas(Problem)),
    modifiers(&Failures)
)]
struct Api;

/// What holds for every operation: the key, and how failures look.
struct Failures;

impl Modify for Failures {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("x-api-key")));
        components.add_security_scheme("key", key);
        if let Some(utoipa::openapi::RefOr::T(Schema::Object(problem))) =
            components.schemas.get_mut("Problem")
            && let Some(utoipa::openapi::RefOr::T(Schema::Object(code))) = problem.properties.get_mut("code")
        {
            code.enum_values = Some(ProblemKind::ALL.iter().map(|kind| kind.code().into()).collect());
        }
        for operation in api.paths.paths.values_mut().flat_map(operations) {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            let response =
                ResponseBuilder::new().description("What is wrong, as a problem document (RFC 9457)");
            let response = response.content("application/problem+json", problem).build();
            operation.responses.responses.insert("default".into(), response.into());
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    item.get.as_mut().into_iter().chain(item.post.as_mut())
}

/// The document.
pub(super) fn document() -> String {
    let api = serde_json::to_value(Api::openapi()).expect("the document has text keys and no failing parts");
    exact::exact(api).to_string()
}

#[utoipa::path(get, path = "/openapi.json", responses((status = 200, description = "This document", body = Object)))]
pub(super) async fn openapi(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], app.openapi.clone()).into_response()
}

/// Chains, tokens, venues and actions, and what of them can be planned.
#[utoipa::path(
    get,
    path = "/v1/catalog",
    security(("key" = [])),
    responses((status = 200, description = "What there is", body = Object))
)]
#[expect(dead_code, reason = "it carries the annotation of the route of the same name")]
fn catalog() {}
