//! Typed phrases: at each place of a message, what could be funds, a chain, a venue, an account or a bound.
//!
//! What comes in: tokens. What goes out: a [`Lattice`] of everything each place could be. It decides nothing.

use crate::decimal::Decimal;
use crate::lexicon::{Lexicon, Meaning, Q};
use crate::phrase::{Found, Hole};
use crate::quantity::{Money, Number, Quantities};
use crate::token::{Kind, Token};
use crate::words::UNKNOWN;

/// A run of tokens, `from` included, `to` not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Run {
    pub(crate) from: u8,
    pub(crate) to: u8,
}

impl Run {
    pub(crate) fn new(from: usize, to: usize) -> Self {
        let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        Self { from: small(from), to: small(to) }
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.from == self.to
    }
}

/// How much, as said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum How {
    #[default]
    Unsaid,
    Exact(Decimal),
    Usd(Decimal),
    Percent(Decimal),
    Fraction(u32, u32),
    All,
    AllBut(Decimal),
    AtMost(Decimal),
    AtLeast(Decimal),
    Rest,
    /// Not exact: some, a few, 2-3, half eth.
    Vague,
    /// Two readings of the digits.
    Either(Option<Decimal>, Option<Decimal>),
    /// Negative.
    Invalid,
}

/// Of what it is a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Base {
    #[default]
    Unsaid,
    /// my, our
    Mine,
    /// the, that
    The,
    /// it, the proceeds
    It,
}

/// The thing itself, as said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Asset {
    #[default]
    Unsaid,
    Name(u16),
    /// An address: the token's index in the message.
    Address(u8),
    /// A word that is no name.
    Unknown(u8),
    /// Two, with “or” between them.
    Either,
}

/// An amount of a token, as said; either may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Funds {
    pub(crate) how: How,
    pub(crate) base: Base,
    pub(crate) asset: Asset,
    pub(crate) approx: bool,
    /// The address is that of a known token.
    pub(crate) listed: bool,
    /// “both”, “them”: of several outputs.
    pub(crate) plural: bool,
    /// A debt, which is one thing: unsaid means all of it.
    pub(crate) debt: bool,
    /// “my Aave USDC”.
    pub(crate) venue: Option<(u16, Run)>,
    /// “my Arbitrum USDC”.
    pub(crate) chain: Option<(u16, Run)>,
    pub(crate) amount: Run,
    pub(crate) token: Run,
}

/// A chain or venue, as said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Name(u16),
    /// A word that is no name.
    Unknown,
    /// Two, with “or” between them.
    Either,
    /// “somewhere”.
    Open,
}

/// The value of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Percent(Decimal),
    Funds(Funds),
    Money(Money),
    Time(Decimal, char),
    Number,
}

/// A phrase found at a place.
pub(crate) type Hit = Found<Meaning, (Bound, Run)>;

/// Everything each place of a message could be.
pub(crate) struct Lattice<'m> {
    pub(crate) text: &'m str,
    pub(crate) tokens: &'m [Token],
    pub(crate) lexicon: &'m Lexicon,
    hits: Vec<Hit>,
    ranges: Vec<(u32, u32)>,
    funds: Vec<(u8, Funds)>,
    fund_ranges: Vec<(u32, u32)>,
    /// Where the funds of the place being read begin.
    first: usize,
}

impl<'m> Lattice<'m> {
    /// Reads every place, from the last to the first: a phrase may hold a typed phrase that begins later.
    pub(crate) fn new(text: &'m str, tokens: &'m [Token], lexicon: &'m Lexicon) -> Self {
        let n = tokens.len();
        let mut this = Self {
            text,
            tokens,
            lexicon,
            hits: Vec::with_capacity(n * 4),
            ranges: vec![(0, 0); n + 1],
            funds: Vec::with_capacity(n * 2),
            fund_ranges: vec![(0, 0); n + 1],
            first: 0,
        };
        let mut found: Vec<Hit> = Vec::with_capacity(16);
        for at in (0..n).rev() {
            let from = this.hits.len();
            found.clear();
            lexicon
                .phrases
                .beginning_with_word(tokens, at, &mut |h, i| this.hole(h, i), &mut |hit| found.push(hit));
            this.hits.append(&mut found);
            this.ranges[at] = (index(from), index(this.hits.len()));
            this.first = this.funds.len();
            this.read_funds(at);
            this.funds[this.first..].sort_by_key(|(end, _)| std::cmp::Reverse(*end));
            this.fund_ranges[at] = (index(this.first), index(this.funds.len()));
            if this.opens_hole(at) {
                lexicon
                    .phrases
                    .beginning_with_hole(tokens, at, &mut |h, i| this.hole(h, i), &mut |hit| found.push(hit));
                this.hits.append(&mut found);
                this.ranges[at] = (index(from), index(this.hits.len()));
            }
        }
        this
    }

    fn opens_hole(&self, at: usize) -> bool {
        matches!(self.tokens[at].kind, Kind::Number)
            || self.tokens[at].word == self.lexicon.known.dollar
            || !self.funds_at(at).is_empty()
    }

    /// The phrases that begin at a place.
    pub(crate) fn hits(&self, at: usize) -> &[Hit] {
        let (from, to) = self.ranges.get(at).copied().unwrap_or_default();
        &self.hits[from as usize..to as usize]
    }

    /// Funds by their index.
    pub(crate) fn fund(&self, index: u32) -> Funds {
        self.funds[index as usize].1
    }

    /// The indices of the funds that could begin at a place, with their ends.
    pub(crate) fn fund_indices(&self, at: usize) -> impl Iterator<Item = (u32, usize)> + '_ {
        let (from, to) = self.fund_ranges.get(at).copied().unwrap_or_default();
        (from..to).map(|i| (i, usize::from(self.funds[i as usize].0)))
    }

    /// The funds that could begin at a place, the longest first.
    pub(crate) fn funds_at(&self, at: usize) -> &[(u8, Funds)] {
        let (from, to) = self.fund_ranges.get(at).copied().unwrap_or_default();
        &self.funds[from as usize..to as usize]
    }

    fn quantities(&self) -> Quantities<'m> {
        Quantities { text: self.text, tokens: self.tokens, lexicon: self.lexicon }
    }

    /// The end of the longest phrase about quantity of that kind.
    pub(crate) fn q(&self, at: usize, kind: Q) -> Option<usize> {
        self.hits(at).iter().filter(|h| h.meaning == Meaning::Quantity(kind)).map(|h| h.end).max()
    }

    /// The longest name at a place, `$` before it allowed.
    pub(crate) fn name(&self, at: usize) -> Option<(usize, u16)> {
        let skip = usize::from(
            self.word_is(at, self.lexicon.known.dollar) && self.tokens.get(at + 1).is_some_and(|t| t.glued),
        );
        self.hits(at + skip)
            .iter()
            .filter_map(|h| match h.meaning {
                Meaning::Name(name) => Some((h.end, name)),
                _ => None,
            })
            .max_by_key(|(end, _)| *end)
    }

    fn token_name(&self, at: usize) -> Option<(usize, u16)> {
        let skip = usize::from(
            self.word_is(at, self.lexicon.known.dollar) && self.tokens.get(at + 1).is_some_and(|t| t.glued),
        );
        let (end, name) = self
            .hits(at + skip)
            .iter()
            .filter_map(|h| match h.meaning {
                Meaning::Name(name) if self.lexicon.names[usize::from(name)].token() => Some((h.end, name)),
                _ => None,
            })
            .max_by_key(|(end, _)| *end)?;
        Some((end, name))
    }

    pub(crate) fn word_is(&self, at: usize, word: u32) -> bool {
        word != UNKNOWN && self.tokens.get(at).is_some_and(|t| t.word == word)
    }

    /// A word with no meaning at all: it can only be a name that is not known.
    pub(crate) fn unknown_word(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| match t.kind {
            Kind::Word => self.hits(at).iter().all(|h| h.end != at + 1) && !self.number_like(at),
            Kind::Handle => true,
            _ => false,
        })
    }

    fn number_like(&self, at: usize) -> bool {
        let numbers = &self.lexicon.numbers;
        let word = self.tokens[at].word;
        word != UNKNOWN
            && (numbers.units.contains_key(&word)
                || numbers.tens.contains_key(&word)
                || numbers.scales.contains_key(&word)
                || numbers.shares.contains_key(&word)
                || word == self.lexicon.known.point)
    }

    fn hole(&self, hole: Hole, at: usize) -> Option<(usize, (Bound, Run))> {
        let q = self.quantities();
        let sized = |end: usize, bound: Bound| Some((end, (bound, Run::new(at, end))));
        match hole {
            Hole::Percent => {
                q.percent(at, |i| self.q(i, Q::Percent)).and_then(|(end, p)| sized(end, Bound::Percent(p)))
            }
            Hole::Funds => {
                let &(end, funds) = self.funds_at(at).first()?;
                sized(usize::from(end), Bound::Funds(funds))
            }
            Hole::Money => self.money(at).and_then(|(end, m)| sized(end, Bound::Money(m))),
            Hole::Time => q.time(at).and_then(|(end, n, unit)| sized(end, Bound::Time(n, unit))),
            Hole::Number => match q.number(at)? {
                (end, Number::Exact(_)) => sized(end, Bound::Number),
                _ => None,
            },
        }
    }

    fn money(&self, at: usize) -> Option<(usize, Money)> {
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

    fn push(&mut self, end: usize, funds: Funds) {
        let end = u8::try_from(end).unwrap_or(u8::MAX);
        if !self.funds[self.first..].contains(&(end, funds)) {
            self.funds.push((end, funds));
        }
    }

    /// Every way the words at a place are funds.
    fn read_funds(&mut self, start: usize) {
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
            funds.amount = Run::new(start, end);
            self.behind_amount(end, funds);
        } else if !lead {
            self.without_amount(start);
        }
    }

    /// Whether a number, a share or money begins here.
    fn numeric(&self, at: usize) -> bool {
        self.tokens.get(at).is_some()
            && (self.quantities().number(at).is_some()
                || self.quantities().share(at).is_some()
                || self.word_is(at, self.lexicon.known.dollar)
                || self.q(at, Q::Approx).is_some()
                || self.q(at, Q::Exactly).is_some())
    }

    /// How much, at a place.
    fn how(&self, at: usize) -> Option<(usize, How)> {
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
        if let Some(end) = self.q(at, Q::All) {
            return Some((end, How::All));
        }
        self.q(at, Q::Rest).map(|end| (end, How::Rest))
    }

    fn dollars_or(&self, at: usize) -> Option<(usize, How)> {
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

    fn part(&self, _at: usize, end: usize, n: u32, d: u32) -> (usize, How) {
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
    fn counted(&self, at: usize) -> Option<(usize, How)> {
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

    /// What stands behind an amount: of, my, the, a token, a noun.
    fn behind_amount(&mut self, end: usize, funds: Funds) {
        let mut at = end;
        let mut f = funds;
        if matches!(f.how, How::Usd(_)) {
            at = self.q(at, Q::Worth).unwrap_or(at);
        }
        if let Some(after) =
            self.q(at, Q::Pronoun).filter(|&e| self.token_name(e).is_none() || self.q(at, Q::The).is_none())
        {
            let mut whole = f;
            whole.base = Base::It;
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
        at = self.determiner(at, &mut f);
        self.asset(at, f, true);
        // The amount alone: what follows may be a chain, or nothing.
        let alone = self.q(end, Q::Mine).is_none();
        if alone || f.base == Base::It {
            self.push(end, funds);
        }
    }

    /// “my”, “the”, “of our”, and the venue or chain of “my Aave USDC”.
    fn determiner(&self, at: usize, f: &mut Funds) -> usize {
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
    fn asset(&mut self, at: usize, f: Funds, counted: bool) {
        if let Some((end, name)) = self.token_name(at) {
            let mut named = f;
            named.asset = Asset::Name(name);
            named.token = Run::new(at, end);
            let entry = &self.lexicon.names[usize::from(name)];
            let other =
                entry.chain.is_some() || entry.venue.is_some() || entry.foreign_chain || entry.foreign_venue;
            self.behind_asset(end, named);
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

    fn nouns(&self, at: usize, f: &mut Funds) -> usize {
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

    fn behind_asset(&mut self, end: usize, named: Funds) {
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
    fn without_amount(&mut self, start: usize) {
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
            }
            return;
        }
        if let Some(end) = self.q(start, Q::Pronoun) {
            let mut it = f;
            (it.base, it.how, it.amount) = (Base::It, How::All, Run::new(start, end));
            it.plural = self.q(start, Q::Sum) == Some(end);
            self.push(end, it);
            // “that USDC”, “those LINK” are read below.
        }
        let at = self.determiner(start, &mut f);
        if at > start && f.how == How::Unsaid {
            // “the rest” and “the whole” are amounts; “the 0.5 ETH” has one.
            if let Some((end, how)) = self.how(at).filter(|(_, how)| !matches!(how, How::Rest)) {
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

    /// The end and value of a chain or venue name at a place.
    pub(crate) fn place(&self, at: usize, chain: bool) -> Option<(usize, Place)> {
        let fits = |name: u16| {
            let n = &self.lexicon.names[usize::from(name)];
            if chain { n.chain.is_some() || n.foreign_chain } else { n.venue.is_some() || n.foreign_venue }
        };
        let longest = |at: usize| {
            self.hits(at)
                .iter()
                .filter_map(|h| match h.meaning {
                    Meaning::Name(n) if fits(n) => Some((h.end, n)),
                    _ => None,
                })
                .max_by_key(|(end, _)| *end)
        };
        // “my Aave position”, “the Morpho market”
        let owned = if chain { None } else { self.q(at, Q::Mine).or_else(|| self.q(at, Q::The)) };
        let at = owned.unwrap_or(at);
        let (mut end, name) = longest(at)?;
        let known = self.lexicon.known;
        while if chain {
            self.word_is(end, known.chain) || self.word_is(end, known.network)
        } else {
            known.venue_nouns.iter().any(|&w| self.word_is(end, w))
        } {
            end += 1;
        }
        if owned.is_some() {
            end = self.q(end, Q::Holding).unwrap_or(end);
        }
        if let Some((after, other)) = self.q(end, Q::Or).and_then(&longest) {
            return Some((after, if other == name { Place::Name(name) } else { Place::Either }));
        }
        Some((end, Place::Name(name)))
    }
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
