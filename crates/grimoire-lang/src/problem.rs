//! Open questions about one reading, as sentences for the person who wrote it.

use crate::lexicon::Lexicon;
use crate::question::{Choice, Field, Input, Question, Reason};
use crate::source::Span;
use crate::suggest::near_tokens;

/// A question and the role its answer fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) question: Question,
    /// The clause it is about.
    pub(crate) clause: usize,
}

/// Starts a question.
pub(crate) fn ask(field: Field, reason: Reason, label: String) -> Question {
    let input = match field {
        Field::Amount | Field::NumberFormat => Input::Number,
        Field::Recipient => Input::Address,
        Field::Confirm => Input::Boolean,
        Field::Chain | Field::ToChain | Field::Venue | Field::Target | Field::Recurrence => Input::Select,
        _ => Input::Text,
    };
    Question { field, action: 0, reason, label, input, options: Vec::new(), spans: Vec::new() }
}

impl Question {
    pub(crate) fn with_spans(mut self, spans: &[Span]) -> Self {
        self.spans = spans.to_vec();
        self
    }

    pub(crate) fn with_options(mut self, options: Vec<Choice>) -> Self {
        if !options.is_empty() && self.input == Input::Text {
            self.input = Input::Select;
        }
        self.options = options;
        self
    }
}

/// A choice whose label is its value.
pub(crate) fn plain(value: &str) -> Choice {
    Choice { value: value.into(), label: value.into() }
}

/// The chains as choices.
pub(crate) fn chains(lexicon: &Lexicon, but: Option<&str>) -> Vec<Choice> {
    let chains = lexicon.vocabulary.chains.iter().filter(|c| Some(c.id.as_str()) != but);
    chains.map(|c| Choice { value: c.id.clone(), label: c.name.clone() }).collect()
}

/// The venues that can do something, as choices.
pub(crate) fn venues(lexicon: &Lexicon, action: crate::intent::ActionKind) -> Vec<Choice> {
    let venues = lexicon.vocabulary.venues.iter().filter(|v| v.actions.contains(&action));
    venues.map(|v| Choice { value: v.id.clone(), label: v.name.clone() }).collect()
}

/// The name of a chain for people.
pub(crate) fn chain_name(lexicon: &Lexicon, id: &str) -> String {
    lexicon.vocabulary.chains.iter().find(|c| c.id == id).map_or_else(|| id.to_owned(), |c| c.name.clone())
}

/// The name of a venue for people.
pub(crate) fn venue_name(lexicon: &Lexicon, id: &str) -> String {
    lexicon.vocabulary.venues.iter().find(|v| v.id == id).map_or_else(|| id.to_owned(), |v| v.name.clone())
}

/// “`USDCC` is not a token on Ethereum. Did you mean USDC?”
pub(crate) fn unknown_token(field: Field, said: &str, chain: Option<&str>, lexicon: &Lexicon) -> Question {
    let place = chain.map_or_else(|| "any supported chain".to_owned(), |c| chain_name(lexicon, c));
    let near = chain.map(|c| near_tokens(said, c, &lexicon.vocabulary)).unwrap_or_default();
    let hint = match near.as_slice() {
        [] => " Which token is it?".to_owned(),
        [one] => format!(" Did you mean {one}?"),
        [head @ .., last] => format!(" Did you mean {} or {last}?", head.join(", ")),
    };
    ask(field, Reason::Unknown, format!("`{said}` is not a token on {place}.{hint}"))
        .with_options(near.iter().map(|s| plain(s)).collect())
}

/// “ETH” on Polygon: the native token is another one there, and what is meant is most likely the wrapped form.
pub(crate) fn foreign_native(
    field: Field,
    said: &str,
    chain: Option<&str>,
    lexicon: &Lexicon,
) -> Option<Question> {
    let vocabulary = &lexicon.vocabulary;
    let wrapped = vocabulary.chains.iter().find(|c| c.native == said).map(|c| c.wrapped.clone())?;
    let here = vocabulary.chains.iter().find(|c| Some(c.id.as_str()) == chain)?;
    let token = vocabulary.tokens.iter().find(|t| t.chain == here.id && t.symbol == wrapped)?;
    let label = format!(
        "{} has no native {said}: its native token is {}. Is {wrapped} meant, {said} in wrapped form?",
        here.name, here.native
    );
    let choice = |value: &str, label: String| Choice { value: value.into(), label };
    Some(ask(field, Reason::Ambiguous, label).with_options(vec![
        choice(&token.symbol, format!("{wrapped}: {said} in wrapped form on {}", here.name)),
        choice(&here.native, format!("{}: the native token of {}", here.native, here.name)),
    ]))
}

/// Choices with those near to what was said first, and a hint at them for the question.
pub(crate) fn near_first(said: &str, mut choices: Vec<Choice>) -> (Vec<Choice>, String) {
    let near = |c: &Choice| crate::suggest::near(said, &c.label) || crate::suggest::near(said, &c.value);
    choices.sort_by_key(|c| !near(c));
    let hint = choices.iter().filter(|c| near(c)).map(|c| c.label.clone()).collect::<Vec<_>>().join(" or ");
    let hint = if hint.is_empty() { String::new() } else { format!(" Did you mean {hint}?") };
    (choices, hint)
}
