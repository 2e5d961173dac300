//! The search: from the first word to the last, every way to cover a message with verbs, roles and silent words.
//!
//! Costs are whole numbers in tiers that do not overtake each other in a normal message: an unknown word in a role
//! (100), a missing role (100), a story set aside (40), a missing verb (30), an unusual order (below 10). A reading
//! covers every token, or there is none; only [`Mode::Loose`] may skip a token, and says so.

mod step;
mod joints;
mod roles;
mod asides;

use crate::chunk::{Asset, Base, Bound, Funds, How, Lattice, Place, Run};
use crate::frame::{Filler, Slot};
use crate::lexicon::{Gate, Lexicon, Link, Meaning, Q, SlotEdge};
use crate::token::Kind;

/// Whether every token must be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Strict,
    Loose,
}

/// Where a message may begin besides at a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// At nothing else.
    Fresh,
    /// At phrases of an action said before: its sense. Words of correction are silent.
    Fragment(u8),
    /// At nothing else, and words of a schedule are silent: it shall run once.
    Once,
    /// At nothing else, behind words that take back what was said: “forget that, …”.
    Anew,
}

/// An account, as said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// A name or address: the token's index.
    Token(u8),
    /// A word that is none.
    Unknown,
    /// Two, with “or” between them.
    Either,
}

/// What fills a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fill {
    Funds(u32),
    Place(Place),
    Account(Account),
    Bound(Bound),
    Flag,
}

/// How a clause begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begins {
    /// With a verb, here or further on.
    Verb,
    /// Without one.
    Verbless,
    /// Without one, going on from the clause before.
    Ellipsis,
}

/// One step of a reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    Start,
    Open {
        sense: u8,
        begins: Begins,
        link: Link,
    },
    Verb(Run),
    Slot {
        slot: Slot,
        marker: Run,
        run: Run,
        fill: Fill,
        end: u8,
    },
    Stated {
        run: Run,
        funds: u32,
    },
    /// “keep 10 USDC”: what the next action leaves.
    Kept {
        run: Run,
        funds: u32,
    },
    Link {
        run: Run,
        link: Link,
    },
    Silent(Run),
    /// A word that belongs to the verb.
    Particle(Run),
    /// The value a correction replaces.
    Was {
        run: Run,
        fill: Fill,
    },
    Aside(Run),
    Skip(Run),
}

#[derive(Clone, Copy)]
struct Node {
    prev: u32,
    step: Step,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Between,
    Ahead,
    Seen,
}

#[derive(Clone, Copy)]
struct State {
    cost: u32,
    node: u32,
    phase: Phase,
    sense: u8,
    /// The sense of the clause before, for ellipsis.
    prev: u8,
    filled: u32,
    /// In an answer, what the clause before filled: its readings must not hide each other.
    before: u32,
    /// An action must follow.
    needs: bool,
    clauses: u8,
    link: Link,
    begins: Begins,
    /// Where the verb stands that an early phrase waits for.
    verb_at: u8,
    /// The last verb was a participle: “1 ETH swapped to USDC, then sent …”.
    past: bool,
}

/// A reading of the whole message.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) cost: u32,
    pub(crate) steps: Vec<Step>,
}

/// Readings, the cheapest first; or that there were more than are searched.
pub(crate) enum Found {
    Readings(Vec<Path>),
    TooMany,
}

const NO_SENSE: u8 = u8::MAX;
const MISSING: u32 = 100;
const SKIP: u32 = 1000;
const BEAM: usize = 256;

struct Search<'s, 'm> {
    lattice: &'s Lattice<'m>,
    lexicon: &'m Lexicon,
    mode: Mode,
    opening: Opening,
    nodes: Vec<Node>,
    at: Vec<Vec<State>>,
    next_verb: Vec<u8>,
    overflow: bool,
    /// The cheapest state of every place: one that costs much more is no rival.
    best: Vec<u32>,
    width: u32,
    /// The message has the form of a function call: `swap(USDC, ETH, 100)`.
    call: bool,
}

/// Searches for readings.
pub(crate) fn search(lattice: &Lattice<'_>, mode: Mode, opening: Opening) -> Found {
    let n = lattice.tokens.len();
    let mut next_verb = vec![u8::MAX; n + 1];
    for i in (0..n).rev() {
        let here = lattice.hits(i).iter().any(|h| matches!(h.meaning, Meaning::Verb(_)));
        next_verb[i] = if here { u8::try_from(i).unwrap_or(u8::MAX) } else { next_verb[i + 1] };
    }
    let mut search = Search {
        lattice,
        lexicon: lattice.lexicon,
        mode,
        opening,
        nodes: Vec::with_capacity(n * 16),
        at: vec![Vec::new(); n + 1],
        next_verb,
        overflow: false,
        best: vec![u32::MAX - 10_000; n + 1],
        width: if mode == Mode::Strict { 320 } else { 1320 },
        call: lattice
            .tokens
            .windows(2)
            .any(|t| t[0].kind == Kind::Word && t[1].glued && t[1].text(lattice.text) == "("),
    };
    search.nodes.push(Node { prev: u32::MAX, step: Step::Start });
    let prev = match opening {
        Opening::Fresh | Opening::Once | Opening::Anew => NO_SENSE,
        Opening::Fragment(sense) => sense,
    };
    search.at[0].push(State {
        cost: 0,
        node: 0,
        phase: Phase::Between,
        sense: NO_SENSE,
        prev,
        filled: 0,
        before: 0,
        needs: false,
        clauses: 0,
        link: Link::Soft,
        begins: Begins::Verb,
        verb_at: u8::MAX,
        past: false,
    });
    for i in 0..n {
        let mut k = 0;
        while k < search.at[i].len() {
            let state = search.at[i][k];
            if state.cost <= search.best[i] + search.width {
                search.expand(i, state);
            }
            k += 1;
        }
        if search.overflow {
            return Found::TooMany;
        }
    }
    Found::Readings(search.finish())
}

impl Search<'_, '_> {
    fn finish(&self) -> Vec<Path> {
        let n = self.lattice.tokens.len();
        let mut ends: Vec<(u32, u32)> = self.at[n]
            .iter()
            .filter_map(|s| match s.phase {
                Phase::Seen => Some((s.cost + self.missing(s)?, s.node)),
                Phase::Between if s.needs => (self.mode == Mode::Loose).then_some((s.cost + SKIP, s.node)),
                Phase::Between => Some((s.cost, s.node)),
                Phase::Ahead => None,
            })
            .collect();
        ends.sort_by_key(|e| e.0);
        ends.truncate(16);
        ends.iter().map(|&(cost, node)| Path { cost, steps: self.steps(node) }).collect()
    }

    fn steps(&self, mut node: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        while let Some(n) = self.nodes.get(node as usize) {
            steps.push(n.step);
            node = n.prev;
        }
        steps.reverse();
        steps
    }

    /// What a clause that ends here lacks; nothing at all is no clause.
    fn missing(&self, state: &State) -> Option<u32> {
        if state.begins != Begins::Verb && state.filled == 0 {
            return None;
        }
        let sense = &self.lexicon.senses[usize::from(state.sense)];
        let lacking = (sense.required & !state.filled).count_ones();
        match state.begins {
            Begins::Verb => Some(lacking * MISSING),
            Begins::Verbless => {
                (lacking == 0 || self.mode == Mode::Loose && lacking == 1).then_some(lacking * MISSING * 3)
            }
            Begins::Ellipsis => Some(0),
        }
    }

    fn push(&mut self, at: usize, mut state: State, step: Step) {
        let list = &mut self.at[at];
        let same = |s: &&mut State| {
            s.phase == state.phase
                && s.sense == state.sense
                && s.filled == state.filled
                && s.needs == state.needs
                && s.prev == state.prev
                && s.clauses == state.clauses
                && s.verb_at == state.verb_at
                && s.begins == state.begins
                && s.link == state.link
                && s.before == state.before
                && s.past == state.past
        };
        let mut twins = list.iter_mut().filter(same);
        if let (Some(first), Some(second)) = (twins.next(), twins.next()) {
            let worse = if first.cost > second.cost { first } else { second };
            if worse.cost <= state.cost {
                return;
            }
            state.node = grow(&mut self.nodes, state.node, step);
            self.best[at] = self.best[at].min(state.cost);
            *worse = state;
            return;
        }
        if state.cost > self.best[at] + self.width {
            return;
        }
        self.best[at] = self.best[at].min(state.cost);
        if list.len() >= BEAM {
            self.overflow = true;
            return;
        }
        state.node = grow(&mut self.nodes, state.node, step);
        list.push(state);
    }
}

fn grow(nodes: &mut Vec<Node>, prev: u32, step: Step) -> u32 {
    nodes.push(Node { prev, step });
    u32::try_from(nodes.len() - 1).unwrap_or(u32::MAX)
}
