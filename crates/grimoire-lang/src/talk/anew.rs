//! A request that takes the place of what was said: “forget that, bridge 100 USDC to Base”.

use super::*;

impl Talk {
    /// What stands behind words that take back what was said: a new request, or a correction.
    pub(super) fn anew(&self, text: &str, turn: u16, chain: Option<&str>, lexicon: &Lexicon) -> Option<Self> {
        if !crate::gate::takes_back_first(text, lexicon) {
            return None;
        }
        let fresh = read(text, turn, Opening::Anew, lexicon);
        let whole = matches!(&fresh, Read::Said { best, .. }
            if best.skipped.is_empty() && best.clauses.iter().any(|c| c.begins == Begins::Verb));
        let other = whole.then(|| Self::read_as(fresh, text, turn, chain, lexicon));
        if let Some(other) = &other
            && matches!(other.conclude(chain, lexicon), Conclusion::Plan(_))
        {
            return Some(other.clone());
        }
        self.fragment(text, turn, chain, lexicon).or(other)
    }

    /// “send it from Arbitrum”: what was said before, and the place it starts from. Nothing follows on an output.
    pub(super) fn starts_elsewhere(
        &self,
        spoken: &Spoken,
        rivals: &[(u32, Spoken)],
        lexicon: &Lexicon,
    ) -> Option<Self> {
        if !self.open.is_empty() {
            return None;
        }
        let action = |c: &Clause| lexicon.senses[usize::from(c.sense)].action;
        let last = self.clauses.last()?;
        let fits = |s: &&Spoken| match s.clauses.as_slice() {
            [part] => {
                let it = part.funds(Slot::Give);
                let plain = it.is_none_or(|s| s.base == Base::It && s.how == How::All && !s.plural);
                let rest = part.filled.iter().filter(|f| f.slot != Slot::Give);
                let place = part.place(Slot::Chain).is_some() && rest.count() == 1;
                action(part) == action(last) && plain && place
            }
            _ => false,
        };
        let spoken = std::iter::once(spoken).chain(rivals.iter().map(|(_, s)| s)).find(fits)?;
        let part = spoken.clauses.first()?;
        let from = part.get(Slot::Chain)?;
        let mut next = self.clone();
        next.settle();
        next.roles.clone_from(&spoken.roles);
        same::said_before(&mut next.roles, part);
        next.patch(&Filled { bare: false, ..from.clone() }, &[], self.clauses.len() - 1, lexicon);
        (next.clauses != self.clauses).then_some(next)
    }
}
