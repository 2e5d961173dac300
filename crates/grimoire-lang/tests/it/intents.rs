//! Random plans: every kind of action, every role, every form of an amount, several steps that use each other's
//! outputs. What the language can say, and nothing it must ask about.

use grimoire_lang::{Action, ActionKind, Amount, Decimal, Intent, Role, Source, Sourced, Take};

use crate::draw::Draw;
use crate::engine::VOCABULARY;

/// The variants of a type by name, and the name of a value. A variant that is missing here does not compile.
macro_rules! variants {
    ($list:ident, $name:ident, $type:ty, { $($pattern:pat => $label:literal),+ $(,)? }) => {
        pub(crate) const $list: &[&str] = &[$($label),+];
        pub(crate) const fn $name(value: &$type) -> &'static str {
            match value { $($pattern => $label),+ }
        }
    };
}

variants!(TAKES, take_name, Take, {
    Take::All => "all",
    Take::Percent(_) => "percent",
    Take::Fraction(..) => "fraction",
    Take::AllBut(_) => "all but",
    Take::AtMost(_) => "at most",
    Take::Rest => "rest",
});

variants!(FORMS, form_name, Amount, {
    Amount::Exact(_) => "exact",
    Amount::Usd(_) => "usd",
    Amount::Balance(_) => "balance",
    Amount::Output(..) => "output",
});

variants!(ROLES, role_name, Role, {
    Role::Chain => "chain",
    Role::ToChain => "to_chain",
    Role::Venue => "venue",
    Role::Token => "token",
    Role::TokenIn => "token_in",
    Role::TokenOut => "token_out",
    Role::Amount => "amount",
    Role::AmountIn => "amount_in",
    Role::AmountOut => "amount_out",
    Role::Collateral => "collateral",
    Role::As => "as",
    Role::Recipient => "recipient",
    Role::MaxSlippage => "max_slippage",
    Role::MinOut => "min_out",
    Role::MaxIn => "max_in",
    Role::MaxGas => "max_gas",
    Role::Deadline => "deadline",
});

const RECIPIENTS: [&str; 6] = [
    "alice.eth",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "pay-me.treasury.eth",
    "0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb",
    "🦇.eth",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
];

/// A token no registry lists.
const UNLISTED: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

/// What an action put out and what is left of it.
#[derive(Clone)]
struct Output {
    step: u8,
    token: String,
    chain: String,
    left: Left,
}

#[derive(Clone, Copy, PartialEq)]
enum Left {
    Everything,
    Half,
    Part,
    Nothing,
}

struct Maker<'d> {
    draw: &'d mut Draw,
    outputs: Vec<Output>,
    /// Chains and tokens of the wallet of which a part, or everything, is taken.
    wallet: Vec<((String, String), Left)>,
    actions: Vec<Action>,
}

/// A plan of one to four actions.
pub(crate) fn intent(draw: &mut Draw) -> Intent {
    let count = 1 + draw.below(4);
    let mut maker = Maker { draw, outputs: Vec::new(), wallet: Vec::new(), actions: Vec::new() };
    let mut tries = 0;
    while maker.actions.is_empty() || maker.actions.len() < count && tries < 12 {
        tries += 1;
        let before = (maker.outputs.clone(), maker.wallet.clone());
        if maker.action().is_none() {
            // What is there cannot be used like that.
            (maker.outputs, maker.wallet) = before;
        }
    }
    Intent { actions: maker.actions, notes: Vec::new() }
}

impl Maker<'_> {
    fn decimal(&mut self, places: u8) -> Decimal {
        let scale = u8::try_from(self.draw.below(5)).unwrap_or(0).min(places);
        let digits = 1 + self.draw.below(9_999) * if self.draw.once_in(8) { 1_000_003 } else { 1 };
        Decimal::new(digits as u128, scale)
    }

    fn symbols(&self, chain: &str) -> Vec<String> {
        VOCABULARY.tokens.iter().filter(|t| t.chain == chain).map(|t| t.symbol.clone()).collect()
    }

    /// A token of the chain; the well-known ones often, so that outputs meet.
    fn token(&mut self, chain: &str) -> String {
        let known = ["USDC", "WETH"];
        match self.draw.below(12) {
            0..=4 => (*self.draw.of(&known)).to_owned(),
            5 => UNLISTED.to_owned(),
            _ => self.draw.of(&self.symbols(chain)).clone(),
        }
    }

    fn places(token: &str, chain: &str) -> u8 {
        let found = VOCABULARY.tokens.iter().find(|t| t.chain == chain && t.symbol == token);
        found.map_or(18, |t| t.decimals)
    }

    fn take(&mut self, name: &str, places: u8) -> Take {
        match name {
            "all" => Take::All,
            "percent" => {
                let percents = ["50", "25", "1", "99.5", "33.33", "12.5", "0.01"];
                Take::Percent(self.draw.of(&percents).parse().expect("a decimal"))
            }
            "fraction" => {
                let (n, d) = *self.draw.of(&[(1, 3), (2, 3), (1, 7), (5, 6)]);
                Take::Fraction(n, d)
            }
            "all but" => Take::AllBut(self.decimal(places)),
            "at most" => Take::AtMost(self.decimal(places)),
            "rest" => Take::Rest,
            other => panic!("no amount is made for “{other}”"),
        }
    }

    /// An amount of a token in the wallet (a position or a debt where `position`).
    fn amount(&mut self, token: &str, chain: &str, position: bool) -> Option<Amount> {
        let places = Self::places(token, chain);
        // What is on another chain is not taken from.
        let here = |o: &Output| o.token == token && o.chain == chain && o.left != Left::Nothing;
        let from_output = self.outputs.iter().rposition(here);
        let place = (chain.to_owned(), token.to_owned());
        let wallet = self.wallet.iter().position(|(p, _)| *p == place);
        let taken = wallet.map(|i| self.wallet[i].1);
        let name = *self.draw.of(&["exact", "usd", "balance", "balance"]);
        let mut amount = match name {
            "usd" => Amount::Usd(self.decimal(2)),
            "balance" => {
                let name = *self.draw.of(TAKES);
                Amount::Balance(self.take(name, places))
            }
            _ => Amount::Exact(self.decimal(places)),
        };
        let restable = from_output.is_none() && taken == Some(Left::Part) && !position;
        if taken == Some(Left::Nothing) && !position {
            return None;
        }
        if matches!(amount, Amount::Balance(Take::Rest)) && !restable {
            amount = Amount::Exact(self.decimal(places));
        }
        if !position {
            match (&amount, from_output) {
                (Amount::Exact(_) | Amount::Usd(_), Some(at)) => self.outputs[at].left = Left::Part,
                (_, Some(_)) => {}
                (amount, None) => {
                    let whole = matches!(amount, Amount::Balance(Take::All | Take::Rest));
                    let left = if whole { Left::Nothing } else { Left::Part };
                    match wallet {
                        Some(at) => self.wallet[at].1 = left,
                        None => self.wallet.push((place, left)),
                    }
                }
            }
        }
        Some(amount)
    }

    /// A part of what one or several earlier actions put out, with its token and chain.
    fn output(&mut self) -> Option<(Amount, String, String)> {
        let open: Vec<usize> =
            (0..self.outputs.len()).filter(|&i| self.outputs[i].left != Left::Nothing).collect();
        if open.is_empty() {
            return None;
        }
        let at = *self.draw.of(&open);
        let (token, chain) = (self.outputs[at].token.clone(), self.outputs[at].chain.clone());
        let same = |o: &Output| o.token == token && o.chain == chain && o.left == Left::Everything;
        let twins: Vec<usize> = (0..self.outputs.len()).filter(|&i| same(&self.outputs[i])).collect();
        let several = twins.len() > 1 && twins.contains(&at) && !self.draw.once_in(4);
        let chosen = if several { twins } else { vec![at] };
        let name = *self.draw.of(TAKES);
        let take = self.take(name, Self::places(&token, &chain));
        let left = self.outputs[at].left;
        let half = take == Take::Percent(Decimal::new(50, 0));
        let after = match (&take, left) {
            (Take::All, Left::Everything) => Left::Nothing,
            (Take::Percent(_), Left::Everything) if half && !several => Left::Half,
            (Take::Percent(_), Left::Half) if half => Left::Nothing,
            (Take::Rest, Left::Part | Left::Half) => Left::Nothing,
            // No plan takes more of an output than there is.
            (Take::AllBut(_) | Take::AtMost(_), _)
            | (Take::Percent(_) | Take::Fraction(..), Left::Everything) => Left::Part,
            _ => return None,
        };
        for &i in &chosen {
            self.outputs[i].left = after;
        }
        let steps = chosen.iter().map(|&i| self.outputs[i].step).collect();
        Some((Amount::Output(steps, take), token, chain))
    }

    /// Adds an action; none where what was drawn does not fit together.
    fn action(&mut self) -> Option<()> {
        let kind = *self.draw.of(&ActionKind::ALL);
        let ids: Vec<&str> = VOCABULARY.chains.iter().map(|c| c.id.as_str()).collect();
        let wrapping = matches!(kind, ActionKind::Wrap | ActionKind::Unwrap);
        let market = matches!(kind, ActionKind::Withdraw | ActionKind::Borrow);
        // Often the same token as before: two outputs of one token can be added up.
        let echo = self.outputs.last().map(|o| (o.chain.clone(), o.token.clone()));
        let echo = echo.filter(|_| self.draw.once_in(2));
        let from_output = (!market && self.draw.once_in(2)).then(|| self.output()).flatten();
        let (chain, token, amount) = match from_output {
            Some((amount, token, chain)) => (chain, token, Some(amount)),
            None => {
                let chain = echo.as_ref().map_or_else(|| (*self.draw.of(&ids)).to_owned(), |e| e.0.clone());
                let token = echo.as_ref().filter(|_| market).map(|e| e.1.clone());
                (chain.clone(), token.unwrap_or_else(|| self.token(&chain)), None)
            }
        };
        let names = VOCABULARY.chains.iter().find(|c| c.id == chain).expect("a chain");
        let held = match kind {
            ActionKind::Wrap => names.native.clone(),
            ActionKind::Unwrap => names.wrapped.clone(),
            _ => token.clone(),
        };
        if amount.is_some() && held != token {
            return None;
        }
        let mut values = vec![(Role::Chain, chain.clone())];
        let venues: Vec<&str> =
            VOCABULARY.venues.iter().filter(|v| v.actions.contains(&kind)).map(|v| v.id.as_str()).collect();
        if !venues.is_empty() && !wrapping && kind != ActionKind::Transfer {
            values.push((Role::Venue, (*self.draw.of(&venues)).to_owned()));
        }
        let mut out = None;
        match kind {
            ActionKind::Swap => {
                let pair = [names.native.clone(), names.wrapped.clone()];
                let fits = |t: &String| *t != held && !(pair.contains(t) && pair.contains(&held));
                let others: Vec<String> = self.symbols(&chain).into_iter().filter(fits).collect();
                // “buy 0x… with AAVE” is asked about: that may be the venue.
                let venue = |t: &str| VOCABULARY.venues.iter().any(|v| v.words.contains(&t.to_lowercase()));
                let plain = |t: &str| t != UNLISTED && !venue(t);
                let again = echo.map(|e| e.1).filter(|t| others.contains(t));
                let goal = match self.draw.once_in(12) && plain(&held) {
                    true => UNLISTED.to_owned(),
                    false => again.unwrap_or_else(|| self.draw.of(&others).clone()),
                };
                values.push((Role::TokenIn, held.clone()));
                values.push((Role::TokenOut, goal.clone()));
                self.sides(&mut values, amount, &held, &goal, &chain)?;
                out = Some((goal, chain.clone()));
            }
            ActionKind::Deposit | ActionKind::Withdraw | ActionKind::Borrow | ActionKind::Repay => {
                let position = kind != ActionKind::Deposit;
                let mut amount = amount.or_else(|| self.amount(&held, &chain, position))?;
                if kind == ActionKind::Borrow && matches!(amount, Amount::Balance(_)) {
                    amount = Amount::Exact(self.decimal(Self::places(&held, &chain)));
                }
                values.push((Role::Token, held.clone()));
                values.push((Role::Amount, amount.to_string()));
                if kind == ActionKind::Borrow && self.draw.once_in(2) {
                    values.push((Role::Collateral, self.token(&chain)));
                }
                if kind == ActionKind::Deposit && self.draw.once_in(4) {
                    values.push((Role::As, "collateral".to_owned()));
                }
                out = market.then(|| (held.clone(), chain.clone()));
            }
            ActionKind::Bridge => {
                let there = |c: &&str| {
                    *c != chain && (held == "ETH" || self.symbols(c).contains(&held) || held == UNLISTED)
                };
                let goals: Vec<&str> = ids.iter().copied().filter(there).collect();
                if goals.is_empty() {
                    return None;
                }
                let to = (*self.draw.of(&goals)).to_owned();
                let amount = amount.or_else(|| self.amount(&held, &chain, false))?;
                let arrives = if held == "ETH" && to == "polygon" { "WETH".to_owned() } else { held.clone() };
                values.extend([
                    (Role::ToChain, to.clone()),
                    (Role::Token, held.clone()),
                    (Role::Amount, amount.to_string()),
                ]);
                out = Some((arrives, to));
            }
            ActionKind::Transfer => {
                let amount = amount.or_else(|| self.amount(&held, &chain, false))?;
                values.extend([(Role::Token, held.clone()), (Role::Amount, amount.to_string())]);
            }
            ActionKind::Wrap | ActionKind::Unwrap => {
                let amount = amount.or_else(|| self.amount(&held, &chain, false))?;
                values.extend([(Role::Token, names.native.clone()), (Role::Amount, amount.to_string())]);
                let made = if kind == ActionKind::Wrap { &names.wrapped } else { &names.native };
                out = Some((made.clone(), chain.clone()));
            }
        }
        if self.recipient(kind, &mut values) {
            out = None;
        }
        self.bounds(kind, &names.native, &mut values);
        values.sort_by_key(|(role, _)| *role);
        let sourced = |value| Sourced { value, source: Source::Context };
        let values = values.into_iter().map(|(r, v)| (r, sourced(v))).collect();
        self.actions.push(Action { kind, values });
        let step = u8::try_from(self.actions.len()).expect("few actions");
        if let Some((token, chain)) = out {
            self.outputs.push(Output { step, token, chain, left: Left::Everything });
        }
        Some(())
    }

    /// The exact side of a swap and the bound on the other.
    fn sides(
        &mut self,
        values: &mut Vec<(Role, String)>,
        amount: Option<Amount>,
        held: &str,
        goal: &str,
        chain: &str,
    ) -> Option<()> {
        let bound = |maker: &mut Self, places: u8| {
            let usd = if maker.draw.once_in(3) { "$" } else { "" };
            format!("{usd}{}", maker.decimal(places))
        };
        if amount.is_none() && self.draw.once_in(4) {
            values.push((Role::AmountOut, self.decimal(Self::places(goal, chain)).to_string()));
            if self.draw.once_in(2) {
                let most = bound(self, Self::places(held, chain));
                values.push((Role::MaxIn, most));
            }
            return Some(());
        }
        let amount = amount.or_else(|| self.amount(held, chain, false))?;
        values.push((Role::AmountIn, amount.to_string()));
        if self.draw.once_in(3) {
            let least = bound(self, Self::places(goal, chain));
            values.push((Role::MinOut, least));
        }
        Some(())
    }

    fn recipient(&mut self, kind: ActionKind, values: &mut Vec<(Role, String)>) -> bool {
        let may = matches!(kind, ActionKind::Swap | ActionKind::Bridge) && self.draw.once_in(4);
        let has = may || kind == ActionKind::Transfer;
        if has {
            values.push((Role::Recipient, (*self.draw.of(&RECIPIENTS)).to_owned()));
        }
        has
    }

    fn bounds(&mut self, kind: ActionKind, native: &str, values: &mut Vec<(Role, String)>) {
        if kind == ActionKind::Swap && self.draw.once_in(3) {
            let slippage = *self.draw.of(&["0.5%", "1%", "3%", "0.05%", "12.5%"]);
            values.push((Role::MaxSlippage, slippage.to_owned()));
        }
        if self.draw.once_in(4) {
            let number = self.decimal(4);
            let gas = match self.draw.below(3) {
                0 => format!("${number}"),
                1 => format!("{number} gwei"),
                _ => format!("{number} {native}"),
            };
            values.push((Role::MaxGas, gas));
        }
        if self.draw.once_in(4) {
            let unit = *self.draw.of(&["s", "m", "h"]);
            values.push((Role::Deadline, format!("{}{unit}", 1 + self.draw.below(90))));
        }
    }
}
