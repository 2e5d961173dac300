//! Symbolic amounts to numbers, on the state as it is at that step.

use alloy_primitives::{Address, U256};
use grimoire_lang::{Amount as Said, Decimal, Take};
use grimoire_registry::{ChainId, REGISTRY, Token};

use super::Limit;
use crate::{
    amount::{Amount, mul_div},
    block::{Blocked, Stop},
    evm::Machine,
    price::Prices,
    token,
};

/// What an action surely put out.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// Where it is.
    pub chain: ChainId,
    /// Which token.
    pub token: &'static Token,
    /// The least that exists after it.
    pub amount: Amount,
    /// How much of it later actions have taken, where they named it.
    pub taken: U256,
    /// How much of its token later actions have paid without naming it: no part of its rest.
    pub paid: U256,
}

/// What amounts are resolved against.
pub struct Resolver<'a> {
    /// The state at this step.
    pub machine: &'a mut Machine,
    /// The chain's prices.
    pub prices: &'a mut Prices,
    /// Whose balances count.
    pub owner: Address,
    /// What is there only if earlier actions go as quoted.
    pub unsure: &'a [(&'static Token, U256)],
    /// What earlier actions put out, in order; none where somebody else got it.
    pub outputs: &'a mut [Option<Output>],
    /// Balances that earlier actions took a part of, as they were then: parts of one balance are parts of the same.
    pub divided: &'a mut Vec<(&'static Token, U256)>,
    /// Wei to keep for gas where everything of the native token is asked for.
    pub gas_reserve: U256,
}

impl Resolver<'_> {
    /// The number behind an amount that is paid.
    ///
    /// # Errors
    /// When it cannot be known or cannot be paid, with what would work; or the state cannot be read.
    pub fn pay(&mut self, said: &Said, token: &'static Token) -> Result<Amount, Stop> {
        let amount = match said {
            Said::Exact(number) => exact(*number, token)?,
            Said::Usd(usd) => self.dollars(*usd, token)?,
            Said::Balance(take) => {
                let balance = self.surely_held(token)?;
                if matches!(take, Take::Percent(_) | Take::Fraction(..)) {
                    return self.part_of_balance(balance, take, token);
                }
                let kept = if token.is_native() { self.gas_reserve } else { U256::ZERO };
                take_from(
                    Amount::new(balance.raw.saturating_sub(kept), token.decimals),
                    balance,
                    take,
                    token,
                )?
            }
            Said::Output(steps, take) => self.output(steps, take, token)?,
        };
        if !matches!(said, Said::Output(..)) {
            self.note(token, amount.raw);
        }
        not_zero(amount, token)
    }

    /// A part of a balance: of what it was when the plan first took a part of it, as far as that is still there.
    fn part_of_balance(&mut self, held: Amount, take: &Take, token: &'static Token) -> Result<Amount, Stop> {
        let known = self.divided.iter().find(|(t, _)| t.symbol == token.symbol).map(|(_, raw)| *raw);
        let whole = Amount { raw: known.unwrap_or(held.raw), ..held };
        if known.is_none() {
            self.divided.push((token, held.raw));
        }
        let part = take_from(held, whole, take, token)?;
        let amount = Amount { raw: part.raw.min(held.raw), ..part };
        self.note(token, amount.raw);
        not_zero(amount, token)
    }

    /// Remembers what is paid in the token of an earlier output: its rest is what is left after that.
    fn note(&mut self, token: &Token, raw: U256) {
        let chain = self.machine.chain();
        let fits = |o: &&mut Output| o.token.symbol == token.symbol && o.chain == chain;
        if let Some(output) = self.outputs.iter_mut().rev().flatten().find(fits) {
            output.paid = output.paid.saturating_add(raw);
        }
    }

    /// The number behind an amount of a position: `all` and parts are of `whole`, which is what is lent or owed.
    ///
    /// # Errors
    /// When it cannot be known, with what would work; or the state cannot be read.
    pub fn of_position(&mut self, said: &Said, token: &'static Token, whole: Amount) -> Result<Amount, Stop> {
        let amount = match said {
            Said::Balance(take) => take_from(whole, whole, take, token)?,
            Said::Exact(_) | Said::Usd(_) | Said::Output(..) => return self.pay(said, token),
        };
        not_zero(amount, token)
    }

    /// What the owner holds for sure: the balance, less what slippage of earlier actions may take.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn surely_held(&mut self, token: &'static Token) -> Result<Amount, Stop> {
        let balance = token::balance(self.machine, token, self.owner)?;
        let unsure = self.unsure.iter().filter(|(t, _)| t.symbol == token.symbol);
        let unsure = unsure.fold(U256::ZERO, |sum, (_, raw)| sum.saturating_add(*raw));
        Ok(Amount { raw: balance.raw.saturating_sub(unsure), ..balance })
    }

    /// The least a person wants as a number of tokens: dollars rounded up.
    ///
    /// # Errors
    /// When there is no price, or the state cannot be read.
    pub fn least(&mut self, limit: Limit, token: &'static Token) -> Result<Amount, Stop> {
        match limit {
            Limit::Tokens(number) => exact(number, token),
            Limit::Usd(usd) => {
                let amount = self.dollars(usd, token)?;
                Ok(Amount { raw: amount.raw.saturating_add(U256::ONE), ..amount })
            }
        }
    }

    /// The most a person pays as a number of tokens: dollars rounded down.
    ///
    /// # Errors
    /// When there is no price, or the state cannot be read.
    pub fn most(&mut self, limit: Limit, token: &'static Token) -> Result<Amount, Stop> {
        match limit {
            Limit::Tokens(number) => exact(number, token),
            Limit::Usd(usd) => self.dollars(usd, token),
        }
    }

    fn dollars(&mut self, usd: Decimal, token: &'static Token) -> Result<Amount, Stop> {
        let price = self.prices.of(self.machine, token)?;
        let worth = Amount::of(usd, 18).ok_or_else(|| too_large(&token.symbol))?;
        let none = || {
            let text = format!(
                "{0} has no price feed, so ${usd} of it is not known. Give the amount in {0}.",
                token.symbol
            );
            Stop::from(Blocked::new("no_price", text))
        };
        price.ok_or_else(none)?.amount(worth, token.decimals).ok_or_else(|| too_large(&token.symbol))
    }

    fn output(&mut self, steps: &[u8], take: &Take, token: &'static Token) -> Result<Amount, Stop> {
        let chain = self.machine.chain();
        let mut whole = U256::ZERO;
        let mut left = U256::ZERO;
        for &step in steps {
            let output =
                usize::from(step).checked_sub(1).and_then(|i| self.outputs.get(i).copied().flatten());
            let Some(output) = output.filter(|o| o.token.symbol == token.symbol && o.chain == chain) else {
                return Err(no_output(step, output, token, chain));
            };
            whole = whole.saturating_add(output.amount.raw);
            let used = output.taken.saturating_add(output.paid);
            left = left.saturating_add(output.amount.raw.saturating_sub(used));
        }
        let base = if *take == Take::Rest { left } else { whole };
        let base = Amount::new(base, token.decimals);
        let amount = take_from(base, base, take, token)?;
        let mut rest = amount.raw;
        for &step in steps {
            let Some(Some(output)) = self.outputs.get_mut(usize::from(step) - 1) else { continue };
            let part = rest.min(output.amount.raw.saturating_sub(output.taken));
            output.taken += part;
            rest -= part;
        }
        if rest.is_zero() {
            return Ok(amount);
        }
        let text = format!("More {} is used than the earlier actions put out.", token.symbol);
        Err(Blocked::new("output_used_twice", text).into())
    }
}

fn no_output(step: u8, output: Option<Output>, token: &Token, chain: ChainId) -> Stop {
    let text = match output {
        Some(other) => format!(
            "Action {step} gives {} on {}, and {} on {} is needed.",
            other.token.symbol,
            REGISTRY.chain(other.chain).name,
            token.symbol,
            REGISTRY.chain(chain).name
        ),
        None => format!("Action {step} gives the sender nothing that could be used."),
    };
    Blocked::new("no_output", text).into()
}

fn not_zero(amount: Amount, token: &Token) -> Result<Amount, Stop> {
    if amount.raw.is_zero() {
        let text = format!("There is no {} to use: the amount is 0.", token.symbol);
        return Err(Blocked::new("zero_amount", text).into());
    }
    Ok(amount)
}

/// A part of something: `spendable` is what may be used of `whole`.
fn take_from(spendable: Amount, whole: Amount, take: &Take, token: &Token) -> Result<Amount, Stop> {
    let part = |numerator: U256, denominator: U256| Amount {
        raw: mul_div(whole.raw, numerator, denominator),
        ..whole
    };
    Ok(match take {
        Take::All | Take::Rest => spendable,
        Take::Percent(percent) => {
            let hundred = U256::from(10).pow(U256::from(percent.scale() + 2));
            part(U256::from(percent.mantissa()), hundred)
        }
        Take::Fraction(n, d) => part(U256::from(*n), U256::from((*d).max(1))),
        Take::AtMost(most) => Amount { raw: spendable.raw.min(exact(*most, token)?.raw), ..spendable },
        Take::AllBut(less) => {
            let less = exact(*less, token)?;
            let Some(raw) = whole.raw.checked_sub(less.raw) else {
                let text =
                    format!("Keeping {less} {0} is not possible: there are {whole} {0}.", token.symbol);
                return Err(Blocked::new("insufficient_funds", text).into());
            };
            Amount { raw: raw.min(spendable.raw), ..whole }
        }
    })
}

/// That many tokens; the language has checked that the token has enough decimals.
pub(crate) fn exact(number: Decimal, token: &Token) -> Result<Amount, Stop> {
    Amount::of(number, token.decimals).ok_or_else(|| too_large(&token.symbol))
}

fn too_large(symbol: &str) -> Stop {
    Blocked::new(
        "amount_out_of_range",
        format!("That is more {symbol} than can exist, or finer than {symbol} divides."),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_taken_of_the_whole_and_bounded_by_what_may_be_spent() {
        let usdc = REGISTRY.token(ChainId::Ethereum, "USDC").expect("listed");
        let of = |n: u64| Amount::new(U256::from(n), 6);
        let take = |text: &str| {
            let Ok(Said::Balance(take)) = text.parse() else { panic!("{text} is a part of a balance") };
            take_from(of(900), of(1_000), &take, usdc).map(|a| a.raw.to::<u64>()).ok()
        };
        assert_eq!(take("all"), Some(900));
        assert_eq!(take("50%"), Some(500));
        assert_eq!(take("1/3"), Some(333));
        assert_eq!(take("min(all,0.0005)"), Some(500));
        assert_eq!(take("min(all,5)"), Some(900));
        assert_eq!(take("all-0.0003"), Some(700));
        assert_eq!(take("all-1"), None);
    }
}
