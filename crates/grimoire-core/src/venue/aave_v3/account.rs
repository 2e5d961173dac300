//! An account's loans as the pool itself counts them.

use alloy_primitives::{Address, U256};

use super::{abi::IPool, deployment::Deployment};
use crate::{
    amount::{Amount, mul_div},
    block::Stop,
    venue::{Desk, Safety},
};

/// How safe the loans of an account are now.
pub(super) fn safety(desk: &mut Desk<'_>, deployment: &Deployment, user: Address) -> Result<Safety, Stop> {
    let data = desk.site.machine.view(deployment.pool, &IPool::getUserAccountDataCall { user })?;
    let (collateral, debt) = (data.totalCollateralBase, data.totalDebtBase);
    let share = || mul_div(debt, U256::from(1_000_000), collateral).saturating_to();
    Ok(Safety {
        health: (!debt.is_zero()).then(|| Amount::new(data.healthFactor, 18)),
        ltv_ppm: (!collateral.is_zero()).then(share),
        liquidated_ppm: data.currentLiquidationThreshold.saturating_mul(U256::from(100)).saturating_to(),
    })
}
