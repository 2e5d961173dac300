//! Bounds, read a second time: slippage, time, gas, and the words that make a number a bound.

use super::*;

/// A percentage, or basis points, as a percentage.
pub(super) fn slippage(words: &[String]) -> Option<String> {
    let [number] = decode::numbers(words)[..] else { return None };
    let points = words.iter().any(|w| w.ends_with("bps") || w == "basis");
    let percent = words.iter().any(|w| matches!(w.as_str(), "%" | "percent" | "pct" | "cent"));
    match (points, percent) {
        (true, false) => Some(format!("{}%", number.checked_mul(Decimal::new(1, 2))?)),
        (false, true) => Some(format!("{number}%")),
        _ => None,
    }
}

/// A duration in its canonical form: whole seconds, minutes or hours.
pub(super) fn deadline(words: &[String]) -> Option<String> {
    let (number, unit) = match words {
        [half, a, unit] if half == "half" && matches!(a.as_str(), "a" | "an") => {
            (Decimal::new(5, 1), unit.as_str())
        }
        [a, unit] if matches!(a.as_str(), "a" | "an") => (Decimal::new(1, 0), unit.as_str()),
        // “10m”: the letter is a unit here, not a multiplier.
        [one] => {
            let digits = one.find(|c: char| c.is_alphabetic())?;
            let (number, unit) = one.split_at(digits);
            (decode::numbers(&[number.to_owned()]).first().copied()?, unit)
        }
        [number @ .., unit] => {
            let [number] = decode::numbers(number)[..] else { return None };
            (number, unit.as_str())
        }
        [] => return None,
    };
    let seconds: u128 = match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    };
    let told = number.checked_mul(Decimal::new(if seconds == 86_400 { 24 } else { 1 }, 0))?;
    let (said, smaller) = match seconds {
        1 => ('s', 's'),
        60 => ('m', 's'),
        _ => ('h', 'm'),
    };
    if told.scale() == 0 {
        return Some(format!("{told}{said}"));
    }
    let told = told.checked_mul(Decimal::new(60, 0)).filter(|t| t.scale() == 0)?;
    Some(format!("{told}{smaller}"))
}

impl Check<'_> {
    /// A price of gas: dollars, gwei, or so much of a token.
    pub(super) fn gas(&self, words: &[String], chain: &str, value: &str) -> bool {
        let numbers = decode::numbers(words);
        let [number] = numbers[..] else { return false };
        if words.iter().any(|w| listed(&LISTS.usd, w)) {
            return value == format!("${number}");
        }
        let glued = |unit: &str| {
            words.iter().any(|w| w.ends_with(unit) && w.starts_with(|c: char| c.is_ascii_digit()))
        };
        if words.iter().any(|w| w == "gwei") || glued("gwei") {
            return value == format!("{number} gwei");
        }
        let Some((shown, symbol)) = value.split_once(' ') else { return false };
        let named = words.iter().any(|w| {
            let name = w.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
            decode::tokens(name, chain, self.evidence.vocabulary).iter().any(|t| t == symbol)
        });
        shown == number.to_string() && named
    }

    /// A number is a bound where the words say so, and only there.
    pub(super) fn bounded(&self, role: Role, spans: &[Span]) -> Result<(), Violation> {
        let Some(first) = spans.first() else { return Ok(()) };
        let mut words = self.words(spans);
        words.extend(self.marker_words(*first));
        let has = |list: &[String]| words.iter().any(|w| listed(list, w));
        let least = || words.iter().any(|w| matches!(w.as_str(), "min" | "min." | "minimum" | "least"));
        let ok = match role {
            Role::MinOut => has(&LISTS.floor),
            Role::MaxIn => has(&LISTS.cap),
            Role::AmountOut => !least() && !has(&LISTS.cap),
            Role::Amount | Role::AmountIn => !least(),
            _ => true,
        };
        if ok { Ok(()) } else { broken("bound_without_its_words", spans) }
    }

    /// A bound at the very end holds for every action that can have it and has none of its own.
    pub(super) fn bounds_shared(&self) -> Result<(), Violation> {
        for role in [Role::MaxSlippage, Role::MaxGas, Role::Deadline] {
            self.shares_stand_before(role)?;
            let said = self.intent.actions.iter().filter_map(|a| a.sourced(role));
            for value in said {
                let Source::Words(spans) = &value.source else { continue };
                let Some(at) = spans.first().filter(|s| self.stands_last(**s)) else { continue };
                let can = |a: &&Action| match role {
                    Role::MaxSlippage => a.kind == ActionKind::Swap,
                    _ => !matches!(a.kind, ActionKind::Wrap | ActionKind::Unwrap),
                };
                if self.intent.actions.iter().filter(can).any(|a| a.get(role).is_none()) {
                    return broken("bound_dropped", &[*at]);
                }
            }
        }
        Ok(())
    }

    /// “bridge the ETH to Base within 20 minutes half”: a share stands with its token, not behind a bound.
    fn shares_stand_before(&self, bound: Role) -> Result<(), Violation> {
        for action in &self.intent.actions {
            let words = |r: Role| match action.sourced(r).map(|v| &v.source) {
                Some(Source::Words(spans)) => spans.clone(),
                _ => Vec::new(),
            };
            let shares = [Role::Amount, Role::AmountIn].into_iter().flat_map(words);
            let (bounds, token) =
                (words(bound), [Role::Token, Role::TokenIn].into_iter().flat_map(words).min());
            for share in shares.filter(|s| decode::share(&self.words(&[*s])).is_some()) {
                let behind = bounds.iter().any(|b| b.turn == share.turn && b.end <= share.start);
                if behind && token.is_some_and(|t| bounds.iter().all(|b| t.start < b.start)) {
                    return broken("a_share_of_a_bound", &[share]);
                }
            }
        }
        Ok(())
    }

    /// Whether nothing but other bounds stands behind a phrase.
    fn stands_last(&self, span: Span) -> bool {
        let quiet = [
            "silent",
            "connective",
            "marker",
            "max slippage",
            "min out",
            "max in",
            "max gas",
            "deadline",
            "set aside",
        ];
        let behind = self.evidence.roles.iter().filter(|(s, _)| s.turn == span.turn && s.start > span.start);
        self.evidence.messages.len() == 1 && behind.into_iter().all(|(_, r)| quiet.contains(&r.as_str()))
    }

    /// The words of the marker right before a phrase.
    fn marker_words(&self, span: Span) -> Vec<String> {
        let roles: Vec<&(Span, String)> =
            self.evidence.roles.iter().filter(|(s, _)| s.turn == span.turn).collect();
        let at = roles.iter().rposition(|(s, _)| s.start <= span.start);
        let role = |i: usize| roles.get(i).map_or("", |(_, role)| role.as_str());
        // A marker behind the phrase is its own where no other phrase follows: “2 % slippage at most”.
        let behind = |at: usize| {
            let next = matches!(role(at + 2), "" | "marker" | "silent" | "connective" | "verb" | "particle");
            Some(at + 1).filter(|_| next)
        };
        let around = at.into_iter().flat_map(|at| [at.checked_sub(1), behind(at)]).flatten();
        around
            .filter(|i| role(*i) == "marker")
            .filter_map(|i| roles.get(i))
            .flat_map(|(s, _)| decode::words(self.text(*s)))
            .map(|(_, _, word)| word)
            .collect()
    }
}
