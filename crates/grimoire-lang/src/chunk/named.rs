//! Amounts that name where they come from: an action's output, what is needed, what there is.

use super::*;

impl Lattice<'_> {
    /// The actions a phrase such as “the outputs of steps 1 and 2” names: by number, by what they do.
    pub(super) fn which(&self, from: usize, to: usize) -> Which {
        let mut which = Which::default();
        for token in self.tokens.get(from..to).unwrap_or_default() {
            let said = token.text(self.text).to_lowercase();
            let number = said.trim_start_matches("step").trim_start_matches("tx");
            let counted = ["one", "two", "three", "four"].iter().position(|w| *w == said);
            let counted = counted.and_then(|i| u32::try_from(i + 1).ok());
            if number.starts_with(|c: char| c.is_ascii_digit()) || counted.is_some() {
                let number = counted.or_else(|| number.parse().ok());
                which.steps |= number.and_then(|n| 1u64.checked_shl(n)).unwrap_or(1);
            }
            match said.as_str() {
                "swap" | "sale" => which.kind = which.kind.or(Some(ActionKind::Swap)),
                "bridge" => which.kind = which.kind.or(Some(ActionKind::Bridge)),
                "step" | "steps" | "tx" | "action" | "actions" | "transaction" | "trade" => {
                    which.vague = true;
                }
                _ => {}
            }
        }
        which.vague &= which.steps == 0;
        which
    }

    /// Whether a sound of hesitation stands here.
    pub(super) fn hesitates(&self, at: usize) -> bool {
        let said = self.tokens.get(at).map_or("", |t| t.text(self.text));
        ["um", "umm", "uh", "uhh", "uhm", "er", "erm"].iter().any(|w| said.eq_ignore_ascii_case(w))
    }

    /// The address of a token behind its name: “(0x…)”, “[contract: 0x…]”, or alone where it is that of a known token.
    pub(super) fn contract(&self, at: usize) -> Option<(usize, Run)> {
        let said = |i: usize| self.tokens.get(i).map_or("", |t| t.text(self.text));
        let address = |i: usize| self.tokens.get(i).is_some_and(|t| t.kind == Kind::Address);
        let close = match said(at) {
            "(" => ")",
            "[" => "]",
            _ => {
                let chains = u8::try_from(self.lexicon.vocabulary.chains.len()).unwrap_or(0);
                let listed = address(at) && (0..chains).any(|c| self.lexicon.token_at(c, said(at)).is_some());
                return listed.then(|| (at + 1, Run::new(at, at + 1)));
            }
        };
        let nouns = ["contract", "address", "token", "ca", "at", ":"];
        let noun = |i: &usize| !nouns.iter().any(|n| said(*i).eq_ignore_ascii_case(n));
        let from = (at + 1..at + 5).find(noun)?;
        (address(from) && said(from + 1) == close).then(|| (from + 2, Run::new(from, from + 1)))
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
