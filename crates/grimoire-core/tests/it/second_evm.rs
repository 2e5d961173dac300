//! The transactions that are handed out, in another EVM on the same state: same status, same gas, same amounts.

use alloy_primitives::{Address, I256, U256};
use alloy_sol_types::SolCall;
use grimoire_core::{amount::Amount, evm::Fee, token::IErc20};
use grimoire_registry::ChainId;

use crate::{
    anvil::{self, Anvil, Call},
    stage::{SANDBOX, change, contract, ethereum, paths, preview_as, token},
};

/// An ERC-20 balance as a call.
fn ask(symbol: &str, owner: Address) -> Call {
    let data = IErc20::balanceOfCall { owner }.abi_encode().into();
    Call { from: Address::ZERO, to: contract(symbol), value: U256::ZERO, data, gas_limit: 1_000_000 }
}

#[test]
fn plans_do_the_same_in_anvil() {
    let snapshot = ethereum();
    let genesis = SANDBOX.genesis(ChainId::Ethereum).expect("ethereum");
    let anvil = Anvil::start(&paths().contracts, &paths().snapshots, &genesis);
    let wallet = snapshot.stand_in;
    let fee = Fee::of(&snapshot.block);
    let offered = anvil::Fee { max: fee.max, tip: fee.tip };
    for (actions, out) in [
        (vec!["token_in=USDC token_out=WETH amount_in=100"], "WETH"),
        (vec!["token_in=ETH token_out=USDC amount_in=1.5"], "USDC"),
        (vec!["token_in=LINK token_out=USDC amount_in=250"], "USDC"),
        (vec!["token_in=USDT token_out=DAI amount_out=1234.5"], "DAI"),
        (vec!["token_in=ETH token_out=WBTC amount_out=0.25"], "WBTC"),
        (
            vec![
                "token_in=USDC token_out=WETH amount_in=1000000",
                "token_in=WETH token_out=DAI amount_in=step1",
            ],
            "DAI",
        ),
        (vec!["deposit venue=aave_v3 token=USDC amount=1000"], "USDC"),
        (
            vec![
                "deposit venue=aave_v3 token=ETH amount=10",
                "borrow venue=aave_v3 token=USDC amount=5000",
                "repay venue=aave_v3 token=USDC amount=all",
                "withdraw venue=aave_v3 token=ETH amount=all",
            ],
            "USDC",
        ),
        (
            vec![
                "deposit venue=morpho_blue token=WBTC amount=1 as=collateral",
                "borrow venue=morpho_blue token=USDC amount=20000",
                "repay venue=morpho_blue token=USDC amount=5000",
            ],
            "USDC",
        ),
        (
            vec![
                "deposit venue=morpho_blue token=USDT amount=700",
                "withdraw venue=morpho_blue token=USDT amount=all",
                "wrap token=ETH amount=1",
                "transfer token=USDT amount=5 recipient=0x67EeF6EB8D5857b3030628112D0FAB9182704b05",
            ],
            "USDT",
        ),
        (vec!["bridge to_chain=base token=USDC amount=1000"], "USDC"),
    ] {
        let p = preview_as(&actions, Some(wallet));
        assert!(p.executable, "{actions:?}: {:?}", p.blocked);
        let mut calls: Vec<Call> = p
            .transactions
            .iter()
            .map(|t| Call {
                from: wallet,
                to: t.to,
                value: t.value,
                data: t.data.clone(),
                gas_limit: t.gas_limit,
            })
            .collect();
        calls.push(Call { from: wallet, ..ask(out, wallet) });
        let outcomes = anvil.simulate_paying(&snapshot.block, offered, &calls);
        assert!(outcomes.iter().all(|o| o.success), "{actions:?}");
        assert_eq!(
            anvil.simulate(&snapshot.block, &calls),
            outcomes,
            "gas is paid beside the plan: {actions:?}"
        );
        let (balance, transactions) = outcomes.split_last().expect("the balance comes last");
        assert_eq!(Some(transactions.iter().map(|o| o.gas).sum()), p.fees.gas_units, "{actions:?}");
        let before = U256::from_be_slice(&anvil.call(&snapshot.block, &ask(out, wallet)));
        let after = U256::from_be_slice(&balance.output);
        let gained = I256::from_raw(after.wrapping_sub(before));
        let gained = if gained.is_zero() { "0".into() } else { Amount::signed(gained, token(out).decimals) };
        assert_eq!(change(&p.balance_changes, out, None), gained, "{actions:?}");
    }
}
