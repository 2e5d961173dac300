//! Across on the sandbox takes the deposits its routes allow, and checks the clock as it does on mainnet.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::sol;
use grimoire_core::venue::across::deployment::Deployment;
use grimoire_registry::{ChainId, REGISTRY};

use crate::{
    evm::{Call, Evm},
    fixture::On,
};

sol! {
    interface Erc20 {
        function approve(address spender, uint256 value) external;
        function balanceOf(address account) external view returns (uint256);
    }

    interface Spoke {
        function chainId() external view returns (uint256);
        function wrappedNativeToken() external view returns (address);
        function depositQuoteTimeBuffer() external view returns (uint32);
        function fillDeadlineBuffer() external view returns (uint32);
        function pausedDeposits() external view returns (bool);
        function numberOfDeposits() external view returns (uint32);
        function getCurrentTime() external view returns (uint256);
        function depositV3(address depositor, address recipient, address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 destinationChainId, address exclusiveRelayer, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityParameter, bytes message) external payable;
    }
}

fn spoke(on: On) -> Address {
    Deployment::of(on.0).expect("deployed").spoke_pool
}

fn now(on: On) -> u32 {
    u32::try_from(on.snapshot().block.timestamp).expect("before 2106")
}

/// A deposit of the stand-in to itself, quoted now.
fn deposit(on: On, to: ChainId, [paid, got]: [&str; 2], amount: U256) -> Spoke::depositV3Call {
    let (who, token) = (on.account("stand_in"), |on: On, symbol: &str| {
        let token = REGISTRY.token(on.0, symbol).expect("a token");
        token.address.unwrap_or_else(|| REGISTRY.wrapped(on.0).address.expect("a contract"))
    });
    Spoke::depositV3Call {
        depositor: who,
        recipient: who,
        inputToken: token(on, paid),
        outputToken: token(On(to), got),
        inputAmount: amount,
        outputAmount: amount - amount / U256::from(100),
        destinationChainId: U256::from(REGISTRY.chain(to).chain_id),
        exclusiveRelayer: Address::ZERO,
        quoteTimestamp: now(on),
        fillDeadline: now(on) + 7_200,
        exclusivityParameter: 0,
        message: Bytes::new(),
    }
}

fn elsewhere(on: On) -> ChainId {
    if on.0 == ChainId::Base { ChainId::Ethereum } else { ChainId::Base }
}

/// A deposit of 100 USDC that only needs to be sent.
fn usual(on: On, evm: &mut Evm) -> Spoke::depositV3Call {
    let (approve, deposit) = approved(on);
    assert!(evm.run(&approve).success);
    deposit
}

/// A deposit of 100 USDC, and the approval before it.
fn approved(on: On) -> (Call, Spoke::depositV3Call) {
    let amount = on.units(100, "USDC");
    let approve = Erc20::approveCall { spender: spoke(on), value: amount };
    let approve = Call::new(on.account("stand_in"), on.token("USDC"), &approve);
    (approve, deposit(on, elsewhere(on), ["USDC", "USDC"], amount))
}

/// Approve and deposit 100 USDC.
pub(crate) fn bridge(on: On) -> [Call; 2] {
    let (approve, deposit) = approved(on);
    [approve, Call::new(on.account("stand_in"), spoke(on), &deposit)]
}

/// The first topic of what a deposit is told by.
fn event_id() -> B256 {
    keccak256(
        "FundsDeposited(bytes32,bytes32,uint256,uint256,uint256,uint256,uint32,uint32,uint32,bytes32,bytes32,bytes32,bytes)",
    )
}

#[test]
fn the_spoke_pool_knows_its_chain() {
    for on in On::every() {
        let (mut evm, at) = (Evm::on(&on.snapshot()), spoke(on));
        assert_eq!(evm.ask(at, &Spoke::chainIdCall {}), U256::from(REGISTRY.chain(on.0).chain_id), "{on:?}");
        let wrapped = REGISTRY.wrapped(on.0).address.expect("a contract");
        assert_eq!(evm.ask(at, &Spoke::wrappedNativeTokenCall {}), wrapped, "{on:?}");
        assert_eq!(evm.ask(at, &Spoke::depositQuoteTimeBufferCall {}), 3_600);
        assert_eq!(evm.ask(at, &Spoke::fillDeadlineBufferCall {}), 21_600);
        assert!(!evm.ask(at, &Spoke::pausedDepositsCall {}), "{on:?}");
        assert_eq!(evm.ask(at, &Spoke::getCurrentTimeCall {}), U256::from(now(on)), "{on:?}");
        let told = on.info().spoke_pool.expect("a spoke pool");
        assert_eq!(
            (told.address, told.quote_buffer_secs, told.fill_deadline_buffer_secs),
            (at, 3_600, 21_600)
        );
        assert_eq!(told.deposits, evm.ask(at, &Spoke::numberOfDepositsCall {}), "{on:?}");
    }
}

#[test]
fn every_route_whose_tokens_are_here_takes_a_deposit() {
    let mut counts = Vec::new();
    for on in On::every() {
        let (who, at) = (on.account("stand_in"), spoke(on));
        let here = on.info().tokens;
        let mut taken = 0;
        for (to, pairs) in &Deployment::of(on.0).expect("deployed").routes {
            for [paid, got] in pairs {
                let native = *paid == REGISTRY.chain(on.0).native;
                if !native && !here.contains_key(paid) {
                    continue;
                }
                let mut evm = Evm::on(&on.snapshot());
                let amount = on.units(1, paid);
                let call = deposit(on, *to, [paid, got], amount);
                let value = if native { amount } else { U256::ZERO };
                if !native {
                    let approve = Erc20::approveCall { spender: at, value: amount };
                    assert!(evm.run(&Call::new(who, on.token(paid), &approve)).success);
                }
                let token = call.inputToken;
                let held = |evm: &mut Evm| evm.ask(token, &Erc20::balanceOfCall { account: at });
                let before = held(&mut evm);
                let outcome = evm.run(&Call { value, ..Call::new(who, at, &call) });
                assert!(outcome.success, "{on:?} to {to} {paid}: {}", outcome.output);
                assert_eq!(held(&mut evm) - before, amount, "{on:?} to {to} {paid}");
                let event = outcome.logs.iter().find(|log| log.topics().first() == Some(&event_id()));
                let event = event.expect("it tells of the deposit");
                let told = U256::from(on.info().spoke_pool.expect("a pool").deposits);
                assert_eq!(event.address, at);
                let topics = [B256::from(call.destinationChainId), B256::from(told), who.into_word()];
                assert_eq!(event.topics()[1..], topics, "{on:?} to {to} {paid}");
                let words: Vec<B256> = event.data.data.chunks_exact(32).map(B256::from_slice).collect();
                assert_eq!(words[..2], [token.into_word(), call.outputToken.into_word()]);
                assert_eq!(words[2..4], [amount, call.outputAmount].map(B256::from));
                assert_eq!(words[7], who.into_word(), "the recipient");
                taken += 1;
            }
        }
        counts.push(taken);
    }
    assert_eq!(counts, [27, 26, 26, 23, 22]);
}

#[test]
fn quotes_and_deadlines_are_checked_against_the_block() {
    const QUOTE: &str = "0xf722177f";
    const DEADLINE: &str = "0x582e3889";
    for on in On::every() {
        let (mut evm, who, at) = (Evm::on(&on.snapshot()), on.account("stand_in"), spoke(on));
        let usual = usual(on, &mut evm);
        let quoted = |at: u32| Spoke::depositV3Call { quoteTimestamp: at, ..usual.clone() };
        let until = |at: u32| Spoke::depositV3Call { fillDeadline: at, ..usual.clone() };
        assert_eq!(evm.refusal(who, at, &quoted(now(on) - 3_601)), QUOTE, "{on:?}");
        assert_eq!(evm.refusal(who, at, &quoted(now(on) + 1)), QUOTE, "{on:?}");
        assert_eq!(evm.refusal(who, at, &until(now(on) + 21_601)), DEADLINE, "{on:?}");
        // At the very edge of both.
        let last = Spoke::depositV3Call { fillDeadline: now(on) + 21_600, ..quoted(now(on) - 3_600) };
        assert!(evm.run(&Call::new(who, at, &last)).success, "{on:?}");
        // The clock moves, and the quote grows old.
        let mut later = on.snapshot();
        later.block.timestamp += 3_601;
        assert_eq!(Evm::on(&later).refusal(who, at, &usual), QUOTE, "{on:?}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    for on in On::every() {
        let (mut evm, who, at) = (Evm::on(&on.snapshot()), on.account("stand_in"), spoke(on));
        let usual = usual(on, &mut evm);
        let nowhere = Spoke::depositV3Call { outputToken: Address::ZERO, ..usual.clone() };
        assert_eq!(evm.refusal(who, at, &nowhere), "0x06202020", "{on:?}");
        let exclusive = Spoke::depositV3Call { exclusivityParameter: 60, ..usual.clone() };
        assert_eq!(evm.refusal(who, at, &exclusive), "0x495d907f", "{on:?}");
        let paid_twice = Call { value: U256::ONE, ..Call::new(who, at, &usual) };
        assert_eq!(evm.run(&paid_twice).output.to_string(), "0x6452a35d", "{on:?}");
        let more = Spoke::depositV3Call { inputAmount: usual.inputAmount + U256::ONE, ..usual };
        assert!(!evm.run(&Call::new(who, at, &more)).success, "{on:?}: more than was approved");
    }
}
