//! Typed phrases: at each place of a message, what could be funds, a chain, a venue, an account or a bound.
//!
//! What comes in: tokens. What goes out: a [`Lattice`] of everything each place could be. It decides nothing.

mod funds;
mod amount;
mod named;

use crate::decimal::Decimal;
use crate::intent::ActionKind;
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
    /// As much as the other side needs: “enough”.
    Enough,
    /// Not exact: some, a few, 2-3, half eth.
    Vague,
    /// Two readings of the digits.
    Either(Option<Decimal>, Option<Decimal>),
    /// Negative.
    Invalid,
    /// So many times what was said before: “double it”.
    Times(u8, u8),
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

/// Of which actions the output is meant, where that is said: “the output of step 1”, “the proceeds of the sale”.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Which {
    /// The numbers of the actions as a set of bits; none is the nearest. Bit 0 is a number no action has.
    pub(crate) steps: u64,
    /// What the action does.
    pub(crate) kind: Option<ActionKind>,
    /// “of the transaction”: one that is not told apart.
    pub(crate) vague: bool,
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
    /// It names the action whose output it is: “the output of step 1”, “the proceeds of the swap”.
    pub(crate) which: Which,
    /// A debt, which is one thing: unsaid means all of it.
    pub(crate) debt: bool,
    /// “my Aave USDC”.
    pub(crate) venue: Option<(u16, Run)>,
    /// “my Arbitrum USDC”.
    pub(crate) chain: Option<(u16, Run)>,
    pub(crate) amount: Run,
    pub(crate) token: Run,
    /// The address behind the token's name: “USDC (0x…)”.
    pub(crate) contract: Run,
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

    /// Whether “me” or “us” stands here: “pull me 100 USDC”.
    pub(crate) fn known_me(&self, at: usize) -> bool {
        let said = self.tokens.get(at).map_or("", |t| t.text(self.text));
        ["me", "us"].iter().any(|w| said.eq_ignore_ascii_case(w))
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
            Kind::Word => {
                let means = |h: &Hit| h.end == at + 1 || h.meaning == Meaning::Silent;
                !self.hits(at).iter().any(means) && !self.number_like(at)
            }
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
            Hole::Event | Hole::Settled => {
                let wanted = if hole == Hole::Event { Meaning::Event } else { Meaning::Settled };
                let end = self.hits(at).iter().filter(|h| h.meaning == wanted).map(|h| h.end).max();
                // “once the USDC is there”
                let named =
                    || self.q(at, Q::The).or_else(|| self.q(at, Q::Mine)).and_then(|i| self.token_name(i));
                let end = match (end, hole) {
                    (None, Hole::Event) => named().map(|(end, _)| end),
                    (end, _) => end,
                };
                sized(end?, Bound::Number)
            }
            Hole::Number => match q.number(at)? {
                (end, Number::Exact(_)) => sized(end, Bound::Number),
                _ => None,
            },
        }
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
        let owned = self.q(at, Q::Mine).or_else(|| self.q(at, Q::The).filter(|_| !chain));
        let at = owned.unwrap_or(at);
        let (mut end, name) = longest(at)?;
        let known = self.lexicon.known;
        while if chain {
            self.word_is(end, known.chain)
                || self.word_is(end, known.network)
                || owned.is_some() && known.wallets.iter().any(|&w| self.word_is(end, w))
        } else {
            known.venue_nouns.iter().any(|&w| self.word_is(end, w))
        } {
            end += 1;
        }
        if owned.is_some() && !chain {
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
