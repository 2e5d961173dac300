//! Digits as people write them: one exact reading, or none.
//!
//! The rules are those of the language contract: `1,000.50` and `1.000,50` have one consistent reading, `1,5` and
//! `1.000` have two and are asked about. Nothing is ever rounded.

use crate::decimal::Decimal;

/// What digits with separators mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digits {
    /// One reading.
    Exact(Decimal),
    /// Two: with the last separator as the point, and with every separator as grouping.
    Either(Option<Decimal>, Option<Decimal>),
    /// None: too many digits.
    TooLong,
}

/// Reads digits with their separators.
pub(crate) fn digits(text: &str) -> Digits {
    let exact = |s: &str| s.parse().map_or(Digits::TooLong, Digits::Exact);
    if !text.is_ascii() || text.contains(['\'', '_']) {
        return either(text);
    }
    let (commas, dots) = (text.matches(',').count(), text.matches('.').count());
    match (commas, dots) {
        (0, 0) => exact(text),
        (0, 1) => {
            let (whole, part) = text.split_once('.').unwrap_or((text, ""));
            let thousands = part == "000" && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            if thousands { either(text) } else { exact(text) }
        }
        (0, _) if grouped(text, '.') => exact(&text.replace('.', "")),
        (_, 0) if grouped(text, ',') => exact(&text.replace(',', "")),
        (_, 1) => match text.split_once('.') {
            Some((whole, part)) if !part.contains(',') && grouped(whole, ',') => {
                exact(&format!("{}.{part}", whole.replace(',', "")))
            }
            _ => european(text),
        },
        (1, _) => european(text),
        _ => either(text),
    }
}

/// `1.000,50`
fn european(text: &str) -> Digits {
    match text.split_once(',') {
        Some((whole, part)) if !part.contains(['.', ',']) && grouped(whole, '.') => {
            format!("{}.{part}", whole.replace('.', "")).parse().map_or(Digits::TooLong, Digits::Exact)
        }
        _ => either(text),
    }
}

/// Groups of three behind a first one of one to three digits that does not begin with a zero.
fn grouped(text: &str, mark: char) -> bool {
    let mut groups = text.split(mark);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && rest.peek().is_some()
        && rest.all(|g| g.len() == 3)
}

fn either(text: &str) -> Digits {
    let plain: String =
        text.chars().filter_map(|c| c.to_digit(10).and_then(|d| char::from_digit(d, 10))).collect();
    let full: String = text.chars().map(|c| if ('０'..='９').contains(&c) { ascii(c) } else { c }).collect();
    let point = full.rfind(|c: char| !c.is_ascii_digit()).and_then(|i| {
        let keep = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
        let (whole, part) = full.split_at(i);
        format!("{}.{}", keep(whole), keep(part)).parse().ok()
    });
    Digits::Either(point, plain.parse().ok())
}

fn ascii(c: char) -> char {
    char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
}

/// A fraction as a percentage, if it is an exact one.
pub(crate) fn percent(numerator: u32, denominator: u32) -> Option<Decimal> {
    let (mut top, mut scale) = (u128::from(numerator) * 100, 0u8);
    let bottom = u128::from(denominator);
    while bottom != 0 && top % bottom != 0 {
        top *= 10;
        scale += 1;
        if scale > 6 {
            return None;
        }
    }
    (bottom != 0).then(|| Decimal::new(top / bottom, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decision_table_holds() {
        for (text, want) in [
            ("100", "100"),
            (".5", "0.5"),
            ("1,000", "1000"),
            ("1,000.50", "1000.5"),
            ("1.000,50", "1000.5"),
            ("1.000.000", "1000000"),
            ("1,250,000", "1250000"),
            ("1.125", "1.125"),
            ("2.500", "2.5"),
            ("0.000", "0"),
            ("1000.000", "1000"),
            ("1.250.000,5", "1250000.5"),
        ] {
            assert_eq!(digits(text), Digits::Exact(want.parse().expect("a decimal")), "{text}");
        }
        for text in [
            "1,5",
            "1,00",
            "1.000",
            "25.000",
            "10,000,00",
            "1,00,000",
            "0,25",
            "1'000",
            "1_000",
            "１００",
            "1.00.000",
        ] {
            assert!(matches!(digits(text), Digits::Either(..)), "{text}");
        }
        assert_eq!(digits("1234567890123456789012345678901234567890"), Digits::TooLong);
    }

    #[test]
    fn two_readings_name_both() {
        let d = |s: &str| Some(s.parse().expect("a decimal"));
        assert_eq!(digits("1,5"), Digits::Either(d("1.5"), d("15")));
        assert_eq!(digits("1.000"), Digits::Either(d("1"), d("1000")));
        assert_eq!(digits("10,000,00"), Digits::Either(d("10000"), d("1000000")));
    }

    #[test]
    fn only_exact_fractions_are_percentages() {
        assert_eq!(percent(1, 4).map(|p| p.to_string()).as_deref(), Some("25"));
        assert_eq!(percent(1, 8).map(|p| p.to_string()).as_deref(), Some("12.5"));
        assert_eq!(percent(1, 3), None);
    }
}
