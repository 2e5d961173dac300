//! HTTP/1.1 by hand, so that a test can also send what no client would.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

/// Longer than anything a test waits for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A connection.
pub(crate) struct Wire {
    reader: BufReader<TcpStream>,
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {:?}", self.body))
    }

    /// Holds that this is a well-formed problem document, and gives its code.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let document = self.json();
        assert_eq!(document["ok"], false);
        assert_eq!(document["status"], self.status);
        assert_eq!(document["request_id"].as_str(), self.header("x-request-id"), "{self:?}");
        for text in ["type", "title", "detail"] {
            assert!(document[text].as_str().is_some_and(|t| !t.is_empty()), "{text} in {self:?}");
        }
        assert!(document["retryable"].is_boolean());
        document["code"].as_str().expect("a code").to_owned()
    }
}

impl Wire {
    pub(crate) fn open(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket option");
        Self { reader: BufReader::new(stream) }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // The server may have answered and closed before everything was sent.
        _ = self.reader.get_mut().write_all(bytes.as_ref());
    }

    /// Sends the same again and again, reading nothing, until the server has closed.
    pub(crate) fn flood(&mut self, bytes: &[u8]) {
        let stream = self.reader.get_mut();
        stream.set_write_timeout(Some(PATIENCE)).expect("a socket option");
        let refusal = loop {
            if let Err(error) = stream.write_all(bytes) {
                break error.kind();
            }
        };
        assert!(
            matches!(refusal, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
            "not closed: {refusal}"
        );
    }

    /// Reads one response to its end.
    pub(crate) fn receive(&mut self) -> Response {
        let mut response = self.head();
        let mut body = Vec::new();
        if response.header("transfer-encoding") == Some("chunked") {
            while let Some(chunk) = self.chunk() {
                body.extend(chunk);
            }
        } else {
            let length = response.header("content-length").unwrap_or("0").parse().expect("a length");
            body.resize(length, 0);
            self.reader.read_exact(&mut body).expect("a whole body");
        }
        response.body = String::from_utf8(body).expect("UTF-8");
        response
    }

    /// Reads a response's status and headers.
    pub(crate) fn head(&mut self) -> Response {
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("a status line");
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status line: {line:?}"));
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).expect("a header line");
            match line.trim_end().split_once(": ") {
                Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
                None => break,
            }
        }
        Response { status, headers, body: String::new() }
    }

    /// Reads a chunk of a body that comes in chunks; nothing at its end.
    pub(crate) fn chunk(&mut self) -> Option<Vec<u8>> {
        let mut line = String::new();
        self.reader.read_line(&mut line).expect("a chunk's length");
        let length = usize::from_str_radix(line.trim_end(), 16).unwrap_or_else(|e| panic!("{e}: {line:?}"));
        let mut chunk = vec![0; length + 2];
        self.reader.read_exact(&mut chunk).expect("a whole chunk");
        chunk.truncate(length);
        (length > 0).then_some(chunk)
    }

    /// Waits until the server closes; gives what it still sent.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        match self.reader.read_to_end(&mut rest) {
            Ok(_) => rest,
            Err(e) if e.kind() == ErrorKind::ConnectionReset => rest,
            Err(e) => panic!("the server did not close: {e}"),
        }
    }
}

/// A request under construction.
#[derive(Clone)]
pub(crate) struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.into(),
            path: path.into(),
            headers: vec![("host".into(), "test".into())],
            body: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("x-api-key", key)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").raw(body.to_string())
    }

    pub(crate) fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let headers =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<String>();
        let length = self.body.len();
        let head =
            format!("{} {} HTTP/1.1\r\n{headers}content-length: {length}\r\n\r\n", self.method, self.path);
        [head.into_bytes(), self.body.clone()].concat()
    }
}
