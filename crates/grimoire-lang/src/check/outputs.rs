//! What each action puts out, and which of it an amount means: derived from the plan and the words alone.

use super::*;

impl Check<'_> {
    /// The token an action puts out and the chain it is on then; none where it goes to somebody or into a market.
    pub(super) fn output(&self, step: u8) -> Option<(String, String)> {
        let action = self.intent.actions.get(usize::from(step).checked_sub(1)?)?;
        let chain = action.get(Role::Chain)?;
        let names = |id: &str| self.evidence.vocabulary.chains.iter().find(|c| c.id == *id);
        let kept = action.get(Role::Recipient).is_none();
        let here = |token: &str| Some((token.to_owned(), chain.to_owned()));
        match action.kind {
            ActionKind::Swap if kept => here(action.get(Role::TokenOut)?),
            ActionKind::Withdraw | ActionKind::Borrow => here(action.get(Role::Token)?),
            ActionKind::Wrap => here(&names(chain)?.wrapped),
            ActionKind::Unwrap => here(&names(chain)?.native),
            ActionKind::Bridge if kept => {
                let (to, token) = (action.get(Role::ToChain)?, action.get(Role::Token)?);
                // ETH arrives as WETH where it is not the native token.
                let wrapped = token == "ETH" && names(to)?.native != "ETH";
                Some((if wrapped { "WETH" } else { token }.to_owned(), to.to_owned()))
            }
            _ => None,
        }
    }

    /// The steps before an action that put something out, in order.
    fn outputs_before(&self, index: usize) -> Vec<(u8, String)> {
        let steps = (1..=index).filter_map(|s| u8::try_from(s).ok());
        steps.filter_map(|s| Some((s, self.output(s)?.0))).collect()
    }

    /// Whether an action before `index` takes something of a step's output.
    fn used_before(&self, index: usize, step: u8) -> bool {
        let token = self.output(step).map(|o| o.0);
        let after = self.intent.actions.iter().take(index).skip(usize::from(step));
        after.filter_map(|a| Some((a, amount_of(a)?))).any(|(a, amount)| match amount {
            Amount::Output(steps, _) => steps.contains(&step),
            Amount::Exact(_) | Amount::Usd(_) => self.held(a) == token,
            Amount::Balance(_) => false,
        })
    }

    /// The nearest output, of a token if one is given; the nearest that was taken from, for the rest of it.
    pub(super) fn nearest_output(&self, index: usize, token: Option<&str>, rest: bool) -> Option<u8> {
        let all = self.outputs_before(index);
        let mut fits = all.iter().rev().filter(|(_, t)| token.is_none_or(|w| w == t)).map(|(s, _)| *s);
        let taken = fits.clone().find(|s| rest && self.used_before(index, *s));
        taken.or_else(|| fits.next())
    }

    /// The token an action takes from the wallet.
    pub(super) fn held(&self, action: &Action) -> Option<String> {
        let names =
            self.evidence.vocabulary.chains.iter().find(|c| Some(c.id.as_str()) == action.get(Role::Chain));
        match action.kind {
            ActionKind::Unwrap => names.map(|n| n.wrapped.clone()),
            ActionKind::Wrap => names.map(|n| n.native.clone()),
            _ => action.get(Role::TokenIn).or(action.get(Role::Token)).map(str::to_owned),
        }
    }

    /// Whether the token of an action nobody named is that of the output it takes.
    pub(super) fn token_of_output(&self, index: usize, action: &Action) -> bool {
        let held = self.held(action);
        let chain = action.get(Role::Chain);
        let put_out = |step: &u8| {
            self.output(*step)
                .is_some_and(|(token, there)| Some(token) == held && Some(there.as_str()) == chain)
        };
        match amount_of(action) {
            Some(Amount::Output(steps, _)) => steps.iter().all(put_out),
            Some(Amount::Balance(Take::Rest)) => {
                let divided = self.divided_before(index, action.get(Role::Chain));
                divided.len() == 1 && held.is_some_and(|h| divided.contains(&h))
            }
            _ => {
                let from = self.divided_last(index).or_else(|| self.nearest_output(index, None, false));
                from.as_ref().is_some_and(put_out)
            }
        }
    }

    /// The tokens on a chain of which the actions before took a part from the wallet.
    fn divided_before(&self, index: usize, chain: Option<&str>) -> BTreeSet<String> {
        let before = self.intent.actions.iter().take(index).enumerate();
        let here = before.filter(|(_, a)| a.get(Role::Chain) == chain);
        here.filter_map(|(i, a)| {
            let held = self.held(a)?;
            let put_out = || self.nearest_output(i, Some(&held), false).is_some();
            let taken = match (a.kind, amount_of(a)) {
                (ActionKind::Withdraw | ActionKind::Borrow, _) => false,
                (ActionKind::Repay, Some(Amount::Balance(_))) => false,
                (_, Some(Amount::Balance(take))) => !matches!(take, Take::All | Take::Rest),
                (_, Some(Amount::Output(..))) => false,
                (_, Some(Amount::Exact(_) | Amount::Usd(_)) | None) => !put_out(),
            };
            taken.then_some(held)
        })
        .collect()
    }

    /// The output of which the action right before took a part: a bare number is of the same.
    fn divided_last(&self, index: usize) -> Option<u8> {
        let at = index.checked_sub(1)?;
        let last = self.intent.actions.get(at)?;
        match amount_of(last)? {
            Amount::Output(steps, take) if take != Take::All => {
                let [step] = steps[..] else { return None };
                Some(step)
            }
            Amount::Exact(_) | Amount::Usd(_) => self.nearest_output(at, Some(&self.held(last)?), false),
            _ => None,
        }
    }

    /// “half of the USDC to Aave and half to Morpho”: the token said once is that of the same outputs.
    fn said_of_output(&self, index: usize, action: &Action, steps: Option<&[u8]>) -> bool {
        let token = |a: &Action| [Role::Token, Role::TokenIn].into_iter().find_map(|r| a.sourced(r)).cloned();
        let said = token(action).filter(|t| matches!(t.source, Source::Words(_)));
        let before = self.intent.actions.iter().take(index);
        said.is_some()
            && before.filter(|a| token(a) == said).any(|a| match amount_of(a) {
                Some(Amount::Output(of, _)) => steps.is_none_or(|steps| of == steps),
                _ => false,
            })
    }

    /// Whether an amount is of what its words name: the wallet, or the output of just these steps.
    pub(super) fn owned(
        &self,
        index: usize,
        action: &Action,
        words: &[String],
        spans: &[Span],
        value: &str,
    ) -> bool {
        let Ok(amount) = value.parse::<Amount>() else { return false };
        let has = |list: &[String]| words.iter().any(|w| listed(list, w));
        // “what I get” is an output.
        let got =
            words.iter().any(|w| matches!(w.as_str(), "get" | "got" | "receive" | "received" | "bought"));
        let (mine, it) = (has(&LISTS.mine) && !got, has(&LISTS.it) || got);
        let token = [Role::Token, Role::TokenIn].into_iter().find_map(|r| action.sourced(r));
        let named = token
            .is_some_and(|t| !matches!(&t.source, Source::Rule { name, .. } if name == "token_of_output"));
        match &amount {
            Amount::Exact(_) | Amount::Usd(_) => true,
            Amount::Balance(take) => {
                // What was put out on another chain is no part of this balance.
                let here = |s: u8| {
                    self.output(s).is_some_and(|(_, chain)| Some(chain.as_str()) == action.get(Role::Chain))
                };
                let divided = || {
                    let held = self.held(action);
                    let divided = self.divided_before(index, action.get(Role::Chain));
                    held.is_some_and(|h| divided.contains(&h))
                };
                let rest = *take != Take::Rest
                    || divided()
                        && self
                            .nearest_output(index, self.held(action).as_deref(), false)
                            .is_none_or(|s| !here(s));
                // Where nothing was put out, “it” is what the draft is about.
                // “the USDC” is the USDC that was put out, if some was.
                let the = words.iter().any(|w| w == "the")
                    && self.nearest_output(index, self.held(action).as_deref(), false).is_some();
                let named = named && !it && !the && !self.said_of_output(index, action, None);
                // “swap 1k usdc → eth, bridge rest”: of which?
                let rest_of = *take == Take::Rest && !it && words != ["rest"];
                let whose = mine || named || rest_of;
                let wallet = whose || self.outputs_before(index).is_empty();
                wallet && rest && self.shared(action, spans, take)
            }
            Amount::Output(steps, take) => {
                let the = words.iter().any(|w| w == "the");
                let meant = self.meant(index, action, words, named && !it, *take == Take::Rest);
                let rest = *take != Take::Rest || steps.iter().all(|s| self.used_before(index, *s));
                let bare =
                    !named || the || has(&LISTS.rest) || self.said_of_output(index, action, Some(steps));
                let held = self.held(action);
                let chain = action.get(Role::Chain);
                let there = steps.iter().all(|s| {
                    self.output(*s).is_some_and(|(t, c)| Some(t) == held && Some(c.as_str()) == chain)
                });
                let meant = match self.said_before(index, spans) {
                    Some(same) => vec![same],
                    None => meant,
                };
                !mine
                    && there
                    && (it || bare)
                    && meant.contains(steps)
                    && rest
                    && self.shared(action, spans, take)
            }
        }
    }

    /// The steps that an earlier action takes by these very words: said once, they mean the same.
    fn said_before(&self, index: usize, spans: &[Span]) -> Option<Vec<u8>> {
        let same = |a: &&Action| {
            let said = a.sourced(Role::Amount).or(a.sourced(Role::AmountIn));
            said.is_some_and(|s| matches!(&s.source, Source::Words(w) if w == spans))
        };
        match amount_of(self.intent.actions.iter().take(index).find(same)?)? {
            Amount::Output(steps, _) => Some(steps),
            _ => None,
        }
    }

    /// The sets of steps the words can mean.
    fn meant(
        &self,
        index: usize,
        action: &Action,
        words: &[String],
        named: bool,
        rest: bool,
    ) -> Vec<Vec<u8>> {
        let numbered: Vec<u8> = words
            .iter()
            .filter_map(|w| {
                let digits = w.strip_prefix("step").or(w.strip_prefix("tx")).unwrap_or(w);
                digits.parse().ok()
            })
            .collect();
        let by_number =
            words.iter().any(|w| ["step", "tx", "action"].iter().any(|n| w.starts_with(n)) && w != "text");
        if by_number {
            let last = numbered.iter().rev().take(
                words
                    .iter()
                    .filter(|w| w.parse::<u8>().is_ok() || w.starts_with("step") || w.starts_with("tx"))
                    .count(),
            );
            let mut steps: Vec<u8> = last.copied().collect();
            steps.reverse();
            return (0..steps.len()).map(|from| steps[from..].to_vec()).collect();
        }
        let token = self.held(action).filter(|_| named || !words.iter().any(|w| listed(&LISTS.it, w)));
        let all = self.outputs_before(index);
        let kind = self.kind_named(words);
        if let Some(kind) = kind {
            let does = |s: &u8| {
                self.intent.actions.get(usize::from(*s) - 1).is_some_and(|a| {
                    a.kind == kind
                        || kind == ActionKind::Swap && matches!(a.kind, ActionKind::Wrap | ActionKind::Unwrap)
                })
            };
            return all.iter().rev().map(|(s, _)| *s).find(does).map(|s| vec![s]).into_iter().collect();
        }
        let mut sets: Vec<Vec<u8>> =
            self.nearest_output(index, token.as_deref(), rest).map(|s| vec![s]).into_iter().collect();
        // What was sent to another chain is not at hand: “bridge half to Base and half to Optimism”.
        let chain = action.get(Role::Chain);
        let near = |(s, t): &&(u8, String)| {
            token.as_ref().is_none_or(|w| w == t)
                && self.output(*s).is_some_and(|(_, c)| Some(c.as_str()) == chain)
        };
        sets.extend(all.iter().rev().find(near).map(|(s, _)| vec![*s]));
        // “both”, “all of it”: the last outputs, all in one token.
        let twins =
            all.iter().rev().take_while(|(_, t)| all.last().is_some_and(|(_, last)| last == t)).count();
        if twins > 1 {
            sets.push(all[all.len() - twins..].iter().map(|(s, _)| *s).collect());
        }
        sets
    }

    /// What the action whose output is meant does, where the words say it.
    fn kind_named(&self, words: &[String]) -> Option<ActionKind> {
        words.iter().find_map(|w| {
            Some(match w.as_str() {
                "swap" | "sale" | "swapped" | "purchased" | "bought" => ActionKind::Swap,
                "bridge" | "bridged" => ActionKind::Bridge,
                "borrowed" => ActionKind::Borrow,
                "withdrawn" => ActionKind::Withdraw,
                "wrapped" => ActionKind::Wrap,
                "unwrapped" => ActionKind::Unwrap,
                _ => return None,
            })
        })
    }

    /// “evenly”: an equal part for each action that shares the words.
    fn shared(&self, action: &Action, spans: &[Span], take: &Take) -> bool {
        let evenly =
            self.words(spans).iter().any(|w| matches!(w.as_str(), "evenly" | "equally" | "each" | "equal"));
        if !evenly || decode::share(&self.words(spans)).is_some() {
            return true;
        }
        let same = |a: &&Action| {
            a.kind == action.kind
                && a.values.iter().any(|(r, s)| {
                    matches!(r, Role::Amount | Role::AmountIn)
                        && matches!(&s.source, Source::Words(w) if w == spans)
                })
        };
        let parts = u32::try_from(self.intent.actions.iter().filter(same).count()).unwrap_or(0);
        match take {
            Take::Percent(p) => derive::percent_of(1, parts) == p.to_string(),
            Take::Fraction(n, d) => (*n, *d) == (1, parts),
            _ => false,
        }
    }
}

/// The amount an action takes.
fn amount_of(action: &Action) -> Option<Amount> {
    action.get(Role::Amount).or(action.get(Role::AmountIn))?.parse().ok()
}
