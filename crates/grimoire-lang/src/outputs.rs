//! What actions put out, and how much of it is still there: what “it”, “half of it” and “the rest” can mean.

use crate::amount::{Amount, Take};
use crate::chunk::How;

/// What an action put out.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// The action, counted from 1; 0 is a balance that was stated.
    pub(crate) step: u8,
    /// The canonical token; empty when it is not known yet.
    pub(crate) token: String,
    /// The chain it is on, if that is known.
    pub(crate) chain: Option<String>,
    pub(crate) use_: Use,
    pub(crate) taken: Taken,
    /// The amount, when it was stated.
    pub(crate) stated: Option<crate::decimal::Decimal>,
}

/// How much of an output earlier actions took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    None,
    Part,
    Whole,
}

/// The parts of an output that were taken: the sum of its shares, and whether a counted amount was among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Numerator and denominator of the shares' sum.
    shares: (u128, u128),
    counted: bool,
}

impl Taken {
    pub(crate) const NOTHING: Self = Self { shares: (0, 1), counted: false };

    /// With one more share; none when more than everything would be taken, or when a counted amount was taken
    /// before and no “of it” says that it is a share of the whole.
    fn and(self, part: (u128, u128), of_it: bool) -> Option<Self> {
        if self.counted && !of_it || part.1 == 0 {
            return None;
        }
        let (n, d) = self.shares;
        let sum = n.checked_mul(part.1)?.checked_add(part.0.checked_mul(d)?)?;
        let shares = (sum, d.checked_mul(part.1)?);
        (shares.0 <= shares.1).then_some(Self { shares, ..self })
    }

    fn everything(self) -> bool {
        self.shares.0 == self.shares.1
    }
}

/// The outputs so far, and the chains and tokens of which a part of the wallet's balance was taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outputs {
    pub(crate) list: Vec<Output>,
    pub(crate) wallet: Vec<((String, String), Use)>,
    /// The shares of a balance that one list of parts takes: “60% to A and 60% to B”.
    shares: Option<(String, Taken)>,
}

impl Outputs {
    /// The nearest output, of a token if one is given; `rest` wants one that was taken from.
    pub(crate) fn nearest(&self, token: Option<&str>, rest: bool) -> Option<usize> {
        let fits = |o: &&Output| token.is_none_or(|t| o.token == t || o.token.is_empty());
        let found = self.list.iter().rposition(|o| fits(&o) && (!rest || o.use_ == Use::Part));
        found.or_else(|| self.list.iter().rposition(|o| fits(&o)))
    }

    /// The outputs of one token, the last one's if none is given, that nothing was taken from, the nearest and those
    /// before it: two or more.
    pub(crate) fn several(&mut self, token: Option<&str>) -> Option<Vec<u8>> {
        let token = self.list.last().map(|o| o.token.clone()).filter(|t| token.is_none_or(|w| w == t))?;
        let whole = |o: &&mut Output| o.token == token && o.use_ == Use::None && o.stated.is_none();
        let mut all: Vec<&mut Output> = self.list.iter_mut().rev().take_while(whole).collect();
        if all.len() < 2 || token.is_empty() {
            return None;
        }
        all.iter_mut().for_each(|o| o.use_ = Use::Whole);
        Some(all.iter().rev().map(|o| o.step).collect())
    }

    /// A part of what several actions put out, all of it still there and in one token.
    pub(crate) fn sum(&mut self, set: u64, how: How) -> Option<Amount> {
        let meant = |o: &&mut Output| (1..64).contains(&o.step) && set >> o.step & 1 == 1;
        let mut parts: Vec<&mut Output> = self.list.iter_mut().filter(meant).collect();
        if u32::try_from(parts.len()).ok()? != set.count_ones() {
            return None;
        }
        let token = parts.first()?.token.clone();
        if token.is_empty() || parts.iter().any(|o| o.token != token || o.use_ != Use::None) {
            return None;
        }
        let (take, next) = match how {
            How::All | How::Unsaid => (Take::All, Use::Whole),
            How::Percent(p) => (Take::Percent(p), Use::Part),
            How::Fraction(n, d) => (Take::Fraction(n, d), Use::Part),
            How::AllBut(n) => (Take::AllBut(n), Use::Part),
            How::AtMost(n) => (Take::AtMost(n), Use::Part),
            _ => return None,
        };
        for part in &mut parts {
            part.use_ = next;
            part.taken.counted = true;
        }
        Some(Amount::Output(parts.iter().map(|o| o.step).collect(), take))
    }

    /// The one token of which a part of the wallet's balance on a chain was taken.
    pub(crate) fn divided_balance(&self, chain: &str) -> Option<&str> {
        let mut parts = self.wallet.iter().filter(|((c, _), taken)| c == chain && *taken == Use::Part);
        let ((_, token), _) = parts.next()?;
        parts.next().is_none().then_some(token.as_str())
    }

    /// Takes a share of a balance, `more` of it beside what the clause before took; whether there is that much.
    pub(crate) fn take_share(&mut self, token: &str, part: (u128, u128), more: bool) -> bool {
        let before =
            self.shares.take().filter(|(t, _)| more && t == token).map_or(Taken::NOTHING, |(_, s)| s);
        let after = before.and(part, true);
        self.shares = after.map(|s| (token.to_owned(), s));
        after.is_some()
    }

    /// Records that a part of the wallet's balance was taken.
    pub(crate) fn take_wallet(&mut self, place: (String, String), how: Use) {
        match self.wallet.iter_mut().find(|(p, _)| *p == place) {
            Some((_, taken)) => *taken = how,
            None => self.wallet.push((place, how)),
        }
    }
}

impl Output {
    /// A part of this output as an amount; none when it cannot be taken any more.
    pub(crate) fn amount(&mut self, how: How, of_it: bool) -> Option<Amount> {
        if self.use_ == Use::Whole {
            return None;
        }
        let steps = || vec![self.step];
        let (amount, next) = match how {
            How::All | How::Unsaid => {
                if self.use_ != Use::None {
                    return None;
                }
                (Amount::Output(steps(), Take::All), Use::Whole)
            }
            How::Percent(p) => {
                let whole = 100u128.checked_mul(10u128.checked_pow(u32::from(p.scale()))?)?;
                (Amount::Output(steps(), Take::Percent(p)), self.share((p.mantissa(), whole), of_it)?)
            }
            How::Fraction(n, d) => (
                Amount::Output(steps(), Take::Fraction(n, d)),
                self.share((u128::from(n), u128::from(d)), of_it)?,
            ),
            How::Rest if self.use_ == Use::None => return None,
            How::Rest => (Amount::Output(steps(), Take::Rest), Use::Whole),
            How::AllBut(n) => (Amount::Output(steps(), Take::AllBut(n)), Use::Part),
            How::AtMost(n) => (Amount::Output(steps(), Take::AtMost(n)), Use::Part),
            How::Exact(n) => (Amount::Exact(n), Use::Part),
            How::Usd(n) => (Amount::Usd(n), Use::Part),
            _ => return None,
        };
        self.use_ = next;
        self.taken.counted |= matches!(how, How::AllBut(_) | How::AtMost(_) | How::Exact(_) | How::Usd(_));
        match (self.stated, &amount) {
            (Some(all), Amount::Output(_, Take::All)) => Some(Amount::Exact(all)),
            (Some(_), Amount::Output(..)) => None,
            _ => Some(amount),
        }
    }

    /// Takes a share; what that leaves.
    fn share(&mut self, part: (u128, u128), of_it: bool) -> Option<Use> {
        self.taken = self.taken.and(part, of_it)?;
        Some(if self.taken.everything() { Use::Whole } else { Use::Part })
    }

    /// Takes a counted amount.
    pub(crate) fn count(&mut self) {
        self.use_ = Use::Part;
        self.taken.counted = true;
    }
}
