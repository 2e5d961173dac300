//! Clauses: what one verb and its roles said, as values that stand on their own with the words they came from.
//!
//! What comes in: a path of the search. What goes out: [`Clause`]s that a later turn can correct.

use crate::chunk::{Asset, Base, Bound, Funds, How, Lattice, Place, Run, Which};
use crate::decimal::Decimal;
use crate::frame::Slot;
use crate::lexicon::Link;
use crate::quantity::Money;
use crate::search::{Account, Begins, Fill, Path, Step};
use crate::source::Span;
use crate::token::Kind;

/// A token, as said.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) enum Thing {
    #[default]
    Unsaid,
    Name(u16),
    Address(String),
    Unknown(String),
    Either(String),
}

/// Funds, as said.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Said {
    pub(crate) how: How,
    pub(crate) base: Base,
    pub(crate) thing: Thing,
    pub(crate) approx: bool,
    pub(crate) plural: bool,
    pub(crate) which: Which,
    pub(crate) debt: bool,
    pub(crate) venue: Option<(u16, Span)>,
    pub(crate) chain: Option<(u16, Span)>,
    pub(crate) amount: Vec<Span>,
    pub(crate) token: Vec<Span>,
    /// The address said behind the token's name, which must be its own.
    pub(crate) contract: Option<String>,
    /// Where they came from, when the amount or the token was a typed answer.
    pub(crate) answers: Option<Box<Answers>>,
}

/// The turn and field id of typed answers.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Answers {
    pub(crate) amount: Option<(u16, String)>,
    pub(crate) token: Option<(u16, String)>,
}

impl Said {
    /// The answer that gave the amount.
    pub(crate) fn amount_answer(&self) -> Option<&(u16, String)> {
        self.answers.as_ref()?.amount.as_ref()
    }

    /// The answer that gave the token.
    pub(crate) fn token_answer(&self) -> Option<&(u16, String)> {
        self.answers.as_ref()?.token.as_ref()
    }

    pub(crate) fn answered(&mut self, amount: Option<(u16, String)>, token: Option<(u16, String)>) {
        let some = amount.is_some() || token.is_some();
        self.answers = some.then(|| Box::new(Answers { amount, token }));
    }
}

/// A chain or venue, as said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    Name(u16),
    Unknown(String),
    Either(String),
    Open,
}

/// A recipient, as said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Ens(String),
    Address(String),
    Malformed(String),
    Unknown(String),
    Either(String),
}

/// What fills a role.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "most values are funds, and a box would be an allocation for each"
)]
pub(crate) enum Value {
    Funds(Said),
    Place(Where),
    Who(Who),
    Percent(Decimal),
    Money(Money),
    Time(Decimal, char),
    Flag,
}

/// A role with its value and the words, or the answer, it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) slot: Slot,
    pub(crate) value: Value,
    pub(crate) spans: Vec<Span>,
    /// Said without a word before it that gives it its role.
    pub(crate) bare: bool,
    /// The turn and field id, when it was a typed answer.
    pub(crate) answer: Option<(u16, String)>,
}

/// What one verb and its roles said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) sense: u8,
    pub(crate) begins: Begins,
    /// How it is joined to what stands before it.
    pub(crate) link: Link,
    /// A word or mark joins it to what stands before: “and borrow”, not “to borrow”.
    pub(crate) joined: bool,
    /// A word before it says that it comes later: “then”, “after that”.
    pub(crate) later: bool,
    pub(crate) filled: Vec<Filled>,
    /// The words of the verb.
    pub(crate) verb: Vec<Span>,
    /// A balance stated before it: “I have 4,000 USDC.”
    pub(crate) stated: Option<Said>,
    /// What is kept, said before it: “keep 10 USDC and …”.
    pub(crate) kept: Option<Said>,
}

impl Clause {
    pub(crate) fn get(&self, slot: Slot) -> Option<&Filled> {
        self.filled.iter().find(|f| f.slot == slot)
    }

    pub(crate) fn funds(&self, slot: Slot) -> Option<&Said> {
        match &self.get(slot)?.value {
            Value::Funds(said) => Some(said),
            _ => None,
        }
    }

    pub(crate) fn place(&self, slot: Slot) -> Option<&Where> {
        match &self.get(slot)?.value {
            Value::Place(place) => Some(place),
            _ => None,
        }
    }

    /// Puts a value into a role, in place of the one it has.
    pub(crate) fn set(&mut self, filled: Filled) {
        match self.filled.iter_mut().find(|f| f.slot == filled.slot) {
            Some(old) => *old = filled,
            None => self.filled.push(filled),
        }
    }
}

/// A message as clauses, with everything set aside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoken {
    pub(crate) clauses: Vec<Clause>,
    /// Stories and reasons.
    pub(crate) asides: Vec<Span>,
    /// It opens with a word that joins it to what was said before.
    pub(crate) continues: bool,
    /// It opens with “but first”: it comes before the last action that was said.
    pub(crate) precedes: bool,
    /// What a correction takes away.
    pub(crate) was: Vec<Filled>,
    /// Words that were not understood.
    pub(crate) skipped: Vec<Span>,
    /// Every run of tokens and what it was taken as.
    pub(crate) roles: Vec<(Span, String)>,
}

/// Reads a path's steps into clauses.
pub(crate) fn clauses(path: &Path, lattice: &Lattice<'_>, turn: u16) -> Spoken {
    let mut out = Spoken::default();
    let (mut stated, mut kept) = (None, None);
    let (mut later, mut joined) = (false, false);
    // “but” joins an action only to put it first.
    let mut but = None;
    let view = View { lattice, turn };
    for step in &path.steps {
        match *step {
            Step::Start => {}
            Step::Open { sense, begins, link } => {
                let stated = stated.take();
                out.clauses.push(Clause {
                    sense,
                    begins,
                    link,
                    joined: std::mem::take(&mut joined),
                    later: std::mem::take(&mut later),
                    filled: Vec::new(),
                    verb: Vec::new(),
                    stated,
                    kept: kept.take(),
                });
            }
            Step::Verb(run) => {
                let span = view.span(run);
                if let Some(clause) = out.clauses.last_mut() {
                    clause.verb.push(span);
                }
                out.roles.push((span, "verb".into()));
            }
            Step::Slot { slot, marker, run, fill, end } => {
                let filled = view.filled(slot, marker, run, fill);
                if !marker.is_empty() && fill != Fill::Flag {
                    out.roles.push((view.span(marker), "marker".into()));
                }
                out.roles.push((view.span(run), slot_name(slot)));
                if end > run.to {
                    out.roles.push((view.span(Run { from: run.to, to: end }), "marker".into()));
                }
                if let Some(clause) = out.clauses.last_mut() {
                    clause.filled.push(filled);
                }
            }
            Step::Stated { run, funds } => {
                stated = Some(view.said(&lattice.fund(funds)));
                out.roles.push((view.span(run), "stated balance".into()));
            }
            Step::Kept { run, funds } => {
                let mut said = view.said(&lattice.fund(funds));
                said.amount = view.spans(run);
                kept = Some(said);
                out.roles.push((view.span(run), "kept".into()));
            }
            Step::Link { run, link } => {
                out.continues |= out.clauses.is_empty() && link == Link::Then;
                let words = view.text(view.span(run));
                joined = true;
                out.precedes |=
                    out.clauses.is_empty() && link == Link::After && words.to_lowercase().starts_with("but");
                later |= match link {
                    Link::Then => in_turn(&words),
                    Link::Once => true,
                    _ => false,
                };
                match (link, out.clauses.last_mut()) {
                    (Link::First, Some(clause)) => {
                        clause.link = Link::After;
                        but = None;
                    }
                    (Link::Then, _) if words.eq_ignore_ascii_case("but") => but = Some(view.span(run)),
                    _ => {}
                }
                out.roles.push((view.span(run), "connective".into()));
            }
            Step::Particle(run) => out.roles.push((view.span(run), "particle".into())),
            Step::Silent(run) => out.roles.push((view.span(run), "silent".into())),
            Step::Was { run, fill } => {
                out.was.push(view.filled(Slot::Give, Run::default(), run, fill));
                out.roles.push((view.span(run), "replaced".into()));
            }
            Step::Aside(run) => {
                out.asides.push(view.span(run));
                out.roles.push((view.span(run), "set aside".into()));
            }
            Step::Skip(run) => {
                out.skipped.push(view.span(run));
                out.roles.push((view.span(run), "not understood".into()));
            }
        }
    }
    out.skipped.extend(but);
    out
}

/// Whether words that join two actions say that one comes after the other.
fn in_turn(words: &str) -> bool {
    !matches!(words.to_lowercase().as_str(), "and" | "&" | "+" | "plus" | "also" | "and also" | "as well as")
}

/// The name of a role for a person.
pub(crate) fn slot_name(slot: Slot) -> String {
    format!("{slot:?}").chars().fold(String::new(), |mut name, c| {
        if c.is_uppercase() && !name.is_empty() {
            name.push(' ');
        }
        name.extend(c.to_lowercase());
        name
    })
}

struct View<'v, 'm> {
    lattice: &'v Lattice<'m>,
    turn: u16,
}

impl View<'_, '_> {
    fn span(&self, run: Run) -> Span {
        let tokens = self.lattice.tokens;
        let last = usize::from(run.to).saturating_sub(1).max(usize::from(run.from));
        let start = tokens.get(usize::from(run.from)).map_or(0, |t| t.start);
        Span { turn: self.turn, start, end: tokens.get(last).map_or(start, |t| t.end) }
    }

    fn text(&self, span: Span) -> String {
        self.lattice.text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned()
    }

    fn spans(&self, run: Run) -> Vec<Span> {
        if run.is_empty() { Vec::new() } else { vec![self.span(run)] }
    }

    fn said(&self, f: &Funds) -> Said {
        let text = |run: Run| self.text(self.span(run));
        let thing = match f.asset {
            Asset::Unsaid => Thing::Unsaid,
            Asset::Name(name) => Thing::Name(name),
            Asset::Address(_) => Thing::Address(text(f.token)),
            Asset::Unknown(_) => Thing::Unknown(text(f.token)),
            Asset::Either => Thing::Either(text(f.token)),
        };
        Said {
            how: f.how,
            base: f.base,
            thing,
            approx: f.approx,
            plural: f.plural,
            which: f.which,
            debt: f.debt,
            venue: f.venue.map(|(name, run)| (name, self.span(run))),
            chain: f.chain.map(|(name, run)| (name, self.span(run))),
            amount: self.spans(f.amount),
            token: self.spans(f.token).into_iter().chain(self.spans(f.contract)).collect(),
            contract: (!f.contract.is_empty()).then(|| text(f.contract)),
            ..Said::default()
        }
    }

    fn filled(&self, slot: Slot, marker: Run, run: Run, fill: Fill) -> Filled {
        let span = self.span(run);
        let said = || self.text(span);
        let value = match fill {
            Fill::Funds(index) => Value::Funds(self.said(&self.lattice.fund(index))),
            Fill::Place(Place::Name(name)) => Value::Place(Where::Name(name)),
            Fill::Place(Place::Unknown) => Value::Place(Where::Unknown(said())),
            Fill::Place(Place::Either) => Value::Place(Where::Either(said())),
            Fill::Place(Place::Open) => Value::Place(Where::Open),
            Fill::Account(Account::Token(at)) => Value::Who(self.who(usize::from(at))),
            Fill::Account(Account::Unknown) => Value::Who(Who::Unknown(said())),
            Fill::Account(Account::Either) => Value::Who(Who::Either(said())),
            Fill::Bound(Bound::Percent(p)) => Value::Percent(p),
            Fill::Bound(Bound::Funds(f)) => Value::Funds(self.said(&f)),
            Fill::Bound(Bound::Money(m)) => Value::Money(m),
            Fill::Bound(Bound::Time(n, unit)) => Value::Time(n, unit),
            Fill::Bound(Bound::Number) | Fill::Flag => Value::Flag,
        };
        let spans = match fill {
            Fill::Flag => vec![self.span(marker)],
            Fill::Account(Account::Token(at)) => vec![self.span(Run { from: at, to: at + 1 })],
            _ => vec![span],
        };
        let mut value = value;
        if let (Slot::Except | Slot::Cap, Value::Funds(said)) = (slot, &mut value) {
            // “except” and “at most” are part of the amount they make.
            let whole = Run { from: if marker.is_empty() { run.from } else { marker.from }, to: run.to };
            said.amount = vec![self.span(whole)];
        }
        Filled { slot, value, spans, bare: marker.is_empty(), answer: None }
    }

    fn who(&self, at: usize) -> Who {
        let Some(token) = self.lattice.tokens.get(at) else { return Who::Unknown(String::new()) };
        let text = token.text(self.lattice.text).to_owned();
        match token.kind {
            Kind::Ens => Who::Ens(text),
            Kind::Address => Who::Address(text),
            _ => Who::Malformed(text),
        }
    }
}
