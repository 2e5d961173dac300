//! The checker: sees every plan before anyone else does, and shares no code with the reader.
//!
//! What comes in: the messages, a plan whose every value names its words, and what the reader took each word as. What
//! goes out: nothing, or what is wrong. It reads each value a second time from its words, holds that no word that
//! could change a plan was passed over, that every role stands where its marker allows, and that the plan is sane.

mod decode;

use std::sync::LazyLock;

use serde::Deserialize;

use crate::amount::{Amount, Take};
use crate::decimal::Decimal;
use crate::intent::{Action, ActionKind, Intent, Role, Sourced};
use crate::source::{Source, Span};
use crate::vocabulary::Vocabulary;

/// What is wrong with a plan, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule it breaks.
    pub rule: &'static str,
    /// The words it is about; may be empty.
    pub spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Lists {
    sensitive: Vec<String>,
    harmless: Vec<String>,
    all: Vec<String>,
    rest: Vec<String>,
    except: Vec<String>,
    cap: Vec<String>,
    pronoun: Vec<String>,
    usd: Vec<String>,
    buy: Vec<String>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    toml::from_str(include_str!("check/words.toml")).expect("a test holds that the word list is well formed")
});

/// The messages of a conversation and what the words of the last one were taken as.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'e> {
    /// The message of every turn.
    pub messages: &'e [&'e str],
    /// The phrases of the last turn's message and what each was taken as.
    pub roles: &'e [(Span, String)],
    /// The names there are.
    pub vocabulary: &'e Vocabulary,
}

/// Checks a plan.
///
/// # Errors
///
/// The first rule the plan breaks.
pub fn check(evidence: &Evidence<'_>, intent: &Intent) -> Result<(), Violation> {
    let check = Check { evidence, intent };
    check.partition()?;
    check.nothing_lost()?;
    for (i, action) in intent.actions.iter().enumerate() {
        check.complete(action)?;
        for (role, value) in &action.values {
            check.derives(action, *role, value)?;
            check.licensed(action, *role, value)?;
        }
        check.used_once(action)?;
        check.sane(i, action)?;
    }
    Ok(())
}

struct Check<'c> {
    evidence: &'c Evidence<'c>,
    intent: &'c Intent,
}

fn broken<T>(rule: &'static str, spans: &[Span]) -> Result<T, Violation> {
    Err(Violation { rule, spans: spans.to_vec() })
}

fn listed(list: &[String], word: &str) -> bool {
    list.iter().any(|w| w == word)
}

impl Check<'_> {
    fn text(&self, span: Span) -> &str {
        let message = self.evidence.messages.get(usize::from(span.turn)).copied().unwrap_or_default();
        message.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn said(&self, spans: &[Span]) -> String {
        spans.iter().map(|s| self.text(*s)).collect::<Vec<_>>().join(" ")
    }

    fn words(&self, spans: &[Span]) -> Vec<String> {
        decode::words(&self.said(spans)).into_iter().map(|(_, _, w)| w).collect()
    }

    /// Every character that shows belongs to exactly one phrase, and a silent phrase holds no sensitive word.
    fn partition(&self) -> Result<(), Violation> {
        let Some(turn) = self.evidence.roles.iter().map(|(s, _)| s.turn).max() else { return Ok(()) };
        let message = self.evidence.messages.get(usize::from(turn)).copied().unwrap_or_default();
        let mut at = 0u32;
        for (span, role) in self.evidence.roles.iter().filter(|(s, _)| s.turn == turn) {
            let between = message.get(at as usize..span.start as usize);
            if span.start < at || between.is_none_or(|b| !b.trim().is_empty()) {
                return broken("partition", &[*span]);
            }
            at = span.end;
            if matches!(role.as_str(), "silent" | "connective") {
                self.harmless(*span)?;
            }
            if role == "not understood" {
                return broken("not_understood", &[*span]);
            }
        }
        if message.get(at as usize..).is_none_or(|rest| !rest.trim().is_empty()) {
            return broken("partition", &[Span { turn, start: at, end: at }]);
        }
        let order = self
            .evidence
            .roles
            .iter()
            .rev()
            .filter(|(s, r)| s.turn == turn && r != "silent")
            .map(|(s, r)| (self.text(*s), r));
        let last = order.clone().find(|(_, r)| r.as_str() != "connective");
        let dangling = order
            .take_while(|(_, r)| r.as_str() == "connective")
            .any(|(t, _)| t.chars().any(char::is_alphanumeric));
        if dangling && last.is_some() {
            return broken("connective_joins_nothing", &[]);
        }
        Ok(())
    }

    fn harmless(&self, span: Span) -> Result<(), Violation> {
        let words: Vec<String> = decode::words(self.text(span)).into_iter().map(|(_, _, w)| w).collect();
        let phrase = words.join(" ");
        let list = words.len() <= 4 && words.iter().all(|w| w.len() <= 6 || w == "second");
        let digits = words.iter().any(|w| w.chars().any(|c| c.is_ascii_digit()));
        let version = phrase == "v3" || phrase == "version 3";
        if digits && !list && !version {
            return broken("number_passed_over", &[span]);
        }
        let long = words.len() > 3;
        let sensitive = words
            .iter()
            .any(|w| listed(&LISTS.sensitive, w) && !(long && matches!(w.as_str(), "all" | "might" | "one")));
        let settles = ["once", "when", "after"]
            .iter()
            .any(|w| phrase.starts_with(w) || phrase.starts_with(&format!("and {w}")))
            && [
                "done",
                "lands",
                "land",
                "arrives",
                "arrive",
                "settles",
                "settle",
                "complete",
                "completed",
                "finished",
                "there",
                "confirmed",
                "landed",
                "bridged",
                "swapped",
                "clears",
                "clear",
                "arrived",
                "settled",
                "through",
                "confirms",
                "completes",
                "settles",
                "cleared",
                "moment",
                "minute",
                "chance",
                "sec",
                "second",
                "can",
                "convenient",
            ]
            .iter()
            .any(|w| phrase.ends_with(w));
        let polite = (phrase.starts_with("if ")
            || phrase.starts_with("i'd ")
            || phrase.starts_with("we'd ")
            || phrase.starts_with("i would "))
            && !words
                .iter()
                .any(|w| matches!(w.as_str(), "half" | "all" | "except" | "unless" | "instead" | "or"));
        if sensitive && !settles && !polite && !list_sign(&words) && !listed(&LISTS.harmless, &phrase) {
            return broken("sensitive_word_passed_over", &[span]);
        }
        Ok(())
    }

    /// Every number and every name of a token lies in the words of a value.
    fn nothing_lost(&self) -> Result<(), Violation> {
        let Some(turn) = self.evidence.roles.iter().map(|(s, _)| s.turn).max() else { return Ok(()) };
        let message = self.evidence.messages.get(usize::from(turn)).copied().unwrap_or_default();
        let values = self.intent.actions.iter().flat_map(|a| a.values.iter());
        let used: Vec<Span> = values
            .flat_map(|(_, v)| match &v.source {
                Source::Words(spans) | Source::Rule { spans, .. } => spans.clone(),
                _ => Vec::new(),
            })
            .filter(|s| s.turn == turn)
            .collect();
        let verbs = self.evidence.roles.iter().filter(|(s, r)| s.turn == turn && r == "verb").count();
        if self.evidence.messages.len() == 1 && verbs > self.intent.actions.len() {
            return broken("action_dropped", &[]);
        }
        let plain = [
            "silent",
            "connective",
            "replaced",
            "verb",
            "marker",
            "particle",
            "stated balance",
            "set aside",
            "each",
            "target",
        ];
        let overlaps = |a: &Span, b: &Span| a.start < b.end && b.start < a.end;
        for (span, _) in
            self.evidence.roles.iter().filter(|(s, r)| s.turn == turn && !plain.contains(&r.as_str()))
        {
            if !used.iter().any(|u| overlaps(u, span)) {
                return broken("phrase_passed_over", &[*span]);
            }
        }
        for (start, end, word) in decode::words(message) {
            let inside = |s: &Span| (s.start as usize) < end && start < s.end as usize;
            let role = self
                .evidence
                .roles
                .iter()
                .find(|(s, _)| s.turn == turn && inside(s))
                .map_or("", |(_, r)| r.as_str());
            let quiet = matches!(
                role,
                "silent" | "connective" | "replaced" | "verb" | "marker" | "particle" | "stated balance"
            );
            if !quiet
                && !used.iter().any(inside)
                && (word.chars().any(|c| c.is_ascii_digit()) || self.names_something(&word))
            {
                let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                return broken("value_passed_over", &[Span { turn, start: at(start), end: at(end) }]);
            }
        }
        Ok(())
    }

    /// Whether a word is the name of a token, a chain, a venue or an account.
    fn names_something(&self, word: &str) -> bool {
        let vocabulary = self.evidence.vocabulary;
        word.ends_with(".eth")
            || vocabulary.tokens.iter().any(|t| t.symbol.eq_ignore_ascii_case(word))
            || vocabulary.chains.iter().any(|c| c.id == word)
            || vocabulary.venues.iter().any(|v| v.words.iter().any(|w| w == word))
    }

    fn complete(&self, action: &Action) -> Result<(), Violation> {
        use Role::{Amount, AmountIn, AmountOut, Chain, Recipient, ToChain, Token, TokenIn, TokenOut, Venue};
        let needed: &[Role] = match action.kind {
            ActionKind::Swap => &[Chain, Venue, TokenIn, TokenOut],
            ActionKind::Deposit | ActionKind::Withdraw | ActionKind::Borrow | ActionKind::Repay => {
                &[Chain, Venue, Token, Amount]
            }
            ActionKind::Bridge => &[Chain, ToChain, Venue, Token, Amount],
            ActionKind::Transfer => &[Chain, Token, Amount, Recipient],
            ActionKind::Wrap | ActionKind::Unwrap => &[Chain, Token, Amount],
        };
        let one_side = action.kind != ActionKind::Swap
            || action.get(AmountIn).is_some() != action.get(AmountOut).is_some();
        if needed.iter().any(|r| action.get(*r).is_none()) || !one_side {
            return broken("incomplete", &[]);
        }
        Ok(())
    }

    /// The words of a value give that value.
    fn derives(&self, action: &Action, role: Role, value: &Sourced) -> Result<(), Violation> {
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
                let name = lower.trim_end_matches(" chain").trim_end_matches(" network");
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
    fn by_rule(
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

    fn amount(&self, words: &[String], value: &str, role: Role) -> bool {
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
                share(p)
                    || words.iter().any(|w| matches!(w.as_str(), "evenly" | "equally" | "each" | "equal"))
            }
            Take::Fraction(n, d) => decode::share(words) == Some((*n, *d)),
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

    /// The word before a value allows its role.
    fn licensed(&self, action: &Action, role: Role, value: &Sourced) -> Result<(), Violation> {
        let Source::Words(spans) = &value.source else { return Ok(()) };
        let Some(first) = spans.first() else { return Ok(()) };
        let before = self.marker_before(*first);
        let Some(marker) = before else { return self.in_order(action, role, *first) };
        let goal = matches!(marker.as_str(), "to" | "into" | "onto" | "->" | "→");
        let verb = self.verb_before(*first);
        let buys = verb.as_ref().is_some_and(|v| v.split(' ').any(|w| listed(&LISTS.buy, w)));
        let bad = match (action.kind, role) {
            (ActionKind::Swap, Role::TokenIn) => goal || marker == "for" && !buys,
            (ActionKind::Swap, Role::TokenOut) => {
                matches!(marker.as_str(), "with" | "using" | "from" | "spending" | "selling")
                    || marker == "for" && buys
            }
            (ActionKind::Bridge, Role::Chain) => goal,
            (ActionKind::Bridge, Role::ToChain) => matches!(marker.as_str(), "from" | "off"),
            (ActionKind::Withdraw, Role::Venue) => goal,
            (ActionKind::Deposit, Role::Venue) => marker == "from",
            (_, Role::Recipient) => matches!(marker.as_str(), "from" | "with" | "using" | "on"),
            (ActionKind::Borrow, Role::Token) => matches!(marker.as_str(), "against" | "vs"),
            (ActionKind::Borrow, Role::Collateral) => goal,
            _ => false,
        };
        if bad { broken("role_without_its_marker", spans) } else { Ok(()) }
    }

    /// Without markers, what is given stands before what is got, unless it is bought.
    fn in_order(&self, action: &Action, role: Role, first: Span) -> Result<(), Violation> {
        if (action.kind, role) != (ActionKind::Swap, Role::TokenIn) {
            return Ok(());
        }
        let Some(Source::Words(out)) = action.sourced(Role::TokenOut).map(|s| &s.source) else {
            return Ok(());
        };
        let Some(out) = out.first().filter(|o| o.turn == first.turn && self.marker_before(**o).is_none())
        else {
            return Ok(());
        };
        let buys = self.verb_before(first).is_some_and(|v| v.split(' ').any(|w| listed(&LISTS.buy, w)));
        if first.start > out.start && !buys { broken("role_without_its_place", &[first]) } else { Ok(()) }
    }

    /// The marker the reader saw right before a phrase: the last marker run, if nothing but the same phrase stands between.
    fn marker_before(&self, span: Span) -> Option<String> {
        let roles: Vec<&(Span, String)> =
            self.evidence.roles.iter().filter(|(s, _)| s.turn == span.turn).collect();
        let at = roles.iter().rposition(|(s, _)| s.start <= span.start)?;
        let before = roles.get(at.checked_sub(1)?)?;
        let text = self.text(before.0);
        if before.1 == "marker" && (text.contains('>') || text.contains('→')) {
            return Some("->".to_owned());
        }
        (before.1 == "marker")
            .then(|| decode::words(self.text(before.0)).first().map(|w| w.2.clone()).unwrap_or_default())
            .or(None)
            .filter(|m| !m.is_empty())
    }

    fn verb_before(&self, span: Span) -> Option<String> {
        let verbs = || self.evidence.roles.iter().filter(|(s, r)| s.turn == span.turn && r == "verb");
        let verb = verbs().rev().find(|(s, _)| s.start <= span.start).or_else(|| verbs().next())?;
        Some(self.text(verb.0).to_lowercase())
    }

    /// One phrase does not feed two roles of one action, nor both sides of it.
    fn used_once(&self, action: &Action) -> Result<(), Violation> {
        let words = |v: &Sourced| match &v.source {
            Source::Words(spans) => spans.clone(),
            _ => Vec::new(),
        };
        for (i, (a, first)) in action.values.iter().enumerate() {
            for (b, second) in &action.values[i + 1..] {
                let tokens = [
                    Role::Token,
                    Role::TokenIn,
                    Role::TokenOut,
                    Role::Collateral,
                    Role::Recipient,
                    Role::Chain,
                    Role::ToChain,
                    Role::Venue,
                ];
                if tokens.contains(a)
                    && tokens.contains(b)
                    && words(first).iter().any(|s| words(second).contains(s))
                {
                    return broken("words_used_twice", &words(first));
                }
            }
        }
        Ok(())
    }

    fn sane(&self, index: usize, action: &Action) -> Result<(), Violation> {
        let same = |a: Role, b: Role| action.get(a).is_some() && action.get(a) == action.get(b);
        if same(Role::TokenIn, Role::TokenOut) || same(Role::Chain, Role::ToChain) {
            return broken("to_itself", &[]);
        }
        let known = |id: &str| self.evidence.vocabulary.chains.iter().any(|c| c.id == id);
        if ![Role::Chain, Role::ToChain].iter().all(|r| action.get(*r).is_none_or(known)) {
            return broken("unknown_chain", &[]);
        }
        if let Some(recipient) = action.get(Role::Recipient).filter(|r| r.starts_with("0x"))
            && crate::account::check_address(recipient).is_err()
        {
            return broken("bad_recipient", &[]);
        }
        for role in [Role::Amount, Role::AmountIn, Role::AmountOut] {
            let Some(text) = action.get(role) else { continue };
            let Ok(amount) = text.parse::<Amount>() else { return broken("no_amount", &[]) };
            let zero = match &amount {
                Amount::Exact(n) | Amount::Usd(n) => n.is_zero(),
                Amount::Balance(Take::Percent(p)) | Amount::Output(_, Take::Percent(p)) => {
                    p.is_zero() || *p > Decimal::new(100, 0)
                }
                _ => false,
            };
            if zero {
                return broken("amount_out_of_range", &[]);
            }
            if let Amount::Output(steps, _) = &amount {
                let puts_out = |step: &u8| {
                    let earlier = self
                        .intent
                        .actions
                        .get(usize::from(*step).wrapping_sub(1))
                        .filter(|_| usize::from(*step) <= index);
                    earlier.is_some_and(|a| {
                        !matches!(a.kind, ActionKind::Deposit | ActionKind::Repay | ActionKind::Transfer)
                    })
                };
                if !steps.iter().all(puts_out) {
                    return broken("no_such_output", &[]);
                }
                let here = |step: &u8| {
                    let earlier = self.intent.actions.get(usize::from(*step) - 1);
                    let arrives = earlier.and_then(|a| a.get(Role::ToChain).or(a.get(Role::Chain)));
                    arrives == action.get(Role::Chain)
                };
                if !steps.iter().all(here) {
                    return broken("output_on_another_chain", &[]);
                }
            }
        }
        Ok(())
    }
}

fn list_sign(words: &[String]) -> bool {
    let first = words.first().map(String::as_str);
    words.len() <= 3
        && matches!(
            first,
            Some(
                "step"
                    | "first"
                    | "second"
                    | "third"
                    | "then"
                    | "and"
                    | "next"
                    | "tx"
                    | "#"
                    | "("
                    | "a"
                    | "b"
                    | "c"
            )
        )
        && !words.iter().any(|w| matches!(w.as_str(), "half" | "all" | "not" | "no" | "or" | "if" | "rest"))
}

fn percent_of(n: u32, d: u32) -> String {
    let whole = Decimal::new(u128::from(n) * 100, 0);
    (0..=6u8)
        .find_map(|s| {
            let top = whole.mantissa() * 10u128.pow(u32::from(s));
            (d > 0 && top.is_multiple_of(u128::from(d)))
                .then(|| Decimal::new(top / u128::from(d), s).to_string())
        })
        .unwrap_or_default()
}
