//! Answers and a message of one turn that say different things: neither is picked silently, and nothing is applied.

use super::*;
use crate::problem::plain;
use crate::source::Source;

impl Talk {
    /// The conversation as it was before a turn, with the question which of two values is meant, where the plan has not
    /// what was answered in that turn. `answered` are the actions as the answers alone left them.
    pub(crate) fn contradicted(
        &self,
        turn: u16,
        before: &Self,
        answered: &[Action],
        planned: &[Action],
    ) -> Option<Self> {
        let mut given = answered.iter().flat_map(|action| action.values.iter().map(move |v| (action, v)));
        let (id, label, both) = given.find_map(|(action, (role, value))| {
            let Source::Answer { turn: when, field } = &value.source else { return None };
            let kept = |other: &Action| other.get(*role) == Some(value.value.as_str());
            if *when != turn || planned.iter().any(kept) {
                return None;
            }
            let said = planned.iter().find(|other| other.kind == action.kind).and_then(|a| a.get(*role));
            let other = said.unwrap_or("something else");
            let label = format!("Your answer says {}, your message {other}. Which is meant?", value.value);
            let both = [Some(value.value.as_str()), said].into_iter().flatten().map(plain).collect();
            Some((field, label, both))
        })?;
        let (field, count) = Field::of_id(id)?;
        let mut talk = Self { roles: self.roles.clone(), ..before.clone() };
        let question = ask(field, Reason::Ambiguous, label);
        match talk.open.iter_mut().filter(|p| p.question.field == field).nth(count - 1) {
            Some(open) if open.question.options.is_empty() => open.question = question,
            Some(open) => open.question.label = question.label,
            None => {
                let clause = talk.clauses.len().saturating_sub(1);
                talk.open = vec![Problem { question: question.with_options(both), clause }];
            }
        }
        Some(talk)
    }
}
