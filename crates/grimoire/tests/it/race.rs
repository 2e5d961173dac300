//! Many writers, one version.

use std::sync::{Arc, Barrier};

use serde_json::json;

use crate::{
    program::Server,
    wire::{Request, Wire},
};

const WRITERS: usize = 64;
const ROUNDS: usize = 20;

#[test]
fn of_many_writers_on_one_version_exactly_one_wins() {
    let server = Server::start();
    let run = server.run("Swap 100 USDC to ETH on Uniswap").json();
    let path = format!("/v1/session/{}", run["session_id"].as_str().expect("an id"));
    let start = Arc::new(Barrier::new(WRITERS));
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (server, path, start) = (&server, &path, Arc::clone(&start));
                scope.spawn(move || {
                    let mut wire = Wire::open(server.at);
                    let round = |round: usize| {
                        let body =
                            json!({"message": format!("make it {}", writer + 100), "version": round + 1});
                        start.wait();
                        wire.send(Request::new("POST", path).key(&server.key).json(&body).bytes());
                        let response = wire.receive();
                        // Nobody begins the next round before this one is decided.
                        start.wait();
                        match response.status {
                            200 => Some(writer),
                            status => {
                                let code = response.problem();
                                let fair = matches!(code.as_str(), "version_conflict" | "session_busy");
                                assert!(status == 409 && fair, "{response:?}");
                                None
                            }
                        }
                    };
                    (0..ROUNDS).map(round).collect::<Vec<_>>()
                })
            })
            .collect();
        let results: Vec<Vec<Option<usize>>> =
            writers.into_iter().map(|w| w.join().expect("no panic")).collect();
        for round in 0..ROUNDS {
            let winners = results.iter().filter_map(|writer| writer[round]).count();
            assert_eq!(winners, 1, "round {round}");
        }
    });
    let session = server.get(&path).json();
    assert_eq!(session["version"], ROUNDS + 1);
}
