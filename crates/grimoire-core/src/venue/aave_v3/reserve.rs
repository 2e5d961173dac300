//! One asset of the market: what it permits, what it pays and costs, and what is at hand; read from the chain.

use alloy_primitives::{Address, U256};
use grimoire_registry::{REGISTRY, Token};

use super::{
    abi::{IAddressesProvider, IDataProvider, IPool},
    deployment::{self, Deployment},
};
use crate::{
    amount::{Amount, mul_div, ten_to},
    block::{Blocked, Stop},
    evm::CallError,
    rate::Apy,
    token::IErc20,
    venue::{Desk, Position, PositionKind},
};

/// An asset of the market on the desk's chain.
#[derive(Clone, Copy)]
pub(super) struct Reserve {
    /// Where the market is.
    pub(super) deployment: &'static Deployment,
    /// Its own contracts.
    pub(super) listed: &'static deployment::Reserve,
    /// What a person called it: the native token stands for its wrapped form.
    pub(super) token: &'static Token,
    /// What is lent: the wrapped form of a native token.
    pub(super) lent: &'static Token,
    /// The contract that is lent.
    pub(super) asset: Address,
    data: Address,
}

impl Reserve {
    /// The reserve of a token.
    pub(super) fn of(desk: &mut Desk<'_>, token: &'static Token) -> Result<Self, Stop> {
        let chain = desk.chain();
        let lent = if token.is_native() { REGISTRY.wrapped(chain) } else { token };
        let place = format!("{} on {}", desk.venue.name(), REGISTRY.chain(chain).name);
        let unlisted = || {
            let message = format!("{place} does not list {}. Another token or venue may work.", token.symbol);
            Blocked::new("asset_not_listed", message)
        };
        let deployment = Deployment::of(chain).ok_or_else(unlisted)?;
        let listed = deployment.reserve(&lent.symbol).ok_or_else(unlisted)?;
        let asset = lent.address.ok_or_else(unlisted)?;
        let machine = &mut desk.site.machine;
        // On the sandbox a listed reserve may be missing.
        if !machine.has_code(listed.a_token)? {
            return Err(unlisted().into());
        }
        let data =
            machine.view(deployment.addresses_provider, &IAddressesProvider::getPoolDataProviderCall {})?;
        Ok(Self { deployment, listed, token, lent, asset, data })
    }

    /// What it permits now.
    pub(super) fn flags(&self, desk: &mut Desk<'_>) -> Result<Flags, Stop> {
        let machine = &mut desk.site.machine;
        let asset = self.asset;
        let config = machine.view(self.data, &IDataProvider::getReserveConfigurationDataCall { asset })?;
        Ok(Flags {
            active: config.isActive,
            paused: machine.view(self.data, &IDataProvider::getPausedCall { asset })?,
            frozen: config.isFrozen,
            borrowing: config.borrowingEnabled,
            ltv_bps: config.ltv,
        })
    }

    /// What it pays and costs now.
    pub(super) fn rates(&self, desk: &mut Desk<'_>) -> Result<Rates, Stop> {
        let data = self.totals(desk)?;
        Ok(Rates {
            supply: Apy::of_yearly_ray(data.liquidityRate),
            borrow: Apy::of_yearly_ray(data.variableBorrowRate),
        })
    }

    /// How much more may be supplied; none without a cap. What is owed to the treasury counts as supplied.
    pub(super) fn supply_room(&self, desk: &mut Desk<'_>) -> Result<Option<Amount>, Stop> {
        let totals = self.totals(desk)?;
        let cap = self.caps(desk)?.supplyCap;
        let ray = ten_to(27).unwrap_or(U256::MAX);
        let treasury = mul_div(totals.accruedToTreasuryScaled, totals.liquidityIndex, ray);
        Ok(self.room(cap, totals.totalAToken.saturating_add(treasury)))
    }

    /// How much more may be borrowed; none without a cap.
    pub(super) fn borrow_room(&self, desk: &mut Desk<'_>) -> Result<Option<Amount>, Stop> {
        let totals = self.totals(desk)?;
        let cap = self.caps(desk)?.borrowCap;
        Ok(self.room(cap, totals.totalVariableDebt.saturating_add(totals.totalStableDebt)))
    }

    /// What can leave the market now.
    pub(super) fn liquidity(&self, desk: &mut Desk<'_>) -> Result<Amount, Stop> {
        let machine = &mut desk.site.machine;
        let counted = machine
            .view(self.deployment.pool, &IPool::getVirtualUnderlyingBalanceCall { asset: self.asset })
            .map(U256::from);
        let raw = match counted {
            Ok(raw) => raw,
            Err(CallError::State(error)) => return Err(error.into()),
            // Before 3.1 what stands there is what can leave.
            Err(_) => machine.view(self.asset, &IErc20::balanceOfCall { owner: self.listed.a_token })?,
        };
        Ok(self.amount(raw))
    }

    /// What an account has supplied.
    pub(super) fn supplied(&self, desk: &mut Desk<'_>, owner: Address) -> Result<Amount, Stop> {
        let raw = desk.site.machine.view(self.listed.a_token, &IErc20::balanceOfCall { owner })?;
        Ok(self.amount(raw))
    }

    /// What an account owes.
    pub(super) fn owed(&self, desk: &mut Desk<'_>, owner: Address) -> Result<Amount, Stop> {
        let raw = desk.site.machine.view(self.listed.variable_debt, &IErc20::balanceOfCall { owner })?;
        Ok(self.amount(raw))
    }

    /// Whether what an account has supplied secures its loans.
    pub(super) fn is_collateral(&self, desk: &mut Desk<'_>, user: Address) -> Result<bool, Stop> {
        let call = IDataProvider::getUserReserveDataCall { asset: self.asset, user };
        Ok(desk.site.machine.view(self.data, &call)?.usageAsCollateralEnabled)
    }

    /// A position in it.
    pub(super) fn position(&self, kind: PositionKind) -> Position {
        position(kind, self.lent)
    }

    fn caps(&self, desk: &mut Desk<'_>) -> Result<IDataProvider::getReserveCapsReturn, Stop> {
        let call = IDataProvider::getReserveCapsCall { asset: self.asset };
        Ok(desk.site.machine.view(self.data, &call)?)
    }

    fn totals(&self, desk: &mut Desk<'_>) -> Result<IDataProvider::getReserveDataReturn, Stop> {
        let call = IDataProvider::getReserveDataCall { asset: self.asset };
        Ok(desk.site.machine.view(self.data, &call)?)
    }

    fn amount(&self, raw: U256) -> Amount {
        Amount::new(raw, self.token.decimals)
    }

    fn room(&self, cap: U256, used: U256) -> Option<Amount> {
        let unit = ten_to(self.token.decimals)?;
        (!cap.is_zero()).then(|| self.amount(cap.saturating_mul(unit).saturating_sub(used)))
    }
}

/// A position in an asset of the market.
pub(super) const fn position(kind: PositionKind, token: &'static Token) -> Position {
    Position { venue: "aave_v3", kind, token, market: None }
}

/// What a reserve permits.
#[derive(Clone, Copy)]
pub(super) struct Flags {
    active: bool,
    paused: bool,
    frozen: bool,
    borrowing: bool,
    /// What may be borrowed against it, in hundredths of a per cent; 0 means that it is no collateral.
    pub(super) ltv_bps: U256,
}

impl Flags {
    /// Refuses where nothing works.
    pub(super) fn open(self, reserve: &Reserve, venue: &str) -> Result<Self, Blocked> {
        let symbol = &reserve.token.symbol;
        if !self.active {
            return Err(Blocked::new("reserve_inactive", format!("{symbol} is not active on {venue}.")));
        }
        if self.paused {
            let message = format!("{symbol} is paused on {venue}: nothing works until it is released.");
            return Err(Blocked::new("reserve_paused", message));
        }
        Ok(self)
    }

    /// Refuses where nothing new may be supplied or borrowed.
    pub(super) fn not_frozen(self, reserve: &Reserve, venue: &str) -> Result<Self, Blocked> {
        if self.frozen {
            let message = format!(
                "{} is frozen on {venue}: nothing new can be supplied or borrowed; withdrawing and repaying work.",
                reserve.token.symbol
            );
            return Err(Blocked::new("reserve_frozen", message));
        }
        Ok(self)
    }

    /// Refuses where it cannot be borrowed.
    pub(super) fn borrowable(self, reserve: &Reserve, venue: &str) -> Result<Self, Blocked> {
        if self.borrowing {
            return Ok(self);
        }
        let message = format!("{} cannot be borrowed on {venue}.", reserve.token.symbol);
        Err(Blocked::new("borrowing_disabled", message))
    }
}

/// What a reserve pays and costs.
#[derive(Clone, Copy)]
pub(super) struct Rates {
    /// What supplying earns.
    pub(super) supply: Apy,
    /// What borrowing costs.
    pub(super) borrow: Apy,
}
