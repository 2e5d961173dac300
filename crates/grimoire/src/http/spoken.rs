//! What hyper refuses by itself, before there is a request, is told as a problem document like every other failure.
//!
//! What comes in: what hyper writes to a socket. What goes out: the same, with an answer of hyper's own (a status without
//! a body, the last thing it writes) replaced. What it refuses to know: what was wrong with the head; hyper tells nobody.
//!
//! Every response of the router is named (`x-request-id`), so a bare head at the end of a write is hyper's. Looking
//! for it costs a comparison of four bytes a write.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::problem::{Kind, Problem};

/// Writes the answer to what could not be read, with this `date`.
pub(super) type Answer = dyn Fn(&Problem, &str) -> Vec<u8> + Send + Sync;

/// A stream that speaks for hyper.
pub(super) struct Spoken<S> {
    stream: S,
    answer: Arc<Answer>,
    /// What is sent instead of what hyper wrote, and how much of it is sent.
    instead: Option<(Vec<u8>, usize)>,
    /// Whether anything was read.
    begun: bool,
}

impl<S> Spoken<S> {
    pub(super) fn new(stream: S, answer: Arc<Answer>) -> Self {
        Self { stream, answer, instead: None, begun: false }
    }
}

/// The answers of hyper's own: how each begins, and what it means.
const BARE: [(&[u8], Kind, &str); 3] = [
    (
        b"HTTP/1.1 400 Bad Request\r\n",
        Kind::BadRequest,
        "the head of the request is not well-formed HTTP/1.1; the connection is closed",
    ),
    (
        b"HTTP/1.1 431 Request Header Fields Too Large\r\n",
        Kind::HeadTooLarge,
        "send at most 100 headers and 16 KiB; the connection is closed",
    ),
    (
        b"HTTP/1.1 414 URI Too Long\r\n",
        Kind::UriTooLong,
        "no route has so long a path; the connection is closed",
    ),
];

const BEFORE_DATE: &[u8] = b"connection: close\r\ncontent-length: 0\r\ndate: ";
const DATE: usize = "Sun, 06 Nov 1994 08:49:37 GMT".len();
const END: &[u8] = b"\r\n\r\n";

/// Where a bare answer begins at the end of what is written, its problem and its date.
fn bare(written: &[u8]) -> Option<(usize, Problem, &str)> {
    let head = written.strip_suffix(END)?;
    let (head, date) = head.split_at_checked(head.len().checked_sub(DATE)?)?;
    let head = head.strip_suffix(BEFORE_DATE)?;
    let (first, kind, detail) = BARE.into_iter().find(|(first, ..)| head.ends_with(first))?;
    Some((head.len() - first.len(), Problem::new(kind, detail), std::str::from_utf8(date).ok()?))
}

impl<S: AsyncWrite + Unpin> Spoken<S> {
    /// Sends what is sent instead; when all is, what hyper wrote counts as written.
    fn poll_instead(&mut self, cx: &mut Context<'_>, length: usize) -> Poll<io::Result<usize>> {
        while let Some((bytes, sent)) = &mut self.instead {
            if *sent == bytes.len() {
                self.instead = None;
                break;
            }
            match ready!(Pin::new(&mut self.stream).poll_write(cx, &bytes[*sent..]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => *sent += count,
            }
        }
        Poll::Ready(Ok(length))
    }

    fn replace(&mut self, written: &[u8]) -> bool {
        let Some((begins, problem, date)) = bare(written) else { return false };
        self.instead = Some(([&written[..begins], &(self.answer)(&problem, date)].concat(), 0));
        true
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Spoken<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.instead.is_some() || (buf.ends_with(END) && self.replace(buf)) {
            return self.poll_instead(cx, buf.len());
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = || bufs.iter().map(|buf| buf.len()).sum();
        if self.instead.is_some() {
            return self.poll_instead(cx, length());
        }
        let last = bufs.iter().rfind(|buf| !buf.is_empty());
        if last.is_some_and(|last| bare(last).is_some()) {
            let written = bufs.iter().flat_map(|buf| buf.iter().copied()).collect::<Vec<u8>>();
            self.replace(&written);
            return self.poll_instead(cx, length());
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// How a client begins that speaks HTTP/2 at once. hyper answers nothing to exactly that.
const PREFACE: &[u8] = b"PRI * HTTP/2.0";

impl<S: AsyncRead + Unpin> AsyncRead for Spoken<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let read = &mut buf.filled_mut()[before..];
        if !self.begun && read.starts_with(PREFACE) {
            // As a method of its own it is answered as what it is: another version.
            read[..3].make_ascii_lowercase();
        }
        self.begun = true;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: Sun, 22 Nov 2026 12:37:34 GMT\r\n\r\n";

    fn found(written: &str) -> Option<(usize, &'static str)> {
        bare(written.as_bytes()).map(|(begins, problem, _)| (begins, problem.code()))
    }

    #[test]
    fn a_bare_answer_is_seen_at_the_end_of_what_is_written() {
        assert_eq!(found(HEAD), Some((0, "bad_request")));
        assert_eq!(found(&format!("before{HEAD}")), Some((6, "bad_request")));
        let other = HEAD.replace("400 Bad Request", "431 Request Header Fields Too Large");
        assert_eq!(found(&other), Some((0, "head_too_large")));
        assert_eq!(found(&HEAD.replace("400 Bad Request", "414 URI Too Long")), Some((0, "uri_too_long")));
    }

    #[test]
    fn what_the_router_says_is_left_alone() {
        let named = HEAD.replace("connection: close", "connection: close\r\nx-request-id: req_1");
        for written in
            [&*named, &HEAD.replace("400 Bad Request", "200 OK"), &HEAD[..HEAD.len() - 1], "", "\r\n\r\n"]
        {
            assert_eq!(found(written), None, "{written:?}");
        }
        assert_eq!(found(&format!("{HEAD}more")), None);
    }
}
