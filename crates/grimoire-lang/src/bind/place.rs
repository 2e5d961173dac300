//! Where each action takes place.

use super::*;

impl Binder<'_> {
    /// The chain a clause names, or a question about it.
    pub(super) fn named_chain(
        &mut self,
        clause: &Clause,
        slot: Slot,
    ) -> Option<Result<(String, Source), Question>> {
        let filled = clause.get(slot)?;
        let Value::Place(place) = &filled.value else { return None };
        let field = if slot == Slot::ToChain { Field::ToChain } else { Field::Chain };
        Some(self.chain_of(place, filled, field))
    }

    pub(super) fn chain_of(
        &self,
        place: &Where,
        filled: &Filled,
        field: Field,
    ) -> Result<(String, Source), Question> {
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
                let (options, hint) = near_first(said, chains(self.lexicon, None));
                let label = format!("`{said}` is not a chain I know.{hint} Which chain should it be?");
                Err(ask(field, Reason::Unknown, label).with_options(options).with_spans(&filled.spans))
            }
            Where::Either(said) => {
                open(Reason::Ambiguous, format!("You named two chains (“{said}”). Which one should it be?"))
            }
            Where::Open => open(Reason::Missing, "Which chain should it be?".into()),
        }
    }

    /// The chain of every clause: its own, the destination of a bridge before it, the one said before, the one said
    /// at the end, the context's.
    pub(super) fn place_clauses(&mut self, clauses: &[Clause]) -> Vec<Place> {
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
            // “bridge half to Base and lend the rest”: the rest stayed where it was.
            let bridged =
                i > 0 && self.lexicon.senses[usize::from(clauses[i - 1].sense)].action == ActionKind::Bridge;
            let stayed = bridged && clause.funds(Slot::Give).is_some_and(|s| s.how == How::Rest);
            let place = if repeats || stayed {
                here.or_else(|| group.clone())
            } else {
                here.or_else(|| arrived.clone())
            };
            let trailing =
                |c: &Clause| match (c.get(Slot::Chain).and_then(|f| f.spans.first()), c.verb.first()) {
                    (Some(chain), Some(verb)) => chain.turn != verb.turn || chain.start > verb.start,
                    _ => true,
                };
            // An action added in a later turn does not move those that were planned before it.
            let turn = |c: &Clause| c.verb.first().map(|v| v.turn);
            let together =
                |c: &Clause| self.context.is_none() || turn(c).is_none() || turn(c) == turn(clause);
            let later = own.iter().zip(clauses).skip(i + 1);
            let ahead =
                later.filter(|(_, c)| trailing(c) && together(c)).find_map(|(place, _)| place.clone());
            // A chain said once, at the end, covers what stands before it.
            let bridges = clauses[i..]
                .iter()
                .any(|c| self.lexicon.senses[usize::from(c.sense)].action == ActionKind::Bridge);
            let covered = ahead.filter(|_| !bridges);
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

    /// “bridge 100 USDC base”: one chain without a word before it, and not the one the tokens are on, is where they go.
    pub(super) fn destinations(&self, clauses: &mut [Clause]) {
        let mut here = self.context.map(str::to_owned);
        for clause in clauses {
            let bridge = self.lexicon.senses[usize::from(clause.sense)].action == ActionKind::Bridge;
            let named = |clause: &Clause, slot: Slot| match clause.place(slot)? {
                Where::Name(name) => {
                    let chain = self.lexicon.names[usize::from(*name)].chain?;
                    Some(self.lexicon.vocabulary.chains[usize::from(chain)].id.clone())
                }
                _ => None,
            };
            let bare = clause.get(Slot::Chain).is_some_and(|f| f.bare);
            let to = named(clause, Slot::Chain)
                .filter(|to| bridge && bare && here.as_ref().is_some_and(|h| h != to))
                .filter(|_| clause.get(Slot::ToChain).is_none());
            if to.is_some() {
                clause
                    .filled
                    .iter_mut()
                    .filter(|f| f.slot == Slot::Chain)
                    .for_each(|f| f.slot = Slot::ToChain);
            }
            here = named(clause, Slot::ToChain).or_else(|| named(clause, Slot::Chain)).or(here);
        }
    }

    /// A chain that was named and is not the context's: the person is told.
    pub(super) fn other_chain(&mut self) {
        let Some(context) = self.context else { return };
        let mut told: Vec<String> = Vec::new();
        for action in &self.out.actions {
            let Some(named) = action.sourced(Role::Chain) else { continue };
            let said = matches!(named.source, Source::Words(_) | Source::Answer { .. });
            if said && named.value != context && !told.contains(&named.value) {
                told.push(named.value.clone());
            }
        }
        for chain in told {
            let (there, here) = (chain_name(self.lexicon, &chain), chain_name(self.lexicon, context));
            let text = format!("You named {there}: this happens there, not on {here}, where you are.");
            self.out.notes.push(Note { code: "chain_overrides_context".into(), text });
        }
    }

    /// “my Arbitrum USDC”
    pub(super) fn adjective(&self, clause: &Clause) -> Place {
        let (name, span) = clause.funds(Slot::Give)?.chain?;
        let chain = self.lexicon.names[usize::from(name)].chain?;
        let id = self.lexicon.vocabulary.chains[usize::from(chain)].id.clone();
        Some((id, Source::Words(vec![span])))
    }
}
