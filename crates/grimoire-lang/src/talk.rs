//! A conversation: what the turns so far came to, and what one more turn makes of it.
//!
//! A turn completes open questions, corrects a value, adds an action, or replaces the request. Every turn is read
//! again from its words, so a draft is nothing but its turns.

mod same;
mod side;
mod conclude;
mod patch;
mod again;
mod agree;
mod scale;
mod anew;
mod contradict;

use crate::bind::{Bound, bind};
use crate::chunk::{Base, How};
use crate::clause::{Clause, Filled, Said, Spoken, Thing, Value};
use crate::discourse::link;
use crate::frame::Slot;
use crate::intent::{Action, ActionKind, Note};
use crate::lexicon::{Lexicon, Link};
use crate::problem::{Problem, ask};
use crate::question::{Choice, Field, Question, Reason};
use crate::read::{Read, read};
use crate::search::{Begins, Opening};
use crate::source::Span;

/// What the turns so far came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Talk {
    pub(crate) clauses: Vec<Clause>,
    asides: Vec<Span>,
    skipped: Vec<Span>,
    pub(crate) confirmed: bool,
    /// A message that cannot be planned, and why.
    refused: Option<(Field, Vec<Span>)>,
    /// What was said about a plan, was not understood, and was never taken up again.
    missed: Vec<Span>,
    /// A correction that could replace either of two values of one action, and those values' fields.
    torn: Option<(usize, Vec<Field>)>,
    /// The text of a schedule that may run once.
    scheduled: Option<(String, u16)>,
    notes: Vec<Note>,
    /// The questions of the last turn.
    pub(crate) open: Vec<Problem>,
    pub(crate) roles: Vec<(Span, String)>,
}

/// What a state of the conversation comes to.
pub(crate) enum Conclusion {
    Plan(Bound),
    Ask(Vec<Problem>),
}

impl Talk {
    /// Takes in a message.
    pub(crate) fn message(&mut self, text: &str, turn: u16, chain: Option<&str>, lexicon: &Lexicon) {
        let alive = !self.clauses.is_empty();
        self.roles.clear();
        if alive && self.is_open(Field::Confirm) && agree::agrees(text) {
            self.confirmed = true;
            return;
        }
        if alive && self.open.is_empty() && agree::agrees(text) {
            // “confirm”, of the plan that is shown.
            return;
        }
        let cancels = crate::gate::cancels(text, lexicon);
        if alive && !cancels && !text.trim().is_empty() {
            let (silent, objects) = crate::gate::only_silent(text, lexicon);
            if silent && objects && self.open.is_empty() {
                // “that's too much”: of the plan that is shown.
                self.refused = Some((Field::Unexplained, Vec::new()));
            }
            if silent {
                return;
            }
        }
        if alive && cancels && crate::gate::takes_back_only(text, lexicon) {
            self.refuse(Field::Intent, Vec::new());
            self.clauses.clear();
            return;
        }
        if let Some(other) = if alive && cancels { self.anew(text, turn, chain, lexicon) } else { None } {
            *self = other;
            return;
        }
        let fresh = read(text, turn, Opening::Fresh, lexicon);
        if !alive && crate::gate::corrects_only(text, lexicon) {
            let other = Self::read_as(fresh.clone(), text, turn, chain, lexicon);
            if !matches!(other.conclude(chain, lexicon), Conclusion::Plan(_)) {
                // “make it 200”, with nothing to correct.
                self.replace(
                    Read::Not { field: Field::Intent, spans: Vec::new(), roles: Vec::new() },
                    text,
                    turn,
                    chain,
                    lexicon,
                );
                return;
            }
        }
        if !alive {
            return self.replace(fresh, text, turn, chain, lexicon);
        }
        let complete = match &fresh {
            Read::Said { best, .. } => {
                best.skipped.is_empty() && best.clauses.iter().any(|c| c.begins == Begins::Verb)
            }
            Read::Not { .. } => false,
        };
        if let (true, Read::Said { best, rivals, .. }) = (complete, &fresh) {
            if best.precedes {
                // “but first withdraw 10 USDC from Aave”
                let last = self.clauses.len() - 1;
                self.append(best);
                let added = self.clauses.len() - 1 - last;
                self.clauses[last..].rotate_right(added);
                return;
            }
            if !continues(best) && !self.takes_output(best, lexicon) {
                let other = Self::read_as(fresh.clone(), text, turn, chain, lexicon);
                if matches!(other.conclude(chain, lexicon), Conclusion::Plan(_)) {
                    *self = other;
                    return;
                }
            }
            if let Some(better) = self.starts_elsewhere(best, rivals, lexicon).filter(|_| !best.continues) {
                *self = better;
                return;
            }
            // “make it 450” corrects, “then lend it” goes on.
            if crate::gate::corrects(text, lexicon)
                && let Some(better) = self.fragment(text, turn, chain, lexicon)
            {
                *self = better;
                return;
            }
            let asked = !self.open.is_empty() && !best.continues;
            if (asked || crate::gate::corrects_somewhere(text, lexicon))
                && let Some(better) = self.said_again(best, text, chain, lexicon)
            {
                *self = better;
                return;
            }
            if continues(best) || self.takes_output(best, lexicon) {
                return self.append(best);
            }
        }
        if let Some(better) = self.fragment(text, turn, chain, lexicon) {
            *self = better;
            return;
        }
        match &fresh {
            Read::Said { best, .. } if complete || best.clauses.iter().any(|c| c.begins == Begins::Verb) => {
                *self = Self::default();
                self.replace(fresh, text, turn, chain, lexicon);
            }
            Read::Not { field: Field::Intent, spans, .. }
                if !spans.is_empty()
                    && !crate::gate::cancels(text, lexicon)
                    && !self.open.is_empty()
                    && !crate::gate::asks(text, lexicon) =>
            {
                // Not understood as an answer: the questions stay open.
                self.refused = None;
            }
            Read::Not { field: Field::Unexplained, .. } | Read::Said { .. }
                if !self.open.is_empty() && self.refused.is_none() && !crate::gate::obeys(text, lexicon) => {}
            Read::Said { best, .. } => self.refuse(Field::Unexplained, best.skipped.clone()),
            Read::Not { field, spans, .. } => {
                let field = *field;
                self.refuse(field, spans.clone());
                if field == Field::Intent && crate::gate::cancels(text, lexicon) {
                    self.clauses.clear();
                } else if field == Field::Intent && !crate::gate::asks(text, lexicon) {
                    self.miss(spans);
                }
            }
        }
    }

    /// Renews the open questions.
    pub(crate) fn ask_again(&mut self, chain: Option<&str>, lexicon: &Lexicon) -> Conclusion {
        let conclusion = self.conclude(chain, lexicon);
        self.open = match &conclusion {
            Conclusion::Plan(_) => Vec::new(),
            Conclusion::Ask(problems) => problems.clone(),
        };
        conclusion
    }

    fn read_as(read: Read, text: &str, turn: u16, chain: Option<&str>, lexicon: &Lexicon) -> Self {
        let mut talk = Self::default();
        talk.replace(read, text, turn, chain, lexicon);
        talk
    }

    fn refuse(&mut self, field: Field, spans: Vec<Span>) {
        if field == Field::Unexplained && !self.clauses.is_empty() {
            self.miss(&spans);
        }
        self.refused = Some((field, spans));
    }

    /// Keeps words in mind that were not understood: a plan that goes on without them would silently be another than
    /// was meant.
    fn miss(&mut self, spans: &[Span]) {
        self.missed.extend(spans);
        self.confirmed = false;
    }

    fn replace(&mut self, read: Read, text: &str, turn: u16, chain: Option<&str>, lexicon: &Lexicon) {
        *self = Self::default();
        match read {
            Read::Not { field, spans, roles } => {
                if field == Field::Recurrence {
                    self.scheduled = Some((text.to_owned(), turn));
                }
                self.roles = roles;
                self.refuse(field, spans);
            }
            Read::Said { best, rivals, notes, .. } => {
                let take = |spoken: Spoken| Self {
                    clauses: spoken.clauses,
                    asides: spoken.asides,
                    skipped: spoken.skipped,
                    notes: notes.clone(),
                    roles: spoken.roles,
                    ..Self::default()
                };
                *self = take(best);
                for (extra, rival) in rivals {
                    if extra <= 2 {
                        self.doubt(&take(rival), chain, lexicon);
                    }
                }
            }
        }
    }

    /// Two readings that cost the same and mean different plans are asked about.
    fn doubt(&mut self, rival: &Self, chain: Option<&str>, lexicon: &Lexicon) {
        let (Conclusion::Plan(mine), Conclusion::Plan(other)) =
            (self.conclude(chain, lexicon), rival.conclude(chain, lexicon))
        else {
            return;
        };
        let plain = |b: &Bound| -> Vec<(ActionKind, Vec<(crate::intent::Role, String)>)> {
            b.actions
                .iter()
                .map(|a| (a.kind, a.values.iter().map(|(r, s)| (*r, s.value.clone())).collect()))
                .collect()
        };
        if plain(&mine) != plain(&other) {
            self.refuse(Field::Unexplained, self.clauses.iter().flat_map(|c| c.verb.clone()).collect());
        }
    }

    /// “send the ETH to bob.eth”, after a swap to ETH.
    fn takes_output(&self, spoken: &Spoken, lexicon: &Lexicon) -> bool {
        let (Some(next), Some(last)) = (spoken.clauses.first(), self.clauses.last()) else { return false };
        let slot = match lexicon.senses[usize::from(last.sense)].action {
            ActionKind::Swap => Slot::Take,
            ActionKind::Withdraw | ActionKind::Borrow | ActionKind::Bridge => Slot::Give,
            _ => return false,
        };
        self.open.is_empty()
            && next.funds(Slot::Give).is_some_and(|s| {
                s.base == Base::The
                    && !s.debt
                    && matches!(s.how, How::Unsaid | How::All)
                    && s.thing != Thing::Unsaid
                    && last.funds(slot).is_some_and(|put_out| put_out.thing == s.thing)
            })
    }

    fn append(&mut self, more: &Spoken) {
        self.clauses.extend(more.clauses.iter().cloned());
        self.asides.extend(&more.asides);
        self.roles.clone_from(&more.roles);
        self.settle();
        self.confirmed = false;
    }

    /// Forgets why the turn before could not be planned; what was not understood is asked about once more, with the
    /// plan.
    fn settle(&mut self) {
        (self.refused, self.torn) = (None, None);
        let skipped = std::mem::take(&mut self.skipped);
        self.missed.extend(skipped);
    }

    /// The chain a clause takes place on, as far as it is known.
    pub(crate) fn chain_of(&self, target: usize, context: Option<&str>, lexicon: &Lexicon) -> Option<String> {
        let said = self
            .clauses
            .get(target)
            .or(self.clauses.last())?
            .place(Slot::Chain)
            .or_else(|| self.clauses.iter().find_map(|c| c.place(Slot::Chain)));
        match said {
            Some(crate::clause::Where::Name(name)) => {
                let chain = lexicon.names[usize::from(*name)].chain?;
                Some(lexicon.vocabulary.chains[usize::from(chain)].id.clone())
            }
            _ => context.map(str::to_owned),
        }
    }

    /// Runs a schedule once.
    pub(crate) fn run_once(&mut self, lexicon: &Lexicon) -> bool {
        let Some((text, turn)) = self.scheduled.clone() else { return false };
        let read = read(&text, turn, Opening::Once, lexicon);
        if let Read::Said { .. } = read {
            self.replace(read, &text, turn, None, lexicon);
            return true;
        }
        false
    }
}

/// Whether a message goes on from the action before: “then lend it on Aave”.
fn continues(spoken: &Spoken) -> bool {
    spoken.continues
        || spoken.clauses.first().is_some_and(|c| {
            c.begins == Begins::Verb
                && c.funds(Slot::Give).is_some_and(|s| s.base == Base::It && s.how != How::Unsaid)
        })
}

/// Why a message cannot be planned, as a question.
pub(crate) fn refusal(field: Field, spans: &[Span]) -> Question {
    let label = match field {
        Field::TooComplex => {
            "That is too long or has too many possible readings. Could you say it in fewer words?"
        }
        Field::Unsupported => "That operation is not supported. What would you like to do instead?",
        Field::Recurrence => "Only one-time transactions are supported. Should it run once?",
        Field::Condition => "Conditions and times cannot be watched. What should happen right now?",
        Field::Unexplained => {
            "Some words could change the plan and were not understood. Could you say it differently?"
        }
        Field::Amount => "Two amounts stand side by side. Which of them is meant?",
        _ => "What transaction would you like to make?",
    };
    let reason = if field == Field::Unexplained { Reason::Unexplained } else { Reason::Invalid };
    let question = ask(field, reason, label.to_owned()).with_spans(spans);
    if field == Field::Recurrence {
        return question.with_options(vec![Choice { value: "run_once".into(), label: "Run once".into() }]);
    }
    question
}
