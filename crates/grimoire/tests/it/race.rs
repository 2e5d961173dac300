//! Many writers, one version.

use std::sync::{Arc, Barrier};

use serde_json::{Value, json};

use crate::{
    program::Server,
    wire::{Request, Wire},
};

const WRITERS: usize = 64;
const ROUNDS: usize = 100;

#[test]
fn of_many_writers_on_one_version_exactly_one_wins() {
    race(
        |request, version| {
            let body = request.1;
            request.0.json(&with_version(body, version))
        },
        (409, "version_conflict"),
    );
}

#[test]
fn of_many_writers_on_one_tag_exactly_one_wins() {
    race(
        |request, version| request.0.header("if-match", &format!("\"{version}\"")).json(&request.1),
        (412, "precondition_failed"),
    );
}

fn with_version(mut body: Value, version: usize) -> Value {
    body["version"] = json!(version);
    body
}

fn race(ask: impl Fn((Request, Value), usize) -> Request + Sync, lost: (u16, &str)) {
    let server = Server::start();
    let run = server.run("Swap 100 USDC to ETH on Uniswap").json();
    let path = format!("/v1/session/{}", run["session_id"].as_str().expect("an id"));
    let start = Arc::new(Barrier::new(WRITERS));
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (server, path, start, ask) = (&server, &path, Arc::clone(&start), &ask);
                scope.spawn(move || {
                    let mut wire = Wire::open(server.at);
                    let round = |round: usize| {
                        let body = json!({"message": format!("make it {}", writer + 100)});
                        let request = ask((Request::new("POST", path).key(&server.key), body), round + 1);
                        start.wait();
                        wire.send(request.bytes());
                        let response = wire.receive();
                        // Nobody begins the next round before this one is decided.
                        start.wait();
                        let code = if response.status == 200 { String::new() } else { response.problem() };
                        (response.status, code)
                    };
                    (0..ROUNDS).map(round).collect::<Vec<_>>()
                })
            })
            .collect();
        let results: Vec<Vec<(u16, String)>> =
            writers.into_iter().map(|w| w.join().expect("no panic")).collect();
        for round in 0..ROUNDS {
            let told = || results.iter().map(|writer| (writer[round].0, writer[round].1.as_str()));
            let fair = [(200, ""), lost, (409, "session_busy")];
            assert!(told().all(|one| fair.contains(&one)), "round {round}: {:?}", told().collect::<Vec<_>>());
            let winners = told().filter(|(status, _)| *status == 200).count();
            assert_eq!(winners, 1, "round {round}");
        }
    });
    let session = server.get(&path).json();
    assert_eq!(session["version"], ROUNDS + 1);
}
