//! Amounts that name where they come from: an action's output, what is needed, what there is.

use super::*;

impl Lattice<'_> {
    /// Which action a phrase such as “the output of step 1” names.
    pub(super) fn which(&self, from: usize, to: usize) -> Which {
        let said = |i: usize| self.tokens[i].text(self.text).to_lowercase();
        let kind = ["swap", "bridge", "sale", "step", "tx", "action", "transaction", "trade"];
        (from..to).map(said).fold(Which::Unsaid, |found, word| {
            let digits = word.trim_start_matches("step").trim_start_matches("tx");
            match digits.parse().or_else(|_| {
                ["one", "two", "three", "four"]
                    .iter()
                    .position(|w| *w == word)
                    .and_then(|i| u8::try_from(i + 1).ok())
                    .ok_or(())
            }) {
                Ok(step) => Which::Step(step),
                Err(()) if kind.contains(&word.as_str()) && found == Which::Unsaid => Which::Kind,
                Err(()) => found,
            }
        })
    }

    /// “as much USDC as needed”
    pub(super) fn needed(&mut self, at: usize, f: Funds) {
        if let Some((end, name)) = self.token_name(at)
            && let Some(after) = self.q(end, Q::Needed)
        {
            let (asset, token) = (Asset::Name(name), Run::new(at, end));
            self.push(after, Funds { how: How::Enough, asset, token, ..f });
        }
        // “whatever USDC I have”
        if let Some((end, name)) = self.token_name(at)
            && let Some(after) = self.q(end, Q::Have)
        {
            let (asset, token) = (Asset::Name(name), Run::new(at, end));
            self.push(after, Funds { how: How::All, base: Base::Mine, asset, token, ..f });
        }
    }
}
