//! Amounts that later turns multiplied: “80”, then “double it”.

use super::*;

impl Check<'_> {
    /// The amount the first words name, multiplied by what each later turn says; nothing where no turn multiplies.
    pub(super) fn multiplied(&self, spans: &[Span]) -> Option<String> {
        let first = spans.first()?.turn;
        let later = spans.iter().position(|s| s.turn != first)?;
        let words = self.words(&spans[..later]);
        let [mut amount] = decode::numbers(&words).as_slice().try_into().ok()?;
        for span in &spans[later..] {
            amount = times(amount, &self.words(&[*span]))?;
        }
        let usd = words.iter().any(|w| listed(&LISTS.usd, w));
        Some(if usd { format!("${amount}") } else { amount.to_string() })
    }
}

/// A number multiplied by what words say.
fn times(amount: Decimal, words: &[String]) -> Option<Decimal> {
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    let by = |n: u128, scale: u8| amount.checked_mul(Decimal::new(n, scale));
    if words.iter().any(|w| matches!(w.as_str(), "%" | "percent" | "pct")) {
        let [percent] = decode::numbers(words).as_slice().try_into().ok()?;
        return amount.checked_mul(percent)?.checked_mul(Decimal::new(1, 2));
    }
    match decode::share(words) {
        Some((n, d @ (2 | 4 | 5 | 8 | 10))) => return by(u128::from(n) * u128::from(1000 / d), 3),
        Some(_) => return None,
        None if has(&["halve"]) => return by(5, 1),
        None => {}
    }
    match () {
        () if has(&["double", "twice", "2x", "x2"]) => by(2, 0),
        () if has(&["triple", "treble", "thrice", "3x", "x3"]) => by(3, 0),
        () if has(&["quadruple"]) => by(4, 0),
        () if has(&["10x", "x10"]) => by(10, 0),
        () if has(&["times"]) => {
            let [n] = decode::numbers(words).as_slice().try_into().ok()?;
            amount.checked_mul(n)
        }
        () => None,
    }
}
