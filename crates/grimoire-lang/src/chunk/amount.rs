//! How much is said at a place: numbers, shares, money, all and the rest.

use super::*;

impl Lattice<'_> {
    pub(super) fn money(&self, at: usize) -> Option<(usize, Money)> {
        let q = self.quantities();
        if self.word_is(at, self.lexicon.known.dollar) {
            return match q.number(at + 1)? {
                (end, Number::Exact(n)) => Some((end, Money::Usd(n))),
                _ => None,
            };
        }
        let (end, Number::Exact(n)) = q.number(at)? else { return None };
        if self.word_is(end, self.lexicon.known.gwei) {
            return Some((end + 1, Money::Gwei(n)));
        }
        if let Some(after) = self.q(end, Q::Usd) {
            return Some((after, Money::Usd(n)));
        }
        self.token_name(end).map(|(after, name)| (after, Money::Token(n, name)))
    }

    /// Whether a number, a share or money begins here.
    pub(super) fn numeric(&self, at: usize) -> bool {
        self.tokens.get(at).is_some()
            && (self.quantities().number(at).is_some()
                || self.quantities().share(at).is_some()
                || self.word_is(at, self.lexicon.known.dollar)
                || self.q(at, Q::Approx).is_some()
                || self.q(at, Q::Exactly).is_some())
    }

    /// How much, at a place.
    pub(super) fn how(&self, at: usize) -> Option<(usize, How)> {
        let q = self.quantities();
        let known = self.lexicon.known;
        if self.word_is(at, known.dash)
            && q.glued(at + 1)
            && !self.tokens[at].glued
            && q.kind(at + 1) == Some(Kind::Number)
        {
            return Some((q.number(at + 1)?.0, How::Invalid));
        }
        if self.word_is(at, known.dollar) && matches!(q.kind(at + 1), Some(Kind::Number | Kind::BadNumber)) {
            let (end, number) = q.number(at + 1)?;
            let how = match number {
                Number::Exact(n) => How::Usd(n),
                Number::Either(a, b) => How::Either(a, b),
                Number::Vague => How::Vague,
            };
            // “$50 usd” says it twice.
            let end = self.q(end, Q::Usd).filter(|&e| e == end + 1).unwrap_or(end);
            return Some((end, how));
        }
        if let Some(end) = self.q(at, Q::OtherMoney).filter(|_| q.kind(at + 1) == Some(Kind::Number)) {
            return Some((q.number(end)?.0, How::Vague));
        }
        if let Some(end) = self.q(at, Q::AllBut) {
            let (end, number) = self.dollars_or(end)?;
            return Some((
                end,
                match number {
                    How::Exact(n) => How::AllBut(n),
                    _ => How::Vague,
                },
            ));
        }
        if let Some((end, n, d)) = q.share(at).filter(|&(end, ..)| q.number(at).is_none_or(|(e, _)| e <= end))
        {
            return Some(self.part(at, end, n, d));
        }
        if let Some(end) = self.q(at, Q::Enough) {
            return Some((end, How::Enough));
        }
        if let Some(end) = self.q(at, Q::Vague).filter(|&e| self.q(at, Q::All).is_none_or(|a| a <= e)) {
            let mut end = end;
            while self.lexicon.numbers.scales.contains_key(&q.word(end)) {
                end += 1;
            }
            // “some 100 USDC” is about 100.
            return Some((end, How::Vague));
        }
        if let Some((end, how)) = self.counted(at) {
            return Some((end, how));
        }
        // “everything else” is the rest.
        if let Some(end) = self.q(at, Q::All).filter(|&e| self.q(at, Q::Rest).is_none_or(|r| r <= e)) {
            return Some((end, How::All));
        }
        let end = self.q(at, Q::Rest)?;
        // “the remaining 500”
        let word = |i: usize| self.tokens.get(i).map_or("", |t| t.text(self.text));
        let counted = word(end - 1).eq_ignore_ascii_case("remaining")
            && self.tokens.get(end).is_some_and(|t| t.kind == Kind::Number);
        match counted.then(|| self.counted(end)).flatten() {
            Some((after, how @ How::Exact(_))) => Some((after, how)),
            _ => Some((end, How::Rest)),
        }
    }

    pub(super) fn dollars_or(&self, at: usize) -> Option<(usize, How)> {
        let dollar = usize::from(self.word_is(at, self.lexicon.known.dollar));
        let (end, number) = self.quantities().number(at + dollar)?;
        Some((
            end,
            match number {
                Number::Exact(n) if dollar == 0 => How::Exact(n),
                _ => How::Vague,
            },
        ))
    }

    pub(super) fn part(&self, _at: usize, end: usize, n: u32, d: u32) -> (usize, How) {
        let whole = crate::number::percent(n, d);
        let how = whole.map_or(How::Fraction(n, d), How::Percent);
        // “half an eth” is a number, “half eth” is neither a number nor a share.
        if let Some(after) = self.q(end, Q::A).filter(|&a| self.token_name(a).is_some()) {
            let exact = whole.and_then(|p| p.checked_mul(Decimal::new(1, 2)));
            return (after, exact.map_or(How::Vague, How::Exact));
        }
        if self.token_name(end).is_some() || self.unknown_word(end) {
            return (end, How::Vague);
        }
        (end, how)
    }

    /// A number with what it counts: tokens, dollars, per cent.
    pub(super) fn counted(&self, at: usize) -> Option<(usize, How)> {
        let q = self.quantities();
        let known = self.lexicon.known;
        let (mut end, number) = q.number(at)?;
        let mut how = match number {
            Number::Exact(n) => How::Exact(n),
            Number::Either(a, b) => How::Either(a, b),
            Number::Vague => How::Vague,
        };
        // “2-3”, “100 or 200”, “100 to 200 USDC”.
        let between =
            self.word_is(end, known.dash) || self.word_is(end, known.or) || self.word_is(end, known.to);
        if between {
            let dollar = usize::from(self.word_is(end + 1, known.dollar));
            let tight = self.word_is(end, known.dash) || self.word_is(end, known.or);
            if let Some((after, _)) = q.number(end + 1 + dollar)
                && (tight || self.token_name(after).is_some_and(|_| self.token_name(at).is_none()))
            {
                return Some((after, How::Vague));
            }
        }
        if let Some(after) = self.q(end, Q::Percent) {
            how = match how {
                How::Exact(n) if n == Decimal::new(100, 0) => How::All,
                How::Exact(n) => How::Percent(n),
                _ => How::Vague,
            };
            return Some((after, how));
        }
        // “1.5k$”
        let behind = self.word_is(end, known.dollar) && q.glued(end) && !q.glued(end + 1);
        if let (true, How::Exact(n)) = (behind, how) {
            return Some((end + 1, How::Usd(n)));
        }
        let coin = |usd: &usize| self.token_name(end).is_none_or(|(e, _)| e <= *usd);
        if let Some(after) = self.q(end, Q::Usd).filter(coin) {
            // “100 usd” of nothing is money that must become a token.
            how = match how {
                How::Exact(n) => How::Usd(n),
                other => other,
            };
            return Some((after, how));
        }
        if let Some(after) = self.q(end, Q::OtherMoney) {
            return Some((after, How::Vague));
        }
        if let Some(after) = self.q(end, Q::Approx).filter(|_| self.lexicon.numbers.units.is_empty()) {
            end = after;
        }
        Some((end, how))
    }
}
