//! A socket whose reader may not stall for ever, and whose last answer is not lost.
//!
//! What comes in: a socket. What goes out: the same, bounded in patience. What it refuses to know: what is said on it.
//!
//! Closing a socket with unread bytes resets it, and the reset may overtake the answer. Where a client is still sending
//! at the end, what it sends is thrown away for a while first.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

/// A stream on which a write that makes no progress for some time is an error.
pub(super) struct Impatient {
    stream: TcpStream,
    patience: Duration,
    alarm: Pin<Box<Sleep>>,
    waiting: bool,
    ending: Ending,
}

/// How far the end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Open,
    /// Nothing more is written; how many bytes were thrown away since.
    Drained(usize),
}

/// How much of what still comes is thrown away at most, and how long.
const DRAIN_BYTES: usize = 4 * 1024 * 1024;
const DRAIN_FOR: Duration = Duration::from_secs(1);

impl Impatient {
    pub(super) fn new(stream: TcpStream, patience: Duration) -> Self {
        Self { stream, patience, alarm: Box::pin(sleep(patience)), waiting: false, ending: Ending::Open }
    }

    /// Throws away what still comes, until nothing more does or it is enough.
    fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut space = [0; 8 * 1024];
        while let Ending::Drained(count) = self.ending {
            let mut buf = ReadBuf::new(&mut space);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() && count < DRAIN_BYTES => {
                    self.ending = Ending::Drained(count + buf.filled().len());
                }
                // Whoever was not sending is not waited for.
                Poll::Pending if count > 0 => {
                    ready!(self.alarm.as_mut().poll(cx));
                    break;
                }
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Passes progress on, and turns a wait of too long into an error.
    fn bounded<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.waiting = false;
            return poll;
        }
        if !self.waiting {
            self.waiting = true;
            self.alarm.as_mut().reset(Instant::now() + self.patience);
        }
        ready!(self.alarm.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Impatient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.bounded(cx, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.bounded(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.ending == Ending::Open {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.ending = Ending::Drained(0);
            self.alarm.as_mut().reset(Instant::now() + DRAIN_FOR);
        }
        self.poll_drained(cx)
    }
}
