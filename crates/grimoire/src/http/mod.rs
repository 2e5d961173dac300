//! The HTTP API.
//!
//! What comes in: a listener and the services. What goes out: JSON documents, and problem documents for every
//! failure. What it refuses to know: the store, the language, the chains.
//!
//! Modules stand in the order a request meets what they define.

mod problem;
mod render;
mod stall;
mod spoken;
mod guesses;
mod accept;
mod limit;
mod metrics;
mod cors;
mod admit;
mod unread;
mod stamp;
mod caller;
mod json;
mod body;
mod manner;
mod sse;
mod run;
mod session;
mod follow;
mod catalog;
mod health;
mod openapi;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router, middleware,
    routing::{get, post},
};
use tokio::net::TcpListener;

use crate::{
    auth::Keyring,
    config::{Config, origins::Origins},
    program::Program,
    session::Sessions,
};
use guesses::Guesses;
use limit::{Limiter, Quota};
use metrics::Metrics;
use problem::{Kind, Problem};

pub use problem::Kind as ProblemKind;

/// What the routes work with.
pub struct App {
    keyring: Keyring,
    sessions: Arc<Sessions>,
    catalog: String,
    openapi: String,
    limits: Limits,
    limiter: Limiter,
    guesses: Guesses,
    origins: Origins,
    metrics: Metrics,
    draining: AtomicBool,
}

/// How much and how long a client may.
#[derive(Clone, Copy, Debug)]
struct Limits {
    head_timeout: Duration,
    body_timeout: Duration,
    write_timeout: Duration,
    max_connections: usize,
    drain: Duration,
}

impl App {
    /// The API over an opened program.
    #[must_use]
    pub fn new(program: &Program, config: &Config) -> Self {
        let limits = Limits {
            head_timeout: config.head_timeout.duration(),
            body_timeout: config.body_timeout.duration(),
            write_timeout: config.write_timeout.duration(),
            max_connections: config.max_connections,
            drain: config.drain.duration(),
        };
        program.sessions.explain_by(render::explain);
        Self {
            keyring: program.keyring.clone(),
            sessions: Arc::clone(&program.sessions),
            catalog: catalog::document(&program.sessions.chains()).to_string(),
            openapi: openapi::document(),
            limits,
            limiter: Limiter::new(Quota {
                requests: config.key_requests,
                window: config.key_window.duration(),
                parallel: config.key_parallel,
                turns: config.key_turns,
            }),
            guesses: Guesses::new(config.key_failures, config.key_failure_window.duration()),
            origins: config.cors_origins.clone(),
            metrics: Metrics::default(),
            draining: AtomicBool::new(false),
        }
    }

    fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// How often expired sessions are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Serves the API on a listener until `stop`, then drains.
pub async fn serve(listener: TcpListener, app: Arc<App>, stop: impl Future<Output = ()>) {
    let sweeper = tokio::spawn(sweep(Arc::clone(&app.sessions)));
    let draining = Arc::clone(&app);
    let stop = async move {
        stop.await;
        draining.draining.store(true, Ordering::Relaxed);
    };
    accept::serve(listener, Arc::clone(&app), router(app), stop).await;
    sweeper.abort();
}

fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/run", post(run::run))
        .route("/v1/session/{id}", get(session::look).post(follow::follow))
        .route("/v1/session/{id}/events", get(sse::resume))
        .route("/v1/catalog", get(catalog::catalog))
        .route_layer(middleware::from_fn_with_state(Arc::clone(&app), admit::admit))
        .route("/openapi.json", get(openapi::openapi))
        .route("/metrics", get(metrics::metrics))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(async || Problem::new(Kind::NotFound, "there is no such route"))
        .method_not_allowed_fallback(async || {
            Problem::new(Kind::MethodNotAllowed, "the allow header names those that it takes")
        })
        .layer(middleware::from_fn_with_state(Arc::clone(&app), cors::cors))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), stamp::stamp))
        .with_state(app)
}

/// Deletes batch by batch, so that writers get their turn in between, until nothing is left; then waits.
async fn sweep(sessions: Arc<Sessions>) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    loop {
        tick.tick().await;
        loop {
            match sessions.sweep().await {
                Ok(0) => break,
                Ok(count) => tracing::info!(count, "expired sessions and old keys deleted"),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "sweep");
                    break;
                }
            }
        }
    }
}
