//! Stand-alone decoders: the value words of a span, read a second time in another way.

use std::collections::BTreeSet;

use crate::decimal::Decimal;
use crate::vocabulary::Vocabulary;

/// The words of a text, lower-cased: runs of letters and digits with their inner separators, and single marks.
pub(super) fn words(text: &str) -> Vec<(usize, usize, String)> {
    let mut out: Vec<(usize, usize, String)> = Vec::new();
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '\'' | '’' | '.' | ',' | '₮');
    let mut start = None;
    for (i, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if inner(c) {
            start.get_or_insert(i);
            continue;
        }
        if let Some(from) = start.take() {
            let raw = &text[from..i];
            let word = raw.trim_end_matches(['.', ',', '\'']);
            let lead = word.len() - word.trim_start_matches([',', '\'']).len();
            if !word[lead..].is_empty() {
                out.push((from + lead, from + word.len(), word[lead..].to_lowercase().replace('’', "'")));
            }
        }
        if !c.is_whitespace() && i < text.len() {
            out.push((i, i + c.len_utf8(), c.to_string()));
        }
    }
    out
}

/// A number with its letters behind it: `1.5k`, `0.5eth`.
fn numeral(word: &str) -> Option<(Decimal, &str)> {
    let digits = word.find(|c: char| c.is_alphabetic()).unwrap_or(word.len());
    let (number, tail) = word.split_at(digits);
    if !number.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some((separated(number)?, tail))
}

/// Digits with separators, one reading only.
fn separated(text: &str) -> Option<Decimal> {
    let marks: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    let last = marks.last().copied();
    let kinds: BTreeSet<char> = marks.iter().map(|m| m.1).collect();
    let strip = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    let point = match (kinds.len(), last) {
        (0, _) => None,
        (1, Some((at, '.'))) if marks.len() == 1 => Some(at),
        (1, _) => None,
        (2, Some((at, mark))) if marks.iter().filter(|m| m.1 == mark).count() == 1 => Some(at),
        _ => return None,
    };
    let (whole, part) = point.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
    format!(
        "{}.{}",
        if strip(whole).is_empty() { "0".into() } else { strip(whole) },
        if part.is_empty() { "0".into() } else { strip(part) }
    )
    .parse()
    .ok()
}

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn scale(word: &str) -> Option<u128> {
    Some(match word {
        "k" | "thousand" | "grand" => 1_000,
        "hundred" => 100,
        "dozen" => 12,
        "lakh" | "lakhs" => 100_000,
        "m" | "mm" | "mn" | "million" | "mil" | "mill" | "mio" => 1_000_000,
        "crore" | "crores" => 10_000_000,
        "b" | "bn" | "billion" | "bil" => 1_000_000_000,
        "t" => 1_000_000_000_000,
        _ => return None,
    })
}

/// Every number the words could be: digits, number words, their product with what follows.
pub(super) fn numbers(words: &[String]) -> Vec<Decimal> {
    let mut found = Vec::new();
    let mut at = 0;
    let half = |w: Option<&String>| w.is_some_and(|w| w == "half");
    while at < words.len() {
        let mut value: Option<Decimal>;
        if let Some((n, tail)) = numeral(&words[at]) {
            value = n.checked_mul(Decimal::new(scale(tail).unwrap_or(1), 0));
            at += 1;
        } else if words[at] == "half" || words[at] == "quarter" {
            let part = Decimal::new(if words[at] == "half" { 50 } else { 25 }, 2);
            let next = words[at + 1..].iter().take(2).find_map(|w| scale(w));
            // “half a million”, and “half an eth”
            found.push(next.and_then(|s| part.checked_mul(Decimal::new(s, 0))).unwrap_or(part));
            at += 1;
            continue;
        } else if words[at] == "point" {
            value = Some(Decimal::new(0, 0));
        } else {
            let (mut total, mut current, mut any) = (0u128, 0u128, false);
            while let Some(word) = words.get(at) {
                if let Some(unit) = UNITS.iter().position(|u| u == word) {
                    current += unit as u128;
                } else if let Some(ten) =
                    TENS.iter().position(|t| t == word && !t.is_empty()).or((word == "fourty").then_some(4))
                {
                    current += 10 * ten as u128;
                } else if let Some(s) = scale(word).filter(|_| word.len() > 2) {
                    let base = if any { current.max(u128::from(current == 0 && total == 0)) } else { 1 };
                    if s == 100 || s == 12 {
                        current = base * s;
                    } else {
                        total += base * s;
                        current = 0;
                    }
                } else if !(any
                    && (word == "and" || word == "-")
                    && words
                        .get(at + 1)
                        .is_some_and(|w| UNITS.contains(&w.as_str()) || TENS.contains(&w.as_str())))
                {
                    break;
                }
                any = true;
                at += 1;
            }
            if !any {
                at += 1;
                continue;
            }
            value = Some(Decimal::new(total + current, 0));
        }
        if words.get(at).is_some_and(|w| w == "point") {
            let mut digits = String::new();
            at += 1;
            while let Some(unit) =
                words.get(at).and_then(|w| UNITS.iter().position(|u| u == w)).filter(|u| *u < 10)
            {
                digits.push_str(&unit.to_string());
                at += 1;
            }
            value = value.and_then(|v| v.checked_add(format!("0.{digits}").parse().ok()?));
        }
        if words.get(at).is_some_and(|w| w == "and")
            && words.get(at + 1).is_some_and(|w| w == "a")
            && half(words.get(at + 2))
        {
            value = value.and_then(|v| v.checked_add(Decimal::new(5, 1)));
            at += 3;
        }
        // One letter behind a space is a name: the token T.
        while let Some(s) = words.get(at).filter(|w| w.len() > 1 || *w == "k").and_then(|w| scale(w)) {
            value = value.and_then(|v| v.checked_mul(Decimal::new(s, 0)));
            at += 1;
        }
        found.extend(value);
    }
    found
}

/// “half one”: a part and a number behind it that it is not a part of; and “almost exactly”.
pub(super) fn twofold(words: &[String]) -> bool {
    let counts =
        |w: &String| numeral(w).is_some() || UNITS.contains(&w.as_str()) || TENS.contains(&w.as_str());
    let about = ["almost", "nearly", "about", "roughly", "around", "approximately", "approx"];
    words.windows(2).any(|w| {
        matches!(w[0].as_str(), "half" | "quarter" | "third") && counts(&w[1])
            || about.contains(&w[0].as_str()) && matches!(w[1].as_str(), "exactly" | "precisely")
    })
}

/// The percentage or the fraction the words name.
pub(super) fn share(words: &[String]) -> Option<(u32, u32)> {
    let text = words.join(" ");
    let slash = words
        .windows(3)
        .find_map(|w| (w[1] == "/").then(|| Some((w[0].parse().ok()?, w[2].parse().ok()?))).flatten());
    let named = [
        ("half", 2),
        ("halves", 2),
        ("quarter", 4),
        ("quarters", 4),
        ("third", 3),
        ("thirds", 3),
        ("fifth", 5),
        ("fifths", 5),
        ("tenth", 10),
        ("tenths", 10),
        ("eighth", 8),
        ("eighths", 8),
    ];
    let word = || {
        let (at, d) = words
            .iter()
            .enumerate()
            .find_map(|(i, w)| named.iter().find(|(n, _)| n == w).map(|(_, d)| (i, *d)))?;
        let count = (0..at)
            .rev()
            .take(2)
            .find_map(|i| UNITS.iter().position(|u| u == &words[i]).or_else(|| words[i].parse().ok()))
            .and_then(|n| u32::try_from(n).ok());
        // “quarters” are several: how many must be said.
        let one = count.or((!words[at].ends_with('s')).then_some(1));
        Some((one?, d))
    };
    slash.or_else(|| (!text.is_empty()).then(word).flatten())
}

fn same(name: &str, lower: &str) -> bool {
    name.eq_ignore_ascii_case(lower) || (!name.is_ascii() && name.to_lowercase() == lower)
}

/// The symbols a word is on a chain: by symbol, by alias, by address.
pub(super) fn tokens(text: &str, chain: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ").trim_start_matches('$').to_lowercase();
    let several = vocabulary
        .ambiguous
        .iter()
        .any(|a| a.words.contains(&said) && a.candidates.iter().any(|(c, _)| c == chain));
    if several {
        return Vec::new();
    }
    let here = vocabulary.tokens.iter().filter(|t| t.chain == chain);
    let by_symbol: Vec<String> =
        here.clone().filter(|t| same(&t.symbol, &said)).map(|t| t.symbol.clone()).collect();
    if !by_symbol.is_empty() {
        return by_symbol;
    }
    let fits = |t: &&crate::vocabulary::TokenNames| {
        t.words.contains(&said) || t.address.as_ref().is_some_and(|a| same(a, &said))
    };
    let found: Vec<String> = here.filter(fits).map(|t| t.symbol.clone()).collect();
    if found.is_empty() && said.starts_with("0x") { vec![text.trim().to_owned()] } else { found }
}
