//! What a conversation comes to: a plan, or what is open about it.
//!
//! What comes in: the turns so far. What goes out: bound actions, or problems, most important first. What it refuses to
//! know: how a turn was taken in.

use super::*;

impl Talk {
    /// Concludes: binds the clauses and collects what is open.
    pub(crate) fn conclude(&self, chain: Option<&str>, lexicon: &Lexicon) -> Conclusion {
        let alone = |question: Question| Conclusion::Ask(vec![Problem { question, clause: 0 }]);
        if let Some((field, spans)) = &self.refused {
            return alone(refusal(*field, spans));
        }
        if self.clauses.is_empty() {
            return alone(refusal(Field::Intent, &[]));
        }
        let linked = link(&self.clauses, lexicon);
        let unclear: Vec<Span> = self.skipped.iter().chain(&linked.unclear).copied().collect();
        if !unclear.is_empty() {
            // What else seems to be missing may only seem so: the words come first.
            return alone(refusal(Field::Unexplained, &unclear));
        }
        let mut bound = bind(&linked.clauses, chain, lexicon);
        bound.notes.extend(self.notes.iter().cloned());
        let confirms = self.clauses.iter().any(|c| lexicon.senses[usize::from(c.sense)].confirm);
        // What was confirmed, or waits for other answers first, is not asked.
        let others = bound.problems.iter().any(|p| p.question.field != Field::Confirm);
        if self.confirmed || others {
            bound.problems.retain(|p| p.question.field != Field::Confirm);
        }
        if bound.problems.is_empty() && self.torn.is_none() && !self.confirmed && !self.missed.is_empty() {
            let label =
                "Some of what you said before was not understood and is left out. Is this the plan you want?";
            return alone(ask(Field::Confirm, Reason::Confirm, label.to_owned()).with_spans(&self.missed));
        }
        if bound.problems.is_empty()
            && self.torn.is_none()
            && !self.confirmed
            && (confirms || !self.asides.is_empty())
        {
            let label = "Some words were set aside. Is this the plan you want?".to_owned();
            return alone(ask(Field::Confirm, Reason::Confirm, label).with_spans(&self.asides));
        }
        if let Some(verb) = self.dangling(lexicon).filter(|_| !bound.problems.is_empty()) {
            return alone(refusal(Field::Unexplained, verb));
        }
        let torn = self.torn_between(&bound.problems);
        if bound.problems.is_empty() && torn.is_empty() {
            return Conclusion::Plan(bound);
        }
        let mut problems = bound.problems;
        problems.extend(torn);
        problems.sort_by_key(|p| (p.question.field, p.question.action));
        let first = |p: &&Problem| {
            matches!(
                p.question.field,
                Field::Unsupported | Field::Recurrence | Field::Condition | Field::Intent
            )
        };
        match problems.iter().find(first).cloned() {
            Some(only) => Conclusion::Ask(vec![only]),
            None => Conclusion::Ask(problems),
        }
    }

    /// A verb at the end that says nothing more: “…, then swap”, “…, after that swap”.
    fn dangling(&self, lexicon: &Lexicon) -> Option<&[Span]> {
        let last = self.clauses.last().filter(|c| self.clauses.len() > 1 && c.begins == Begins::Verb)?;
        let moves = matches!(
            lexicon.senses[usize::from(last.sense)].action,
            ActionKind::Swap | ActionKind::Bridge | ActionKind::Transfer
        );
        let it = |f: &Filled| matches!(&f.value, Value::Funds(s) if s.base == Base::It);
        let nothing = last.filled.is_empty() || last.link == Link::After && last.filled.iter().all(it);
        (moves && nothing).then_some(last.verb.as_slice())
    }

    /// The actions as far as they are known.
    pub(crate) fn so_far(&self, chain: Option<&str>, lexicon: &Lexicon) -> Vec<Action> {
        if self.refused.is_some() {
            return Vec::new();
        }
        bind(&link(&self.clauses, lexicon).clauses, chain, lexicon).actions
    }
}
