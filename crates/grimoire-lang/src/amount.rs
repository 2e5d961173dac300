//! Amounts as they were said: exact, in dollars, or a share of something only the chain knows.
//!
//! `Display` and `FromStr` are the canonical forms of the language contract: `100`, `$50`, `50%`, `all`, `all-10`,
//! `min(all,50000)`, `1/3`, `rest`, `step1`, `50% step1`, `rest step1`, `step1-100`, `min(step1,500)`, `step1+step2`.

use std::{fmt, str::FromStr};

use crate::decimal::Decimal;

/// How much of a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// That many tokens.
    Exact(Decimal),
    /// Tokens worth that many US dollars.
    Usd(Decimal),
    /// A part of the wallet's balance (of the position, for withdraw and repay).
    Balance(Take),
    /// A part of what earlier actions put out, counted from 1. More than one: their sum.
    Output(Vec<u8>, Take),
}

/// Which part is taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Take {
    /// Everything.
    All,
    /// A percentage.
    Percent(Decimal),
    /// A fraction that is no exact percent: numerator, denominator.
    Fraction(u32, u32),
    /// Everything but that much.
    AllBut(Decimal),
    /// Everything, but no more than that.
    AtMost(Decimal),
    /// What earlier actions left of it.
    Rest,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(n) => write!(f, "{n}"),
            Self::Usd(n) => write!(f, "${n}"),
            Self::Balance(take) => match take {
                Take::All => f.write_str("all"),
                Take::Percent(p) => write!(f, "{p}%"),
                Take::Fraction(n, d) => write!(f, "{n}/{d}"),
                Take::AllBut(n) => write!(f, "all-{n}"),
                Take::AtMost(n) => write!(f, "min(all,{n})"),
                Take::Rest => f.write_str("rest"),
            },
            Self::Output(steps, take) => {
                let base = steps.iter().map(|s| format!("step{s}")).collect::<Vec<_>>().join("+");
                match take {
                    Take::All => f.write_str(&base),
                    Take::Percent(p) => write!(f, "{p}% {base}"),
                    Take::Fraction(n, d) => write!(f, "{n}/{d} {base}"),
                    Take::AllBut(n) => write!(f, "{base}-{n}"),
                    Take::AtMost(n) => write!(f, "min({base},{n})"),
                    Take::Rest => write!(f, "rest {base}"),
                }
            }
        }
    }
}

/// The text is none of the canonical forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAmount;

impl FromStr for Amount {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let number = |s: &str| s.parse::<Decimal>().map_err(|_| NotAnAmount);
        if let Some(usd) = text.strip_prefix('$') {
            return Ok(Self::Usd(number(usd)?));
        }
        if let Ok(exact) = text.parse() {
            return Ok(Self::Exact(exact));
        }
        let of = |base: &str, take: Take| match base {
            "all" => Ok(Self::Balance(take)),
            _ => Ok(Self::Output(steps(base)?, take)),
        };
        if let Some((base, most)) =
            text.strip_prefix("min(").and_then(|t| t.strip_suffix(')')?.split_once(','))
        {
            return of(base, Take::AtMost(number(most)?));
        }
        if let Some((base, less)) = text.split_once('-') {
            return of(base, Take::AllBut(number(less)?));
        }
        let (part, base) = text.split_once(' ').unwrap_or((text, "all"));
        if part == "rest" {
            return of(base, Take::Rest);
        }
        if let Some(percent) = part.strip_suffix('%') {
            return of(base, Take::Percent(number(percent)?));
        }
        if let Some((n, d)) = part.split_once('/') {
            let whole = |s: &str| s.parse::<u32>().map_err(|_| NotAnAmount);
            return of(base, Take::Fraction(whole(n)?, whole(d)?));
        }
        of(text, Take::All)
    }
}

fn steps(text: &str) -> Result<Vec<u8>, NotAnAmount> {
    text.split('+')
        .map(|s| s.strip_prefix("step").and_then(|n| n.parse().ok()).filter(|&n| n > 0).ok_or(NotAnAmount))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_canonical_form_reads_back() {
        for text in [
            "100",
            "0.5",
            "$50",
            "50%",
            "all",
            "all-10",
            "min(all,50000)",
            "1/3",
            "rest",
            "step1",
            "50% step1",
            "rest step1",
            "2/3 step1",
            "step1-100",
            "min(step1,500)",
            "step1+step2",
        ] {
            assert_eq!(text.parse::<Amount>().map(|a| a.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "step0", "some", "-5", "min(all)", "50 %", "all-", "steps"] {
            assert_eq!(text.parse::<Amount>(), Err(NotAnAmount), "{text}");
        }
    }
}
