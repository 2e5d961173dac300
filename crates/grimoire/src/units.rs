//! Lengths of time and percentages as people write them: `30m`, `0.2%`.
//!
//! What comes in: text. What goes out: seconds, basis points. What it refuses to know: what they are for.

use std::{fmt, str::FromStr, time::Duration};

/// A length of time in whole seconds, written `45s`, `30m`, `24h` or `30d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// Its seconds.
    pub secs: u32,
}

impl Period {
    /// As the standard library has it.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_secs(self.secs as u64)
    }
}

const UNITS: [(&str, u32); 4] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read =
            |(unit, secs): (&str, u32)| text.strip_suffix(unit)?.parse::<u32>().ok()?.checked_mul(secs);
        match UNITS.into_iter().find_map(read) {
            Some(secs) if secs > 0 => Ok(Self { secs }),
            _ => Err("write a length of time such as 45s, 30m, 24h or 30d".into()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, secs) =
            UNITS.into_iter().find(|(_, secs)| self.secs.is_multiple_of(*secs)).unwrap_or(("s", 1));
        write!(f, "{}{unit}", self.secs / secs)
    }
}

/// A share in hundredths of a percent, written `0.2%`; at most 100%.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    /// Its basis points.
    pub bps: u32,
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (whole, part) = text.strip_suffix('%').map(|n| n.split_once('.').unwrap_or((n, "")))?;
            let digits = !whole.is_empty() && whole.len() <= 3 && part.len() <= 2;
            if !digits || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
                return None;
            }
            format!("{whole}{part:0<2}").parse::<u32>().ok().filter(|&bps| bps <= 10_000)
        };
        read().map(|bps| Self { bps }).ok_or_else(|| "write a percentage such as 0.2% or 15%".into())
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:02}", self.bps / 100, self.bps % 100);
        write!(f, "{}%", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_written() {
        for (text, secs) in [("45s", 45), ("30m", 1_800), ("24h", 86_400), ("30d", 2_592_000)] {
            assert_eq!(text.parse(), Ok(Period { secs }));
        }
        assert_eq!(Period { secs: 5_400 }.to_string(), "90m");
        for text in ["", "30", "m", "-1m", "1.5h", "0s", "99999999d", "1 h"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn percentages_are_read_and_written() {
        for (text, bps) in [("0.2%", 20), ("15%", 1_500), ("0.05%", 5), ("100%", 10_000), ("0%", 0)] {
            assert_eq!(text.parse(), Ok(Percent { bps }));
            assert_eq!(Percent { bps }.to_string(), text);
        }
        for text in ["", "%", "0.2", "101%", "0.005%", "-1%", "+1%", "1.%x", ".5%"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }
}
