//! A plan as the plainest English for it, which reads back to the same plan.
//!
//! What comes in: an [`Intent`]. What goes out: one sentence an action. Nothing is rounded, shortened or left out.

use crate::amount::{Amount, Take};
use crate::intent::{Action, ActionKind, Intent, Role};
use crate::lexicon::Lexicon;

/// Says a plan.
#[must_use]
pub fn read_back(intent: &Intent, lexicon: &Lexicon) -> String {
    let sentences: Vec<String> =
        intent.actions.iter().map(|a| Sayer { action: a, lexicon }.sentence()).collect();
    sentences.join(". Then ") + "."
}

/// How the token is owned: “50% of my USDC”.
fn funds(amount: &str, token: &str) -> String {
    let Ok(amount) = amount.parse::<Amount>() else { return format!("{amount} {token}") };
    match amount {
        Amount::Exact(n) => format!("{n} {token}"),
        Amount::Usd(n) => format!("${n} of {token}"),
        Amount::Balance(take) => match take {
            Take::All => format!("all my {token}"),
            Take::Percent(p) => format!("{p}% of my {token}"),
            Take::Fraction(n, d) => format!("{n}/{d} of my {token}"),
            Take::AllBut(n) => format!("all but {n} of my {token}"),
            Take::AtMost(n) => format!("up to {n} {token}"),
            Take::Rest => format!("the rest of my {token}"),
        },
        Amount::Output(_, take) => match take {
            Take::All => "it".to_owned(),
            Take::Percent(p) => format!("{p}% of it"),
            Take::Fraction(n, d) => format!("{n}/{d} of it"),
            Take::AllBut(n) => format!("all but {n} of it"),
            Take::AtMost(n) => format!("up to {n} of it"),
            Take::Rest => "the rest of it".to_owned(),
        },
    }
}

struct Sayer<'s> {
    action: &'s Action,
    lexicon: &'s Lexicon,
}

impl Sayer<'_> {
    fn get(&self, role: Role) -> &str {
        self.action.get(role).unwrap_or_default()
    }

    fn chain(&self, role: Role) -> String {
        crate::problem::chain_name(self.lexicon, self.get(role))
    }

    fn venue(&self) -> String {
        let id = self.get(Role::Venue);
        let venue = self.lexicon.vocabulary.venues.iter().find(|v| v.id == id);
        venue.map_or_else(|| id.to_owned(), |v| v.name.clone())
    }

    fn sentence(&self) -> String {
        let held = funds(self.get(Role::Amount), self.get(Role::Token));
        let (chain, venue) = (self.chain(Role::Chain), self.venue());
        let mut said = match self.action.kind {
            ActionKind::Swap => self.swap(),
            ActionKind::Deposit => format!("deposit {held} into {venue} on {chain}"),
            ActionKind::Withdraw => format!("withdraw {held} from {venue} on {chain}"),
            ActionKind::Borrow => format!("borrow {held} from {venue} on {chain}"),
            ActionKind::Repay => format!("repay {held} to {venue} on {chain}"),
            ActionKind::Bridge => {
                format!("bridge {held} from {chain} to {} with {venue}", self.chain(Role::ToChain))
            }
            ActionKind::Transfer => format!("send {held} to {} on {chain}", self.get(Role::Recipient)),
            ActionKind::Wrap => format!("wrap {held} on {chain}"),
            ActionKind::Unwrap => format!("unwrap {held} on {chain}"),
        };
        let mut add = |role: Role, words: &dyn Fn(&str) -> String| {
            if let Some(value) = self.action.get(role) {
                said.push_str(&words(value));
            }
        };
        if self.action.kind != ActionKind::Transfer {
            add(Role::Recipient, &|who| format!(" for {who}"));
        }
        add(Role::Collateral, &|token| format!(" against {token}"));
        add(Role::As, &|_| " as collateral".to_owned());
        add(Role::MaxSlippage, &|p| format!(", max slippage {p}"));
        add(Role::MinOut, &|n| format!(", minimum received {n}"));
        add(Role::MaxIn, &|n| format!(", spending at most {n}"));
        add(Role::MaxGas, &|n| format!(", max gas {n}"));
        add(Role::Deadline, &|t| format!(", deadline {t}"));
        said
    }

    fn swap(&self) -> String {
        let (input, output) = (self.get(Role::TokenIn), self.get(Role::TokenOut));
        let place = format!("on {} on {}", self.venue(), self.chain(Role::Chain));
        match self.action.get(Role::AmountOut) {
            Some(exact) => format!("swap {input} for {exact} {output} {place}"),
            None => format!("swap {} to {output} {place}", funds(self.get(Role::AmountIn), input)),
        }
    }
}
