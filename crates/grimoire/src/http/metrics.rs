//! `GET /metrics`: what this process has done, for Prometheus (text format 0.0.4).
//!
//! What comes in: finished requests. What goes out: counters and a histogram by route. What it refuses to know: who
//! asked, and what.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    extract::State,
    http::{Method, header},
    response::{IntoResponse, Response},
};

use super::App;

/// Upper bounds of the histogram, in microseconds.
const BOUNDS_MICROS: [u64; 10] =
    [1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];

/// Counts of finished requests.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    routes: Mutex<BTreeMap<(String, &'static str), Route>>,
}

#[derive(Debug, Default)]
struct Route {
    statuses: BTreeMap<u16, u64>,
    within: [u64; BOUNDS_MICROS.len()],
    count: u64,
    micros: u128,
}

impl Metrics {
    /// Counts a request; the route is its pattern, so that there are few.
    pub(super) fn count(&self, method: &Method, route: Option<&str>, status: u16, took: Duration) {
        let mut routes = self.routes();
        let route = routes.entry((route.unwrap_or("none").to_owned(), named(method))).or_default();
        *route.statuses.entry(status).or_default() += 1;
        for (within, bound) in route.within.iter_mut().zip(BOUNDS_MICROS) {
            *within += u64::from(took.as_micros() <= u128::from(bound));
        }
        route.count += 1;
        route.micros += took.as_micros();
    }

    fn text(&self, gauges: &[(&str, &str, u64)]) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        _ = self.write(&mut text, gauges);
        text
    }

    fn write(&self, text: &mut String, gauges: &[(&str, &str, u64)]) -> std::fmt::Result {
        for (name, help, value) in gauges {
            writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}")?;
        }
        let routes = self.routes();
        let name = "grimoire_http_requests_total";
        writeln!(text, "# HELP {name} Requests answered.\n# TYPE {name} counter")?;
        for ((route, method), counts) in routes.iter() {
            for (status, count) in &counts.statuses {
                let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
                writeln!(text, "{name}{{{labels}}} {count}")?;
            }
        }
        let name = "grimoire_http_request_duration_seconds";
        writeln!(text, "# HELP {name} Time to the response's head.\n# TYPE {name} histogram")?;
        for ((route, method), counts) in routes.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            for (bound, within) in BOUNDS_MICROS.iter().zip(counts.within) {
                writeln!(text, "{name}_bucket{{{labels},le=\"{}\"}} {within}", seconds(u128::from(*bound)))?;
            }
            writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", counts.count)?;
            writeln!(text, "{name}_sum{{{labels}}} {}", seconds(counts.micros))?;
            writeln!(text, "{name}_count{{{labels}}} {}", counts.count)?;
        }
        Ok(())
    }

    fn routes(&self) -> MutexGuard<'_, BTreeMap<(String, &'static str), Route>> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds(micros: u128) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// A method's name; what a client made up is not one.
fn named(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

/// What this process has done, for Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    responses((status = 200, description = "Counters and gauges", body = String, content_type = "text/plain"))
)]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let turns = u64::try_from(app.sessions.turns_under_way()).unwrap_or(u64::MAX);
    let text = app.metrics.text(&[
        (
            "grimoire_http_requests_under_way",
            "Requests of the API whose response is not sent yet.",
            app.limiter.running(),
        ),
        ("grimoire_turns_under_way", "Turns that are being computed.", turns),
    ]);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
