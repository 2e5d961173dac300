//! JSON-RPC over a connection of its own for each request, on the loopback only.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks a node.
pub(super) struct Client {
    port: u16,
}

impl Client {
    pub(super) const fn new(port: u16) -> Self {
        Self { port }
    }

    /// The result of a request; an error of the node ends the test.
    pub(super) fn request(&self, method: &str, parameters: &Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters }).to_string();
        let answer = self.exchange(&body).unwrap_or_else(|e| panic!("{method}: {e}"));
        let (_, answer) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{method}: {answer}"));
        let mut answer: Value =
            serde_json::from_str(answer).unwrap_or_else(|e| panic!("{method}: {e} in {answer}"));
        assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
        answer["result"].take()
    }

    /// HTTP/1.0: the answer is whole when the node closes the connection.
    fn exchange(&self, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}
