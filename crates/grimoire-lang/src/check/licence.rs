//! Every role stands where its marker allows, and the plan is sane.

use super::*;

impl Check<'_> {
    pub(super) fn complete(&self, action: &Action) -> Result<(), Violation> {
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
        let may: &[Role] = match action.kind {
            ActionKind::Swap => {
                &[AmountIn, AmountOut, Recipient, Role::MaxSlippage, Role::MinOut, Role::MaxIn]
            }
            ActionKind::Deposit => &[Role::As],
            ActionKind::Borrow => &[Role::Collateral],
            ActionKind::Bridge => &[Recipient],
            _ => &[],
        };
        let always = [Role::MaxGas, Role::Deadline];
        let foreign = |r: &Role| !needed.contains(r) && !may.contains(r) && !always.contains(r);
        if action.values.iter().any(|(role, _)| foreign(role)) {
            return broken("role_the_action_has_not", &[]);
        }
        Ok(())
    }

    /// The word before a value allows its role.
    pub(super) fn licensed(&self, action: &Action, role: Role, value: &Sourced) -> Result<(), Violation> {
        let Source::Words(spans) = &value.source else { return Ok(()) };
        let Some(first) = spans.first() else { return broken("value_without_words", &[]) };
        self.bounded(role, spans)?;
        let before = self.marker_before(*first);
        let Some(marker) = before else { return self.in_order(action, role, *first) };
        let goal = matches!(marker.as_str(), "to" | "into" | "onto" | "->" | "→");
        // What a key before a value says: “--from”, “in:”, “to_chain=”, “by selling”.
        let said = self.key_before(*first);
        let key = |list: &[&str]| said.iter().any(|w| list.contains(&w.as_str()));
        let keyed = match (action.kind, role) {
            (ActionKind::Swap, Role::TokenIn) | (ActionKind::Bridge, Role::Chain) => {
                key(&["to", "out", "destination", "dst"])
            }
            (ActionKind::Swap, Role::TokenOut) => {
                key(&["from", "in", "source", "src", "selling", "spending", "paying"])
            }
            (ActionKind::Bridge, Role::ToChain) => key(&["from", "source", "src", "in"]),
            _ => false,
        };
        if keyed {
            return broken("role_without_its_key", spans);
        }
        let verb = self.verb_before(*first);
        let buys = verb.as_deref().is_some_and(buys);
        let bad = match (action.kind, role) {
            (ActionKind::Swap, Role::TokenIn) => {
                goal || matches!(marker.as_str(), "on" | "onto" | "between" | "among" | "across")
                    || marker == "for" && !buys
            }
            (ActionKind::Swap, Role::TokenOut) => {
                matches!(marker.as_str(), "with" | "w" | "using" | "from" | "spending" | "selling")
                    || marker == "for" && buys
            }
            (ActionKind::Bridge, Role::Chain) => goal,
            (ActionKind::Bridge, Role::ToChain) => matches!(marker.as_str(), "from" | "off"),
            (ActionKind::Withdraw, Role::Venue) => goal || matches!(marker.as_str(), "over" | "across"),
            (ActionKind::Deposit, Role::Venue) => matches!(marker.as_str(), "from" | "out" | "back"),
            (ActionKind::Borrow | ActionKind::Repay, Role::Venue) => {
                matches!(marker.as_str(), "out" | "back")
            }
            (_, Role::Recipient) => matches!(marker.as_str(), "from" | "with" | "using" | "on"),
            (ActionKind::Borrow, Role::Token) => listed(&LISTS.secures, &marker),
            (ActionKind::Borrow, Role::Collateral) => {
                !listed(&LISTS.secures, &marker) && !self.said_to_secure(*first)
            }
            _ => false,
        };
        if bad { broken("role_without_its_marker", spans) } else { Ok(()) }
    }

    /// “use wstETH as collateral”: the words right behind say what it is for.
    fn said_to_secure(&self, span: Span) -> bool {
        let behind = self.evidence.roles.iter().find(|(s, _)| s.turn == span.turn && s.start >= span.end);
        behind.is_some_and(|(s, r)| r == "particle" && self.words(&[*s]).iter().any(|w| w == "collateral"))
    }

    /// Without markers, what is given stands before what is got, unless it is bought; and where from before where to.
    pub(super) fn in_order(&self, action: &Action, role: Role, first: Span) -> Result<(), Violation> {
        // What the words of earlier turns were taken as is not known any more: they were checked then.
        let seen = self.evidence.roles.iter().any(|(s, _)| s.turn == first.turn);
        let goal = match (action.kind, role) {
            _ if !seen => return Ok(()),
            (ActionKind::Swap, Role::TokenIn) => Role::TokenOut,
            (ActionKind::Bridge, Role::Chain) => Role::ToChain,
            (ActionKind::Borrow, Role::Collateral) => {
                return broken("role_without_its_marker", &[first]);
            }
            _ => return Ok(()),
        };
        let Some(Source::Words(out)) = action.sourced(goal).map(|s| &s.source) else {
            return Ok(());
        };
        let Some(out) = out.first().filter(|o| o.turn == first.turn && self.marker_before(**o).is_none())
        else {
            return Ok(());
        };
        let buys = self.verb_before(first).as_deref().is_some_and(buys);
        let turned = buys && role == Role::TokenIn;
        if first.start > out.start && !turned { broken("role_without_its_place", &[first]) } else { Ok(()) }
    }

    /// The marker the reader saw right before a phrase: the last marker run, if nothing but the same phrase stands between.
    pub(super) fn marker_before(&self, span: Span) -> Option<String> {
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

    /// The words of the key right before a phrase, if the marker there is one, and of a participle.
    fn key_before(&self, span: Span) -> Vec<String> {
        let roles: Vec<&(Span, String)> =
            self.evidence.roles.iter().filter(|(s, _)| s.turn == span.turn).collect();
        let at = roles.iter().rposition(|(s, _)| s.start <= span.start).and_then(|at| at.checked_sub(1));
        let Some((marker, _)) = at.and_then(|at| roles.get(at)).filter(|(_, r)| r == "marker") else {
            return Vec::new();
        };
        let text = self.text(*marker).trim();
        let words = decode::words(text).into_iter().map(|(_, _, w)| w);
        if text.starts_with('-') && !text.starts_with("->") || text.ends_with([':', '=']) {
            return words.flat_map(|w| w.split('_').map(str::to_owned).collect::<Vec<_>>()).collect();
        }
        words.filter(|w| w.ends_with("ing")).collect()
    }

    pub(super) fn verb_before(&self, span: Span) -> Option<String> {
        let verbs = || self.evidence.roles.iter().filter(|(s, r)| s.turn == span.turn && r == "verb");
        let verb = verbs().rev().find(|(s, _)| s.start <= span.start).or_else(|| verbs().next())?;
        Some(self.text(verb.0).to_lowercase())
    }

    /// One phrase does not feed two roles of one action, nor both sides of it.
    pub(super) fn used_once(&self, action: &Action) -> Result<(), Violation> {
        let words = |v: &Sourced| match &v.source {
            Source::Words(spans) => spans.clone(),
            _ => Vec::new(),
        };
        for (i, (a, first)) in action.values.iter().enumerate() {
            for (b, second) in &action.values[i + 1..] {
                // “it” is an amount and the token it is of.
                let of = matches!((a, b), (Role::Token, Role::Amount) | (Role::TokenIn, Role::AmountIn));
                if !of && words(first).iter().any(|s| words(second).contains(s)) {
                    return broken("words_used_twice", &words(first));
                }
            }
        }
        Ok(())
    }

    pub(super) fn sane(&self, index: usize, action: &Action) -> Result<(), Violation> {
        let same = |a: Role, b: Role| action.get(a).is_some() && action.get(a) == action.get(b);
        if same(Role::TokenIn, Role::TokenOut) || same(Role::Chain, Role::ToChain) {
            return broken("to_itself", &[]);
        }
        let native = |t: &str| {
            let chain = action.get(Role::Chain);
            self.evidence.vocabulary.chains.iter().any(|c| Some(c.id.as_str()) == chain && c.native == t)
        };
        let wraps = matches!(action.kind, ActionKind::Wrap | ActionKind::Unwrap);
        if wraps && !action.get(Role::Token).is_some_and(native) {
            return broken("not_the_native_token", &[]);
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
            if action.kind == ActionKind::Withdraw && matches!(amount, Amount::Output(..)) {
                return broken("an_output_is_not_in_a_market", &[]);
            }
            if action.kind == ActionKind::Borrow && !matches!(amount, Amount::Exact(_) | Amount::Usd(_)) {
                return broken("a_loan_is_exact", &[]);
            }
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
                // What came out as the native token is not wrapped: there is nothing to unwrap.
                let turned = matches!(action.kind, ActionKind::Wrap | ActionKind::Unwrap);
                let held = self.held(action);
                let of_it = |step: &u8| self.output(*step).is_some_and(|(token, _)| Some(token) == held);
                if !steps.iter().all(puts_out) || turned && !steps.iter().all(of_it) {
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

/// Whether a verb gets something; “get rid of” does not.
fn buys(verb: &str) -> bool {
    let mut words = verb.split_whitespace();
    words.clone().any(|w| listed(&LISTS.buy, w)) && !words.any(|w| w == "rid")
}
