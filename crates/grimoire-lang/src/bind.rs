//! Clauses become actions: names become tokens of a chain, “it” becomes an output, and what is missing a question.
//!
//! What comes in: linked clauses and the context's chain. What goes out: actions with canonical values and their
//! sources, and [`Problem`]s. No value is made up: defaults are those of the language contract, and say so.

mod token;
mod amount;
mod pool;
mod place;
mod collateral;
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
use crate::outputs::{Output, Outputs, Taken, Use};
use crate::problem::{Problem, ask, chain_name, chains, foreign_native, near_first, plain, unknown_token};
use crate::question::{Field, Question, Reason};
use crate::source::{Source, Span};
use pool::{Divided, Pool};

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
        pool: Pool::Nearest,
        divided: None,
        ellipsis: false,
        balance_share: false,
    };
    let mut clauses = clauses.to_vec();
    binder.destinations(&mut clauses);
    let clauses = clauses.as_slice();
    binder.places = binder.place_clauses(clauses);
    for (i, clause) in clauses.iter().enumerate() {
        binder.at = i;
        binder.chain.clone_from(&binder.places[i]);
        binder.clause(clause);
    }
    binder.other_chain();
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
    /// What a bare amount of this clause is a part of.
    pool: Pool,
    /// What the clause before took a part of.
    divided: Option<Divided>,
    /// The clause goes on from the one before.
    ellipsis: bool,
    /// The clause before took a share of a balance.
    balance_share: bool,
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

    fn clause(&mut self, clause: &Clause) {
        let lexicon = self.lexicon;
        let sense = &lexicon.senses[usize::from(clause.sense)];
        let spared = clause.kept.as_ref().map(|kept| self.sparing(clause, kept));
        let clause = spared.as_ref().unwrap_or(clause);
        let mut said_before = clause.clone();
        let clause = match (&clause.stated, clause.get(Slot::Give)) {
            (Some(stated), Some(give))
                if clause.funds(Slot::Give).is_some_and(|s| {
                    let same = s.thing == Thing::Unsaid || s.thing == stated.thing;
                    s.base == Base::It && s.how == How::All && same
                }) =>
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
            self.outputs.list.push(Output {
                step: 0,
                token,
                chain: self.chain_id(),
                use_: Use::None,
                taken: Taken::NOTHING,
                stated: stated_amount,
            });
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
        self.ellipsis = clause.begins == crate::search::Begins::Ellipsis;
        self.pool = self.choose_pool(clause);
        let before = self.parts();
        match (sense.action, sense.id.as_str()) {
            (ActionKind::Swap, id) => self.swap(clause, id == "buy"),
            (ActionKind::Deposit, "relocate") => self.relocate(clause),
            (ActionKind::Bridge, _) => self.bridge(clause),
            (ActionKind::Transfer, _) => self.transfer(clause),
            (ActionKind::Wrap | ActionKind::Unwrap, _) => self.wrap(clause, sense.action),
            (kind, id) => self.lend(clause, kind, id),
        }
        self.divided = self.taken_since(&before);
        self.balance_share = clause
            .funds(Slot::Give)
            .is_some_and(|s| matches!(s.how, How::Percent(_) | How::Fraction(..)) && s.base != Base::It);
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
        let last = self.out.actions.last();
        let chain = last.and_then(|a| a.get(Role::ToChain).or(a.get(Role::Chain))).map(str::to_owned);
        let (use_, taken) = (Use::None, Taken::NOTHING);
        self.outputs.list.push(Output { step, token, chain, use_, taken, stated: None });
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

fn answered((turn, field): &(u16, String)) -> Source {
    Source::Answer { turn: *turn, field: field.clone() }
}

fn amount_source(said: &Said, filled: &Filled) -> Source {
    if let Some(answer) = said.amount_answer() {
        return answered(answer);
    }
    if filled.answer.is_some() && !said.amount.is_empty() && said.how != How::Unsaid {
        return Source::Words(said.amount.clone());
    }
    if said.amount.is_empty() && filled.spans.is_empty() && filled.answer.is_none() {
        return rule("output_of_step", &[]);
    }
    from(if said.amount.is_empty() || said.how == How::Unsaid { &filled.spans } else { &said.amount }, filled)
}

fn token_source(said: &Said, filled: &Filled) -> Source {
    if let Some(answer) = said.token_answer() {
        return answered(answer);
    }
    if filled.answer.is_some() && !said.token.is_empty() {
        return Source::Words(said.token.clone());
    }
    if said.thing == Thing::Unsaid {
        rule("token_of_output", &filled.spans)
    } else {
        from(&said.token, filled)
    }
}
