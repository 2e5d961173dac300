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
    Ask(Vec<Open>),
}

/// A question about a value of the intent.
#[derive(Debug)]
pub struct Open {
    /// The question.
    pub question: Question,
    /// The value that an answer replaces; none when only other words help.
    pub role: Option<Role>,
}

/// Binds an intent to the registry and the chains that are served.
#[must_use]
pub fn bind(intent: &Intent, served: &[ChainId]) -> Bound {
    let mut steps: Vec<Step> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (index, action) in intent.actions.iter().enumerate() {
        match step(action, index, served) {
            Ok(step) => steps.push(step),
            // One answer settles a chain for every action that names it.
            Err(asked) if open.iter().any(|o| same_chain(o, &asked, intent)) => {}
            Err(asked) => open.push(*asked),
        }
    }
    let chains: BTreeSet<ChainId> = steps.iter().map(|s: &Step| s.chain).collect();
    if open.is_empty() && chains.len() > 1 {
        let label = "Actions on several chains need one plan each. Which of them should be done?";
        open.push(*ask(Field::Unsupported, None, 0, label.into(), Input::Text));
    }
    if open.is_empty() { Bound::Plan(Plan { steps }) } else { Bound::Ask(open) }
}

fn same_chain(a: &Open, b: &Open, intent: &Intent) -> bool {
    let chain = |o: &Open| intent.actions.get(o.question.action).and_then(|action| action.get(Role::Chain));
    a.role == Some(Role::Chain) && b.role == Some(Role::Chain) && chain(a) == chain(b)
}

type Asked = Box<Open>;

fn ask(field: Field, role: Option<Role>, action: usize, label: String, input: Input) -> Asked {
    let question =
        Question { field, action, reason: Reason::Invalid, label, input, options: vec![], spans: vec![] };
    Open { question, role }.into()
}

fn step(action: &Said, index: usize, served: &[ChainId]) -> Result<Step, Asked> {
    let chain = chain(action, index, served)?;
    if action.kind != ActionKind::Swap {
        let label = format!("Only swaps can be planned in this version, and this is a {}.", action.kind);
        return Err(ask(Field::Unsupported, None, index, label, Input::Text));
    }
    let venue = REGISTRY.venue(value(action, Role::Venue)).filter(|v| v.actions.contains(&action.kind));
    let Some(venue) = venue.filter(|v| v.deployments.contains_key(&chain)) else {
        let label = format!("Where should the {} be done on {}?", action.kind, REGISTRY.chain(chain).name);
        return Err(ask(Field::Venue, Some(Role::Venue), index, label, Input::Text));
    };
    let limits =
        Limits::read(action, &REGISTRY.chain(chain).native).map_err(|role| unusable(role, action, index))?;
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
        let mut asked = ask(Field::Chain, Some(Role::Chain), index, label, Input::Select);
        asked.question.options = served.iter().map(choice).collect();
        asked
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
        ask(field, Some(role), index, label, Input::Text)
    })
}

fn recipient(action: &Said, index: usize, chain: ChainId) -> Result<Option<Address>, Asked> {
    let Some(said) = action.get(Role::Recipient) else { return Ok(None) };
    let again = |label: String| ask(Field::Recipient, Some(Role::Recipient), index, label, Input::Address);
    let Ok(address) = said.parse::<Address>() else {
        return Err(again(format!(
            "`{said}` cannot be looked up here. Which address should receive the tokens?"
        )));
    };
    match nobody(address, chain) {
        None => Ok(Some(address)),
        Some(what) => Err(again(format!(
            "{said} is {what}: tokens sent there are lost. Which address should receive them?"
        ))),
    }
}

/// What an address is, where it is known to be nobody's wallet.
fn nobody(address: Address, chain: ChainId) -> Option<String> {
    if let Some(token) = REGISTRY.token_at(chain, address) {
        return Some(format!("the contract of {}", token.symbol));
    }
    let holds =
        |venue: &Venue| venue.deployments.get(&chain).is_some_and(|d| d.addresses().contains(&address));
    if let Some(venue) = REGISTRY.venues().iter().find(|v| holds(v)) {
        return Some(format!("a contract of {}", venue.name));
    }
    // Precompiles, and the numbers that routers read as “the sender” and “myself”.
    (address.as_slice()[..18] == [0; 18]).then(|| "a reserved address".to_owned())
}

fn unusable(role: Role, action: &Said, index: usize) -> Asked {
    let example = match role {
        Role::Deadline => ", such as 30m or 2h, a day at most",
        Role::MaxGas => ", such as $5 or 20 gwei",
        Role::MaxSlippage => ", such as 0.5%",
        _ => ", such as 100",
    };
    let label = format!("`{}` cannot be used as {role}. What should it be{example}?", value(action, role));
    ask(Field::Amount, Some(role), index, label, Input::Text)
}

fn value(action: &Said, role: Role) -> &str {
    action.get(role).unwrap_or_default()
}
