//! Many connections that ask as fast as they are answered.

use std::{
    fmt,
    net::SocketAddr,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use crate::{peer::worked, wire::Wire};

/// How long each row is measured, after a quarter of that to warm up.
const SPAN: Duration = Duration::from_secs(4);

/// What was measured.
pub(crate) struct Row {
    name: String,
    crowd: usize,
    sorted: Vec<Duration>,
    span: Duration,
    /// The server's processor time, all together.
    worked: Option<Duration>,
}

/// A server and the process it is.
pub(crate) struct Target {
    pub(crate) at: SocketAddr,
    pub(crate) pid: String,
}

/// The same request again and again on each of many connections.
pub(crate) fn storm(name: &str, crowd: usize, server: &Target, ask: impl Fn(&mut Wire) + Sync) -> Row {
    prepared(name, crowd, server, |_| (), |wire, ()| ask(wire))
}

/// The same with something to be prepared before each request, which is not measured.
pub(crate) fn prepared<T>(
    name: &str,
    crowd: usize,
    server: &Target,
    prepare: impl Fn(&mut Wire) -> T + Sync,
    ask: impl Fn(&mut Wire, &T) + Sync,
) -> Row {
    let start = Barrier::new(crowd);
    let client = || {
        let mut wire = Wire::open(server.at);
        start.wait();
        let begin = Instant::now();
        let mut taken = Vec::new();
        while begin.elapsed() < SPAN + SPAN / 4 {
            let prepared = prepare(&mut wire);
            let asked = Instant::now();
            ask(&mut wire, &prepared);
            if begin.elapsed() > SPAN / 4 {
                taken.push(asked.elapsed());
            }
        }
        taken
    };
    let before = worked(&server.pid);
    let mut all: Vec<Duration> = thread::scope(|scope| {
        let clients: Vec<_> = (0..crowd).map(|_| scope.spawn(client)).collect();
        clients.into_iter().flat_map(|client| client.join().expect("no panic")).collect()
    });
    all.sort_unstable();
    // The warm-up is as busy as the rest.
    let worked = (worked(&server.pid) - before) * 4 / 5;
    Row { worked: Some(worked), ..Row::new(name, crowd, all, SPAN) }
}

impl Row {
    pub(crate) const HEAD: &str = "                                                  at once     per s      p50      p99      max   server\'s processor";

    /// A row of these durations, sorted, all within this span.
    pub(crate) fn new(name: &str, crowd: usize, sorted: Vec<Duration>, span: Duration) -> Self {
        Self { name: name.into(), crowd, sorted, span, worked: None }
    }

    fn at(&self, percent: usize) -> Duration {
        self.sorted[(self.sorted.len() * percent / 100).min(self.sorted.len() - 1)]
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.sorted.len() as f64 / self.span.as_secs_f64();
        let millis = |duration: Duration| format!("{:.2} ms", duration.as_secs_f64() * 1e3);
        let (half, most, max) = (millis(self.at(50)), millis(self.at(99)), millis(self.at(100)));
        write!(f, "{:<48} {:>8} {rate:>9.0} {half:>10} {most:>10} {max:>10}", self.name, self.crowd)?;
        let Some(worked) = self.worked else { return Ok(()) };
        write!(f, " {:>7.0} us each", worked.as_secs_f64() * 1e6 / self.sorted.len() as f64)
    }
}
