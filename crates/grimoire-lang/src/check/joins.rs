//! Words that join, count or keep: each stands where it can mean that, and nowhere else.

use super::*;

impl Check<'_> {
    /// “before” and “after” stand between two actions or before the first of two; “third” follows “second”; “keep the
    /// rest” ends an action.
    pub(super) fn joins(&self, span: Span) -> Result<(), Violation> {
        let words = self.words(&[span]);
        let roles: Vec<&(Span, String)> =
            self.evidence.roles.iter().filter(|(s, r)| s.turn == span.turn && r != "silent").collect();
        let before = roles.iter().rev().find(|(s, _)| s.end <= span.start);
        let behind = roles.iter().find(|(s, _)| s.start >= span.end);
        let verb = |r: Option<&&(Span, String)>| r.is_some_and(|(_, r)| r == "verb" || r == "particle");
        let is = |w: &str, list: &[&str]| list.contains(&w);
        let ends = behind.is_none_or(|(_, r)| matches!(r.as_str(), "connective" | "verb" | "set aside"));
        let keeps = words.iter().find(|w| *w != "and").is_some_and(|w| is(w, &["keep", "hold", "leave"]));
        if keeps && (verb(before) || !ends) {
            return broken("keeps_what_is_asked_for", &[span]);
        }
        let whole = words.join(" ");
        if is(&whole, &["nothing else", "that's all", "that is all"])
            && behind.is_some_and(|(_, r)| r != "connective")
        {
            return broken("ends_nothing", &[span]);
        }
        // “supply it when there”: a wait stands before what waits.
        let waits = words.len() == 2 && is(&words[0], &["when", "once"]) && words[1] == "there";
        let linked = || before.is_none_or(|(_, r)| r == "connective") || verb(behind);
        if waits && !linked() {
            return broken("waits_for_nothing", &[span]);
        }
        // “before swapping”, “before you swap”: a bare verb is no such thing.
        let follows = words.last().is_some_and(|w| is(w, &["before", "prior", "after"]));
        let bare = |s: &Span| self.words(&[*s]).iter().all(|w| !w.ends_with("ing"));
        if follows && behind.is_some_and(|(s, r)| r == "verb" && bare(s)) {
            return broken("joins_nothing", &[span]);
        }
        if ordering(&words) && words.len() <= 3 {
            let said =
                roles.iter().any(|(s, r)| s.end <= span.start && r != "connective" && r != "stated balance");
            let linked = before.is_some_and(|(s, r)| r == "connective" && self.text(*s) != ",");
            // “before X, Y”: no list, and nothing in front.
            let last = roles.iter().rev().find(|(_, r)| r == "verb").map_or(0, |(s, _)| s.start);
            let listed = roles.iter().any(|(s, r)| {
                r == "connective"
                    && (span.start..last).contains(&s.start)
                    && self.text(*s).contains([':', ';', '\n', '1', '2'])
            });
            let fresh = before.is_none_or(|(s, _)| !self.text(*s).contains(char::is_alphanumeric));
            let counts = |w: &str| is(w, &["then", "first", "second", "third", "action", "step"]);
            // “after you've borrowed 600 USDC, bridge it, then …”
            let having = words[0] == "after" && words.iter().any(|w| is(w, &["you've", "i've", "we've"]));
            let opens_two = self.actions_said(span.turn) > 1
                && fresh
                && !listed
                && (having || !self.also_says(span, counts));
            let alone = !self.also_says(span, |w| is(w, &["before", "after", "prior", "ahead"]));
            let and = words.len() > 1 && is(&words[0], &["and", "then"]);
            let placed = said && !linked && !and || !said && opens_two || self.evidence.messages.len() > 1;
            if !verb(behind) || !placed || !alone {
                return broken("joins_nothing", &[span]);
            }
        }
        // “but but swap it”, “but by withdrawing”
        let linked = |r: Option<&&(Span, String)>| {
            r.is_some_and(|(s, r)| r == "connective" && self.text(*s).contains(char::is_alphabetic))
        };
        let lone = words == ["but"];
        if lone && (linked(behind) || before.is_none() && self.evidence.messages.len() == 1) {
            return broken("joins_nothing", &[span]);
        }
        if words.len() > 1 && words[0] == "but" && before.is_none() && self.evidence.messages.len() == 1 {
            return broken("joins_nothing", &[span]);
        }
        let ordinals = ["first", "second", "third", "fourth", "fifth"];
        let place = |w: &str| ordinals.iter().position(|o| w == *o || w == format!("{o}ly"));
        let alone = words.len() == 1 || words.len() == 2 && is(&words[1], &["step", "action", "part"]);
        let ordinal = words.first().filter(|_| alone).and_then(|w| place(w));
        if let Some(at) = ordinal {
            let verbs = roles.iter().filter(|(_, r)| r == "verb");
            let last = at == 0
                && verbs.clone().count() > 1
                && verbs.clone().any(|(s, _)| self.stands_behind(span, *s));
            let opens = last || before.is_none_or(|(_, r)| r == "connective");
            let counted = |s: &Span| self.words(&[*s]).first().and_then(|w| place(w));
            let signs = roles.iter().filter(|(s, r)| r == "connective" && *s != span);
            let twice = signs.clone().any(|(s, _)| counted(s) == Some(at));
            let follows =
                at < 2 || signs.clone().any(|(s, _)| s.start < span.start && counted(s) == Some(at - 1));
            // As many actions stand before it; “finally, third” counts twice.
            let early = verbs.filter(|(s, _)| s.end <= span.start).count() < at;
            let signs_before = roles.iter().rev().filter(|(s, _)| s.end <= span.start);
            let again = signs_before.take_while(|(_, r)| r == "connective").any(|(s, _)| {
                let words = self.words(&[*s]);
                words.iter().any(|w| is(w, &["finally", "lastly", "last", "next"]) || place(w).is_some())
            });
            if !opens || twice || !follows || early || again || at > 0 && at >= self.intent.actions.len() {
                return broken("counts_nothing", &[span]);
            }
        }
        Ok(())
    }

    /// “but” and “keep” begin the words before a bound; “should” stands before what should be.
    pub(super) fn leads(&self, span: Span) -> Result<(), Violation> {
        let behind = self.evidence.roles.iter().find(|(s, _)| s.turn == span.turn && s.start >= span.end);
        let bounds = ["max slippage", "min out", "max in", "max gas", "deadline"];
        if !behind.is_some_and(|(_, r)| bounds.contains(&r.as_str())) {
            return Ok(());
        }
        let words = self.words(&[span]);
        let is = |w: &str, list: &[&str]| list.contains(&w);
        for (i, word) in words.iter().enumerate() {
            let next = words.get(i + 1).map_or("", String::as_str);
            let sane = match word.as_str() {
                "but" => words[..i].iter().all(|w| w == ",") && next != "but" && next != "keep",
                "keep" => {
                    let nouns =
                        ["max", "maximum", "min", "minimum", "slippage", "gas", "deadline", "price", "fees"];
                    let bounds = [
                        "",
                        "at",
                        "under",
                        "within",
                        "below",
                        "valid",
                        "accepting",
                        "with",
                        "it",
                        "the",
                        "my",
                    ];
                    let bound = is(next, &nouns) || is(next, &bounds);
                    let key = self.text(span).trim_end().ends_with([':', '=']);
                    bound
                        && !key
                        && !words.iter().any(|w| is(w, &["must", "should", "trade", "swap"]))
                        && i == 0
                }
                "should" => {
                    words[..i].iter().all(|w| w != "must")
                        && is(
                            next,
                            &[
                                "be", "not", "have", "stay", "settle", "execute", "complete", "exceed", "go",
                                "use", "remain", "never", "land", "confirm", "clear", "happen", "cost",
                                "take", "fill", "finish", "only", "get",
                            ],
                        )
                }
                _ => true,
            };
            if !sane {
                return broken("leads_to_nothing", &[span]);
            }
        }
        Ok(())
    }

    /// How many verbs a turn has.
    fn actions_said(&self, turn: u16) -> usize {
        self.evidence.roles.iter().filter(|(s, r)| s.turn == turn && r == "verb").count()
    }

    /// Whether another connective of the turn has such a word.
    fn also_says(&self, span: Span, such: impl Fn(&str) -> bool) -> bool {
        let others = self.evidence.roles.iter().filter(|(s, r)| {
            *s != span && s.turn == span.turn && matches!(r.as_str(), "connective" | "silent")
        });
        others.flat_map(|(s, _)| self.words(&[*s])).any(|w| such(&w))
    }
}

/// Whether a connective turns the order round, or may.
fn ordering(words: &[String]) -> bool {
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    has(&["before", "after", "prior", "ahead"]) && !has(&["that", "this", "all"])
}
