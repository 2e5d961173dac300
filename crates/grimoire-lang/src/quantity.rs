//! Numbers, shares, percentages, gas prices and durations, in digits and in words, at one place of a message.
//!
//! Every reader returns where the phrase ends and its one exact value, or that it has none.

use crate::decimal::Decimal;
use crate::lexicon::Lexicon;
use crate::number::{Digits, digits};
use crate::token::{Kind, Token};
use crate::words::{UNKNOWN, WordId};

/// A number, or why it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Exact(Decimal),
    /// Two readings of the digits.
    Either(Option<Decimal>, Option<Decimal>),
    /// Not an exact amount.
    Vague,
}

/// A price of gas or a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Money {
    Usd(Decimal),
    Gwei(Decimal),
    /// So much of the token whose name follows.
    Token(Decimal, u16),
}

/// Reads quantities at places of one message.
#[derive(Clone, Copy)]
pub(crate) struct Quantities<'m> {
    pub(crate) text: &'m str,
    pub(crate) tokens: &'m [Token],
    pub(crate) lexicon: &'m Lexicon,
}

impl Quantities<'_> {
    pub(crate) fn word(&self, at: usize) -> WordId {
        self.tokens.get(at).map_or(UNKNOWN, |t| t.word)
    }

    pub(crate) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    pub(crate) fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.glued)
    }

    fn is(&self, at: usize, word: WordId) -> bool {
        word != UNKNOWN && self.word(at) == word
    }

    fn article(&self, at: usize) -> bool {
        self.is(at, self.lexicon.known.a) || self.is(at, self.lexicon.known.an)
    }

    fn scale(&self, at: usize) -> Option<Decimal> {
        let scale = self.lexicon.numbers.scales.get(&self.word(at))?;
        Some(Decimal::new(u128::from(*scale), 0))
    }

    /// A suffix run together with digits: `1.5k`, `2m`.
    fn suffix(&self, at: usize) -> Option<Decimal> {
        let table = &self.lexicon.numbers.suffixes;
        // “5 k” is said; “2 m” could be anything.
        let scale = table
            .get(&self.word(at))
            .filter(|s| self.word(at) != UNKNOWN && (self.glued(at) || **s == 1000))?;
        Some(Decimal::new(u128::from(*scale), 0))
    }

    fn share_word(&self, at: usize) -> Option<(u32, u32)> {
        self.lexicon.numbers.shares.get(&self.word(at)).copied().filter(|_| self.word(at) != UNKNOWN)
    }

    /// “and a half” behind a number.
    fn and_a_half(&self, at: usize) -> Option<usize> {
        let known = self.lexicon.known;
        (self.is(at, known.and) && self.article(at + 1) && self.is(at + 2, known.half)).then_some(at + 3)
    }

    /// A number in digits or words, with its multipliers.
    pub(crate) fn number(&self, at: usize) -> Option<(usize, Number)> {
        match self.kind(at)? {
            Kind::Number => Some(self.in_digits(at)),
            Kind::BadNumber => Some((at + 1, Number::Vague)),
            Kind::Word => self.in_words(at),
            _ => None,
        }
    }

    fn in_digits(&self, at: usize) -> (usize, Number) {
        let token = self.tokens[at];
        let mut value = match digits(token.text(self.text)) {
            Digits::Exact(d) => Number::Exact(d),
            Digits::Either(a, b) => Number::Either(a, b),
            Digits::TooLong => Number::Vague,
        };
        let mut end = at + 1;
        // “1 000”: a space as a separator has two readings.
        while self.kind(end) == Some(Kind::Number)
            && self.tokens[end].text(self.text).len() == 3
            && self.tokens[end].start == self.tokens[end - 1].end + 1
        {
            value = match value {
                Number::Exact(d) => Number::Either(Some(d), None),
                other => other,
            };
            end += 1;
        }
        if let Some(after) = self.and_a_half(end) {
            value = add(value, Decimal::new(5, 1));
            end = after;
        }
        while let Some(scale) = self.suffix(end).or_else(|| self.scale(end)) {
            value = times(value, scale);
            end += 1;
        }
        (end, value)
    }

    fn in_words(&self, at: usize) -> Option<(usize, Number)> {
        let known = self.lexicon.known;
        if self.is(at, known.point) {
            let (end, part, places) = self.digits_in_words(at + 1)?;
            return Some((end, Number::Exact(Decimal::new(part, places))));
        }
        // “a hundred”, “half a million”, “a quarter million”.
        let start = if self.article(at) { at + 1 } else { at };
        if let Some((n, d)) = self.share_word(start) {
            let mut end = start + 1;
            end += usize::from(self.is(end, known.of));
            end += usize::from(self.article(end));
            let scale = self.scale(end)?;
            let part = crate::number::percent(n, d)?.checked_mul(Decimal::new(1, 2))?;
            return Some((end + 1, times(Number::Exact(part), scale)));
        }
        if start > at {
            let mut value = self.scale(start)?;
            let mut end = start + 1;
            while let Some(more) = self.scale(end) {
                value = value.checked_mul(more)?;
                end += 1;
            }
            return Some((end, Number::Exact(value)));
        }
        self.cardinal(at)
    }

    /// “twenty five hundred”, “one and a half thousand”, “two point five million”.
    fn cardinal(&self, at: usize) -> Option<(usize, Number)> {
        let known = self.lexicon.known;
        let numbers = &self.lexicon.numbers;
        let (mut total, mut current, mut end) = (0u128, None::<u128>, at);
        let mut last_place = u128::MAX;
        loop {
            let word = self.word(end);
            if word == UNKNOWN {
                break;
            }
            if let Some(&tens) = numbers.tens.get(&word).filter(|_| current.is_none_or(|c| c % 100 == 0)) {
                current = Some(current.unwrap_or(0) + u128::from(tens));
            } else if let Some(&unit) = numbers.units.get(&word) {
                let so_far = current.unwrap_or(0);
                let fits = if unit < 10 { so_far % 10 == 0 && so_far % 100 != 10 } else { so_far % 100 == 0 };
                if current.is_some() && !fits {
                    return Some((end + 1, Number::Vague));
                }
                current = Some(so_far + u128::from(unit));
            } else if let Some(&scale) = numbers.scales.get(&word).filter(|_| current.is_some()) {
                let scale = u128::from(scale);
                let value = current.unwrap_or(1);
                if scale <= 100 {
                    current = Some(value.checked_mul(scale)?);
                } else if scale < last_place {
                    total = total.checked_add(value.checked_mul(scale)?)?;
                    last_place = scale;
                    current = Some(0);
                } else {
                    return Some((end + 1, Number::Vague));
                }
            } else if word == known.and
                && current.is_some_and(|_| end > at)
                && self.number_word(end + 1)
                && total + current.unwrap_or(0) >= 100
            {
                // “one hundred and fifty”
            } else if word == known.dash
                && self.glued(end)
                && self.glued(end + 1)
                && numbers.units.contains_key(&self.word(end + 1))
                && numbers.tens.contains_key(&self.word(end - 1))
            {
                // “twenty-five”
            } else {
                break;
            }
            end += 1;
        }
        let mut value = Number::Exact(Decimal::new(total + current?, 0));
        if self.is(end, known.point) {
            let (after, part, places) = self.digits_in_words(end + 1)?;
            value = add(value, Decimal::new(part, places));
            end = after;
            while let Some(scale) = self.scale(end) {
                value = times(value, scale);
                end += 1;
            }
        } else if let Some(after) = self.and_a_half(end) {
            value = add(value, Decimal::new(5, 1));
            end = after;
            while let Some(scale) = self.scale(end) {
                value = times(value, scale);
                end += 1;
            }
        }
        Some((end, value))
    }

    fn number_word(&self, at: usize) -> bool {
        let word = self.word(at);
        let numbers = &self.lexicon.numbers;
        numbers.units.contains_key(&word) || numbers.tens.contains_key(&word)
    }

    fn digits_in_words(&self, at: usize) -> Option<(usize, u128, u8)> {
        let (mut end, mut value, mut places) = (at, 0u128, 0u8);
        while let Some(&digit) = self.lexicon.numbers.units.get(&self.word(end)).filter(|&&d| d < 10) {
            value = value.checked_mul(10)?.checked_add(u128::from(digit))?;
            places = places.checked_add(1)?;
            end += 1;
        }
        (end > at).then_some((end, value, places))
    }

    /// A part of a whole: `1/3`, “two thirds”, “a quarter”, “half”.
    pub(crate) fn share(&self, at: usize) -> Option<(usize, u32, u32)> {
        let known = self.lexicon.known;
        if self.kind(at) == Some(Kind::Number)
            && self.is(at + 1, known.slash)
            && self.kind(at + 2) == Some(Kind::Number)
        {
            let whole = |i: usize| self.tokens[i].text(self.text).parse::<u32>().ok();
            let (n, d) = (whole(at)?, whole(at + 2)?);
            return (n > 0 && d > n && d <= 1000).then_some((at + 3, n, d));
        }
        if let Some((n, d)) = self.share_word(at) {
            return Some((at + 1, n, d));
        }
        // “the half of it”; “the third” may be one of a list.
        if self.is(at, known.the) && self.is(at + 1, known.half) {
            return Some((at + 2, 1, 2));
        }
        let count =
            if self.article(at) { Some(1) } else { self.lexicon.numbers.units.get(&self.word(at)).copied() };
        let count = count.filter(|&c| c > 0 && self.word(at) != UNKNOWN)?;
        let dash = usize::from(self.is(at + 1, known.dash) && self.glued(at + 1));
        let (n, d) = self.share_word(at + 1 + dash)?;
        (count * n < d || count == 1).then_some((at + 2 + dash, count * n, d))
    }

    /// A percentage; basis points are hundredths of one.
    pub(crate) fn percent(
        &self,
        at: usize,
        sign: impl Fn(usize) -> Option<usize>,
    ) -> Option<(usize, Decimal)> {
        let known = self.lexicon.known;
        let (end, number) = self.number(at)?;
        let Number::Exact(value) = number else { return None };
        if let Some(after) = sign(end) {
            return Some((after, value));
        }
        let points = if self.is(end, known.bps) {
            end + 1
        } else if self.is(end, known.basis) && self.is(end + 1, known.points) {
            end + 2
        } else {
            return None;
        };
        Some((points, value.checked_mul(Decimal::new(1, 2))?))
    }

    /// A duration, as a number and its unit.
    pub(crate) fn time(&self, at: usize) -> Option<(usize, Decimal, char)> {
        let article = self.article(at);
        let half = self.is(at, self.lexicon.known.half) && self.article(at + 1);
        let (end, value) = if half {
            (at + 2, Decimal::new(5, 1))
        } else if article {
            (at + 1, Decimal::new(1, 0))
        } else {
            self.bare_number(at)?
        };
        let (unit, _) =
            *self.lexicon.numbers.times.get(&self.word(end)).filter(|_| self.word(end) != UNKNOWN)?;
        let (value, unit) = match unit {
            'd' => (value.checked_mul(Decimal::new(24, 0))?, 'h'),
            other => (value, other),
        };
        if value.scale() == 0 {
            return Some((end + 1, value, unit));
        }
        let smaller = if unit == 'h' { 'm' } else { 's' };
        let value = value.checked_mul(Decimal::new(60, 0))?;
        (value.scale() == 0).then_some((end + 1, value, smaller))
    }

    /// Digits without their multiplier: in `10m` the `m` is a unit of time.
    fn bare_number(&self, at: usize) -> Option<(usize, Decimal)> {
        if self.kind(at)? == Kind::Number {
            let Digits::Exact(value) = digits(self.tokens[at].text(self.text)) else { return None };
            return Some((at + 1, value));
        }
        match self.cardinal(at)? {
            (end, Number::Exact(value)) => Some((end, value)),
            _ => None,
        }
    }
}

fn times(value: Number, scale: Decimal) -> Number {
    match value {
        Number::Exact(d) => d.checked_mul(scale).map_or(Number::Vague, Number::Exact),
        Number::Either(a, b) => {
            Number::Either(a.and_then(|d| d.checked_mul(scale)), b.and_then(|d| d.checked_mul(scale)))
        }
        Number::Vague => Number::Vague,
    }
}

fn add(value: Number, more: Decimal) -> Number {
    match value {
        Number::Exact(d) => d.checked_add(more).map_or(Number::Vague, Number::Exact),
        other => other,
    }
}
