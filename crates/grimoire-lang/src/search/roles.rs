//! Phrases that play a role in the open clause.

use super::*;

impl Search<'_, '_> {
    /// Every phrase here that plays a role in the open clause.
    pub(super) fn roles(&mut self, i: usize, state: &State) {
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
    pub(super) fn limits(&mut self, from: usize, at: usize, depth: u8, state: &State) {
        let lattice = self.lattice;
        let sense = &self.lexicon.senses[usize::from(state.sense)];
        for hit in lattice.hits(at) {
            match (hit.meaning, hit.capture) {
                (Meaning::Limit(slot), Some((bound, run)))
                    if (sense.limits & slot.bit() != 0
                        || state.prev != NO_SENSE && slot == Slot::MaxSlippage)
                        && state.filled & slot.bit() == 0 =>
                {
                    // “swap … and lend it, with 1% slippage” is said of the swap.
                    let other = if sense.limits & slot.bit() == 0 { 4 } else { 0 };
                    let next =
                        State { cost: state.cost + other, filled: state.filled | slot.bit(), ..*state };
                    let marker = Run::new(from, usize::from(run.from));
                    let scope = lattice.hits(hit.end).iter().filter(|h| h.meaning == Meaning::Scope);
                    for end in std::iter::once(hit.end).chain(scope.map(|h| h.end)) {
                        let fill = Fill::Bound(bound);
                        self.push(
                            end,
                            next,
                            Step::Slot { slot, marker, run, fill, end: Run::new(0, end).to },
                        );
                    }
                }
                (Meaning::Lead, _) if depth < 3 => self.limits(from, hit.end, depth + 1, state),
                _ => {}
            }
        }
    }

    pub(super) fn fill(&mut self, from: usize, at: usize, edge: &SlotEdge, state: &State) {
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
                        && (matches!(f.asset, Asset::Unknown(_))
                            || matches!(f.asset, Asset::Address(_)) && !f.listed);
                    // “with uni”, “using aave”: behind a marker that is the venue.
                    let venue = !bare
                        && edge.slot == Slot::Give
                        && f.how == How::Unsaid
                        && f.base == Base::Unsaid
                        && self.is_venue(&f);
                    let share = matches!(f.how, How::Percent(_) | How::Fraction(..) | How::Rest | How::All);
                    let keeps = slot == Slot::Except && (from..at).any(|i| lattice.q(i, Q::Keep).is_some());
                    // “reduce my debt” is no withdrawal.
                    let owed = f.debt
                        && self.lexicon.senses[usize::from(state.sense)].action
                            == crate::intent::ActionKind::Withdraw;
                    let capped = slot == Slot::Except && matches!(f.how, How::AtMost(_) | How::AtLeast(_));
                    if stray || venue || owed || capped || keeps && share || behind && f.how == How::Unsaid {
                        continue;
                    }
                    let Some(mut extra) = suits(&f, edge) else { continue };
                    let first = lattice.tokens.get(from).map_or("", |t| t.text(lattice.text));
                    if slot == Slot::Take
                        && !f.listed
                        && matches!(f.asset, Asset::Address(_))
                        && (first.eq_ignore_ascii_case("for") || first.eq_ignore_ascii_case("into"))
                    {
                        // Behind “to” an address may be a person; behind “into” it is a token.
                        extra = 4;
                    }
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
                    let before = lattice.tokens.get(from).map_or("", |t| t.text(lattice.text));
                    let named = matches!(place, Place::Name(n) if self.lexicon.names[usize::from(n)].token());
                    // “half in ETH” is the token.
                    if chain && named && before.eq_ignore_ascii_case("in") {
                        return;
                    }
                    // A name alone that is a token too is rather the token; behind a number it is what is counted.
                    let token = matches!(place, Place::Name(n) if self.lexicon.names[usize::from(n)].token());
                    if bare && chain && token && self.behind_number(from) {
                        return;
                    }
                    let extra = if bare && chain && token { 3 } else { 0 };
                    let next = State { cost: next.cost + extra, ..next };
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

    /// Whether a number stands before a place, with nothing but words that carry nothing between them.
    fn behind_number(&self, at: usize) -> bool {
        let lattice = self.lattice;
        let quiet = |i: &usize| {
            (0..=*i).any(|j| lattice.hits(j).iter().any(|h| h.end > *i && h.meaning == Meaning::Silent))
        };
        let before = (0..at).rev().find(|i| !quiet(i));
        before.is_some_and(|i| lattice.tokens[i].kind == Kind::Number && i + 1 < at)
    }

    pub(super) fn is_venue(&self, f: &Funds) -> bool {
        match f.asset {
            Asset::Name(name) => self.lexicon.names[usize::from(name)].venue.is_some(),
            _ => false,
        }
    }

    /// A token right behind a number belongs to it: it is not the next role.
    pub(super) fn after_bare_number(&self, state: &State) -> bool {
        let mut node = self.nodes[state.node as usize];
        while let Step::Silent(run) | Step::Particle(run) = node.step {
            let at = usize::from(run.from);
            // In `deposit(USDC, 500, aave)` a comma parts them.
            if self.call && self.lattice.tokens.get(at).is_some_and(|t| t.text(self.lattice.text) == ",") {
                return false;
            }
            node = self.nodes[node.prev as usize];
        }
        match node.step {
            Step::Slot { fill: Fill::Funds(index), .. } => self.lattice.fund(index).asset == Asset::Unsaid,
            _ => false,
        }
    }

    /// “somewhere”, “a better yield”.
    pub(super) fn open_place(&mut self, at: usize, marker: Run, slot: Slot, next: &State) {
        let lattice = self.lattice;
        for hit in lattice.hits(at) {
            let needed = self.lexicon.senses[usize::from(next.sense)].required & slot.bit() != 0;
            // “at the best rate” carries nothing.
            let quiet = lattice
                .hits(usize::from(marker.from))
                .iter()
                .any(|h| h.meaning == Meaning::Silent && h.end >= hit.end);
            if hit.meaning == Meaning::Open && !quiet && (needed || !marker.is_empty()) {
                let run = Run::new(at, hit.end);
                self.push(
                    hit.end,
                    *next,
                    Step::Slot { slot, marker, run, fill: Fill::Place(Place::Open), end: run.to },
                );
            }
        }
    }

    pub(super) fn unknown_place(&mut self, at: usize, marker: Run, slot: Slot, chain: bool, next: &State) {
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

    pub(super) fn account(&mut self, at: usize, marker: Run, edge: &SlotEdge, next: &State) {
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

/// How well funds suit a slot, or that they do not.
pub(super) fn suits(f: &Funds, edge: &SlotEdge) -> Option<u32> {
    let said = f.how != How::Unsaid;
    let fits = match edge.kind {
        // “lend my USDC on Aave, all of it”
        Filler::Amount => {
            let share = matches!(f.how, How::All | How::Percent(_) | How::Fraction(..));
            let of_it = share && edge.slot == Slot::Part && edge.after != 0;
            said && f.asset == Asset::Unsaid && (f.base != Base::It || of_it)
        }
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
