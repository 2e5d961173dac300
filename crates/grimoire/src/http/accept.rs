//! Connections: accepted, bounded in number and patience, drained at the end.
//!
//! What comes in: sockets. What goes out: requests to the router, each with its [`Peer`]. What it refuses to know: what they ask.
//!
//! HTTP/1.1 only, and on purpose: sniffing the version before the first byte leaves silent connections open for
//! ever. HTTP/2 is the proxy's.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};

use super::{
    App,
    guesses::Peer,
    spoken::{self, Spoken},
    stall::Impatient,
    stamp,
};

/// The most bytes a request's head may have.
const HEAD_BYTES: usize = 16 * 1024;

/// How long to let things settle when no socket can be had, such as when every descriptor is taken.
const BACK_OFF: Duration = Duration::from_millis(50);

/// Serves until `stop`, then lets what is under way finish for as long as the limits say.
pub(super) async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let limits = app.limits;
    let answer: Arc<spoken::Answer> = Arc::new(move |problem, date| stamp::unread(&app, problem, date));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_timeout).max_buf_size(HEAD_BYTES);
    let places = Arc::new(Semaphore::new(limits.max_connections));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let (place, stream, peer) = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
        };
        let stream = Spoken::new(Impatient::new(stream, limits.write_timeout), Arc::clone(&answer));
        let routes = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            routes.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let watched = graceful.watch(connection);
        connections.spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(error = &error as &dyn std::error::Error, "connection");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(connections = connections.len(), "not all requests finished in time");
    }
}

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (OwnedSemaphorePermit, TcpStream, Peer) {
    let place = Arc::clone(places).acquire_owned().await.expect("the places are never closed");
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                // Only a matter of speed: a socket that refuses it still works.
                _ = stream.set_nodelay(true);
                return (place, stream, Peer::at(from.ip()));
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "accept");
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
}
