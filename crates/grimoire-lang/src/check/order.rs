//! Every action was asked for by words of its own, in the order the words give, by a verb that can mean it.

use super::*;

impl Check<'_> {
    /// The words of an action's values, without those of bounds: a bound may hold for several actions.
    fn spans_of(&self, index: usize) -> Vec<(Role, Span)> {
        let Some(action) = self.intent.actions.get(index) else { return Vec::new() };
        let bound = |r: &Role| matches!(r, Role::MaxSlippage | Role::MaxGas | Role::Deadline);
        let said = action.values.iter().filter(|(r, _)| !bound(r));
        said.flat_map(|(role, v)| match &v.source {
            Source::Words(spans) | Source::Rule { spans, .. } => spans.iter().map(|s| (*role, *s)).collect(),
            _ => Vec::new(),
        })
        .collect()
    }

    /// The words of an action that no other action has. Where a bridge goes is the next action's chain as well.
    fn own_spans(&self, index: usize) -> Vec<Span> {
        let others = (0..self.intent.actions.len()).filter(|i| *i != index);
        let taken: Vec<(Role, Span)> = others.flat_map(|i| self.spans_of(i)).collect();
        let other = |role: Role, span: Span| {
            taken.iter().any(|(r, s)| *s == span && !(role == Role::ToChain && *r == Role::Chain))
        };
        let own = self.spans_of(index).into_iter().filter(|(role, span)| !other(*role, *span));
        let mut own: Vec<Span> = own.map(|(_, span)| span).collect();
        own.sort_unstable();
        own
    }

    fn verbs(&self, turn: u16) -> Vec<Span> {
        let verbs = self.evidence.roles.iter().filter(|(s, r)| s.turn == turn && r == "verb");
        verbs.map(|(s, _)| *s).collect()
    }

    /// The place of the verb an action hangs on, among the verbs of its turn: the last one before its last words.
    fn place(&self, index: usize) -> Option<(u16, usize)> {
        let last = self.own_spans(index).into_iter().next_back()?;
        let verbs = self.verbs(last.turn);
        Some((last.turn, verbs.iter().rposition(|v| v.start <= last.start).unwrap_or(0)))
    }

    /// The words of that verb.
    pub(super) fn verb_of(&self, index: usize) -> Option<String> {
        let (turn, place) = self.place(index)?;
        Some(self.text(*self.verbs(turn).get(place)?).to_lowercase())
    }

    /// More actions than verbs: each has words of its own.
    pub(super) fn every_action_said(&self) -> Result<(), Violation> {
        let verbs = self.evidence.roles.iter().filter(|(_, r)| r == "verb").count();
        let count = self.intent.actions.len();
        let one_turn = self.evidence.messages.len() == 1;
        // “and half deposit it”: an amount alone, with a verb right behind it, is no action.
        let cut = |i: usize| {
            let own = self.own_spans(i);
            let [amount] = own[..] else { return false };
            let roles = self.evidence.roles.iter().filter(|(s, r)| s.turn == amount.turn && r != "silent");
            let behind = roles.clone().find(|(s, _)| s.start >= amount.end).is_some_and(|(_, r)| r == "verb");
            let ahead =
                roles.rev().find(|(s, _)| s.end <= amount.start).is_some_and(|(_, r)| r == "connective");
            behind && ahead && self.place(i) == self.place(i.wrapping_sub(1))
        };
        if one_turn && (1..count).any(cut) {
            return broken("action_nobody_asked_for", &[]);
        }
        if one_turn && count > verbs && (1..count).any(|i| self.only_counted(i)) {
            return broken("action_nobody_asked_for", &[]);
        }
        if one_turn && (1..count).any(|i| self.one_number(i)) {
            return broken("one_number_or_two", &[]);
        }
        if one_turn && count > verbs.max(1) && (0..count).any(|i| self.own_spans(i).is_empty()) {
            return broken("action_nobody_asked_for", &[]);
        }
        Ok(())
    }

    /// Whether an action has an amount of its own and nothing else, not even a verb: “send 25 USDC to bob.eth, half”.
    fn only_counted(&self, index: usize) -> bool {
        let own = self.own_spans(index);
        let spans = self.spans_of(index);
        let amount = |s: &Span| {
            let roles = spans.iter().filter(|(_, o)| o == s).map(|(r, _)| *r);
            roles.clone().count() > 0 && roles.clone().any(|r| matches!(r, Role::Amount | Role::AmountIn))
        };
        let before = index.checked_sub(1).and_then(|i| self.place(i));
        !own.is_empty() && own.iter().all(amount) && self.place(index) == before
    }

    /// “two hundred and only fifty USDC”: two amounts of one token said behind the second, or one number.
    fn one_number(&self, index: usize) -> bool {
        let amount = |i: usize| {
            let of = |(r, _): &(Role, Span)| matches!(r, Role::Amount | Role::AmountIn | Role::AmountOut);
            self.spans_of(i).into_iter().find(of).map(|(_, s)| s)
        };
        let Some((first, second)) = index.checked_sub(1).and_then(amount).zip(amount(index)) else {
            return false;
        };
        let scaled = self
            .words(&[first])
            .last()
            .is_some_and(|w| matches!(w.as_str(), "hundred" | "thousand" | "million"));
        let between = |s: &Span| {
            s.turn == first.turn && s.start >= first.end && s.end <= second.start && first.turn == second.turn
        };
        let joined = self.evidence.roles.iter().filter(|(s, _)| between(s)).all(|(s, r)| {
            r == "silent" || r == "connective" && matches!(self.text(*s).to_lowercase().as_str(), "and" | "&")
        });
        scaled && joined && first.end <= second.start
    }

    /// The actions stand in the order of their words, but for “after” and “before”.
    pub(super) fn in_the_order_said(&self) -> Result<(), Violation> {
        if self.evidence.messages.len() > 1 {
            // What earlier turns' words were taken as is not known any more.
            return Ok(());
        }
        let count = self.intent.actions.len();
        let first = |i: usize| self.own_spans(i).first().copied();
        let places: Vec<(usize, (u16, usize), Span, ActionKind)> = (0..count)
            .filter_map(|i| Some((i, self.place(i)?, first(i)?, self.intent.actions[i].kind)))
            .collect();
        for (k, (_, a, first_a, kind_a)) in places.iter().enumerate() {
            for (_, b, first_b, kind_b) in places.iter().skip(k + 1) {
                let later = match a.cmp(b) {
                    std::cmp::Ordering::Less => true,
                    std::cmp::Ordering::Equal => kind_a != kind_b || first_a < first_b,
                    std::cmp::Ordering::Greater => false,
                };
                if later == self.turned(*a, *b) && a != b || a == b && !later {
                    return broken("not_in_the_order_said", &[*first_b]);
                }
            }
        }
        Ok(())
    }

    /// Actions of one verb have a recipient or collateral all, or none: what is said once holds for each.
    pub(super) fn alike(&self) -> Result<(), Violation> {
        if self.evidence.messages.len() > 1 {
            // What earlier turns' words were taken as is not known any more.
            return Ok(());
        }
        let actions = &self.intent.actions;
        for (i, a) in actions.iter().enumerate() {
            for (k, b) in actions.iter().enumerate().skip(i + 1) {
                let one_verb = a.kind == b.kind && self.place(i).is_some() && self.place(i) == self.place(k);
                let roles = [Role::Collateral, Role::As, Role::Recipient];
                if one_verb && roles.iter().any(|r| a.get(*r).is_some() != b.get(*r).is_some()) {
                    return broken("not_alike", &self.own_spans(k));
                }
            }
        }
        Ok(())
    }

    /// Whether “after” or “before” puts the later of two verbs first.
    fn turned(&self, a: (u16, usize), b: (u16, usize)) -> bool {
        let (low, high) = (a.min(b), a.max(b));
        if low.0 != high.0 {
            return false;
        }
        let verbs = self.verbs(low.0);
        let (Some(early), Some(late)) = (verbs.get(low.1), verbs.get(high.1)) else { return false };
        let links = self.evidence.roles.iter().filter(|(s, r)| s.turn == low.0 && r == "connective");
        let (mut turned, mut put_back) = (false, false);
        for (span, _) in links {
            let words: Vec<String> = decode::words(self.text(*span)).into_iter().map(|(_, _, w)| w).collect();
            let is = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
            if words.is_empty() {
                continue;
            }
            let opens = verbs.first().is_some_and(|v| span.start < v.start);
            if opens && is(&["before", "prior", "ahead"]) {
                // “before X, Y”: X comes last.
                turned ^= low.1 == 0;
            }
            let behind =
                verbs.iter().position(|v| v.start > span.start) == Some(high.1) && span.start > early.start;
            let last = words.last().map_or("", String::as_str);
            let waits = listed(&LISTS.settled, last) && !is(&["you", "you've", "i", "i've"]);
            let done = waits
                || matches!(last, "that" | "this" | "completion" | "which") && !is(&["before", "prior"]);
            let that = is(&["that", "this"]) && is(&["before", "prior"]);
            let goes_on =
                is(&["start", "begin", "continue", "finish", "end", "conclude", "kick", "up", "followed"]);
            let back = is(&["after", "first", "having", "beforehand", "upon", "following"])
                || that
                || words[0] == "but" && is(&["before"])
                || is(&["by"]) && !goes_on
                || is(&["once"]) && is(&["you", "you've"]);
            let between = behind && !opens && late.start > span.start;
            put_back |= between && back && !done && high.1 == low.1 + 1;
            // “…, but Y first”
            put_back |=
                high.1 == low.1 + 1 && self.stands_behind(*span, *late) && self.puts_first(&words.join(" "));
        }
        turned ^ put_back
    }

    /// Whether a connective ends the action of a verb: no other verb between them, and none right behind.
    pub(super) fn stands_behind(&self, span: Span, verb: Span) -> bool {
        let roles = || self.evidence.roles.iter().filter(|(s, r)| s.turn == span.turn && r != "silent");
        let verbs = || roles().filter(|(_, r)| r == "verb");
        let own = verbs().rev().find(|(s, _)| s.end <= span.start).is_some_and(|(s, _)| *s == verb);
        let ahead = roles().rev().find(|(s, _)| s.end <= span.start).is_some_and(|(_, r)| r != "connective");
        let follows = roles().find(|(s, _)| s.start >= span.end).is_none_or(|(_, r)| r == "connective");
        own && ahead && follows
    }

    /// A verb that leaves no doubt is followed by what it means.
    pub(super) fn by_its_verb(&self, index: usize, action: &Action) -> Result<(), Violation> {
        let Some((turn, place)) = self.place(index) else { return Ok(()) };
        let verbs = self.verbs(turn);
        let Some(verb) = verbs.get(place) else { return Ok(()) };
        if self.evidence.messages.len() > 1 {
            return Ok(());
        }
        // “wrap and deposit 2 ETH”: two verbs, one object.
        let joined = place.checked_sub(1).and_then(|p| verbs.get(p)).filter(|first| {
            let between = |s: &Span| s.turn == turn && s.start > first.start && s.start < verb.start;
            !self.evidence.roles.iter().any(|(s, r)| between(s) && r != "connective" && r != "silent")
        });
        // “reduce my debt”, “reduce my deposit”: the noun says which.
        let owes = || {
            let next = verbs.get(place + 1).map_or(u32::MAX, |v| v.start);
            let message = self.evidence.messages.get(usize::from(turn)).copied().unwrap_or_default();
            let words = decode::words(message).into_iter();
            let behind = |at: usize| u32::try_from(at).is_ok_and(|at| at >= verb.start && at < next);
            words.filter(|(at, ..)| behind(*at)).any(|(_, _, w)| {
                matches!(w.as_str(), "debt" | "debts" | "loan" | "loans" | "owe" | "owed" | "repay")
            })
        };
        // “usdc → eth → bridge base”: the arrow says it, before any verb does.
        let own = self.own_spans(index);
        let arrow = |(s, r): &(Span, String)| {
            let within =
                own.first().zip(own.last()).is_some_and(|(a, b)| a.start < s.start && s.end <= b.start);
            within && r == "marker" && self.text(*s).contains(['>', '→'])
        };
        let wordless = own.iter().all(|s| s.end <= verb.start) && self.evidence.roles.iter().any(arrow);
        if wordless && matches!(action.kind, ActionKind::Swap | ActionKind::Bridge) {
            return Ok(());
        }
        let means = |verb: &Span| {
            self.kinds_of(*verb).is_none_or(|kinds| {
                let either = [ActionKind::Withdraw, ActionKind::Repay].iter().all(|k| kinds.contains(k));
                let noun = match action.kind {
                    ActionKind::Repay => owes(),
                    ActionKind::Withdraw => !owes(),
                    _ => true,
                };
                kinds.contains(&action.kind) && (!either || noun)
            })
        };
        // “use 1 ETH as collateral to borrow 1000 USDC”: what is borrowed is secured by what was said to.
        let secured = |before: &Action| {
            before.get(Role::As).is_some()
                && before.kind == ActionKind::Deposit
                && self.words(&[*verb]).first().is_some_and(|w| w == "to")
        };
        let before = index.checked_sub(1).and_then(|i| self.intent.actions.get(i));
        if action.kind == ActionKind::Borrow
            && before.is_some_and(secured)
            && action.get(Role::Collateral).is_none()
        {
            return broken("collateral_dropped", &[*verb]);
        }
        if action.kind == ActionKind::Deposit && owes() {
            return broken("a_debt_is_repaid", &[*verb]);
        }
        if means(verb) || joined.is_some_and(means) {
            return Ok(());
        }
        broken("not_what_the_verb_means", &[*verb])
    }

    /// What a verb can mean, if it is one that leaves no doubt.
    fn kinds_of(&self, verb: Span) -> Option<&'static Vec<ActionKind>> {
        let words = self.words(&[verb]);
        let frame = |w: &&String| {
            matches!(
                w.as_str(),
                "to" | "be" | "the" | "a" | "an" | "of" | "do" | "make" | "making" | "our" | "my"
            )
        };
        let words: Vec<&String> = words.iter().filter(|w| !frame(w)).collect();
        let whole = words.iter().map(|w| w.as_str()).collect::<Vec<_>>().join(" ");
        let word = words.first()?;
        if let Some(kinds) = LISTS.kinds.get(&whole) {
            return Some(kinds);
        }
        // “take a loan”, “take out a loan” is no taking out.
        if words.len() > 1 && words.iter().any(|w| *w == "loan") {
            return LISTS.kinds.get("borrow");
        }
        if words.len() > 2 {
            return None;
        }
        let stem = ["ing", "ed", "s"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        let halved = stem.get(..stem.len().saturating_sub(1)).unwrap_or_default();
        let plain =
            [word.as_str(), stem, halved, &format!("{stem}e")].into_iter().find_map(|s| LISTS.kinds.get(s));
        // A slip in a long verb is read as the verb.
        let slips = |w: &&String| w.len() > 4 && crate::lexicon::one_slip(w, word);
        plain.or_else(|| LISTS.kinds.iter().find(|(w, _)| slips(w)).map(|(_, kinds)| kinds))
    }
}
