//! How much each action moves: exact, a share of a balance, or what an earlier action put out.

use super::*;

impl Binder<'_> {
    /// The amount of a role, resolved against outputs; a question when it is not exact.
    pub(super) fn amount(&mut self, said: &Said, token: Option<&str>, owner: Owner<'_>) -> Option<Amount> {
        let spans = &said.amount;
        let thing = token.unwrap_or("it");
        if said.approx {
            let text = format!("“About” was read as exactly that much {thing}.");
            self.out.notes.push(Note { code: "approximate_amount".into(), text });
        }
        let vague = |this: &mut Self, reason, label: String| {
            this.problem(ask(Field::Amount, reason, label).with_spans(spans));
            None
        };
        match said.how {
            How::Either(a, b) => {
                let options = [a, b].into_iter().flatten().map(|d| plain(&d.to_string())).collect();
                let label = "That number can be read in two ways. Which one do you mean?".to_owned();
                self.problem(
                    ask(Field::NumberFormat, Reason::Ambiguous, label)
                        .with_spans(spans)
                        .with_options(options),
                );
                return None;
            }
            How::Vague | How::Enough | How::Times(..) => {
                return vague(self, Reason::Ambiguous, format!("How much {thing} exactly?"));
            }
            How::Invalid | How::AtLeast(_) => {
                return vague(self, Reason::Invalid, format!("How much {thing} should it be?"));
            }
            _ => {}
        }
        if let Some(question) = self.sanity(said.how, token) {
            self.problem(question.with_spans(spans));
            return None;
        }
        if self.pool == Pool::Unclear {
            let label =
                "Part of what? The steps before leave two things it could be. How much of which token?";
            return vague(self, Reason::Ambiguous, label.to_owned());
        }
        let of_output = match said.base {
            Base::It => true,
            Base::The => self
                .outputs
                .nearest(token, said.how == How::Rest)
                .is_some_and(|o| token.is_some() && self.outputs.list[o].token == token.unwrap_or_default()),
            Base::Unsaid => {
                let share = matches!(
                    said.how,
                    How::Percent(_)
                        | How::Fraction(..)
                        | How::All
                        | How::Rest
                        | How::AllBut(_)
                        | How::AtMost(_)
                );
                let bare = said.thing == Thing::Unsaid || said.how == How::Rest;
                let exact = matches!(said.how, How::Exact(_))
                    && said.thing == Thing::Unsaid
                    && !self.outputs.list.is_empty();
                let rest = said.how == How::Rest;
                let found = self.source_of(token, rest).map(|o| self.outputs.list[o].use_);
                let left = found.is_some_and(|u| u == Use::Part) || !self.wallet_part(token);
                (share && bare && found.is_some() && (!rest || left)) || exact
            }
            Base::Mine => false,
        };
        if of_output && said.which.steps.count_ones() > 1 {
            let taken = self.outputs.sum(said.which.steps, said.how);
            if taken.is_none() {
                return vague(self, Reason::Ambiguous, format!("How much {thing} should it be?"));
            }
            return taken;
        }
        // “it” is the nearest; “all of it”, “the USDC” of two steps is both.
        if of_output
            && said.which == crate::chunk::Which::default()
            && (said.plural || said.base != Base::It)
            && matches!(said.how, How::All | How::Unsaid)
            && let Some(steps) = self.outputs.several(token)
        {
            return Some(Amount::Output(steps, Take::All));
        }
        // “half of the USDC”, “the rest”, of two outputs in the same token: of which?
        let twins = self.outputs.list.iter().filter(|o| Some(o.token.as_str()) == token && o.step > 0);
        // What came out later was taken from what is divided.
        let source = self.source_of(token, said.how == How::Rest).map(|o| self.outputs.list[o].step);
        let before = |o: &&Output| said.how != How::Rest || source.is_none_or(|s| o.step <= s);
        let twins = twins.filter(|o| o.use_ != Use::Whole).filter(before).count();
        let part = !matches!(said.how, How::All | How::Unsaid | How::Exact(_) | How::Usd(_));
        if of_output && part && twins > 1 && self.pool == Pool::Nearest && said.base != Base::It {
            return vague(
                self,
                Reason::Ambiguous,
                format!("Which of the {thing} do you mean, and how much?"),
            );
        }
        let open = self.outputs.list.iter().rev().take_while(|o| o.use_ == Use::None && o.step > 0).count();
        if of_output && said.plural && said.how == How::All && open > 1 {
            // “both”, of two tokens: two transfers, or one? It was not said.
            return vague(self, Reason::Ambiguous, "Which of the amounts do you mean?".to_owned());
        }
        if of_output {
            let found = self.source_of(token, said.how == How::Rest);
            let taken = found.and_then(|o| self.outputs.list[o].amount(said.how, said.base == Base::It));
            if taken.is_none() {
                return vague(self, Reason::Ambiguous, format!("How much {thing} should it be?"));
            }
            return taken;
        }
        let amount = match said.how {
            How::Unsaid if said.debt => Amount::Balance(Take::All),
            How::Unsaid => {
                let label = match owner.verb {
                    Some(verb) => format!("How much {thing} should I {verb}?"),
                    None => format!("How much {thing} should it be?"),
                };
                return vague(self, Reason::Missing, label);
            }
            How::Exact(n) => Amount::Exact(n),
            How::Usd(n) => Amount::Usd(n),
            How::Percent(p) => Amount::Balance(Take::Percent(p)),
            How::Fraction(n, d) => Amount::Balance(Take::Fraction(n, d)),
            How::All => Amount::Balance(Take::All),
            How::AllBut(n) => Amount::Balance(Take::AllBut(n)),
            How::AtMost(n) => Amount::Balance(Take::AtMost(n)),
            How::Rest if self.wallet_part(token) => Amount::Balance(Take::Rest),
            _ => {
                return vague(
                    self,
                    Reason::Ambiguous,
                    format!("The rest of what? How much {thing} should it be?"),
                );
            }
        };
        let gone = self.wallet_taken(token) == Some(Use::Whole);
        if gone && !owner.position && !self.outputs.list.iter().any(|o| Some(o.token.as_str()) == token) {
            return vague(
                self,
                Reason::Ambiguous,
                format!("All the {thing} is used already. How much should it be?"),
            );
        }
        let part = match said.how {
            How::Percent(p) => 10u128
                .checked_pow(u32::from(p.scale()))
                .and_then(|unit| Some((p.mantissa(), unit.checked_mul(100)?))),
            How::Fraction(n, d) => Some((u128::from(n), u128::from(d))),
            _ => None,
        };
        let more = self.ellipsis;
        if let (Some(part), Some(token)) = (part, token)
            && !self.outputs.take_share(token, part, more)
        {
            let label = format!("Those parts are more than all the {token}. How much should it be?");
            return vague(self, Reason::Invalid, label);
        }
        self.took(&amount, token, owner.position);
        Some(amount)
    }

    pub(super) fn wallet_part(&self, token: Option<&str>) -> bool {
        self.wallet_taken(token).is_some_and(|taken| taken != Use::Whole)
    }

    /// How much of the wallet's balance on this chain earlier actions took.
    fn wallet_taken(&self, token: Option<&str>) -> Option<Use> {
        let chain = self.chain_id().unwrap_or_default();
        let mut taken = self.outputs.wallet.iter();
        taken.find(|((c, t), _)| *c == chain && Some(t.as_str()) == token).map(|(_, taken)| *taken)
    }

    /// An exact amount of a token that an action put out takes from that output.
    pub(super) fn took(&mut self, amount: &Amount, token: Option<&str>, position: bool) {
        let Some(token) = token else { return };
        let here = self.chain_id();
        let fits = |o: &&mut Output| {
            o.token == token && o.use_ != Use::Whole && (o.chain.is_none() || o.chain == here)
        };
        let Some(output) = self.outputs.list.iter_mut().rfind(fits) else {
            let whole = matches!(amount, Amount::Balance(Take::All | Take::Rest));
            if !position {
                let place = (here.unwrap_or_default(), token.to_owned());
                self.outputs.take_wallet(place, if whole { Use::Whole } else { Use::Part });
            }
            return;
        };
        if matches!(amount, Amount::Exact(_) | Amount::Usd(_)) && !position {
            output.count();
        }
    }

    /// Zero, over 100 %, more decimals than the token has.
    pub(super) fn sanity(&self, how: How, token: Option<&str>) -> Option<Question> {
        let thing = token.unwrap_or("it");
        let bad = |label: String| Some(ask(Field::Amount, Reason::Invalid, label));
        let (number, counted) = match how {
            How::Exact(n) | How::AllBut(n) | How::AtMost(n) | How::AtLeast(n) => (n, true),
            How::Usd(n) => (n, false),
            How::Percent(p) if p > crate::decimal::Decimal::new(100, 0) => {
                return bad(format!("{p}% is more than all of {thing}. How much should it be?"));
            }
            How::Percent(p) => (p, false),
            _ => return None,
        };
        if number.is_zero() {
            return bad(format!("An amount of 0 does nothing. How much {thing} should it be?"));
        }
        let decimals = token.and_then(|t| self.decimals(t)).filter(|_| counted)?;
        if number.scale() > decimals {
            return bad(format!(
                "{thing} has {decimals} decimals; {number} has more. How much should it be?"
            ));
        }
        None
    }

    pub(super) fn decimals(&self, token: &str) -> Option<u8> {
        let chain = self.chain_id();
        let fits = |c: &str| chain.as_deref().is_none_or(|id| id == c);
        self.lexicon
            .vocabulary
            .tokens
            .iter()
            .find(|t| fits(&t.chain) && t.symbol == token)
            .map(|t| t.decimals)
    }

    /// The funds a clause gives, completed by a share, an exception or a cap said apart from them.
    pub(crate) fn given(&self, clause: &Clause) -> Option<(Said, Filled)> {
        let filled = match clause.get(Slot::Give) {
            Some(filled) => filled.clone(),
            None => {
                let part = clause.get(Slot::Part)?;
                Filled { slot: Slot::Give, ..part.clone() }
            }
        };
        let Value::Funds(mut said) = filled.value.clone() else { return None };
        let extend = |said: &mut Said, slot: Slot, how: &dyn Fn(&Said, &Said) -> How| {
            if let Some(more) = clause.funds(slot) {
                said.how =
                    if more.thing == Thing::Unsaid || more.thing == said.thing || said.thing == Thing::Unsaid
                    {
                        how(said, more)
                    } else {
                        How::Vague
                    };
                if said.thing == Thing::Unsaid {
                    said.thing = more.thing.clone();
                    said.token.clone_from(&more.token);
                }
                said.amount.extend(&more.amount);
            }
        };
        if clause.get(Slot::Give).is_some() {
            extend(&mut said, Slot::Part, &|own, more| match own.how {
                How::Unsaid => more.how,
                _ => How::Vague,
            });
        }
        extend(&mut said, Slot::Except, &|own, more| match (own.how, more.how) {
            (How::All, How::Exact(n)) => How::AllBut(n),
            (How::All | How::Unsaid, How::Either(a, b)) => How::Either(a, b),
            (How::Unsaid, How::Exact(n)) if own.base != Base::Unsaid => How::AllBut(n),
            _ => How::Vague,
        });
        extend(&mut said, Slot::Cap, &|own, more| match (own.how, more.how) {
            (How::All, How::Exact(n)) => How::AtMost(n),
            (How::Unsaid, How::Exact(n)) => How::AtMost(n),
            (How::All, How::Either(a, b)) => How::Either(a, b),
            _ => How::Vague,
        });
        if clause.get(Slot::InFull).is_some() && said.how == How::Unsaid {
            said.how = How::All;
            said.amount.extend(clause.get(Slot::InFull).into_iter().flat_map(|f| f.spans.iter().copied()));
        }
        Some((said, filled))
    }
}
