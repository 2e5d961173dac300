//! Times of one thing, taken many times.

use std::time::Instant;

/// A row of the table.
pub(crate) struct Samples {
    name: &'static str,
    micros: Vec<f64>,
}

impl Samples {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, micros: Vec::new() }
    }

    /// Takes one sample.
    pub(crate) fn time(&mut self, work: impl FnMut()) {
        self.time_each(1, work);
    }

    /// Takes one sample of work done so many times in a row: the mean of one.
    pub(crate) fn time_each(&mut self, times: u32, mut work: impl FnMut()) {
        let start = Instant::now();
        (0..times).for_each(|_| work());
        self.micros.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(times));
    }

    /// Drops what was taken while caches were cold.
    pub(crate) fn forget(&mut self) {
        self.micros.clear();
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(50)
    }

    fn quantile(&self, percent: usize) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[(sorted.len() - 1) * percent / 100]
    }

    /// Median, 99th percentile, maximum, and the median as a multiple of some work.
    pub(crate) fn line(&self, work: f64) -> String {
        let (median, p99, max) = (self.median(), self.quantile(99), self.quantile(100));
        format!("{:<40} {median:>7.1}us {p99:>7.1}us {max:>7.1}us  {:>8.2}", self.name, median / work)
    }
}
