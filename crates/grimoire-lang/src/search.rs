//! The search: from the first word to the last, every way to cover a message with verbs, roles and silent words.
//!
//! Costs are whole numbers in tiers that do not overtake each other in a normal message: an unknown word in a role
//! (100), a missing role (100), a story set aside (40), a missing verb (30), an unusual order (below 10). A reading
//! covers every token, or there is none; only [`Mode::Loose`] may skip a token, and says so.

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
const BEAM: usize = 160;

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
    };
    search.nodes.push(Node { prev: u32::MAX, step: Step::Start });
    let prev = match opening {
        Opening::Fresh | Opening::Once => NO_SENSE,
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

    fn expand(&mut self, i: usize, state: State) {
        let lattice = self.lattice;
        match state.phase {
            Phase::Ahead if i == usize::from(state.verb_at) => return self.verbs(i, &state),
            Phase::Between => self.between(i, &state),
            Phase::Ahead => self.roles(i, &state),
            Phase::Seen => {
                self.roles(i, &state);
                self.close(i, &state);
            }
        }
        for hit in lattice.hits(i) {
            let run = Run::new(i, hit.end);
            match hit.meaning {
                Meaning::Silent => self.push(hit.end, state, Step::Silent(run)),
                Meaning::Fix if matches!(self.opening, Opening::Fragment(_)) => {
                    self.push(hit.end, State { cost: state.cost + 1, ..state }, Step::Particle(run));
                }
                Meaning::Gate(Gate::Recurrence) if self.opening == Opening::Once => {
                    self.push(hit.end, State { cost: state.cost + 1, ..state }, Step::Silent(run));
                }
                Meaning::Replaced if matches!(self.opening, Opening::Fragment(_)) => {
                    self.replaced(i, hit.end, &state);
                }
                Meaning::Link(Link::Soft) if state.phase != Phase::Between => {
                    // A comma may stand inside an action; a full stop hardly does.
                    let stop = matches!(
                        lattice.tokens[i].text(lattice.text).chars().next(),
                        Some('.' | ';' | '!' | '?' | '\n')
                    );
                    let last = hit.end == lattice.tokens.len();
                    let cost = state.cost + if stop && !last { 8 } else { 1 };
                    self.push(hit.end, State { cost, ..state }, Step::Silent(run));
                }
                Meaning::Marker(id) if state.phase == Phase::Seen => {
                    let particles = &self.lexicon.senses[usize::from(state.sense)].particles;
                    // “swap over 100 USDC” may mean more than 100.
                    let counted = lattice
                        .tokens
                        .get(hit.end)
                        .is_some_and(|t| t.kind == Kind::Number || t.word == self.lexicon.known.dollar);
                    if particles[usize::from(id) / 64] >> (id % 64) & 1 == 1 && !counted {
                        self.push(hit.end, state, Step::Particle(run));
                    }
                }
                Meaning::Aside if state.phase != Phase::Ahead && state.clauses > 0 => {
                    self.aside(i, hit.end, &state);
                }
                _ => {}
            }
        }
        let token = self.lattice.tokens[i];
        if token.kind == Kind::Emoji {
            self.push(i + 1, state, Step::Silent(Run::new(i, i + 1)));
        }
        // “/swap”
        let command = self.lattice.tokens.get(i + 1).is_some_and(|t| t.glued);
        if state.phase == Phase::Between
            && state.clauses == 0
            && command
            && self.lattice.word_is(i, self.lexicon.known.slash)
        {
            self.push(i + 1, state, Step::Silent(Run::new(i, i + 1)));
        }
        if self.mode == Mode::Loose && token.kind != Kind::Emoji {
            self.push(i + 1, State { cost: state.cost + SKIP, ..state }, Step::Skip(Run::new(i, i + 1)));
        }
    }

    /// “not ETH”, “instead of Base”: what a correction takes away.
    fn replaced(&mut self, from: usize, at: usize, state: &State) {
        let lattice = self.lattice;
        for chain in [true, false] {
            if let Some((end, place)) = lattice.place(at, chain) {
                self.push(end, *state, Step::Was { run: Run::new(from, end), fill: Fill::Place(place) });
            }
        }
        for (index, end) in lattice.fund_indices(at) {
            self.push(end, *state, Step::Was { run: Run::new(from, end), fill: Fill::Funds(index) });
        }
    }

    /// A reason or a story: up to the next mark, without anything that could be a value or change one.
    fn aside(&mut self, from: usize, body: usize, state: &State) {
        let lattice = self.lattice;
        let mut end = body;
        while let Some(token) = lattice.tokens.get(end) {
            let stop =
                lattice.hits(end).iter().any(|h| h.end == end + 1 && h.meaning == Meaning::Link(Link::Soft));
            if stop || token.kind == Kind::Emoji {
                break;
            }
            let value = token.kind != Kind::Word
                || lattice.hits(end).iter().any(|h| match h.meaning {
                    Meaning::Gate(_) => true,
                    Meaning::Verb(_) => h.end > end + 1,
                    Meaning::Name(n) => {
                        let name = &self.lexicon.names[usize::from(n)];
                        name.token() || name.chain.is_some() || name.venue.is_some()
                    }
                    Meaning::Quantity(q) => {
                        matches!(
                            q,
                            Q::All
                                | Q::Rest
                                | Q::AllBut
                                | Q::AtMost
                                | Q::AtLeast
                                | Q::Usd
                                | Q::Percent
                                | Q::Each
                        ) && h.end == end + 1
                    }
                    _ => false,
                })
                || (lattice.lexicon.numbers.shares.contains_key(&token.word) && token.word != 0);
            if value {
                return;
            }
            end += 1;
        }
        let words = u32::try_from(end - from).unwrap_or(u32::MAX);
        if end > body || body > from + 1 {
            self.push(
                end,
                State { cost: state.cost + 40 + words, ..*state },
                Step::Aside(Run::new(from, end)),
            );
        }
    }

    /// Verbs of the clause that is open, or that open one.
    fn verbs(&mut self, i: usize, state: &State) {
        for hit in self.lattice.hits(i) {
            let Meaning::Verb(verb) = hit.meaning else { continue };
            let lexicon = self.lexicon;
            for v in &lexicon.verbs[usize::from(verb)] {
                let run = Run::new(i, hit.end);
                let cost = state.cost + if v.second { 4 } else { 0 };
                if state.phase == Phase::Ahead {
                    if v.sense == state.sense {
                        self.push(
                            hit.end,
                            State { cost, phase: Phase::Seen, verb_at: u8::MAX, ..*state },
                            Step::Verb(run),
                        );
                    }
                } else if !v.past || state.link == Link::After {
                    let open = self.open(state, v.sense, Begins::Verb);
                    self.push(hit.end, State { cost, phase: Phase::Seen, ..open }, Step::Verb(run));
                }
            }
        }
    }

    fn open(&mut self, state: &State, sense: u8, begins: Begins) -> State {
        let link = if state.clauses == 0 && state.link == Link::After { Link::Then } else { state.link };
        let node = grow(&mut self.nodes, state.node, Step::Open { sense, begins, link });
        State { node, sense, filled: 0, needs: false, clauses: 1, begins, link: Link::Soft, ..*state }
    }

    fn between(&mut self, i: usize, state: &State) {
        let lattice = self.lattice;
        let lexicon = self.lexicon;
        self.verbs(i, state);
        let verb = self.next_verb[i];
        if usize::from(verb) > i && verb != u8::MAX {
            for hit in lattice.hits(usize::from(verb)) {
                let Meaning::Verb(id) = hit.meaning else { continue };
                for v in &lexicon.verbs[usize::from(id)] {
                    let open = self.open(state, v.sense, Begins::Verb);
                    let ahead = State { cost: state.cost + 3, phase: Phase::Ahead, verb_at: verb, ..open };
                    self.roles(i, &ahead);
                }
            }
        }
        if state.clauses == 0 && state.prev == NO_SENSE {
            for (s, sense) in lexicon.senses.iter().enumerate().filter(|(_, s)| s.verbless) {
                debug_assert!(sense.verbless, "only senses that need no verb");
                let open = self.open(state, u8::try_from(s).unwrap_or(NO_SENSE), Begins::Verbless);
                self.roles(i, &State { cost: state.cost + 12, phase: Phase::Seen, ..open });
            }
        }
        if state.prev != NO_SENSE && state.link != Link::After {
            let open = self.open(state, state.prev, Begins::Ellipsis);
            let first = state.clauses == 0;
            self.roles(
                i,
                &State { cost: state.cost + if first { 0 } else { 30 }, phase: Phase::Seen, ..open },
            );
        }
        for hit in lattice.hits(i) {
            match hit.meaning {
                Meaning::Link(link) => {
                    // “before” joins two actions in order; only at the start it turns them round.
                    let usable = match link {
                        Link::Then | Link::Soft => true,
                        Link::After | Link::Bullet => true,
                        Link::Before => state.clauses == 0,
                    };
                    let first_then = link == Link::Then
                        && state.clauses == 0
                        && lattice.hits(i).iter().any(|h| h.meaning == Meaning::Link(Link::Before));
                    if usable && !first_then {
                        let kept = if matches!(link, Link::After | Link::Before) { link } else { state.link };
                        let needs = state.needs || !matches!(link, Link::Soft);
                        let next = State { link: kept, needs, ..*state };
                        self.push(hit.end, next, Step::Link { run: Run::new(i, hit.end), link });
                    }
                }
                Meaning::Quantity(Q::Have) => {
                    for (funds, end) in lattice.fund_indices(hit.end) {
                        let f = lattice.fund(funds);
                        if f.how != How::Unsaid && f.asset != Asset::Unsaid {
                            let run = Run::new(i, end);
                            self.push(
                                end,
                                State { cost: state.cost + 5, ..*state },
                                Step::Stated { run, funds },
                            );
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The end of a clause: a word that joins actions, or the next verb.
    fn close(&mut self, i: usize, state: &State) {
        let Some(missing) = self.missing(state) else { return };
        let cost = state.cost + missing;
        let closed = State {
            cost,
            phase: Phase::Between,
            sense: NO_SENSE,
            prev: state.sense,
            filled: 0,
            link: Link::Soft,
            before: if matches!(self.opening, Opening::Fragment(_)) { state.filled } else { 0 },
            ..*state
        };
        for hit in self.lattice.hits(i) {
            match hit.meaning {
                Meaning::Link(link) if link != Link::Before => {
                    let extra = if link == Link::Bullet { 2 } else { 0 };
                    let needs = link != Link::Soft;
                    let kept = if link == Link::After { link } else { Link::Soft };
                    let next = State { cost: cost + extra, needs, link: kept, ..closed };
                    self.push(hit.end, next, Step::Link { run: Run::new(i, hit.end), link });
                }
                Meaning::Verb(_) => self.verbs(i, &State { cost: cost + 50, ..closed }),
                Meaning::Marker(_)
                    if self.lexicon.senses[usize::from(state.sense)].verbless
                        && self.lattice.word_is(i, self.lexicon.known.arrow) =>
                {
                    let open = self.open(&closed, state.sense, Begins::Ellipsis);
                    self.roles(i, &State { cost: cost + 8, phase: Phase::Seen, ..open });
                }
                _ => {}
            }
        }
    }

    /// Every phrase here that plays a role in the open clause.
    fn roles(&mut self, i: usize, state: &State) {
        let lexicon = self.lexicon;
        let lattice = self.lattice;
        let sense = &lexicon.senses[usize::from(state.sense)];
        for edge in &sense.edges {
            let repeats = state.filled & edge.slot.bit() != 0;
            if !repeats
                && edge.bare
                && edge.after != 0
                && state.filled & edge.after == 0
                && matches!(edge.kind, Filler::Chain | Filler::Venue)
            {
                let marker = Run::new(i, i);
                let next = State { filled: state.filled | edge.slot.bit(), ..*state };
                self.open_place(i, marker, edge.slot, &next);
            }
            if repeats
                || (edge.after != 0 && state.filled & edge.after == 0)
                || state.filled & edge.until != 0
            {
                continue;
            }
            if edge.bare {
                self.fill(i, i, edge, state);
            }
            for hit in lattice.hits(i) {
                if let Meaning::Marker(id) = hit.meaning
                    && edge.takes(id)
                {
                    self.fill(i, hit.end, edge, state);
                }
            }
        }
        self.limits(i, i, 0, state);
    }

    /// A bound, with up to three words before it.
    fn limits(&mut self, from: usize, at: usize, depth: u8, state: &State) {
        let lattice = self.lattice;
        let sense = &self.lexicon.senses[usize::from(state.sense)];
        for hit in lattice.hits(at) {
            match (hit.meaning, hit.capture) {
                (Meaning::Limit(slot), Some((bound, run)))
                    if sense.limits & slot.bit() != 0 && state.filled & slot.bit() == 0 =>
                {
                    let next = State { filled: state.filled | slot.bit(), ..*state };
                    let marker = Run::new(from, usize::from(run.from));
                    self.push(
                        hit.end,
                        next,
                        Step::Slot {
                            slot,
                            marker,
                            run,
                            fill: Fill::Bound(bound),
                            end: Run::new(0, hit.end).to,
                        },
                    );
                }
                (Meaning::Lead, _) if depth < 3 => self.limits(from, hit.end, depth + 1, state),
                _ => {}
            }
        }
    }

    fn fill(&mut self, from: usize, at: usize, edge: &SlotEdge, state: &State) {
        let lattice = self.lattice;
        if at >= lattice.tokens.len() && edge.kind != Filler::Flag {
            return;
        }
        let marker = Run::new(from, at);
        let bare = from == at;
        let next = State { cost: state.cost + edge.cost, filled: state.filled | edge.slot.bit(), ..*state };
        let slot = edge.slot;
        match edge.kind {
            Filler::Funds | Filler::Amount | Filler::Debt | Filler::Token => {
                let behind = bare && self.after_bare_number(state);
                for (index, end) in lattice.fund_indices(at) {
                    let f = lattice.fund(index);
                    let stray = bare
                        && state.begins == Begins::Ellipsis
                        && f.how == How::Unsaid
                        && matches!(f.asset, Asset::Unknown(_));
                    if stray || behind && f.how == How::Unsaid {
                        continue;
                    }
                    let Some(extra) = suits(&f, edge) else { continue };
                    let run = Run::new(at, end);
                    let step = Step::Slot { slot, marker, run, fill: Fill::Funds(index), end: run.to };
                    self.push(end, State { cost: next.cost + extra, ..next }, step);
                }
            }
            Filler::Chain | Filler::Venue => {
                let chain = edge.kind == Filler::Chain;
                if bare && self.after_bare_number(state) {
                    return;
                }
                if let Some((end, place)) = lattice.place(at, chain) {
                    let run = Run::new(at, end);
                    self.push(
                        end,
                        next,
                        Step::Slot { slot, marker, run, fill: Fill::Place(place), end: run.to },
                    );
                } else {
                    self.unknown_place(at, marker, slot, chain, &next);
                }
            }
            Filler::Account | Filler::Payee => self.account(at, marker, edge, &next),
            Filler::Flag => {
                if !bare {
                    self.push(
                        at,
                        next,
                        Step::Slot {
                            slot,
                            marker,
                            run: Run::new(from, at),
                            fill: Fill::Flag,
                            end: Run::new(0, at).to,
                        },
                    );
                }
            }
        }
    }

    /// A token right behind a number belongs to it: it is not the next role.
    fn after_bare_number(&self, state: &State) -> bool {
        let mut node = self.nodes[state.node as usize];
        while matches!(node.step, Step::Silent(_) | Step::Particle(_)) {
            node = self.nodes[node.prev as usize];
        }
        match node.step {
            Step::Slot { fill: Fill::Funds(index), .. } => self.lattice.fund(index).asset == Asset::Unsaid,
            _ => false,
        }
    }

    /// “somewhere”, “a better yield”.
    fn open_place(&mut self, at: usize, marker: Run, slot: Slot, next: &State) {
        let lattice = self.lattice;
        for hit in lattice.hits(at) {
            let needed = self.lexicon.senses[usize::from(next.sense)].required & slot.bit() != 0;
            if hit.meaning == Meaning::Open && (needed || !marker.is_empty()) {
                let run = Run::new(at, hit.end);
                self.push(
                    hit.end,
                    *next,
                    Step::Slot { slot, marker, run, fill: Fill::Place(Place::Open), end: run.to },
                );
            }
        }
    }

    fn unknown_place(&mut self, at: usize, marker: Run, slot: Slot, chain: bool, next: &State) {
        let lattice = self.lattice;
        self.open_place(at, marker, slot, next);
        if marker.is_empty() || !lattice.unknown_word(at) {
            return;
        }
        let needed = self.lexicon.senses[usize::from(next.sense)].required & slot.bit() != 0;
        let before = lattice.tokens[usize::from(marker.to) - 1].text(lattice.text).to_lowercase();
        if !needed
            && !matches!(
                before.as_str(),
                "on" | "via" | "through" | "thru" | "over" | "from" | ":" | "=" | "@"
            )
        {
            return;
        }
        let said = lattice.tokens[at].text(lattice.text).to_lowercase();
        let similar = crate::suggest::near_place(&said, &self.lexicon.vocabulary, chain);
        let cost = next.cost
            + MISSING
            + if similar {
                2
            } else if chain {
                10
            } else {
                14
            };
        let step = |to| Step::Slot {
            slot,
            marker,
            run: Run::new(at, to),
            fill: Fill::Place(Place::Unknown),
            end: Run::new(0, to).to,
        };
        self.push(at + 1, State { cost, ..*next }, step(at + 1));
        if lattice.unknown_word(at + 1) {
            self.push(at + 2, State { cost: cost + 5, ..*next }, step(at + 2));
        }
    }

    fn account(&mut self, at: usize, marker: Run, edge: &SlotEdge, next: &State) {
        let lattice = self.lattice;
        let slot = edge.slot;
        let kin = lattice.hits(at).iter().filter(|h| h.meaning == Meaning::Kin).map(|h| h.end).max();
        let begin = kin.unwrap_or(at);
        let is_account = |i: usize| {
            lattice.tokens.get(i).is_some_and(|t| {
                matches!(t.kind, Kind::Ens | Kind::Address | Kind::BadAddress | Kind::Handle)
            })
        };
        if is_account(begin) {
            let mut end = begin + 1;
            let mut account = Account::Token(Run::new(begin, 0).from);
            let other = lattice.q(end, Q::Or).filter(|&i| is_account(i));
            let paren = |i: usize| lattice.tokens.get(i).is_some_and(|t| t.text(lattice.text) == "(");
            if let Some(other) = other {
                (end, account) = (other + 1, Account::Either);
            } else if paren(end) && is_account(end + 1) {
                (end, account) = ((end + 3).min(lattice.tokens.len()), Account::Either);
            }
            self.push(
                end,
                *next,
                Step::Slot {
                    slot,
                    marker,
                    run: Run::new(at, end),
                    fill: Fill::Account(account),
                    end: Run::new(0, end).to,
                },
            );
            return;
        }
        if edge.kind == Filler::Account || marker.is_empty() {
            return;
        }
        let mut end = begin;
        while end < begin + 3 && lattice.unknown_word(end) {
            end += 1;
            let cost = next.cost + MISSING + u32::try_from(end - begin).unwrap_or(0);
            let run = Run::new(at, end);
            self.push(
                end,
                State { cost, ..*next },
                Step::Slot { slot, marker, run, fill: Fill::Account(Account::Unknown), end: run.to },
            );
        }
        if let Some(end) = kin.filter(|_| end == begin) {
            let run = Run::new(at, end);
            let cost = next.cost + MISSING + 2;
            self.push(
                end,
                State { cost, ..*next },
                Step::Slot { slot, marker, run, fill: Fill::Account(Account::Unknown), end: run.to },
            );
        }
    }
}

fn grow(nodes: &mut Vec<Node>, prev: u32, step: Step) -> u32 {
    nodes.push(Node { prev, step });
    u32::try_from(nodes.len() - 1).unwrap_or(u32::MAX)
}

/// How well funds suit a slot, or that they do not.
fn suits(f: &Funds, edge: &SlotEdge) -> Option<u32> {
    let said = f.how != How::Unsaid;
    let fits = match edge.kind {
        Filler::Amount => said && f.asset == Asset::Unsaid && f.base != Base::It,
        Filler::Debt => f.debt,
        Filler::Token => (!said && f.asset != Asset::Unsaid) && f.base != Base::It,
        _ => true,
    };
    let goal = matches!(edge.slot, Slot::Take);
    let fits =
        fits && !(goal && f.base == Base::It) && (said || !matches!(edge.slot, Slot::Except | Slot::Cap));
    let fits = fits && !(goal && f.asset == Asset::Unsaid && !matches!(f.how, How::Usd(_)));
    if !fits {
        return None;
    }
    let unknown = if matches!(f.asset, Asset::Unknown(_)) { MISSING } else { 0 };
    let bare = u32::from(f.asset == Asset::Unsaid && f.base != Base::It) * 2;
    let address = if goal && matches!(f.asset, Asset::Address(_)) && !f.listed { MISSING + 1 } else { 0 };
    let order = u32::from(said && f.amount.from > f.token.from && !f.token.is_empty()) * 3;
    let goal_amount =
        u32::from(goal && matches!(f.how, How::All | How::Rest | How::Percent(_) | How::AtMost(_))) * 12;
    Some(unknown + address + bare + order + goal_amount + u32::from(f.base == Base::It))
}
