//! One step from one place: what every word there can do for a reading that has come so far.

use super::*;

impl Search<'_, '_> {
    pub(super) fn expand(&mut self, i: usize, state: State) {
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
                Meaning::Gate(Gate::Cancel)
                    if matches!(self.opening, Opening::Anew | Opening::Fragment(_))
                        && state.phase == Phase::Between
                        && state.clauses == 0
                        && hit.end < lattice.tokens.len() =>
                {
                    // “forget that, swap …” takes back what was said before, and nothing of what follows.
                    self.push(hit.end, State { cost: state.cost + 1, ..state }, Step::Particle(run));
                }
                Meaning::Fix if matches!(self.opening, Opening::Fragment(_)) && !self.takes_away(hit.end) => {
                    self.push(hit.end, State { cost: state.cost + 1, ..state }, Step::Particle(run));
                }
                Meaning::Gate(Gate::Recurrence) if self.opening == Opening::Once => {
                    self.push(hit.end, State { cost: state.cost + 1, ..state }, Step::Silent(run));
                }
                Meaning::Link(Link::Then)
                    if matches!(self.opening, Opening::Fragment(_))
                        && state.phase == Phase::Seen
                        && hit.end == lattice.tokens.len()
                        && lattice.tokens[i].text(lattice.text).eq_ignore_ascii_case("then") =>
                {
                    // “ok, Aave then”
                    self.push(hit.end, State { cost: state.cost + 1, ..state }, Step::Particle(run));
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
                Meaning::Link(Link::First) if state.phase == Phase::Seen && state.prev != NO_SENSE => {
                    self.push(hit.end, state, Step::Link { run, link: Link::First });
                }
                Meaning::Link(Link::Once) if state.phase == Phase::Seen && state.prev != NO_SENSE => {
                    self.push(hit.end, state, Step::Silent(run));
                }
                Meaning::Link(Link::Bullet) if state.phase == Phase::Ahead => {
                    self.push(hit.end, State { cost: state.cost + 2, ..state }, Step::Silent(run));
                }
                Meaning::Marker(id) if matches!(state.phase, Phase::Seen | Phase::Ahead) => {
                    let particles = &self.lexicon.senses[usize::from(state.sense)].particles;
                    // “swap over 100 USDC” may mean more than 100.
                    let counted = lattice
                        .tokens
                        .get(hit.end)
                        .is_some_and(|t| t.kind == Kind::Number || t.word == self.lexicon.known.dollar);
                    let counted = counted && !lattice.known_me(i);
                    // “as collateral” is said of a collateral.
                    let pledged = (i..hit.end).any(|k| {
                        let said = lattice.tokens[k].text(lattice.text);
                        said.eq_ignore_ascii_case("collateral") || said.eq_ignore_ascii_case("security")
                    });
                    // “send it to bob.eth on Ethereum” names the chain: nothing is sent on.
                    let placed = lattice.tokens[i].text(lattice.text).eq_ignore_ascii_case("on")
                        && lattice.place(hit.end, true).is_some();
                    // Before the verb, only what belongs to a role said there: “using wstETH as collateral, borrow …”.
                    let fits = !counted
                        && !placed
                        && (pledged || state.phase == Phase::Seen)
                        && (!pledged || state.filled & Slot::Collateral.bit() != 0);
                    if particles[usize::from(id) / 64] >> (id % 64) & 1 == 1 && fits {
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
            || i == 0 && self.lattice.word_is(i, self.lexicon.known.more)
        {
            self.push(i + 1, state, Step::Silent(Run::new(i, i + 1)));
        }
        if self.mode == Mode::Loose && token.kind != Kind::Emoji {
            self.push(i + 1, State { cost: state.cost + SKIP, ..state }, Step::Skip(Run::new(i, i + 1)));
        }
    }
}
