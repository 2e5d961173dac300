//! What was acknowledged is there after a crash.

use std::sync::Arc;

use crate::{program::Server, wire::Request};

#[test]
fn kill_9_loses_no_acknowledged_session() {
    let mut server = Server::start();
    let key = server.key.clone();
    for _ in 0..3 {
        let ids: Vec<_> = (0..5)
            .map(|_| server.run("hello").json()["session_id"].as_str().expect("an id").to_owned())
            .collect();
        server.signal("-KILL");
        assert_eq!(server.end(), None);
        server = Server::start_in(Arc::clone(&server.folder), &[]);
        assert_eq!(server.key, "", "a later start makes no key");
        server.key.clone_from(&key);
        for id in ids {
            let response = server.ask(&Request::new("GET", &format!("/v1/session/{id}")).key(&key));
            assert_eq!((response.status, &response.json()["session_id"]), (200, &id.as_str().into()));
        }
    }
}
