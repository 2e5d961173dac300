//! Choices drawn from a stream of numbers: the same stream is the same case, and a stream of zeros the plainest one.

/// A stream of choices; behind its end every choice is the first.
pub(crate) struct Draw {
    stream: Vec<u16>,
    at: usize,
}

impl Draw {
    pub(crate) const fn new(stream: Vec<u16>) -> Self {
        Self { stream, at: 0 }
    }

    /// A stream of that length from a seed (SplitMix64).
    pub(crate) fn seeded(seed: u64, length: usize) -> Self {
        let mut state = seed;
        let next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            u16::try_from((z ^ (z >> 31)) & 0xffff).unwrap_or(0)
        };
        Self::new(std::iter::repeat_with(next).take(length).collect())
    }

    /// A number below `n`; 0 where there is no choice.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let drawn = self.stream.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(drawn) % n.max(1)
    }

    /// One of these.
    pub(crate) fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// Whether something that happens once in `n` times happens.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }
}
