//! A position for a stand-in: something supplied for a withdrawal, collateral for a loan, a debt for a repayment.

use alloy_primitives::U256;
use grimoire_lang::Amount as Said;
use grimoire_registry::{REGISTRY, Token};

use super::{
    abi::{IOracle, IPool, VARIABLE},
    deployment::Deployment,
    reserve::Reserve,
    supply::supply,
};
use crate::{
    amount::{Amount, ten_to},
    block::{Blocked, Stop},
    evm::Call,
    gift,
    plan::{Action, Step},
    venue::{
        Desk,
        endow::{self, COVER, twice},
    },
};

/// Gives the stand-in what the step works with.
pub(super) fn endow(step: &Step, desk: &mut Desk<'_>) -> Result<(), Stop> {
    match &step.action {
        Action::Withdraw(w) => {
            let reserve = Reserve::of(desk, w.token)?;
            let amount = twice(amount(desk, &reserve, &w.amount)?);
            lend(desk, &reserve, amount)
        }
        Action::Borrow(b) => {
            let reserve = Reserve::of(desk, b.token)?;
            let amount = amount(desk, &reserve, &b.amount)?;
            // Without collateral the loan itself is refused, with the reason.
            match secure(desk, &reserve, amount, b.collateral) {
                Err(Stop::Blocked(_)) => Ok(()),
                other => other,
            }
        }
        Action::Repay(r) => {
            let reserve = Reserve::of(desk, r.token)?;
            let amount = twice(amount(desk, &reserve, &r.amount)?);
            secure(desk, &reserve, amount, None)?;
            let call = IPool::borrowCall {
                asset: reserve.asset,
                amount: amount.raw,
                interestRateMode: U256::from(VARIABLE),
                referralCode: 0,
                onBehalfOf: desk.signer.address,
            };
            desk.run(Call::new(reserve.deployment.pool, &call, "Borrow for a stand-in".into())).map(drop)
        }
        _ => Ok(()),
    }
}

fn amount(desk: &mut Desk<'_>, reserve: &Reserve, said: &Said) -> Result<Amount, Stop> {
    endow::amount(desk, reserve.token, said, |desk, usd| worth(desk, reserve, usd))
}

/// Supplies so much.
fn lend(desk: &mut Desk<'_>, reserve: &Reserve, amount: Amount) -> Result<(), Stop> {
    let needed = amount.raw.saturating_mul(U256::from(2));
    gift::raise(&mut desk.site.machine, reserve.token, desk.signer.address, needed)?;
    supply(desk, reserve, amount, "Supply for a stand-in").map(drop)
}

/// Supplies collateral for a loan: what was named, or the first asset of the market that may serve.
fn secure(
    desk: &mut Desk<'_>,
    loan: &Reserve,
    amount: Amount,
    named: Option<&'static Token>,
) -> Result<(), Stop> {
    let price = price(desk, loan)?;
    let unit = ten_to(amount.decimals).unwrap_or(U256::ONE);
    let usd = amount.raw.saturating_mul(price).saturating_mul(U256::from(COVER)) / unit;
    let chain = desk.chain();
    let all = Deployment::of(chain).map(|d| d.reserves.as_slice()).unwrap_or_default();
    let others = all.iter().filter_map(|r| REGISTRY.token(chain, &r.symbol));
    let candidates: Vec<&'static Token> = match named {
        Some(token) => vec![token],
        None => others.filter(|t| t.symbol != loan.lent.symbol).collect(),
    };
    let mut refused: Stop =
        Blocked::new("no_collateral", "nothing can serve as collateral there".into()).into();
    for token in candidates {
        let tried = Reserve::of(desk, token).and_then(|collateral| {
            if collateral.flags(desk)?.ltv_bps.is_zero() {
                return Err(Blocked::new("no_collateral", "it cannot serve as collateral".into()).into());
            }
            let amount = worth(desk, &collateral, usd)?;
            lend(desk, &collateral, amount)
        });
        match tried {
            Ok(()) => return Ok(()),
            Err(Stop::State(error)) => return Err(error.into()),
            Err(why) => refused = why,
        }
    }
    Err(refused)
}

/// How much of an asset so many dollars are, 8 decimals, by the market's oracle.
fn worth(desk: &mut Desk<'_>, reserve: &Reserve, usd: U256) -> Result<Amount, Stop> {
    let unit = ten_to(reserve.token.decimals).unwrap_or(U256::ONE);
    let price = price(desk, reserve)?.max(U256::ONE);
    Ok(Amount::new(usd.saturating_mul(unit) / price, reserve.token.decimals))
}

fn price(desk: &mut Desk<'_>, reserve: &Reserve) -> Result<U256, Stop> {
    let call = IOracle::getAssetPriceCall { asset: reserve.asset };
    Ok(desk.site.machine.view(reserve.deployment.oracle, &call)?)
}
