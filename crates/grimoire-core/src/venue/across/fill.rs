//! The other side of a bridge: a relayer pays out on the destination, by the spoke pool's own code.

use alloy_primitives::{Address, B256, Bytes, U256, address};
use grimoire_registry::{REGISTRY, Token};

use super::{
    Across,
    abi::{ISpokePool, RelayData},
    route::Route,
};
use crate::{
    amount::Amount,
    block::Stop,
    evm::{Call, Machine},
    gift,
    token::{self, IErc20},
    venue::{Arrival, refused},
};

/// Stands in for the relayer: the last 20 bytes of the Keccak-256 of “grimoire relayer”. Nobody holds its key.
const RELAYER: Address = address!("b9f3675ea0fa1aa6b042e861b3a03a7bb9c25c97");

/// A deposit as the destination sees it.
#[derive(Clone)]
pub(super) struct Deposit {
    /// Who paid it in.
    pub(super) depositor: Address,
    /// Who is paid.
    pub(super) recipient: Address,
    /// Which on its chain.
    pub(super) id: u32,
    /// What was paid in, smallest units.
    pub(super) paid: U256,
    /// Until when it can be filled.
    pub(super) fill_deadline: u32,
}

impl Route {
    /// The fill that pays out so much.
    pub(super) fn arrival(&self, deposit: &Deposit, out: Amount) -> Arrival {
        let name = format!("Fill: {out} {} to {}", self.gets.symbol, deposit.recipient);
        let approve = IErc20::approveCall { spender: self.far_pool, amount: out.raw };
        let relay = RelayData {
            depositor: padded(deposit.depositor),
            recipient: padded(deposit.recipient),
            exclusiveRelayer: B256::ZERO,
            inputToken: padded(self.input),
            outputToken: padded(self.output),
            inputAmount: deposit.paid,
            outputAmount: out.raw,
            originChainId: U256::from(REGISTRY.chain(self.from).chain_id),
            depositId: U256::from(deposit.id),
            fillDeadline: deposit.fill_deadline,
            exclusivityDeadline: 0,
            message: Bytes::new(),
        };
        let fill = ISpokePool::fillRelayCall {
            relayData: relay,
            repaymentChainId: U256::from(REGISTRY.chain(self.to).chain_id),
            repaymentAddress: padded(RELAYER),
        };
        Arrival {
            chain: self.to,
            by: RELAYER,
            funds: (self.pool_token(), out.raw),
            calls: vec![
                Call::new(self.output, &approve, format!("Approve {out} {} for the fill", self.gets.symbol)),
                Call::new(self.far_pool, &fill, name),
            ],
        }
    }

    /// What the relayer needs: the wrapped form of a native token.
    fn pool_token(&self) -> &'static Token {
        if self.gets.is_native() { REGISTRY.wrapped(self.to) } else { self.gets }
    }
}

/// Runs a fill on the destination: gas of the fill itself, and what the recipient got.
pub(super) fn run(
    machine: &mut Machine,
    arrival: &Arrival,
    recipient: Address,
) -> Result<(u64, &'static Token), Stop> {
    let (token, amount) = arrival.funds;
    gift::raise(machine, token, arrival.by, amount)?;
    let before = token::balance(machine, token, recipient)?;
    let mut gas = 0;
    for call in &arrival.calls {
        gas = machine
            .rehearse(arrival.by, call)
            .map_err(|error| refused(&call.title, error, &Across))?
            .gas_used;
    }
    let got = token::balance(machine, token, recipient)?;
    // Wrapped native tokens are paid out unwrapped to accounts without code.
    let native = REGISTRY.native(machine.chain());
    Ok((gas, if got.raw > before.raw { token } else { native }))
}

fn padded(account: Address) -> B256 {
    account.into_word()
}
