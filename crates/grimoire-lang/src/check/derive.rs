//! The words of a value, or a rule, give that value.

use super::*;

impl Check<'_> {
    /// The words of a value give that value.
    pub(super) fn derives(
        &self,
        index: usize,
        action: &Action,
        role: Role,
        value: &Sourced,
    ) -> Result<(), Violation> {
        let spans = match &value.source {
            Source::Rule { name, spans } => return self.by_rule(index, action, role, value, (name, spans)),
            Source::Context if role == Role::Chain && self.evidence.chain == Some(&value.value) => {
                return Ok(());
            }
            Source::Context => return broken("not_of_the_context", &[]),
            Source::Answer { .. } => return Ok(()),
            Source::Words(spans) => spans,
        };
        let said = self.said(spans);
        let words = self.words(spans);
        let vocabulary = self.evidence.vocabulary;
        let chain = action.get(Role::Chain).unwrap_or_default();
        let lower = said.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let ok = match role {
            Role::Token | Role::TokenIn | Role::TokenOut | Role::Collateral => {
                // “USDC (0x…)”: the name and the address are the same token.
                let named =
                    |s: &Span| decode::tokens(self.text(*s), chain, vocabulary).contains(&value.value);
                !spans.is_empty() && spans.iter().all(named)
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
                    " account",
                    " savings",
                    " deposits",
                    " holdings",
                    " holding",
                    " stash",
                    " funds",
                    " investment",
                    " investments",
                    " accounts",
                    " dapp",
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
                let (said, value) = (said.trim(), &value.value);
                said == value
                    || said.to_lowercase().ends_with(".eth")
                        && crate::account::normalize_name(said).as_ref() == Some(value)
            }
            Role::As => {
                words.iter().any(|w| matches!(w.as_str(), "collateral" | "security" | "collat" | "col"))
            }
            Role::MaxSlippage => bounds::slippage(&words).as_ref() == Some(&value.value),
            Role::Deadline => bounds::deadline(&words).as_ref() == Some(&value.value),
            Role::MaxGas => self.gas(&words, chain, &value.value),
            Role::MinOut | Role::MaxIn => self.amount(&words, &value.value, role),
            Role::Amount | Role::AmountIn | Role::AmountOut if self.multiplied(spans).is_some() => {
                self.multiplied(spans).as_ref() == Some(&value.value)
            }
            Role::Amount | Role::AmountIn | Role::AmountOut => {
                self.amount(&words, &value.value, role)
                    && self.owned(index, action, &words, spans, &value.value)
            }
        };
        if ok { Ok(()) } else { broken("value_not_in_its_words", spans) }
    }

    /// A value no words give, by one of the rules there are.
    fn by_rule(
        &self,
        index: usize,
        action: &Action,
        role: Role,
        value: &Sourced,
        (name, spans): (&str, &[Span]),
    ) -> Result<(), Violation> {
        let chain = action.get(Role::Chain).unwrap_or_default();
        let names = self.evidence.vocabulary.chains.iter().find(|c| c.id == chain);
        let said =
            || spans.iter().flat_map(|s| decode::tokens(self.text(*s), chain, self.evidence.vocabulary));
        let before = self.intent.actions.get(..index).unwrap_or_default().iter().rev();
        let lends = |a: &&Action| {
            use ActionKind::{Borrow, Deposit, Repay, Withdraw};
            matches!(a.kind, Deposit | Withdraw | Borrow | Repay)
        };
        let ok = match (name, role) {
            ("default_venue", Role::Venue) => {
                spans.is_empty()
                    && matches!(
                        (action.kind, value.value.as_str()),
                        (ActionKind::Swap, "uniswap_v3") | (ActionKind::Bridge, "across")
                    )
            }
            ("wrapped_pair" | "native_of_wrapped", Role::Token) => names.is_some_and(|n| {
                let first = said().next();
                let turned = match action.kind {
                    ActionKind::Wrap => first.as_ref() == Some(&n.wrapped),
                    _ => first.as_ref() == Some(&n.native),
                };
                let verb = |w: &str| self.verb_of(index).is_some_and(|v| v.contains(w));
                n.native == value.value
                    && said().all(|t| t == n.native || t == n.wrapped)
                    && (!turned || verb("wrap"))
            }),
            ("output_of_step", Role::Amount | Role::AmountIn) => {
                self.nearest_output(index, None, false).is_some_and(|s| value.value == format!("step{s}"))
            }
            ("token_of_output", Role::Collateral) => {
                let same = |a: &&Action, role| match (a.get(role), action.get(role)) {
                    (Some(there), Some(here)) => there == here,
                    _ => true,
                };
                before.into_iter().find(|a| a.kind == ActionKind::Deposit).is_some_and(|a| {
                    a.get(Role::Token) == Some(&value.value) && same(&a, Role::Chain) && same(&a, Role::Venue)
                })
            }
            ("token_of_output", Role::Token | Role::TokenIn) => self.token_of_output(index, action),
            ("after_bridge", Role::Chain) => {
                before.into_iter().find_map(|a| a.get(Role::ToChain)) == Some(&value.value)
            }
            ("venue_said_before", Role::Venue) => {
                before.into_iter().find(lends).and_then(|a| a.get(Role::Venue)) == Some(&value.value)
            }
            _ => false,
        };
        if ok { Ok(()) } else { broken("rule_does_not_give_it", spans) }
    }

    pub(super) fn amount(&self, words: &[String], value: &str, role: Role) -> bool {
        let Some(amount) = value.parse::<Amount>().ok().filter(|a| a.to_string() == value) else {
            return false;
        };
        let kinds = match role {
            Role::AmountOut => matches!(amount, Amount::Exact(_)),
            Role::MinOut | Role::MaxIn => matches!(amount, Amount::Exact(_) | Amount::Usd(_)),
            _ => true,
        };
        if !kinds {
            return false;
        }
        // The number of a step is no amount.
        let refers = |w: &String| ["step", "tx", "action"].iter().any(|n| w.starts_with(n));
        let whole = words;
        let words = words.split(refers).next().unwrap_or_default();
        let has = |list: &[String]| words.iter().any(|w| listed(list, w));
        let number = |n: &Decimal| decode::numbers(words).contains(n);
        // `$` before a name marks a symbol: $WELL.
        let counts =
            |w: Option<&String>| w.is_some_and(|w| !decode::numbers(std::slice::from_ref(w)).is_empty());
        let usd = words.iter().enumerate().any(|(i, w)| {
            // “1.5k$”: the sign may end the amount.
            let last = || i + 1 == words.len() && counts(i.checked_sub(1).and_then(|i| words.get(i)));
            listed(&LISTS.usd, w) && (w != "$" || counts(words.get(i + 1)) || last())
        });
        let percent = words.iter().any(|w| matches!(w.as_str(), "%" | "percent" | "pct" | "cent"));
        let bound = matches!(role, Role::MinOut | Role::MaxIn);
        // “half” alone is a part; “one and a half”, “half a million” are numbers.
        let of_part = |(n, d): &(u32, u32)| {
            let plain = [Decimal::new(u128::from(*n), 0), Decimal::new(u128::from(*d), 0)];
            let same = [Decimal::new(5, 1), Decimal::new(25, 2)];
            decode::numbers(words).iter().all(|x| plain.contains(x) || same.contains(x))
        };
        let part = decode::share(words).filter(of_part).filter(|_| !has(&LISTS.rest));
        let share = |p: &Decimal| {
            (percent && number(p)) || part.is_some_and(|(n, d)| format!("{p}") == percent_of(n, d))
        };
        // How many share it is checked beside.
        let evenly = words.iter().any(|w| matches!(w.as_str(), "evenly" | "equally" | "each" | "equal"));
        // “at most”, and “but at most”, spare nothing.
        let caps = |w: Option<&String>| {
            w.is_none_or(|w| {
                listed(&LISTS.cap, w)
                    || matches!(
                        w.as_str(),
                        "at" | "no" | "not" | "only" | "never" | "under" | "below" | "than"
                    )
            })
        };
        let spares = words.iter().enumerate().any(|(i, w)| {
            listed(&LISTS.except, w) && !(matches!(w.as_str(), "but" | "less") && caps(words.get(i + 1)))
        });
        let take = |take: &Take, whole: bool| match take {
            Take::All => whole,
            Take::Percent(p) => {
                // “keep 30% and send the rest”
                let spared = || Decimal::new(100, 0).checked_sub(*p).is_some_and(|kept| share(&kept));
                share(p) || evenly || has(&LISTS.rest) && has(&LISTS.except) && spared()
            }
            Take::Fraction(n, d) => {
                let spared = has(&LISTS.rest) && has(&LISTS.except);
                part == Some((*n, *d))
                    || evenly
                    || decode::share(words).is_some_and(|(a, b)| spared && b == *d && a + n == *d)
            }
            Take::AllBut(n) => number(n) && spares,
            Take::AtMost(n) => number(n) && has(&LISTS.cap) && !spares,
            // “the remaining 500” is 500; “keep 10 and swap the rest” all but 10.
            Take::Rest => {
                let shared = || decode::share(words).is_some_and(|p| of_part(&p));
                has(&LISTS.rest) && (decode::numbers(words).is_empty() || shared())
            }
        };
        let uncapped = !has(&LISTS.cap) && !has(&LISTS.except);
        let hundred = percent && number(&Decimal::new(100, 0));
        let counted = !hundred && !decode::numbers(words).is_empty();
        match &amount {
            Amount::Exact(n) => {
                let shared = decode::share(words).is_some()
                    && !words.iter().any(|w| w == "a" || w == "an" || w == "half" && words.len() > 1);
                number(n) && !percent && !usd && !shared && (bound || uncapped) && !decode::twofold(words)
            }
            Amount::Usd(n) => number(n) && usd && !decode::twofold(words),
            Amount::Balance(Take::All) | Amount::Output(_, Take::All)
                if counted || has(&LISTS.rest) || decode::share(words).is_some() =>
            {
                false
            }
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
                    || !whole.is_empty() && decode::numbers(words).is_empty(),
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
