//! Every way the words at a place are an amount of a token.

use super::*;

impl Lattice<'_> {
    pub(super) fn push(&mut self, end: usize, funds: Funds) {
        let end = u8::try_from(end).unwrap_or(u8::MAX);
        if !self.funds[self.first..].contains(&(end, funds)) {
            self.funds.push((end, funds));
        }
    }

    /// Every way the words at a place are funds.
    pub(super) fn read_funds(&mut self, start: usize) {
        let scale = |h: &Hit| match h.meaning {
            Meaning::Scale(n, d) => Some((h.end, How::Times(n, d))),
            _ => None,
        };
        if let Some((end, how)) = self.hits(start).iter().filter_map(scale).max_by_key(|s| s.0) {
            self.push(end, Funds { how, base: Base::It, amount: Run::new(start, end), ..Funds::default() });
        }
        let mut funds = Funds::default();
        let mut at = start;
        let (mut cap, mut floor) = (false, false);
        loop {
            if let Some(end) = self.q(at, Q::AtMost).filter(|&e| self.numeric(e)) {
                (at, cap) = (end, true);
            } else if let Some(end) = self.q(at, Q::AtLeast).filter(|&e| self.numeric(e)) {
                (at, floor) = (end, true);
            } else if let Some(end) = self.q(at, Q::Approx).filter(|&e| self.numeric(e)) {
                funds.approx = true;
                at = end;
            } else if let Some(end) =
                self.q(at, Q::Exactly).filter(|&e| self.numeric(e) || self.q(e, Q::Vague).is_some())
            {
                at = end;
            } else {
                break;
            }
        }
        let lead = at > start;
        if let Some((end, how)) = self.how(at) {
            funds.how = match how {
                How::Exact(n) if cap => How::AtMost(n),
                How::Exact(n) if floor => How::AtLeast(n),
                other if cap || floor => {
                    if matches!(other, How::Either(..)) {
                        other
                    } else {
                        How::Vague
                    }
                }
                other => other,
            };
            // “the full amount”
            let pronoun = !lead && how == How::All && self.q(at, Q::Pronoun).is_some_and(|e| e > end);
            if pronoun {
                self.without_amount(start);
            }
            funds.amount = Run::new(start, end);
            self.behind_amount(end, funds);
        } else if !lead {
            self.without_amount(start);
        }
    }

    /// What stands behind an amount: of, my, the, a token, a noun.
    pub(super) fn behind_amount(&mut self, end: usize, funds: Funds) {
        // “0.4 um ETH”
        let mut at = (end..).find(|&i| !self.hesitates(i)).unwrap_or(end);
        let mut f = funds;
        if matches!(f.how, How::Usd(_)) {
            at = self.q(at, Q::Worth).unwrap_or(at);
        }
        if let Some(after) =
            self.q(at, Q::Pronoun).filter(|&e| self.token_name(e).is_none() || self.q(at, Q::The).is_none())
        {
            let mut whole = f;
            whole.base = Base::It;
            whole.which = self.which(at, after);
            whole.plural = whole.how == How::All;
            whole.amount.to = Run::new(0, after).to;
            self.push(after, whole);
        }
        at = self.q(at, Q::Of).unwrap_or(at);
        if f.how == How::All || matches!(f.how, How::Percent(_) | How::Fraction(..) | How::Rest) {
            // “everything i have in usdc”
            if let Some(after) = self.q(at, Q::Have) {
                f.base = Base::Mine;
                at = after;
                f.amount.to = Run::new(0, at).to;
                if let Some(of) = self.q(at, Q::Worth).filter(|&i| self.token_name(i).is_some()) {
                    at = of;
                }
            }
        }
        if let Some(after) = self.q(at, Q::Debt).filter(|_| f.how == How::All) {
            // “everything I owe in USDC”
            f.debt = true;
            f.amount.to = Run::new(0, after).to;
            at = self.q(after, Q::Worth).filter(|&i| self.token_name(i).is_some()).unwrap_or(after);
        }
        if let Some(after) = self.q(at, Q::AsCan) {
            at = after;
            f.amount.to = Run::new(0, at).to;
            at = self.q(at, Q::Of).unwrap_or(at);
        }
        // “all of the USDC” is the USDC that came out before, where some did.
        let the = |i: usize| self.tokens.get(i).is_some_and(|t| t.word == self.lexicon.known.the);
        if f.how == How::All && end > start_of(&f) + 1 && the(end - 1) {
            f.base = Base::The;
        }
        at = self.determiner(at, &mut f);
        self.asset(at, f, true);
        // The amount alone: what follows may be a chain, or nothing.
        let alone = self.q(end, Q::Mine).is_none();
        if alone || f.base == Base::It {
            self.push(end, funds);
        }
    }

    /// “my”, “the”, “of our”, and the venue or chain of “my Aave USDC”.
    pub(super) fn determiner(&self, at: usize, f: &mut Funds) -> usize {
        let mut at = at;
        for (kind, base) in
            [(Q::Mine, Base::Mine), (Q::The, Base::The), (Q::Mine, Base::Mine), (Q::A, f.base)]
        {
            if let Some(after) = self.q(at, kind) {
                f.base = if f.base == Base::Mine { Base::Mine } else { base };
                at = after;
                if f.how != How::Unsaid {
                    f.amount.to = Run::new(0, at).to;
                }
            }
        }
        if let Some(after) = self.q(at, Q::All).filter(|_| f.base == Base::Mine && f.how == How::Unsaid) {
            f.how = How::All;
            f.amount = Run::new(at, after);
            at = after;
        }
        // “my bag of UNI”
        let of =
            self.q(at, Q::Holding).filter(|_| f.base != Base::Unsaid).and_then(|noun| self.q(noun, Q::Of));
        if let Some(after) = of.filter(|&e| self.token_name(e).is_some()) {
            at = after;
        }
        if let Some(after) =
            self.q(at, Q::Debt).filter(|&e| f.base != Base::Unsaid && self.token_name(e).is_some())
        {
            f.debt = true;
            at = after;
        }
        if f.base != Base::Unsaid {
            for _ in 0..2 {
                let Some((after, name)) = self.name(at) else { break };
                let things = self.token_name(after).is_some()
                    || self.q(after, Q::Holding).is_some()
                    || self.q(after, Q::Debt).is_some()
                    || self.name(after).is_some_and(|(e, _)| self.token_name(e).is_some());
                let entry = &self.lexicon.names[usize::from(name)];
                // “my UNI tokens” are tokens, “my Aave position” is at a venue.
                let word = self.tokens.get(after).map_or("", |t| t.text(self.text)).to_lowercase();
                let held =
                    ["tokens", "token", "coins", "bag", "bags", "stack", "stash", "holdings", "holding"];
                let noun = entry.token()
                    && (entry.venue.is_none() && self.q(after, Q::Holding).is_some()
                        || held.contains(&word.as_str()));
                if !things || noun {
                    break;
                }
                if entry.venue.is_some() || entry.foreign_venue {
                    f.venue = Some((name, Run::new(at, after)));
                } else if entry.chain.is_some() && self.token_name(after).is_some() {
                    f.chain = Some((name, Run::new(at, after)));
                } else {
                    break;
                }
                at = after;
            }
        }
        at
    }

    /// The token and the nouns behind it.
    pub(super) fn asset(&mut self, at: usize, f: Funds, counted: bool) {
        if let Some((end, name)) = self.token_name(at) {
            let mut named = f;
            named.asset = Asset::Name(name);
            named.token = Run::new(at, end);
            let entry = &self.lexicon.names[usize::from(name)];
            let other =
                entry.chain.is_some() || entry.venue.is_some() || entry.foreign_chain || entry.foreign_venue;
            self.behind_asset(end, named);
            // “200 USDC bridged to Base”: the last word of the name may be the verb.
            let verb = |i: usize| self.hits(i).iter().any(|h| matches!(h.meaning, Meaning::Verb(_)));
            let shorter = self.hits(at).iter().find_map(|h| match h.meaning {
                Meaning::Name(n)
                    if h.end < end && verb(h.end) && self.lexicon.names[usize::from(n)].token() =>
                {
                    Some((h.end, n))
                }
                _ => None,
            });
            if let Some((end, name)) = shorter {
                let mut short = f;
                (short.asset, short.token) = (Asset::Name(name), Run::new(at, end));
                self.push(end, short);
            }
            if counted && other {
                self.push(at, f);
            }
            return;
        }
        if let Some(Kind::Address) = self.tokens.get(at).map(|t| t.kind).filter(|k| *k == Kind::Address) {
            let mut named = f;
            named.asset = Asset::Address(Run::new(at, at).from);
            let text = self.tokens[at].text(self.text);
            let chains = u8::try_from(self.lexicon.vocabulary.chains.len()).unwrap_or(0);
            named.listed = (0..chains).any(|c| self.lexicon.token_at(c, text).is_some());
            named.token = Run::new(at, at + 1);
            self.push(at + 1, named);
            return;
        }
        let dollar = usize::from(
            self.word_is(at, self.lexicon.known.dollar) && self.tokens.get(at + 1).is_some_and(|t| t.glued),
        );
        if self.unknown_word(at + dollar) {
            let mut named = f;
            named.asset = Asset::Unknown(Run::new(at + dollar, 0).from);
            named.token = Run::new(at, at + dollar + 1);
            self.behind_asset(at + dollar + 1, named);
            return;
        }
        if f.base != Base::Unsaid || f.venue.is_some() || matches!(f.how, How::Exact(_)) {
            let mut f = f;
            let end = self.nouns(at, &mut f);
            if end > at {
                self.push(end, f);
            } else if f.base == Base::Mine && f.how != How::Unsaid {
                self.push(at, f);
            }
        }
    }

    pub(super) fn nouns(&self, at: usize, f: &mut Funds) -> usize {
        let mut at = at;
        loop {
            if let Some(end) = self.q(at, Q::Debt) {
                f.debt = true;
                at = end;
            } else if let Some(end) = self.q(at, Q::Holding) {
                at = end;
            } else if let Some(end) =
                self.q(at, Q::Have).filter(|_| f.how != How::Unsaid || f.base != Base::Unsaid)
            {
                f.base = Base::Mine;
                at = end;
            } else {
                return at;
            }
        }
    }

    pub(super) fn behind_asset(&mut self, end: usize, named: Funds) {
        if let Some((after, contract)) = self.contract(end).filter(|_| named.contract.is_empty()) {
            self.behind_asset(after, Funds { contract, ..named });
        }
        let mut f = named;
        let mut at = end;
        if let Some(other) = self.q(at, Q::Or).filter(|&i| self.token_name(i).is_some()) {
            let (end, _) = self.token_name(other).unwrap_or((other, 0));
            f.asset = Asset::Either;
            f.token.to = Run::new(0, end).to;
            self.push(end, f);
            return;
        }
        if let Some(after) = self.q(at, Q::AsCan) {
            f.how = How::All;
            f.amount.to = f.amount.to.max(f.amount.from + 1);
            at = after;
        }
        at = self.nouns(at, &mut f);
        // “250 USDT of my loan”, “0.3 ETH of it”
        if let Some(of) = self.q(at, Q::Mine).filter(|_| f.how != How::Unsaid) {
            let venue = self.name(of).filter(|(_, n)| self.lexicon.names[usize::from(*n)].venue.is_some());
            let noun = venue.map_or(of, |(e, _)| e);
            let mut g = f;
            let after = self.nouns(noun, &mut g);
            if after > noun {
                g.venue = venue.map(|(e, n)| (n, Run::new(of, e)));
                self.push(after, g);
            }
        }
        if let Some(after) =
            self.q(at, Q::Pronoun).filter(|_| f.how != How::Unsaid && self.word_is(at, self.lexicon.known.of))
        {
            let mut g = f;
            g.base = Base::It;
            self.push(after, g);
        }
        self.push(at, f);
        if at > end {
            self.push(end, named);
        }
        // “usdc 600”
        if f.how == How::Unsaid
            && f.base == Base::Unsaid
            && self.tokens.get(end).is_some_and(|t| matches!(t.kind, Kind::Number))
            && let Some((after, how)) = self.counted(end)
        {
            let own_token = self
                .token_name(after)
                .is_some_and(|(_, n)| self.lexicon.names[usize::from(n)].chain.is_none());
            if !own_token && matches!(how, How::Exact(_) | How::Either(..)) {
                let mut g = named;
                g.how = how;
                g.amount = Run::new(end, after);
                self.push(after, g);
            }
        }
    }

    /// Funds that begin with something else than an amount.
    pub(super) fn without_amount(&mut self, start: usize) {
        let mut f = Funds::default();
        if let Some(end) = self.q(start, Q::AsMuch) {
            f.amount = Run::new(start, end);
            let of = self.q(end, Q::Of).unwrap_or(end);
            let at = self.determiner(of, &mut f);
            if let Some(after) = self.q(end, Q::AsCan) {
                f.how = How::All;
                let of = self.q(after, Q::Of).unwrap_or(after);
                let at = self.determiner(of, &mut f);
                self.asset(at, f, true);
                self.push(after, f);
            } else {
                self.asset(at, f, false);
                self.needed(at, f);
            }
            return;
        }
        if let Some(end) = self.q(start, Q::Pronoun) {
            let mut it = f;
            (it.base, it.how, it.amount) = (Base::It, How::All, Run::new(start, end));
            it.which = self.which(start, end);
            it.plural = self.q(start, Q::Sum) == Some(end);
            self.push(end, it);
            // “that USDC”, “those LINK” are read below.
        }
        let at = self.determiner(start, &mut f);
        if at > start && f.how == How::Unsaid {
            // “the rest” and “the whole” are amounts; “the 0.5 ETH” has one.
            if let Some((end, how)) =
                self.how(at).filter(|(_, how)| f.base == Base::Mine || !matches!(how, How::Rest))
            {
                let mut g = f;
                g.how = how;
                g.amount = Run::new(at, end);
                if !matches!(how, How::Percent(_) | How::Fraction(..) | How::Vague) {
                    let at = self.determiner(end, &mut g);
                    self.asset(at, g, true);
                    return;
                }
            }
            f.amount = Run::new(start, at);
        }
        self.asset(at, f, false);
    }
}

fn start_of(f: &Funds) -> usize {
    usize::from(f.amount.from)
}
