//! Names to tokens, chains and venues. What does not exist here becomes a question.

use std::collections::BTreeSet;

use alloy_primitives::Address;
use grimoire_lang::{
    Action as Said, ActionKind, Amount, Choice, Decimal, Field, Input, Intent, Question, Reason, Role,
};
use grimoire_registry::{ChainId, REGISTRY, Token, Venue};

use super::{Action, Plan, Side, Step, Swap, limits::Limits};

/// What binding gives: a plan, or what to ask.
#[derive(Debug)]
pub enum Bound {
    /// Every name is bound.
    Plan(Plan),
    /// At least one is not.
    Ask(Vec<Question>),
}

/// Binds an intent to the registry and the chains that are served.
#[must_use]
pub fn bind(intent: &Intent, served: &[ChainId]) -> Bound {
    let mut steps = Vec::new();
    let mut questions = Vec::new();
    for (index, action) in intent.actions.iter().enumerate() {
        match step(action, index, served) {
            Ok(step) => steps.push(step),
            Err(question) => questions.push(*question),
        }
    }
    let chains: BTreeSet<ChainId> = steps.iter().map(|s: &Step| s.chain).collect();
    if questions.is_empty() && chains.len() > 1 {
        let label = "Actions on several chains need one plan each. Which of them should be done?";
        questions.push(question(Field::Unsupported, 0, Reason::Invalid, label.into(), Input::Text));
    }
    if questions.is_empty() { Bound::Plan(Plan { steps }) } else { Bound::Ask(questions) }
}

type Asked = Box<Question>;

fn question(field: Field, action: usize, reason: Reason, label: String, input: Input) -> Question {
    Question { field, action, reason, label, input, options: Vec::new(), spans: Vec::new() }
}

fn step(action: &Said, index: usize, served: &[ChainId]) -> Result<Step, Asked> {
    let chain = chain(action, index, served)?;
    if action.kind != ActionKind::Swap {
        let label = format!(
            "A {} cannot be planned in this version; a swap can. What should be swapped?",
            action.kind
        );
        return Err(question(Field::Unsupported, index, Reason::Invalid, label, Input::Text).into());
    }
    let venue = REGISTRY.venue(value(action, Role::Venue)).filter(|v| v.actions.contains(&action.kind));
    let Some(venue) = venue.filter(|v| v.deployments.contains_key(&chain)) else {
        let label = format!("Where should the {} be done on {}?", action.kind, REGISTRY.chain(chain).name);
        return Err(question(Field::Venue, index, Reason::Unknown, label, Input::Text).into());
    };
    let limits = Limits::read(action).map_err(|role| unusable(role, action, index))?;
    let swap = swap(action, index, chain)?;
    Ok(Step { chain, venue, action: Action::Swap(swap), limits })
}

fn chain(action: &Said, index: usize, served: &[ChainId]) -> Result<ChainId, Asked> {
    let said = value(action, Role::Chain);
    let known = said.parse().ok().filter(|c| served.contains(c));
    known.ok_or_else(|| {
        let name = said.parse::<ChainId>().map_or(said.to_owned(), |c| REGISTRY.chain(c).name.clone());
        let label = format!("{name} is not served here. On which chain should it be done?");
        let choice =
            |c: &ChainId| Choice { value: c.as_str().into(), label: REGISTRY.chain(*c).name.clone() };
        let mut asked = question(Field::Chain, index, Reason::Unknown, label, Input::Select);
        asked.options = served.iter().map(choice).collect();
        asked.into()
    })
}

fn swap(action: &Said, index: usize, chain: ChainId) -> Result<Swap, Asked> {
    let side = match (action.get(Role::AmountIn), action.get(Role::AmountOut)) {
        (Some(text), None) => {
            text.parse::<Amount>().map(Side::ExactIn).map_err(|_| unusable(Role::AmountIn, action, index))?
        }
        (None, Some(text)) => text
            .parse::<Decimal>()
            .map(Side::ExactOut)
            .map_err(|_| unusable(Role::AmountOut, action, index))?,
        _ => return Err(unusable(Role::AmountIn, action, index)),
    };
    Ok(Swap {
        token_in: token(action, Role::TokenIn, Field::TokenIn, index, chain)?,
        token_out: token(action, Role::TokenOut, Field::TokenOut, index, chain)?,
        side,
        recipient: recipient(action, index, chain)?,
    })
}

fn token(
    action: &Said,
    role: Role,
    field: Field,
    index: usize,
    chain: ChainId,
) -> Result<&'static Token, Asked> {
    let said = value(action, role);
    let by_address = || said.parse::<Address>().ok().and_then(|a| REGISTRY.token_at(chain, a));
    REGISTRY.token(chain, said).or_else(by_address).ok_or_else(|| {
        let label = format!(
            "`{said}` is not a listed token on {}. Which token is meant?",
            REGISTRY.chain(chain).name
        );
        question(field, index, Reason::Unknown, label, Input::Text).into()
    })
}

fn recipient(action: &Said, index: usize, chain: ChainId) -> Result<Option<Address>, Asked> {
    let Some(said) = action.get(Role::Recipient) else { return Ok(None) };
    let ask = |label: String| -> Asked {
        question(Field::Recipient, index, Reason::Unknown, label, Input::Address).into()
    };
    let Ok(address) = said.parse::<Address>() else {
        return Err(ask(format!(
            "`{said}` cannot be looked up here. Which address should receive the tokens?"
        )));
    };
    match nobody(address, chain) {
        None => Ok(Some(address)),
        Some(what) => Err(ask(format!(
            "{said} is {what}: tokens sent there are lost. Which address should receive them?"
        ))),
    }
}

/// What an address is, where it is known to be nobody's wallet.
fn nobody(address: Address, chain: ChainId) -> Option<String> {
    if let Some(token) = REGISTRY.token_at(chain, address) {
        return Some(format!("the contract of {}", token.symbol));
    }
    let holds = |venue: &Venue| {
        venue.deployments.get(&chain).is_some_and(|d| d.contracts.values().any(|&at| at == address))
    };
    if let Some(venue) = REGISTRY.venues().iter().find(|v| holds(v)) {
        return Some(format!("a contract of {}", venue.name));
    }
    // Precompiles, and the numbers that routers read as “the sender” and “myself”.
    (address.as_slice()[..18] == [0; 18]).then(|| "a reserved address".to_owned())
}

fn unusable(role: Role, action: &Said, index: usize) -> Asked {
    let label = format!("`{}` cannot be used as {role}. What should it be?", value(action, role));
    question(Field::Amount, index, Reason::Invalid, label, Input::Text).into()
}

fn value(action: &Said, role: Role) -> &str {
    action.get(role).unwrap_or_default()
}
