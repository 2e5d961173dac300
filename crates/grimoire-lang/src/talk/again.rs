//! An action said again in an answer: “repay everything instead”, “send it to bob.eth”.
//!
//! What comes in: one clause with a verb. What goes out: the conversation with that action corrected, replaced by a
//! new request, or nothing where the clause is no answer.

use super::*;

impl Talk {
    /// The clause as a correction of the last action of its kind, or as the request that takes its place.
    pub(super) fn said_again(
        &self,
        spoken: &Spoken,
        text: &str,
        chain: Option<&str>,
        lexicon: &Lexicon,
    ) -> Option<Self> {
        let [part] = spoken.clauses.as_slice() else { return None };
        let sense = |c: &Clause| &lexicon.senses[usize::from(c.sense)];
        if matches!(sense(part).id.as_str(), "optimize" | "better") || joins(text) {
            return None;
        }
        let corrects = crate::gate::corrects_somewhere(text, lexicon);
        let asked = self.open.first().map(|p| p.clause);
        let same = |c: &Clause| sense(c).action == sense(part).action;
        let target = asked
            .filter(|&at| self.clauses.get(at).is_some_and(same))
            .or_else(|| self.clauses.iter().rposition(same));
        let plain_it = part.funds(Slot::Give).is_some_and(|s| s.base == Base::It && s.how == How::All);
        let alone = || Self {
            clauses: vec![part.clone()],
            asides: spoken.asides.clone(),
            roles: spoken.roles.clone(),
            ..Self::default()
        };
        let Some(target) = target else {
            return (corrects && !plain_it).then(alone);
        };
        if !corrects && asked != Some(target) {
            return None;
        }
        if corrects && !plain_it && matches!(alone().conclude(chain, lexicon), Conclusion::Plan(_)) {
            return Some(alone());
        }
        let mut next = self.clone();
        next.settle();
        next.asides.extend(&spoken.asides);
        next.roles.clone_from(&spoken.roles);
        if plain_it {
            same::said_before(&mut next.roles, part);
        }
        for filled in part.filled.iter().filter(|f| !(plain_it && f.slot == Slot::Give)) {
            let mut filled = filled.clone();
            if let Value::Funds(said) = &mut filled.value
                && let Some(old) = next.clauses[target].funds(filled.slot)
            {
                *said = same::completed(said, old);
            }
            next.one_side(&filled, target);
            next.clauses[target].set(filled);
        }
        (next.clauses != self.clauses).then_some(next)
    }

    /// “and 50 from Arbitrum”, “and 50 more to bob.eth”, after an action that named no such thing: whether it is said of
    /// that one too is asked.
    pub(super) fn only_later(&self, part: &Clause, target: usize, text: &str) -> Option<Field> {
        let counted = part.funds(Slot::Give).is_some_and(|s| s.how != How::Unsaid);
        let fields = [
            (Slot::Chain, Field::Chain),
            (Slot::Recipient, Field::Recipient),
            (Slot::Collateral, Field::Token),
            (Slot::AsCollateral, Field::Unexplained),
        ];
        let new = |slot: Slot| part.get(slot).is_some() && self.clauses[target].get(slot).is_none();
        let field = fields.into_iter().find_map(|(slot, field)| new(slot).then_some(field));
        field.filter(|_| counted && joins(text) && self.open.is_empty())
    }

    /// “and 10 to alice.eth”, “and 50 DAI”, after a plan: one more of the last action.
    pub(super) fn one_more(&self, part: &Clause, text: &str) -> bool {
        let counted = part.funds(Slot::Give).is_some_and(|s| s.how != How::Unsaid);
        let goal = [Slot::Recipient, Slot::Take, Slot::ToChain, Slot::Venue];
        let token = part.funds(Slot::Give).is_some_and(|s| s.thing != Thing::Unsaid);
        let said = token || goal.into_iter().any(|s| part.get(s).is_some());
        joins(text) && counted && said && self.open.is_empty()
    }
}

/// Whether a message adds to what was said: “also to alice.eth”, “to alice.eth too”.
pub(super) fn more(text: &str) -> bool {
    let said = text.to_lowercase();
    let said = said.trim_end_matches(|c: char| !c.is_alphanumeric());
    joins(text) || [" too", " as well", " also"].iter().any(|end| said.ends_with(end))
}

/// Whether a message opens with a word that joins it to what was said before.
fn joins(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    matches!(first.trim_end_matches(','), "and" | "also" | "plus" | "then" | "&" | "+")
}
