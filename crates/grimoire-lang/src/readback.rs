//! A plan as the plainest English for it, which reads back to the same plan.
//!
//! What comes in: an [`Intent`]. What goes out: one sentence an action, each with its own chain, venue and bounds.
//! Nothing is rounded, shortened or left out. What it refuses to know: how the plan was said.

use crate::amount::{Amount, Take};
use crate::intent::{Action, ActionKind, Intent, Role};
use crate::lexicon::Lexicon;

/// Says a plan.
#[must_use]
pub fn read_back(intent: &Intent, lexicon: &Lexicon) -> String {
    let say = |(before, action)| Sayer { action, before, lexicon }.sentence();
    let sentences: Vec<String> = intent.actions.iter().enumerate().map(say).collect();
    sentences.join(". Then ") + "."
}

/// What earlier actions put out: “it” right behind the action, else by number.
fn outputs(steps: &[u8], before: usize) -> String {
    match steps {
        [one] if usize::from(*one) == before => "it".to_owned(),
        [one] => format!("the output of step {one}"),
        [head @ .., last] => {
            let head: Vec<String> = head.iter().map(u8::to_string).collect();
            format!("the outputs of steps {} and {last}", head.join(", "))
        }
        [] => String::new(),
    }
}

/// A part of a whole: “50% of my USDC”, “all but 10 of it”.
fn part(take: &Take, all: String, whole: &str) -> String {
    match take {
        Take::All => all,
        Take::Percent(p) => format!("{p}% of {whole}"),
        Take::Fraction(n, d) => format!("{n}/{d} of {whole}"),
        Take::AllBut(n) => format!("all but {n} of {whole}"),
        Take::AtMost(n) => format!("as much as {n} of {whole}"),
        Take::Rest => format!("the rest of {whole}"),
    }
}

/// A bound on what comes out or goes in: `0.5`, `$95`.
fn bound(value: &str, token: &str) -> String {
    if value.starts_with('$') { format!("{value} of {token}") } else { format!("{value} {token}") }
}

struct Sayer<'s> {
    action: &'s Action,
    /// How many actions stand before it.
    before: usize,
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

    /// What a token is called on the action's chain: its symbol, or its address where the symbol names several.
    fn token(&self, symbol: &str) -> String {
        let (chain, said) = (self.get(Role::Chain), symbol.to_lowercase());
        let vocabulary = &self.lexicon.vocabulary;
        let several = vocabulary
            .ambiguous
            .iter()
            .any(|a| a.words.contains(&said) && a.candidates.iter().any(|(c, _)| c == chain));
        let listed = vocabulary.tokens.iter().find(|t| t.chain == chain && t.symbol == symbol);
        let address = listed.filter(|_| several).and_then(|t| t.address.clone());
        // A symbol that is a word of everyday speech is marked as one: $WELL.
        let word = crate::gate::only_silent(symbol, self.lexicon).0;
        address.unwrap_or_else(|| if word { format!("${symbol}") } else { symbol.to_owned() })
    }

    /// How much of the token.
    fn funds(&self, amount: Role, token: &str) -> String {
        let token = &self.token(token);
        match self.get(amount).parse::<Amount>() {
            Ok(Amount::Exact(n)) => format!("{n} {token}"),
            Ok(Amount::Usd(n)) => format!("${n} of {token}"),
            Ok(Amount::Balance(Take::AtMost(n))) => format!("as much as {n} {token}"),
            Ok(Amount::Balance(take)) => part(&take, format!("all my {token}"), &format!("my {token}")),
            Ok(Amount::Output(steps, take)) => {
                let whole = outputs(&steps, self.before);
                part(&take, whole.clone(), &whole)
            }
            Err(_) => token.to_owned(),
        }
    }

    /// The token in the wallet: the native token is wrapped from, its wrapped form unwrapped from.
    fn held(&self) -> String {
        let chain = self.lexicon.vocabulary.chains.iter().find(|c| c.id == self.get(Role::Chain));
        let token = match (self.action.kind, chain) {
            (ActionKind::Unwrap, Some(chain)) => chain.wrapped.as_str(),
            _ => self.get(Role::Token),
        };
        self.funds(Role::Amount, token)
    }

    fn sentence(&self) -> String {
        let (held, chain, venue, bounds) =
            (self.held(), self.chain(Role::Chain), self.venue(), self.bounds());
        let also = |role: Role, words: &str| {
            self.action.get(role).map(|value| format!(" {words} {}", self.token(value))).unwrap_or_default()
        };
        let recipient = also(Role::Recipient, "for");
        match self.action.kind {
            ActionKind::Swap => self.swap(&format!("{recipient}{bounds} on {venue} on {chain}")),
            ActionKind::Deposit => {
                let kept = also(Role::As, "as");
                format!("deposit {held}{kept}{bounds} into {venue} on {chain}")
            }
            ActionKind::Withdraw => format!("withdraw {held}{bounds} from {venue} on {chain}"),
            ActionKind::Borrow => {
                let against = also(Role::Collateral, "against");
                format!("borrow {held}{against}{bounds} from {venue} on {chain}")
            }
            ActionKind::Repay => format!("repay {held}{bounds} to {venue} on {chain}"),
            ActionKind::Bridge => {
                let to = self.chain(Role::ToChain);
                format!("bridge {held}{recipient}{bounds} from {chain} to {to} with {venue}")
            }
            ActionKind::Transfer => {
                format!("send {held} to {}{bounds} on {chain}", self.get(Role::Recipient))
            }
            ActionKind::Wrap => format!("wrap {held}{bounds} on {chain}"),
            ActionKind::Unwrap => format!("unwrap {held}{bounds} on {chain}"),
        }
    }

    fn swap(&self, place: &str) -> String {
        let (input, output) = (self.token(self.get(Role::TokenIn)), self.token(self.get(Role::TokenOut)));
        let given = self.funds(Role::AmountIn, self.get(Role::TokenIn));
        // An address behind “to” could be a person's: it is bought.
        match (self.action.get(Role::AmountOut), output.starts_with("0x")) {
            (Some(exact), true) => format!("buy {exact} {output} with {input}{place}"),
            (Some(exact), false) => format!("swap {input} for {exact} {output}{place}"),
            // “with it with max gas …” would begin a bound.
            (None, true) if given == "it" => {
                format!("buy {output} with the output of step {}{place}", self.before)
            }
            (None, true) => format!("buy {output} with {given}{place}"),
            (None, false) => format!("swap {given} to {output}{place}"),
        }
    }

    /// The bounds stand inside the sentence: at its end they would hold for earlier actions too.
    fn bounds(&self) -> String {
        let (input, output) = (self.token(self.get(Role::TokenIn)), self.token(self.get(Role::TokenOut)));
        let bounds = self.action.values.iter().filter_map(|(role, said)| {
            let value = &said.value;
            Some(match role {
                Role::MaxSlippage => format!("max slippage {value}"),
                Role::MinOut => format!("minimum received {}", bound(value, &output)),
                Role::MaxIn => format!("max spend {}", bound(value, &input)),
                Role::MaxGas => format!("max gas {value}"),
                Role::Deadline => format!("deadline {value}"),
                Role::Chain
                | Role::ToChain
                | Role::Venue
                | Role::Token
                | Role::TokenIn
                | Role::TokenOut
                | Role::Amount
                | Role::AmountIn
                | Role::AmountOut
                | Role::Collateral
                | Role::As
                | Role::Recipient => return None,
            })
        });
        let bounds: Vec<String> = bounds.collect();
        if bounds.is_empty() { String::new() } else { format!(" with {}", bounds.join(" and ")) }
    }
}
