//! A client that survives its server.
//!
//! What comes in: requests. What goes out: what was answered of it, whole or cut off. What it refuses to know: what the
//! answer says.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

use crate::wire::{PATIENCE, Request};

/// A connection, opened when there is something to send.
pub(crate) struct Client {
    to: SocketAddr,
    wire: Option<BufReader<TcpStream>>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Whether the body came to its end.
    pub(crate) whole: bool,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The code of a problem document.
    pub(crate) fn code(&self) -> String {
        let document: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        document["code"].as_str().unwrap_or("none").to_owned()
    }
}

impl Client {
    pub(crate) fn new(to: SocketAddr) -> Self {
        Self { to, wire: None }
    }

    /// Sends a request; nothing when not even the head of an answer came.
    pub(crate) fn ask(&mut self, request: &Request) -> Option<Reply> {
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => connect(self.to)?,
        };
        wire.get_mut().write_all(&request.bytes()).ok()?;
        let mut reply = head(&mut wire)?;
        let mut body = Vec::new();
        reply.whole = read(&mut wire, &reply, &mut body).is_some();
        // Where it is cut off in the middle of a character, what is whole of it counts.
        let text = String::from_utf8(body).unwrap_or_else(|e| {
            let end = e.utf8_error().valid_up_to();
            String::from_utf8_lossy(&e.as_bytes()[..end]).into_owned()
        });
        reply.body = text;
        if reply.whole && reply.header("connection") != Some("close") {
            self.wire = Some(wire);
        }
        Some(reply)
    }
}

fn connect(to: SocketAddr) -> Option<BufReader<TcpStream>> {
    let stream = TcpStream::connect(to).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_nodelay(true).ok()?;
    Some(BufReader::new(stream))
}

fn line(wire: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    wire.read_line(&mut line).ok()?;
    line.ends_with('\n').then(|| line.trim_end().to_owned())
}

fn head(wire: &mut impl BufRead) -> Option<Reply> {
    let status = line(wire)?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = Vec::new();
    while let Some((name, value)) = line(wire)?.split_once(": ") {
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    Some(Reply { status, headers, body: String::new(), whole: false })
}

/// Reads a body as far as it comes; nothing when it does not come to its end.
fn read(wire: &mut impl BufRead, head: &Reply, body: &mut Vec<u8>) -> Option<()> {
    if head.header("transfer-encoding") != Some("chunked") {
        let length = head.header("content-length").unwrap_or("0").parse().ok()?;
        return take(wire, length, body);
    }
    loop {
        let length = u64::from_str_radix(&line(wire)?, 16).ok()?;
        take(wire, length, body)?;
        line(wire)?;
        if length == 0 {
            return Some(());
        }
    }
}

fn take(wire: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> Option<()> {
    let came = wire.take(length).read_to_end(body).ok()?;
    (u64::try_from(came).ok()? == length).then_some(())
}
