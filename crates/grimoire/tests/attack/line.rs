//! A connection on which nothing is taken for granted: what comes back may be nothing, half of it, or too much.
//!
//! What comes in: bytes to send. What goes out: the answers, and whether the server closed. What it refuses to know:
//! what was asked.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// An answer as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// How reading an answer ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    Answer(Answer),
    /// The server closed before an answer began.
    Closed,
    /// Nothing more came in time.
    Silence,
    /// What came is no answer.
    Nonsense(String),
}

/// A connection.
pub(crate) struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    pub(crate) fn open(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).expect("the server accepts");
        stream.set_nodelay(true).expect("a socket option");
        stream.set_write_timeout(Some(Duration::from_secs(5))).expect("a socket option");
        Self { stream, read: Vec::new() }
    }

    /// Sends; whether all was taken. A server that has answered need not take the rest.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Says that nothing more is sent.
    pub(crate) fn finish(&mut self) {
        _ = self.stream.shutdown(std::net::Shutdown::Write);
    }

    /// Hears one answer to its end; `bodiless` where the request was one whose answer has no body.
    pub(crate) fn hear(&mut self, bodiless: bool, patience: Duration) -> Heard {
        let until = Instant::now() + patience;
        loop {
            match self.parse(bodiless) {
                Ok(Some(answer)) => return Heard::Answer(answer),
                Ok(None) => {}
                Err(why) => return Heard::Nonsense(why),
            }
            match self.more(until) {
                Some(0) if self.read.is_empty() => return Heard::Closed,
                Some(0) => {
                    let shown: String = String::from_utf8_lossy(&self.read).chars().take(300).collect();
                    return Heard::Nonsense(format!("closed within an answer: {shown:?}"));
                }
                Some(_) => {}
                None => return Heard::Silence,
            }
        }
    }

    /// Whether the server closes in time, saying nothing more.
    pub(crate) fn is_closed(&mut self, patience: Duration) -> bool {
        self.read.is_empty() && self.more(Instant::now() + patience) == Some(0)
    }

    /// Reads what is there: how many bytes, none at the end, nothing when time is over.
    fn more(&mut self, until: Instant) -> Option<usize> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        self.stream.set_read_timeout(Some(left)).expect("a socket option");
        let mut chunk = [0; 16 * 1024];
        match self.stream.read(&mut chunk) {
            Ok(count) => {
                self.read.extend_from_slice(&chunk[..count]);
                Some(count)
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
            // A connection that is cut is closed.
            Err(_) => Some(0),
        }
    }

    /// Takes an answer off what was read, where a whole one is there.
    fn parse(&mut self, bodiless: bool) -> Result<Option<Answer>, String> {
        let Some(head_end) = find(&self.read, b"\r\n\r\n") else { return Ok(None) };
        let head = String::from_utf8(self.read[..head_end].to_vec()).map_err(|_| "a head is no text")?;
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let status: u16 = first
            .strip_prefix("HTTP/1.")
            .and_then(|rest| rest.split(' ').nth(1)?.parse().ok())
            .ok_or_else(|| format!("no status line: {first:?}"))?;
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(':').map(|(n, v)| (n.to_lowercase(), v.trim().to_owned())))
            .collect::<Option<_>>()
            .ok_or("a header has no colon")?;
        let mut answer = Answer { status, headers, body: Vec::new() };
        let rest = &self.read[head_end + 4..];
        let none = bodiless || status < 200 || status == 204 || status == 304;
        let taken = if none {
            0
        } else if answer.header("transfer-encoding") == Some("chunked") {
            match chunks(rest)? {
                Some((body, taken)) => {
                    answer.body = body;
                    taken
                }
                None => return Ok(None),
            }
        } else {
            let length = answer.header("content-length").unwrap_or("0").parse().map_err(|_| "no length")?;
            let Some(body) = rest.get(..length) else { return Ok(None) };
            answer.body = body.to_vec();
            length
        };
        self.read.drain(..head_end + 4 + taken);
        // An interim answer is not the answer.
        if status < 200 { self.parse(bodiless) } else { Ok(Some(answer)) }
    }
}

/// The body that stands in chunks, and how long that was; nothing where its end is not there yet.
fn chunks(mut rest: &[u8]) -> Result<Option<(Vec<u8>, usize)>, String> {
    let (whole, mut body) = (rest.len(), Vec::new());
    loop {
        let Some(end) = find(rest, b"\r\n") else { return Ok(None) };
        let length = std::str::from_utf8(&rest[..end]).ok().and_then(|t| usize::from_str_radix(t, 16).ok());
        let length = length.ok_or_else(|| format!("no chunk: {:?}", &rest[..end.min(20)]))?;
        let Some(chunk) = rest.get(end + 2..end + 2 + length) else { return Ok(None) };
        let Some(tail) = rest.get(end + 2 + length..).filter(|tail| tail.len() >= 2) else { return Ok(None) };
        body.extend_from_slice(chunk);
        rest = &tail[2..];
        if length == 0 {
            return Ok(Some((body, whole - rest.len())));
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
