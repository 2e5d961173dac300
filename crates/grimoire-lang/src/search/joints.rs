//! Between clauses: the words that join them, and how one closes before the next opens.

use super::*;

impl Search<'_, '_> {
    pub(super) fn between(&mut self, i: usize, state: &State) {
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
        self.topic(i, state);
        for hit in lattice.hits(i) {
            match hit.meaning {
                Meaning::Link(Link::Then) if self.arrow(i) => {}
                Meaning::Link(Link::Bullet)
                    if self.call
                        && state.clauses > 0
                        && lattice.tokens[i].kind == Kind::Number
                        && lattice.tokens[i - 1].text(lattice.text) == "," => {}
                Meaning::Link(link) => {
                    // “before” joins two actions in order; only at the start it turns them round.
                    let usable = match link {
                        Link::Then | Link::Soft => true,
                        Link::After | Link::Bullet => true,
                        Link::Before => state.clauses == 0,
                        Link::Once => state.clauses > 0,
                        Link::First => false,
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
                Meaning::Quantity(Q::Keep) => self.kept(i, hit.end, state),
                // “take 300 USDC and lend it”
                Meaning::Quantity(Q::Take) => {
                    for (funds, end) in lattice.fund_indices(hit.end) {
                        let f = lattice.fund(funds);
                        let exact = !matches!(f.how, How::Unsaid | How::Vague | How::Enough)
                            && f.asset != Asset::Unsaid;
                        if exact && f.base != Base::It && self.joins(end) {
                            let run = Run::new(i, end);
                            let next = State { cost: state.cost + 8, needs: true, ..*state };
                            self.push(end, next, Step::Stated { run, funds });
                        }
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
    pub(super) fn close(&mut self, i: usize, state: &State) {
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
                // In `wrap(ETH, 2)` a bracket behind a number is no sign of a list.
                Meaning::Link(Link::Bullet) if self.call && self.lattice.tokens[i].kind == Kind::Number => {}
                // An arrow joins actions only where a verb follows it.
                Meaning::Link(Link::Then) if self.arrow(i) && !self.verb_at(hit.end) => {}
                Meaning::Link(link) if !matches!(link, Link::Before | Link::First) => {
                    let extra = if link == Link::Bullet { 2 } else { 0 };
                    let needs = link != Link::Soft;
                    let kept = if link == Link::After { link } else { Link::Soft };
                    let next = State { cost: cost + extra, needs, link: kept, ..closed };
                    self.push(hit.end, next, Step::Link { run: Run::new(i, hit.end), link });
                }
                // A slip is repaired to a verb where one is expected, not in the middle of an action.
                Meaning::Verb(_) if !self.repaired(i) => {
                    self.verbs(i, &State { cost: cost + 50, ..closed });
                }
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

    /// “My entire AERO balance, convert it to USDC”: what is spoken of stands first, and the verb takes it up.
    fn topic(&mut self, i: usize, state: &State) {
        let lattice = self.lattice;
        if state.clauses > 0 || state.prev != NO_SENSE {
            return;
        }
        for (funds, end) in lattice.fund_indices(i) {
            let f = lattice.fund(funds);
            let counted = !matches!(f.how, How::Unsaid | How::Vague | How::Enough | How::Either(..));
            let soft = |h: &crate::chunk::Hit| h.meaning == Meaning::Link(Link::Soft);
            let takes_up = |at: usize| {
                lattice
                    .hits(at)
                    .iter()
                    .any(|h| matches!(h.meaning, Meaning::Verb(_)) && lattice.q(h.end, Q::Pronoun).is_some())
            };
            let named = matches!(f.asset, Asset::Name(_)) && f.base != Base::It;
            if counted && named && lattice.hits(end).iter().any(|h| soft(h) && takes_up(h.end)) {
                let next = State { cost: state.cost + 8, needs: true, ..*state };
                self.push(end, next, Step::Stated { run: Run::new(i, end), funds });
            }
        }
    }

    /// Whether a token is not the word it was read as.
    fn repaired(&self, i: usize) -> bool {
        let token = self.lattice.tokens[i];
        let mut lower = String::new();
        crate::words::fold(token.text(self.lattice.text), &mut lower);
        self.lexicon.words.find(&lower) != token.word
    }

    /// Whether a word that joins actions stands here.
    fn joins(&self, at: usize) -> bool {
        self.lattice.hits(at).iter().any(|h| matches!(h.meaning, Meaning::Link(Link::Then | Link::Soft)))
    }

    /// “keep 10 USDC and swap the rest”, “send half and keep half”.
    fn kept(&mut self, from: usize, at: usize, state: &State) {
        let lattice = self.lattice;
        for (funds, end) in lattice.fund_indices(at) {
            let f = lattice.fund(funds);
            let share = matches!(f.how, How::Percent(_) | How::Fraction(..) | How::Rest);
            let counted = matches!(f.how, How::Exact(_));
            if !matches!(f.asset, Asset::Unsaid | Asset::Name(_)) {
                continue;
            }
            // A counted amount only where the rest is spoken of.
            let rest = (end..lattice.tokens.len()).any(|j| {
                lattice.q(j, Q::Rest).is_some() || state.clauses == 0 && lattice.q(j, Q::All).is_some()
            });
            let first = state.clauses == 0;
            if share && (!first || rest) && !(first && f.how == How::Rest) || counted && rest {
                let next = State { cost: state.cost + 3, needs: first || counted, ..*state };
                self.push(end, next, Step::Kept { run: Run::new(from, end), funds });
            }
        }
    }

    fn arrow(&self, at: usize) -> bool {
        self.lattice.word_is(at, self.lexicon.known.arrow)
            || self.lattice.word_is(at, self.lexicon.known.more)
    }

    fn verb_at(&self, at: usize) -> bool {
        self.lattice.hits(at).iter().any(|h| matches!(h.meaning, Meaning::Verb(_)))
    }

    /// Whether “make” or “let” stands here.
    fn makes(&self, at: usize) -> bool {
        let said = self.lattice.tokens[at].text(self.lattice.text);
        ["make", "let", "change", "switch"].iter().any(|w| said.eq_ignore_ascii_case(w))
    }

    /// Verbs of the clause that is open, or that open one.
    pub(super) fn verbs(&mut self, i: usize, state: &State) {
        for hit in self.lattice.hits(i) {
            let Meaning::Verb(verb) = hit.meaning else { continue };
            // In an answer “make it 400” corrects: “make” is no verb of its own.
            let fix = |h: &crate::chunk::Hit| h.meaning == Meaning::Fix && h.end > hit.end;
            let fragment = matches!(self.opening, Opening::Fragment(_));
            if fragment && self.makes(i) && self.lattice.hits(i).iter().any(fix) {
                continue;
            }
            let lexicon = self.lexicon;
            for v in &lexicon.verbs[usize::from(verb)] {
                let run = Run::new(i, hit.end);
                let cost = state.cost + if v.second { 4 } else { 0 };
                if state.phase == Phase::Ahead {
                    if v.sense == state.sense {
                        self.push(
                            hit.end,
                            State { cost, phase: Phase::Seen, verb_at: u8::MAX, past: v.past, ..*state },
                            Step::Verb(run),
                        );
                    }
                } else if !v.past || state.link == Link::After || state.past && state.needs {
                    let open = self.open(state, v.sense, Begins::Verb);
                    let past = v.past && state.link != Link::After;
                    self.push(hit.end, State { cost, phase: Phase::Seen, past, ..open }, Step::Verb(run));
                }
            }
        }
    }

    pub(super) fn open(&mut self, state: &State, sense: u8, begins: Begins) -> State {
        let link = if state.clauses == 0 && state.link == Link::After { Link::Then } else { state.link };
        let node = grow(&mut self.nodes, state.node, Step::Open { sense, begins, link });
        State { node, sense, filled: 0, needs: false, clauses: 1, begins, link: Link::Soft, ..*state }
    }
}
