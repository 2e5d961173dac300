//! The real server in this process, asked over a kept connection on loopback.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, mpsc},
};

use alloy_primitives::Address;
use grimoire::{
    clock::SystemClock,
    config::Config,
    http::{self, App},
    program::Program,
};
use tokio::net::TcpListener;

/// A client that sends one request again and again.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    request: String,
}

impl Client {
    /// Starts the server on a thread of its own; it ends with the process.
    pub(crate) fn start(config: &Config, message: &str, wallet: Address) -> Self {
        let (tell, told) = mpsc::channel();
        let config = config.clone();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
            runtime.block_on(serve(config, tell));
        });
        let (address, key): (SocketAddr, String) = told.recv().expect("the server starts");
        let body = serde_json::json!({
            "partner_id": "demo",
            "user_message": message,
            "user_context": { "chain": "ethereum", "wallet_address": wallet.to_checksum(None) },
        })
        .to_string();
        let stream = TcpStream::connect(address).expect("the server accepts");
        stream.set_nodelay(true).expect("a socket option");
        let request = format!(
            "POST /v1/run HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        Self { stream: BufReader::new(stream), request }
    }

    /// One request, answered with a preview.
    pub(crate) fn run(&mut self) {
        self.stream.get_mut().write_all(self.request.as_bytes()).expect("the server reads");
        let (mut line, mut status, mut length) = (String::new(), String::new(), 0);
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("the server answers");
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().expect("a length");
                }
                Some(_) => {}
                None if line == "\r\n" => break,
                None => status.clone_from(&line),
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a whole body");
        assert!(status.contains(" 200 "), "{status} {}", String::from_utf8_lossy(&body));
    }
}

async fn serve(config: Config, tell: mpsc::Sender<(SocketAddr, String)>) {
    let clock = Arc::new(SystemClock::default());
    let program = Program::open(&config, clock, &mut |_| {}).await.expect("the program opens");
    let key = program.keyring.begin().await.expect("the store answers").expect("the store is new");
    let listener = TcpListener::bind(config.listen).await.expect("a free port");
    tell.send((listener.local_addr().expect("an address"), key.to_string())).expect("the client waits");
    http::serve(listener, Arc::new(App::new(&program, &config)), std::future::pending()).await;
}
