//! An intent to a plan. What does not exist here becomes a question.

use std::str::FromStr;

use grimoire_lang::{ActionKind, Amount, Field, Input, Intent, Role};
use grimoire_registry::{ChainId, REGISTRY, Token};

use super::{
    Action, Borrow, Bridge, Lend, Plan, Side, Step, Swap, Transfer,
    limits::Limits,
    names::{Asked, Names, Open},
};

/// What binding gives: a plan, or what to ask.
#[derive(Debug)]
pub enum Bound {
    /// Every name is bound.
    Plan(Plan),
    /// At least one is not.
    Ask(Vec<Open>),
}

/// Binds an intent to the registry and the chains that are served.
#[must_use]
pub fn bind(intent: &Intent, served: &[ChainId]) -> Bound {
    let mut steps: Vec<Step> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (index, action) in intent.actions.iter().enumerate() {
        match step(Names { action, index }, served) {
            Ok(step) => steps.push(step),
            // One answer settles a chain for every action that names it.
            Err(asked) if open.iter().any(|o| same_chain(o, &asked, intent)) => {}
            Err(asked) => open.push(*asked),
        }
    }
    secure(&mut steps);
    if open.is_empty() { Bound::Plan(Plan { steps }) } else { Bound::Ask(open) }
}

/// Tells each deposit what a later step borrows against it: said of either of them.
fn secure(steps: &mut [Step]) {
    for index in 0..steps.len() {
        let (earlier, later) = steps.split_at_mut(index + 1);
        let Some(Step { chain, venue, action: Action::Deposit(deposit), .. }) = earlier.last_mut() else {
            continue;
        };
        let held = |token: &Token| token.address.or(REGISTRY.wrapped(*chain).address);
        let place = (*chain, venue.map(|v| &v.slug));
        let loans = later.iter().filter(|s| (s.chain, s.venue.map(|v| &v.slug)) == place);
        let mut loans = loans.filter_map(|s| match &s.action {
            Action::Borrow(loan) => Some(loan),
            _ => None,
        });
        let said = |b: &&Borrow| match b.collateral {
            Some(token) => held(token) == held(deposit.token),
            None => deposit.as_collateral,
        };
        deposit.secures = loans.find(said).map(|loan| loan.token);
    }
}

fn same_chain(a: &Open, b: &Open, intent: &Intent) -> bool {
    let chain = |o: &Open| intent.actions.get(o.question.action).and_then(|action| action.get(Role::Chain));
    a.role == Some(Role::Chain) && b.role == Some(Role::Chain) && chain(a) == chain(b)
}

fn step(names: Names<'_>, served: &[ChainId]) -> Result<Step, Asked> {
    let chain = names.chain(Role::Chain, Field::Chain, served)?;
    let venue = match names.action.kind {
        ActionKind::Transfer | ActionKind::Wrap | ActionKind::Unwrap => None,
        _ => Some(names.venue(chain)?),
    };
    let limits =
        Limits::read(names.action, &REGISTRY.chain(chain).native).map_err(|role| names.unusable(role))?;
    if let Some(role) = limits.not_kept_by(names.action.kind) {
        return Err(names.not_kept(role));
    }
    Ok(Step { chain, venue, action: action(names, chain, served)?, limits })
}

fn action(names: Names<'_>, chain: ChainId, served: &[ChainId]) -> Result<Action, Asked> {
    let token = || names.token(Role::Token, Field::Token, chain);
    let amount = || parsed(names, Role::Amount);
    let as_collateral = names.action.get(Role::As).is_some();
    let lend = || -> Result<Lend, Asked> {
        Ok(Lend { token: token()?, amount: amount()?, as_collateral, secures: None })
    };
    Ok(match names.action.kind {
        ActionKind::Swap => Action::Swap(swap(names, chain)?),
        ActionKind::Transfer => Action::Transfer(transfer(names, chain)?),
        ActionKind::Wrap => Action::Wrap(amount()?),
        ActionKind::Unwrap => Action::Unwrap(amount()?),
        ActionKind::Deposit => Action::Deposit(lend()?),
        ActionKind::Withdraw => Action::Withdraw(lend()?),
        ActionKind::Repay => Action::Repay(lend()?),
        ActionKind::Borrow => {
            let said = names.action.get(Role::Collateral);
            let collateral = said.map(|_| names.token(Role::Collateral, Field::Token, chain)).transpose()?;
            let amount: Amount = amount()?;
            if let Amount::Balance(_) = amount {
                let label =
                    "How much should be borrowed? A part of what the wallet holds says nothing about a loan.";
                return Err(names.ask(Field::Amount, Some(Role::Amount), label.into(), Input::Number));
            }
            Action::Borrow(Borrow { token: token()?, amount, collateral })
        }
        ActionKind::Bridge => {
            let to_chain = names.chain(Role::ToChain, Field::ToChain, served)?;
            let recipient = names.recipient(to_chain)?;
            Action::Bridge(Bridge { token: token()?, amount: amount()?, to_chain, recipient })
        }
    })
}

fn swap(names: Names<'_>, chain: ChainId) -> Result<Swap, Asked> {
    let side = match (names.action.get(Role::AmountIn), names.action.get(Role::AmountOut)) {
        (Some(_), None) => Side::ExactIn(parsed(names, Role::AmountIn)?),
        (None, Some(_)) => Side::ExactOut(parsed(names, Role::AmountOut)?),
        _ => return Err(names.unusable(Role::AmountIn)),
    };
    let token_in = names.token(Role::TokenIn, Field::TokenIn, chain)?;
    let token_out = names.token(Role::TokenOut, Field::TokenOut, chain)?;
    let traded = |token: &Token| token.address.or(REGISTRY.wrapped(chain).address);
    if traded(token_in) == traded(token_out) {
        let label =
            format!("{} for {} is no trade. Which token should come out?", token_in.symbol, token_out.symbol);
        return Err(names.ask(Field::TokenOut, Some(Role::TokenOut), label, Input::Text));
    }
    Ok(Swap { token_in, token_out, side, recipient: names.recipient(chain)? })
}

fn transfer(names: Names<'_>, chain: ChainId) -> Result<Transfer, Asked> {
    let recipient = names.recipient(chain)?.ok_or_else(|| {
        let label = "Which address should receive the tokens?".to_owned();
        names.ask(Field::Recipient, Some(Role::Recipient), label, Input::Address)
    })?;
    let token = names.token(Role::Token, Field::Token, chain)?;
    Ok(Transfer { token, amount: parsed(names, Role::Amount)?, recipient })
}

fn parsed<T: FromStr>(names: Names<'_>, role: Role) -> Result<T, Asked> {
    names.text(role).parse().map_err(|_| names.unusable(role))
}
