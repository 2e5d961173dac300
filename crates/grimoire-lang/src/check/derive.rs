//! The words of a value, or a rule, give that value.

use super::*;

impl Check<'_> {
    /// The words of a value give that value.
    pub(super) fn derives(&self, action: &Action, role: Role, value: &Sourced) -> Result<(), Violation> {
        if let Source::Rule { name, spans } = &value.source {
            return self.by_rule(action, role, value, name, spans);
        }
        let Source::Words(spans) = &value.source else { return Ok(()) };
        let said = self.said(spans);
        let words = self.words(spans);
        let vocabulary = self.evidence.vocabulary;
        let chain = action.get(Role::Chain).unwrap_or_default();
        let lower = said.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let ok = match role {
            Role::Token | Role::TokenIn | Role::TokenOut | Role::Collateral => {
                decode::tokens(&said, chain, vocabulary).contains(&value.value)
            }
            Role::Chain | Role::ToChain => {
                let name = ["my ", "our "].iter().find_map(|d| lower.strip_prefix(d)).unwrap_or(&lower);
                let nouns = [" chain", " network", " wallet", " account", " address"];
                let name = nouns.iter().find_map(|n| name.strip_suffix(n)).unwrap_or(name);
                vocabulary.chains.iter().any(|c| {
                    c.id == value.value
                        && (c.id == name
                            || c.name.to_lowercase() == name
                            || c.words.iter().any(|w| w == name || *w == lower))
                })
            }
            Role::Venue => {
                let lower = ["my ", "our ", "the ", "your "]
                    .iter()
                    .find_map(|d| lower.strip_prefix(d))
                    .unwrap_or(&lower)
                    .to_owned();
                let nouns = [
                    " position",
                    " positions",
                    " balance",
                    " deposit",
                    " collateral",
                    " supply",
                    " lending pool",
                    " lending protocol",
                    " lending market",
                    " lending platform",
                    " pool",
                    " pools",
                    " contract",
                    " lending",
                    " protocol",
                    " markets",
                    " market",
                    " platform",
                    " app",
                ];
                let name = nouns.iter().find_map(|n| lower.strip_suffix(n)).unwrap_or(&lower).to_owned();
                let named = |n: &String| {
                    vocabulary.venues.iter().any(|v| {
                        v.id == value.value
                            && (v.name.to_lowercase() == *n || v.words.contains(n) || v.id == *n)
                    })
                };
                named(&lower) || named(&name)
            }
            Role::Recipient => {
                said.ends_with(&value.value)
                    || crate::account::normalize_name(
                        words.last().map_or(said.as_str(), |_| said.rsplit(' ').next().unwrap_or_default()),
                    )
                    .as_deref()
                        == Some(&value.value)
            }
            Role::As => words.iter().any(|w| w == "collateral" || w == "security"),
            Role::MaxSlippage => decode::numbers(&words).iter().any(|n| {
                let points = words.iter().any(|w| w.ends_with("bps") || w == "basis");
                let n = if points { n.checked_mul(Decimal::new(1, 2)) } else { Some(*n) };
                n.is_some_and(|n| format!("{n}%") == value.value)
            }),
            Role::Deadline | Role::MaxGas => {
                let shown: String = value.value.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
                let plain = words
                    .iter()
                    .map(|w| w.trim_end_matches(|c: char| c.is_ascii_alphabetic()).to_owned())
                    .chain(words.iter().cloned());
                let all: Vec<String> = plain.filter(|w| !w.is_empty()).collect();
                decode::numbers(&all).iter().any(|n| n.to_string() == shown)
                    || words.iter().any(|w| {
                        matches!(w.as_str(), "a" | "an" | "half" | "day" | "days") || w.contains('.')
                    })
            }
            Role::Amount | Role::AmountIn | Role::AmountOut | Role::MinOut | Role::MaxIn => {
                self.amount(&words, &value.value, role)
            }
        };
        if ok { Ok(()) } else { broken("value_not_in_its_words", spans) }
    }

    /// A value no words give, by one of the rules there are.
    pub(super) fn by_rule(
        &self,
        action: &Action,
        role: Role,
        value: &Sourced,
        name: &str,
        spans: &[Span],
    ) -> Result<(), Violation> {
        let chain = action.get(Role::Chain).unwrap_or_default();
        let names = self.evidence.vocabulary.chains.iter().find(|c| c.id == chain);
        let ok = match (name, role) {
            ("default_venue", Role::Venue) => matches!(
                (action.kind, value.value.as_str()),
                (ActionKind::Swap, "uniswap_v3") | (ActionKind::Bridge, "across")
            ),
            ("wrapped_pair" | "native_of_wrapped", Role::Token) => names.is_some_and(|n| {
                let said =
                    spans.iter().flat_map(|s| decode::tokens(self.text(*s), chain, self.evidence.vocabulary));
                n.native == value.value && said.into_iter().all(|t| t == n.native || t == n.wrapped)
            }),
            ("output_of_step", Role::Amount | Role::AmountIn) => value.value.contains("step"),
            ("token_of_output", Role::Token | Role::TokenIn | Role::TokenOut | Role::Collateral) => true,
            ("after_bridge", Role::Chain) => {
                self.intent.actions.iter().any(|a| a.get(Role::ToChain) == Some(&value.value))
            }
            ("venue_said_before", Role::Venue) => {
                self.intent.actions.iter().any(|a| a.get(Role::Venue) == Some(&value.value))
            }
            _ => false,
        };
        if ok { Ok(()) } else { broken("rule_does_not_give_it", spans) }
    }

    pub(super) fn amount(&self, words: &[String], value: &str, role: Role) -> bool {
        let Ok(amount) = value.parse::<Amount>() else { return false };
        let has = |list: &[String]| words.iter().any(|w| listed(list, w));
        let number = |n: &Decimal| decode::numbers(words).contains(n);
        let usd = has(&LISTS.usd);
        let percent = words.iter().any(|w| matches!(w.as_str(), "%" | "percent" | "pct" | "cent"));
        let bound = matches!(role, Role::MinOut | Role::MaxIn);
        let share = |p: &Decimal| {
            (percent && number(p))
                || decode::share(words).is_some_and(|(n, d)| format!("{p}") == percent_of(n, d))
        };
        let take = |take: &Take, whole: bool| match take {
            Take::All => whole,
            Take::Percent(p) => {
                // “keep 30% and send the rest”
                let spared = || Decimal::new(100, 0).checked_sub(*p).is_some_and(|kept| share(&kept));
                share(p)
                    || (has(&LISTS.rest) && has(&LISTS.except) && spared())
                    || words.iter().any(|w| {
                        matches!(w.as_str(), "evenly" | "equally" | "each" | "equal" | "fifty" | "middle")
                    })
            }
            Take::Fraction(n, d) => decode::share(words).is_some_and(|(a, b)| {
                let spared = has(&LISTS.rest) && has(&LISTS.except);
                (a, b) == (*n, *d) || spared && b == *d && a + n == *d
            }),
            Take::AllBut(n) => number(n) && has(&LISTS.except),
            Take::AtMost(n) => number(n) && has(&LISTS.cap),
            Take::Rest => has(&LISTS.rest),
        };
        let uncapped = !has(&LISTS.cap) || words.iter().any(|w| w == "much");
        let hundred = percent && number(&Decimal::new(100, 0));
        let counted = !hundred && !decode::numbers(words).is_empty();
        match &amount {
            Amount::Exact(n) => {
                let shared = decode::share(words).is_some()
                    && !words.iter().any(|w| w == "a" || w == "an" || w == "half" && words.len() > 1);
                number(n) && !percent && !usd && !shared && (bound || uncapped)
            }
            Amount::Usd(n) => number(n) && usd,
            Amount::Balance(Take::All) if counted => false,
            Amount::Balance(t) => take(
                t,
                has(&LISTS.all)
                    || (percent && number(&Decimal::new(100, 0)))
                    || words.iter().any(|w| {
                        matches!(
                            w.as_str(),
                            "debt"
                                | "loan"
                                | "loans"
                                | "borrow"
                                | "owe"
                                | "outstanding"
                                | "borrowed"
                                | "borrowing"
                        )
                    }),
            ),
            Amount::Output(_, t) => take(
                t,
                has(&LISTS.pronoun)
                    || has(&LISTS.all)
                    || !words.is_empty() && decode::numbers(words).is_empty(),
            ),
        }
    }
}

pub(super) fn percent_of(n: u32, d: u32) -> String {
    let whole = Decimal::new(u128::from(n) * 100, 0);
    (0..=6u8)
        .find_map(|s| {
            let top = whole.mantissa() * 10u128.pow(u32::from(s));
            (d > 0 && top.is_multiple_of(u128::from(d)))
                .then(|| Decimal::new(top / u128::from(d), s).to_string())
        })
        .unwrap_or_default()
}
