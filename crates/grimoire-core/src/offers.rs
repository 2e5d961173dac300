//! What is known of the answers a question offers: what venues pay now, what the wallet holds.
//!
//! Facts are read from the chain's state. Where that cannot be read, a question is shown without them.

use alloy_primitives::{Address, U256};
use grimoire_lang::{Action, ActionKind, Field, Input, Question, Role};
use grimoire_registry::{ChainId, REGISTRY, Token};

use crate::{
    amount::Amount,
    block::Stop,
    clarification::{Clarification, FieldSpec, OptionDetail},
    evm::{Machine, Snapshot},
    rate::Apy,
    token,
    venue::{self, Desk, Offer, Signer, Site, Terms},
};

/// Who asks, and on which states.
pub struct Asker<'a> {
    /// The state of a chain, where it can be had.
    pub state: &'a dyn Fn(ChainId) -> Option<Snapshot>,
    /// Whose balances count.
    pub wallet: Option<Address>,
    /// What holds where the person said nothing.
    pub terms: Terms,
}

impl Asker<'_> {
    /// Adds what is known to the questions about these actions, the best answers first.
    pub fn enrich(&self, shown: &mut Clarification, questions: &[&Question], actions: &[Action]) {
        for (field, question) in shown.fields.iter_mut().zip(questions) {
            let Some(action) = actions.get(question.action) else { continue };
            let Some(chain) = action.get(Role::Chain).and_then(|c| c.parse::<ChainId>().ok()) else {
                continue;
            };
            let Some(state) = (self.state)(chain) else { continue };
            match question.field {
                Field::Venue => self.venues(field, action, &state),
                Field::Token | Field::TokenIn if pays(action.kind) => self.tokens(field, &state),
                _ => {}
            }
        }
    }

    /// The venues that can do it now with their rates; those that cannot are left out, unless none can.
    fn venues(&self, field: &mut FieldSpec, action: &Action, state: &Snapshot) {
        let token = action.get(Role::Token).and_then(|symbol| REGISTRY.token(state.chain, symbol));
        let Some(token) = token else { return };
        let mut offered: Vec<(Rank, OptionDetail)> = Vec::new();
        for detail in &field.option_details {
            match self.offer(&detail.value, action, token, state) {
                Ok(offer) => offered.push((Rank::of(action, &offer), with(detail, &offer, token))),
                // It cannot do this now.
                Err(Stop::Blocked(_)) => {}
                Err(Stop::State(_)) => return,
            }
        }
        if offered.is_empty() {
            return;
        }
        // Stable: among equals the registry's order stays.
        offered.sort_by(|(a, _), (b, _)| b.cmp(a));
        field.option_details = offered.into_iter().map(|(_, detail)| detail).collect();
        field.options = field.option_details.iter().map(|d| d.value.clone()).collect();
    }

    fn offer(
        &self,
        slug: &str,
        action: &Action,
        token: &'static Token,
        state: &Snapshot,
    ) -> Result<Offer, Stop> {
        let Some(venue) = venue::find(slug) else { return Ok(Offer::default()) };
        let mut site = Site::new(state, U256::ZERO);
        let address = self.wallet.unwrap_or(state.stand_in);
        let mut desk = Desk {
            site: &mut site,
            far: None,
            signer: Signer { address, known: self.wallet.is_some() },
            terms: self.terms,
            outputs: &mut [],
            calls: Vec::new(),
            venue,
        };
        Ok(venue.offer(action.kind, token, &mut desk)?.unwrap_or_default())
    }

    /// What the wallet holds: as answers where any token will do, as facts where some are offered.
    fn tokens(&self, field: &mut FieldSpec, state: &Snapshot) {
        let Some(wallet) = self.wallet else { return };
        let mut machine = Machine::new(state);
        let mut held = |token: &'static Token| {
            let exists = token::exists(&mut machine, token).unwrap_or(false);
            let balance = if exists { token::balance(&mut machine, token, wallet).ok() } else { None };
            balance.filter(|b| !b.raw.is_zero())
        };
        if field.options.is_empty() {
            let all = REGISTRY.tokens(state.chain).iter().filter_map(|token| Some((token, held(token)?)));
            field.option_details = all.map(|(token, balance)| holding(token, balance)).collect();
            field.options = field.option_details.iter().map(|d| d.value.clone()).collect();
            if !field.options.is_empty() {
                field.input = Input::Select;
            }
            return;
        }
        for detail in &mut field.option_details {
            let token = REGISTRY.token(state.chain, &detail.value);
            detail.balance = token.and_then(|t| Some(shown(held(t)?, t)));
        }
    }
}

/// Whether an action is paid from the wallet: what it holds says nothing about positions.
const fn pays(kind: ActionKind) -> bool {
    !matches!(kind, ActionKind::Withdraw | ActionKind::Borrow | ActionKind::Repay)
}

/// How good an offer is: more is better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank(U256, u32);

impl Rank {
    fn of(action: &Action, offer: &Offer) -> Self {
        let position = offer.position.map_or(U256::ZERO, |p| p.raw);
        let apy = offer.apy.map_or(0, Apy::ppm);
        let costs = matches!(action.kind, ActionKind::Borrow);
        Self(position, if costs { u32::MAX - apy } else { apy })
    }
}

fn with(detail: &OptionDetail, offer: &Offer, token: &Token) -> OptionDetail {
    OptionDetail {
        apy: offer.apy.map(|apy| apy.to_string()),
        liquidity: offer.liquidity.map(|l| shown(l, token)),
        balance: offer.position.map(|p| shown(p, token)),
        ..detail.clone()
    }
}

fn holding(token: &Token, balance: Amount) -> OptionDetail {
    OptionDetail {
        value: token.symbol.clone(),
        label: token.name.clone(),
        balance: Some(shown(balance, token)),
        ..OptionDetail::default()
    }
}

fn shown(amount: Amount, token: &Token) -> String {
    format!("{amount} {}", token.symbol)
}
