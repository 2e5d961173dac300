//! Every character belongs to one phrase, and no phrase that could change a plan was passed over.

use super::*;

impl Check<'_> {
    /// Every character that shows belongs to exactly one phrase, and a silent phrase holds no sensitive word.
    pub(super) fn partition(&self) -> Result<(), Violation> {
        let Some(turn) = self.evidence.roles.iter().map(|(s, _)| s.turn).max() else { return Ok(()) };
        let message = self.evidence.messages.get(usize::from(turn)).copied().unwrap_or_default();
        let (mut at, mut acted) = (0u32, false);
        for (span, role) in self.evidence.roles.iter().filter(|(s, _)| s.turn == turn) {
            let between = message.get(at as usize..span.start as usize);
            if span.start < at || between.is_none_or(|b| !b.trim().is_empty()) {
                return broken("partition", &[*span]);
            }
            at = span.end;
            if matches!(role.as_str(), "silent" | "connective") {
                self.harmless(*span)?;
                self.joins(*span)?;
            }
            if role == "marker" {
                self.leads(*span)?;
            }
            // “two things:” opens a list; behind an action “two …” may mean twice.
            let counts = |w: &String| matches!(w.as_str(), "two" | "three" | "four" | "five");
            if role == "silent" && acted && self.words(&[*span]).iter().any(counts) {
                return broken("number_passed_over", &[*span]);
            }
            acted |= role == "verb";
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
            .any(|(t, _)| t.chars().any(char::is_alphanumeric) && !self.puts_first(t));
        if dangling && last.is_some() {
            return broken("connective_joins_nothing", &[]);
        }
        Ok(())
    }

    /// Words at the end of an action that put it before the one said before: “… first”.
    pub(super) fn puts_first(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        self.intent.actions.len() > 1
            && (words.starts_with("first") || words.starts_with("before") && words.contains(' '))
    }

    pub(super) fn harmless(&self, span: Span) -> Result<(), Violation> {
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
        let settles = ["once", "when", "after", "then once", "then when", "then after", "as soon as", "upon"]
            .iter()
            .any(|w| phrase.starts_with(w) || phrase.starts_with(&format!("and {w}")))
            && LISTS.settled.iter().any(|w| phrase.ends_with(w.as_str()));
        let polite =
            (["if ", "it'd ", "it would ", "that would ", "that'd "].iter().any(|w| phrase.starts_with(w))
                || phrase.starts_with("i should be ")
                || words.windows(3).any(|w| {
                    w[0] == "if"
                        && matches!(w[1].as_str(), "you" | "u" | "we" | "someone" | "somebody")
                        && matches!(w[2].as_str(), "could" | "can" | "would" | "might" | "may" | "will")
                })
                || phrase.starts_with("i'd ")
                || phrase.starts_with("we'd ")
                || phrase.starts_with("i would "))
                && !words
                    .iter()
                    .any(|w| matches!(w.as_str(), "half" | "all" | "except" | "unless" | "instead" | "or"));
        let order = words.iter().all(|w| listed(&LISTS.order, w));
        if sensitive
            && !order
            && !settles
            && !polite
            && !list_sign(&words)
            && !listed(&LISTS.harmless, phrase.strip_prefix("and ").unwrap_or(&phrase))
        {
            return broken("sensitive_word_passed_over", &[span]);
        }
        Ok(())
    }

    /// Every number and every name of a token lies in the words of a value.
    pub(super) fn nothing_lost(&self) -> Result<(), Violation> {
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
            "said before",
            "respectively",
            "target",
        ];
        let overlaps = |a: &Span, b: &Span| a.start < b.end && b.start < a.end;
        for (span, role) in
            self.evidence.roles.iter().filter(|(s, r)| s.turn == turn && !plain.contains(&r.as_str()))
        {
            let left = role == "kept" && self.is_left(&self.words(&[*span]));
            if !left && !used.iter().any(|u| overlaps(u, span)) {
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
                && (word.chars().any(|c| c.is_ascii_digit()) && role != "kept" || self.names_something(&word))
            {
                let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                return broken("value_passed_over", &[Span { turn, start: at(start), end: at(end) }]);
            }
        }
        Ok(())
    }

    /// Whether what is kept is left anyway: “keep the rest”, or the half of which the other half is used.
    fn is_left(&self, words: &[String]) -> bool {
        let percent = words.iter().any(|w| matches!(w.as_str(), "%" | "percent" | "pct"));
        let numbers = decode::numbers(words);
        let hundredth = || match numbers.as_slice() {
            [n] if percent => n.to_string().parse().ok().map(|n| (n, 100)),
            _ => None,
        };
        let Some((part, whole)) = decode::share(words).or_else(hundredth) else { return numbers.is_empty() };
        let Some(other) = whole.checked_sub(part).filter(|other| *other > 0) else { return false };
        let hundredfold = 100 * u64::from(other);
        let taken = if hundredfold % u64::from(whole) == 0 {
            format!("{}%", hundredfold / u64::from(whole))
        } else {
            format!("{other}/{whole}")
        };
        let amounts = self.intent.actions.iter().flat_map(|a| a.values.iter());
        amounts.filter(|(_, v)| v.value.split(' ').next() == Some(taken.as_str())).count() == 1
    }

    /// Whether a word is the name of a token, a chain, a venue or an account.
    pub(super) fn names_something(&self, word: &str) -> bool {
        let vocabulary = self.evidence.vocabulary;
        let unsupported = || vocabulary.unsupported_chains.iter().chain(&vocabulary.unsupported_venues);
        word.ends_with(".eth")
            || unsupported().any(|n| n == word)
            || vocabulary.tokens.iter().any(|t| t.symbol.eq_ignore_ascii_case(word))
            || vocabulary.chains.iter().any(|c| c.id == word)
            || vocabulary.venues.iter().any(|v| v.words.iter().any(|w| w == word))
    }
}

pub(super) fn list_sign(words: &[String]) -> bool {
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
        // “a third” is a part, whatever list it stands in.
        && !words.iter().skip(1).any(|w| matches!(w.as_str(), "third" | "quarter" | "fourth" | "fifth" | "tenth"))
}
