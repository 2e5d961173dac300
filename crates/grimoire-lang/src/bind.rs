//! Clauses become actions: names become tokens of a chain, “it” becomes an output, and what is missing a question.
//!
//! What comes in: linked clauses and the context's chain. What goes out: actions with canonical values and their
//! sources, and [`Problem`]s. No value is made up: defaults are those of the language contract, and say so.

mod lend;
mod limits;
mod moves;
mod swap;

use crate::amount::{Amount, Take};
use crate::chunk::{Base, How};
use crate::clause::{Clause, Filled, Said, Thing, Value, Where};
use crate::frame::Slot;
use crate::intent::{Action, ActionKind, Note, Role, Sourced};
use crate::lexicon::Lexicon;
use crate::outputs::{Output, Outputs, Use};
use crate::problem::{Problem, ask, chains, plain, unknown_token};
use crate::question::{Field, Question, Reason};
use crate::source::{Source, Span};

/// Actions and what is open about them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bound {
    pub(crate) actions: Vec<Action>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<Note>,
}

/// Binds clauses.
pub(crate) fn bind(clauses: &[Clause], context: Option<&str>, lexicon: &Lexicon) -> Bound {
    let mut binder = Binder {
        lexicon,
        context,
        out: Bound::default(),
        outputs: Outputs::default(),
        at: 0,
        chain: None,
        venue: None,
        last: None,
        places: Vec::new(),
    };
    binder.places = binder.place_clauses(clauses);
    for (i, clause) in clauses.iter().enumerate() {
        binder.at = i;
        binder.chain.clone_from(&binder.places[i]);
        binder.clause(clause);
    }
    binder.out
}

/// Where an action takes place, and how that is known.
type Place = Option<(String, Source)>;

pub(crate) struct Binder<'b> {
    pub(crate) lexicon: &'b Lexicon,
    context: Option<&'b str>,
    pub(crate) out: Bound,
    outputs: Outputs,
    at: usize,
    chain: Place,
    /// The venue said for the last lending action.
    venue: Option<(String, Source, ActionKind)>,
    /// The last action's kind.
    last: Option<ActionKind>,
    places: Vec<Place>,
}

fn source(filled: &Filled) -> Source {
    from(&filled.spans, filled)
}

fn from(spans: &[Span], filled: &Filled) -> Source {
    match &filled.answer {
        Some((turn, field)) => Source::Answer { turn: *turn, field: field.clone() },
        None => Source::Words(spans.to_vec()),
    }
}

fn rule(name: &str, spans: &[Span]) -> Source {
    Source::Rule { name: name.into(), spans: spans.to_vec() }
}

impl Binder<'_> {
    fn problem(&mut self, mut question: Question) {
        question.action = self.out.actions.len();
        let same = |p: &Problem| p.question.field == question.field && p.question.action == question.action;
        if !self.out.problems.iter().any(same) {
            self.out.problems.push(Problem { question, clause: self.at });
        }
    }

    fn chain_id(&self) -> Option<String> {
        self.chain.as_ref().map(|(id, _)| id.clone())
    }

    /// The chain a clause names, or a question about it.
    fn named_chain(&mut self, clause: &Clause, slot: Slot) -> Option<Result<(String, Source), Question>> {
        let filled = clause.get(slot)?;
        let Value::Place(place) = &filled.value else { return None };
        let field = if slot == Slot::ToChain { Field::ToChain } else { Field::Chain };
        Some(self.chain_of(place, filled, field))
    }

    fn chain_of(&self, place: &Where, filled: &Filled, field: Field) -> Result<(String, Source), Question> {
        let open = |reason, label: String| {
            Err(ask(field, reason, label).with_options(chains(self.lexicon, None)).with_spans(&filled.spans))
        };
        match place {
            Where::Name(name) => match self.lexicon.names[usize::from(*name)].chain {
                Some(chain) => {
                    Ok((self.lexicon.vocabulary.chains[usize::from(chain)].id.clone(), source(filled)))
                }
                None => {
                    open(Reason::Invalid, "That chain is not supported. Which chain should it be?".into())
                }
            },
            Where::Unknown(said) => {
                open(Reason::Unknown, format!("`{said}` is not a chain I know. Which chain should it be?"))
            }
            Where::Either(said) => {
                open(Reason::Ambiguous, format!("You named two chains (“{said}”). Which one should it be?"))
            }
            Where::Open => open(Reason::Missing, "Which chain should it be?".into()),
        }
    }

    /// The chain of every clause: its own, the destination of a bridge before it, the one said before, the one said
    /// at the end, the context's.
    fn place_clauses(&mut self, clauses: &[Clause]) -> Vec<Place> {
        let own: Vec<Place> = clauses
            .iter()
            .map(|c| self.named_chain(c, Slot::Chain).and_then(Result::ok).or_else(|| self.adjective(c)))
            .collect();
        let mut places: Vec<Place> = Vec::new();
        let mut arrived: Place = None;
        let mut group: Place = None;
        for (i, clause) in clauses.iter().enumerate() {
            let sense = &self.lexicon.senses[usize::from(clause.sense)];
            let repeats =
                clause.begins == crate::search::Begins::Ellipsis && sense.action == ActionKind::Bridge;
            let context = || self.context.map(|c| (c.to_owned(), Source::Context));
            let here = own[i].clone();
            let place =
                if repeats { here.or_else(|| group.clone()) } else { here.or_else(|| arrived.clone()) };
            let ahead = own.iter().skip(i + 1).flatten().next().cloned();
            // A chain said once, at the end, covers what stands before it.
            let bridged = clauses[i..]
                .iter()
                .any(|c| self.lexicon.senses[usize::from(c.sense)].action == ActionKind::Bridge);
            let covered = ahead.filter(|_| !bridged);
            let place = place.or(covered).or_else(context);
            group.clone_from(&place);
            arrived.clone_from(&place);
            if sense.action == ActionKind::Bridge || sense.id == "relocate" {
                if let Some(Ok((to, spans))) = self.named_chain(clause, Slot::ToChain) {
                    arrived = Some((to, rule("after_bridge", source_spans(&spans))));
                }
            } else if own[i].is_none() && place == context() {
                // The context holds only until a chain is named.
                arrived = None;
            }
            places.push(place);
        }
        places
    }

    /// “my Arbitrum USDC”
    fn adjective(&self, clause: &Clause) -> Place {
        let (name, span) = clause.funds(Slot::Give)?.chain?;
        let chain = self.lexicon.names[usize::from(name)].chain?;
        let id = self.lexicon.vocabulary.chains[usize::from(chain)].id.clone();
        Some((id, Source::Words(vec![span])))
    }

    fn clause(&mut self, clause: &Clause) {
        let lexicon = self.lexicon;
        let sense = &lexicon.senses[usize::from(clause.sense)];
        let mut said_before = clause.clone();
        let clause = match (&clause.stated, clause.get(Slot::Give)) {
            (Some(stated), Some(give))
                if clause.funds(Slot::Give).is_some_and(|s| s.base == Base::It && s.how == How::All) =>
            {
                // “I have 4,000 USDC. Lend it”: it is what was stated.
                let mut whole = stated.clone();
                whole.amount.extend(&give.spans);
                said_before.set(Filled { value: Value::Funds(whole), ..give.clone() });
                &said_before
            }
            _ => clause,
        };
        if let Some(stated) = &clause.stated {
            let token = self.token(&stated.thing, Field::Token, &[]).unwrap_or_default();
            let stated_amount = match stated.how {
                How::Exact(n) => Some(n),
                _ => None,
            };
            self.outputs.list.push(Output { step: 0, token, use_: Use::None, stated: stated_amount });
        }
        if let Some(Err(question)) = self.named_chain(clause, Slot::Chain) {
            self.problem(question);
        } else if self.chain.is_none() {
            let label = "Which chain should this happen on?".to_owned();
            let question = ask(Field::Chain, Reason::Missing, label).with_options(chains(lexicon, None));
            if !self.out.problems.iter().any(|p| p.question.field == Field::Chain) {
                self.problem(question);
            }
        }
        match (sense.action, sense.id.as_str()) {
            (ActionKind::Swap, id) => self.swap(clause, id == "buy"),
            (ActionKind::Deposit, "relocate") => self.relocate(clause),
            (ActionKind::Bridge, _) => self.bridge(clause),
            (ActionKind::Transfer, _) => self.transfer(clause),
            (ActionKind::Wrap | ActionKind::Unwrap, _) => self.wrap(clause, sense.action),
            (kind, id) => self.lend(clause, kind, id),
        }
        self.last = Some(sense.action);
    }

    /// Starts an action with its chain.
    fn start(&self, kind: ActionKind) -> Action {
        let mut action = Action { kind, values: Vec::new() };
        if let Some((id, source)) = &self.chain {
            put(&mut action, Role::Chain, id.clone(), source.clone());
        }
        action
    }

    fn finish(&mut self, clause: &Clause, mut action: Action) {
        self.limits(clause, &mut action);
        action.values.sort_by_key(|(role, _)| *role);
        self.out.actions.push(action);
    }

    /// Puts the output of the action that was just finished where “it” finds it.
    fn outputs(&mut self, token: String) {
        let step = u8::try_from(self.out.actions.len()).unwrap_or(u8::MAX);
        self.outputs.list.push(Output { step, token, use_: Use::None, stated: None });
    }

    /// The canonical token a word names on the action's chain.
    fn token(&mut self, thing: &Thing, field: Field, spans: &[Span]) -> Option<String> {
        let chain = self.chain_id();
        match self.token_on(thing, field, chain.as_deref()) {
            Ok(token) => token,
            Err(question) => {
                self.problem(question.with_spans(spans));
                None
            }
        }
    }

    fn token_on(&self, thing: &Thing, field: Field, chain: Option<&str>) -> Result<Option<String>, Question> {
        let lexicon = self.lexicon;
        let index = chain.and_then(|c| lexicon.chain(c));
        match thing {
            Thing::Unsaid => Ok(None),
            Thing::Unknown(said) => Err(unknown_token(field, said, chain, lexicon)),
            Thing::Either(said) => Err(ask(
                field,
                Reason::Ambiguous,
                format!("You named two tokens (“{said}”). Which one should it be?"),
            )),
            Thing::Address(address) => {
                if let Err(why) = crate::account::check_address(address) {
                    return Err(ask(
                        field,
                        Reason::Invalid,
                        format!("{} Which token is it?", why.sentence(address)),
                    ));
                }
                let known = index.and_then(|c| lexicon.token_at(c, address));
                Ok(Some(known.map_or_else(
                    || address.clone(),
                    |t| lexicon.vocabulary.tokens[usize::from(t)].symbol.clone(),
                )))
            }
            Thing::Name(name) => {
                let entry = &lexicon.names[usize::from(*name)];
                let Some(index) = index else {
                    // No chain yet: any token of that name will do until there is one.
                    let any = entry.tokens.iter().find(|&&t| t != crate::names::NONE);
                    if let Some(&token) = any {
                        return Ok(Some(lexicon.vocabulary.tokens[usize::from(token)].symbol.clone()));
                    }
                    let offers =
                        entry.offers.iter().flatten().next().map(|o| self.offers(*o)).unwrap_or_default();
                    return Err(several(field, &offers));
                };
                if let Some(offer) = entry.offers[usize::from(index)] {
                    return Err(several(field, &self.offers(offer)));
                }
                let token = entry.tokens[usize::from(index)];
                if token == crate::names::NONE {
                    let said = entry.tokens.iter().find(|&&t| t != crate::names::NONE);
                    let said =
                        said.map_or("That", |&t| lexicon.vocabulary.tokens[usize::from(t)].symbol.as_str());
                    let said = if entry.vague { "that" } else { said };
                    return Err(unknown_token(field, said, chain, lexicon));
                }
                Ok(Some(lexicon.vocabulary.tokens[usize::from(token)].symbol.clone()))
            }
        }
    }

    fn offers(&self, (row, offer): (u16, u16)) -> Vec<String> {
        self.lexicon.vocabulary.ambiguous[usize::from(row)].candidates[usize::from(offer)].1.clone()
    }

    /// The amount of a role, resolved against outputs; a question when it is not exact.
    fn amount(&mut self, said: &Said, token: Option<&str>, owner: Owner<'_>) -> Option<Amount> {
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
            How::Vague => return vague(self, Reason::Ambiguous, format!("How much {thing} exactly?")),
            How::Invalid | How::AtLeast(_) => {
                return vague(self, Reason::Invalid, format!("How much {thing} should it be?"));
            }
            _ => {}
        }
        if let Some(question) = self.sanity(said.how, token) {
            self.problem(question.with_spans(spans));
            return None;
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
                let found = self.outputs.nearest(token, rest).map(|o| self.outputs.list[o].use_);
                let left =
                    found.is_some_and(|u| matches!(u, Use::Part | Use::Half)) || !self.wallet_part(token);
                (share && bare && found.is_some() && (!rest || left)) || exact
            }
            Base::Mine => false,
        };
        if of_output
            && (said.plural || said.base == Base::Unsaid)
            && said.how == How::All
            && let Some(steps) = self.outputs.several()
        {
            return Some(Amount::Output(steps, Take::All));
        }
        if of_output {
            let found = self.outputs.nearest(token, said.how == How::Rest);
            let taken = found.and_then(|o| self.outputs.list[o].amount(said.how));
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
        self.took(&amount, token, owner.position);
        Some(amount)
    }

    fn wallet_part(&self, token: Option<&str>) -> bool {
        self.outputs.wallet.iter().any(|(t, part)| Some(t.as_str()) == token && *part != Use::Whole)
    }

    /// An exact amount of a token that an action put out takes from that output.
    fn took(&mut self, amount: &Amount, token: Option<&str>, position: bool) {
        let Some(token) = token else { return };
        let Some(output) = self.outputs.list.iter_mut().rfind(|o| o.token == token && o.use_ != Use::Whole)
        else {
            let whole = matches!(amount, Amount::Balance(Take::All | Take::Rest));
            if !position {
                self.outputs.take_wallet(token, if whole { Use::Whole } else { Use::Part });
            }
            return;
        };
        if matches!(amount, Amount::Exact(_) | Amount::Usd(_)) && !position {
            output.use_ = Use::Part;
        }
    }

    /// Zero, over 100 %, more decimals than the token has.
    fn sanity(&self, how: How, token: Option<&str>) -> Option<Question> {
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

    fn decimals(&self, token: &str) -> Option<u8> {
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
            (How::Unsaid, How::Exact(n)) if own.base == Base::Mine => How::AllBut(n),
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

    /// The token of given funds: said, or that of the output they are.
    fn given_token(&mut self, said: &Said, field: Field) -> Option<String> {
        let of_output = said.base == Base::It || (said.thing == Thing::Unsaid && said.base != Base::Mine);
        if said.thing == Thing::Unsaid && of_output {
            let found = self.outputs.nearest(None, said.how == How::Rest);
            if let Some(output) = found.map(|o| &self.outputs.list[o]) {
                return Some(output.token.clone()).filter(|t| !t.is_empty());
            }
        }
        let chain = self.chain_id();
        self.token_in_context(said, field, chain.as_deref())
    }

    fn token_in_context(&mut self, said: &Said, field: Field, chain: Option<&str>) -> Option<String> {
        match self.token_on(&said.thing, field, chain) {
            Ok(token) => token,
            Err(question) => {
                self.problem(question.with_spans(&said.token));
                None
            }
        }
    }

    fn open_output(&self, said: &Said) -> bool {
        // The output's token is itself being asked about.
        let found = self.outputs.nearest(None, said.how == How::Rest);
        said.thing == Thing::Unsaid
            && said.base != Base::Mine
            && found.is_some_and(|o| self.outputs.list[o].token.is_empty())
    }
}

/// Whose amount it is.
#[derive(Clone, Copy)]
struct Owner<'o> {
    /// The verb of the question.
    verb: Option<&'o str>,
    /// A position or a debt, not the wallet.
    position: bool,
}

fn source_spans(source: &Source) -> &[Span] {
    match source {
        Source::Words(spans) | Source::Rule { spans, .. } => spans,
        _ => &[],
    }
}

fn several(field: Field, offers: &[String]) -> Question {
    let label = if offers.is_empty() {
        "That could be several tokens, and none of them is on this chain. Which token is it?".to_owned()
    } else {
        format!("That could be several tokens: {}. Which one is it?", offers.join(", "))
    };
    ask(field, Reason::Ambiguous, label).with_options(offers.iter().map(|s| plain(s)).collect())
}

pub(crate) fn put(action: &mut Action, role: Role, value: String, source: Source) {
    match action.values.iter_mut().find(|(r, _)| *r == role) {
        Some((_, old)) => *old = Sourced { value, source },
        None => action.values.push((role, Sourced { value, source })),
    }
}

fn merged(a: &[Span], b: &[Span]) -> Vec<Span> {
    let mut all: Vec<Span> = a.iter().chain(b).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn amount_source(said: &Said, filled: &Filled) -> Source {
    if said.amount.is_empty() && filled.spans.is_empty() && filled.answer.is_none() {
        return rule("output_of_step", &[]);
    }
    from(if said.amount.is_empty() || said.how == How::Unsaid { &filled.spans } else { &said.amount }, filled)
}

fn token_source(said: &Said, filled: &Filled) -> Source {
    if said.thing == Thing::Unsaid {
        rule("token_of_output", &filled.spans)
    } else {
        from(&said.token, filled)
    }
}
