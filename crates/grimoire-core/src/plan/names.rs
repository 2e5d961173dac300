//! Names to chains, venues, tokens and accounts. A name that means nothing here becomes a question.

use alloy_primitives::Address;
use grimoire_lang::{Action as Said, Choice, Field, Input, Question, Reason, Role};
use grimoire_registry::{ChainId, REGISTRY, Token, Venue};

/// A question about a value of the intent.
#[derive(Debug)]
pub struct Open {
    /// The question.
    pub question: Question,
    /// The value that an answer replaces; none when only other words help.
    pub role: Option<Role>,
}

/// What is asked instead of a value.
pub(super) type Asked = Box<Open>;

/// An action of the intent whose names are looked up.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    /// What was said.
    pub(super) action: &'a Said,
    /// Which action it is, counted from 0.
    pub(super) index: usize,
}

impl Names<'_> {
    /// A question about this action.
    pub(super) fn ask(self, field: Field, role: Option<Role>, label: String, input: Input) -> Asked {
        let question = Question {
            field,
            action: self.index,
            reason: Reason::Invalid,
            label,
            input,
            options: vec![],
            spans: vec![],
        };
        Open { question, role }.into()
    }

    /// The text of a value; empty when there is none.
    pub(super) fn text(&self, role: Role) -> &str {
        self.action.get(role).unwrap_or_default()
    }

    /// The chain it runs on, or goes to.
    pub(super) fn chain(self, role: Role, field: Field, served: &[ChainId]) -> Result<ChainId, Asked> {
        let said = self.text(role);
        let known = said.parse().ok().filter(|c| served.contains(c));
        known.ok_or_else(|| {
            let name = said.parse::<ChainId>().map_or(said.to_owned(), |c| REGISTRY.chain(c).name.clone());
            let label = match role {
                Role::ToChain => format!("{name} is not served here. Which chain should it go to?"),
                _ => format!("{name} is not served here. On which chain should it be done?"),
            };
            let choice =
                |c: &ChainId| Choice { value: c.as_str().into(), label: REGISTRY.chain(*c).name.clone() };
            let mut asked = self.ask(field, Some(role), label, Input::Select);
            asked.question.options = served.iter().map(choice).collect();
            asked
        })
    }

    /// The venue, deployed on that chain and able to do this.
    pub(super) fn venue(self, chain: ChainId) -> Result<&'static Venue, Asked> {
        let kind = self.action.kind;
        let can = |v: &&Venue| v.actions.contains(&kind) && v.deployments.contains_key(&chain);
        if let Some(venue) = REGISTRY.venue(self.text(Role::Venue)).filter(can) {
            return Ok(venue);
        }
        let others: Vec<&Venue> = REGISTRY.venues().iter().filter(can).collect();
        let place = &REGISTRY.chain(chain).name;
        let name = REGISTRY.venue(self.text(Role::Venue)).map_or(self.text(Role::Venue), |v| v.name.as_str());
        let label = format!("{name} cannot do a {kind} on {place}. Where should it be done?");
        let mut asked = self.ask(Field::Venue, Some(Role::Venue), label, Input::Select);
        asked.question.options =
            others.iter().map(|v| Choice { value: v.slug.clone(), label: v.name.clone() }).collect();
        if others.is_empty() {
            asked.question.input = Input::Text;
            asked.question.label =
                format!("No supported venue can do a {kind} on {place}. What should be done instead?");
        }
        Err(asked)
    }

    /// A token, by symbol or address.
    pub(super) fn token(self, role: Role, field: Field, chain: ChainId) -> Result<&'static Token, Asked> {
        let said = self.text(role);
        let by_address = || said.parse::<Address>().ok().and_then(|a| REGISTRY.token_at(chain, a));
        REGISTRY.token(chain, said).or_else(by_address).ok_or_else(|| {
            let place = &REGISTRY.chain(chain).name;
            let label = format!("`{said}` is not a listed token on {place}. Which token is meant?");
            self.ask(field, Some(role), label, Input::Text)
        })
    }

    /// The account that is to get the tokens, if one was said.
    pub(super) fn recipient(self, chain: ChainId) -> Result<Option<Address>, Asked> {
        let Some(said) = self.action.get(Role::Recipient) else { return Ok(None) };
        let again = |label: String| self.ask(Field::Recipient, Some(Role::Recipient), label, Input::Address);
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

    /// A limit that the action cannot keep: it is never left aside.
    pub(super) fn not_kept(self, role: Role) -> Asked {
        let what = match role {
            Role::MaxSlippage => "has no slippage to limit",
            Role::MinOut | Role::MaxIn => "changes no amount that could be limited",
            _ => "has no deadline on the chain",
        };
        let label =
            format!("A {} {what} (`{}`). What should be done without it?", self.action.kind, self.text(role));
        self.ask(Field::Unexplained, None, label, Input::Text)
    }

    /// A value that has not the canonical form.
    pub(super) fn unusable(self, role: Role) -> Asked {
        let example = match role {
            Role::Deadline => ", such as 30m or 2h, a day at most",
            Role::MaxGas => ", such as $5 or 20 gwei",
            Role::MaxSlippage => ", such as 0.5%",
            _ => ", such as 100",
        };
        let label = format!("`{}` cannot be used as {role}. What should it be{example}?", self.text(role));
        self.ask(Field::Amount, Some(role), label, Input::Text)
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
