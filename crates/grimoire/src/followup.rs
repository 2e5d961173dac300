//! What a conversation goes on with: answers to what was asked, a message, or both.
//!
//! What comes in: JSON values as they were written. What goes out: a [`FollowUp`] whose answers are text. What it
//! refuses to know: what was asked, and what the answers mean.

/// The most answers of one turn.
pub const MOST_ANSWERS: usize = 64;

/// The most bytes an answer may have.
const LONGEST: usize = 2_000;

/// A later turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUp {
    /// What the person said.
    pub message: Option<String>,
    /// Field id to answer, in the order given; the sentence says what is wrong with one that has no text.
    pub answers: Vec<(String, Result<String, String>)>,
}

/// An answer's text, from its JSON as it was written. A number keeps every digit, whatever its size: it never passes
/// through a binary fraction.
///
/// # Errors
/// A sentence for values that no question has.
pub fn text(json: &str) -> Result<String, String> {
    let text = match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).map_err(|_| "this is no text".to_owned())?,
        Some(b't' | b'f') => json.to_owned(),
        Some(b'-' | b'0'..=b'9') => plain(json).ok_or("write the number without so large an exponent")?,
        Some(b'n') => return Err("this is null: leave the answer out, or give one".into()),
        _ => return Err("give a text, a number, or true or false".into()),
    };
    let odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if text.len() > LONGEST || text.contains(odd) {
        return Err("give a short text without control characters".into());
    }
    Ok(text)
}

/// A JSON number as a plain decimal, without exponent and without zeros that say nothing.
fn plain(number: &str) -> Option<String> {
    /// Larger ones are no amounts of anything, and would be as many zeros.
    const LARGEST: i32 = 80;
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent: i32 = exponent.parse().ok().filter(|e: &i32| e.abs() <= LARGEST)?;
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{part}");
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let (whole, part) = match usize::try_from(point) {
        Ok(point) if point <= all.len() => (all[..point].to_owned(), all[point..].to_owned()),
        Ok(point) => (format!("{all:0<point$}"), String::new()),
        Err(_) => (String::new(), format!("{}{all}", "0".repeat(usize::try_from(-point).ok()?))),
    };
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_of_a_number_is_kept() {
        for (json, expected) in [
            ("5000", "5000"),
            ("0.1", "0.1"),
            ("0.10", "0.1"),
            ("1.000", "1"),
            ("12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"),
            ("18446744073709551616", "18446744073709551616"),
            ("1e3", "1000"),
            ("1.25E+2", "125"),
            ("1.2345e2", "123.45"),
            ("5e-7", "0.0000005"),
            ("12e-1", "1.2"),
            ("0", "0"),
            ("-1.50", "-1.5"),
        ] {
            assert_eq!(text(json).as_deref(), Ok(expected), "{json}");
        }
        assert!(text("1e81").is_err());
        assert!(text("1e99999999999").is_err());
    }

    #[test]
    fn texts_and_truths_are_taken_as_they_are() {
        assert_eq!(text("\"All of it, up to 50,000\"").as_deref(), Ok("All of it, up to 50,000"));
        assert_eq!(text("\"\\u0061\"").as_deref(), Ok("a"));
        assert_eq!(text("true").as_deref(), Ok("true"));
        assert_eq!(text("false").as_deref(), Ok("false"));
    }

    #[test]
    fn other_values_are_no_answers() {
        for json in
            ["null", "[]", "[1]", "{}", "{\"a\":1}", "\"a\\u0000b\"", &format!("\"{}\"", "a".repeat(2_001))]
        {
            assert!(text(json).is_err(), "{json}");
        }
    }
}
