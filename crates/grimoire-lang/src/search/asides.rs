//! What a reading sets aside: stories, and the values a correction replaces.

use super::*;

impl Search<'_, '_> {
    /// “not ETH”, “instead of Base”: what a correction takes away.
    pub(super) fn replaced(&mut self, from: usize, at: usize, state: &State) {
        let lattice = self.lattice;
        // “replace ETH with”, “change Base to”: the word behind belongs to the verb and marks no role.
        let said = |i: usize| lattice.tokens.get(i).map_or("", |t| t.text(lattice.text)).to_lowercase();
        let changes = matches!(said(from).as_str(), "change" | "replace" | "swap");
        let behind = |end: usize| match said(end).as_str() {
            "with" | "by" | "to" | "for" if changes => end + 1,
            _ => end,
        };
        for chain in [true, false] {
            if let Some((end, place)) = lattice.place(at, chain) {
                let end = behind(end);
                self.push(end, *state, Step::Was { run: Run::new(from, end), fill: Fill::Place(place) });
            }
        }
        if lattice.tokens.get(at).is_some_and(|t| matches!(t.kind, Kind::Ens | Kind::Address)) {
            let account = Account::Token(Run::new(at, 0).from);
            let end = behind(at + 1);
            let run = Run::new(from, end);
            self.push(end, *state, Step::Was { run, fill: Fill::Account(account) });
        }
        for (index, end) in lattice.fund_indices(at) {
            let end = behind(end);
            self.push(end, *state, Step::Was { run: Run::new(from, end), fill: Fill::Funds(index) });
        }
    }

    /// Whether “instead”, “rather” is followed by what is taken away: “of DAI”, “than Base”.
    pub(super) fn takes_away(&self, end: usize) -> bool {
        let said =
            |i: usize| self.lattice.tokens.get(i).map_or("", |t| t.text(self.lattice.text)).to_lowercase();
        match said(end - 1).as_str() {
            "instead" => said(end) == "of",
            "rather" => said(end) == "than",
            _ => false,
        }
    }

    /// A reason or a story: up to the next mark, without anything that could be a value or change one.
    pub(super) fn aside(&mut self, from: usize, body: usize, state: &State) {
        let lattice = self.lattice;
        let mut end = body;
        while let Some(token) = lattice.tokens.get(end) {
            let stop =
                lattice.hits(end).iter().any(|h| h.end == end + 1 && h.meaning == Meaning::Link(Link::Soft));
            if stop || token.kind == Kind::Emoji {
                break;
            }
            let value = token.kind != Kind::Word
                || lattice.hits(end).iter().any(|h| match h.meaning {
                    Meaning::Gate(_) => true,
                    Meaning::Verb(_) => h.end > end + 1,
                    Meaning::Name(n) => {
                        let name = &self.lexicon.names[usize::from(n)];
                        name.token() || name.chain.is_some() || name.venue.is_some()
                    }
                    Meaning::Quantity(q) => {
                        matches!(
                            q,
                            Q::All
                                | Q::Rest
                                | Q::AllBut
                                | Q::AtMost
                                | Q::AtLeast
                                | Q::Usd
                                | Q::Percent
                                | Q::Each
                        ) && h.end == end + 1
                    }
                    _ => false,
                })
                || (lattice.lexicon.numbers.shares.contains_key(&token.word) && token.word != 0);
            if value {
                return;
            }
            end += 1;
        }
        let words = u32::try_from(end - from).unwrap_or(u32::MAX);
        if end > body || body > from + 1 {
            self.push(
                end,
                State { cost: state.cost + 40 + words, ..*state },
                Step::Aside(Run::new(from, end)),
            );
        }
    }
}
