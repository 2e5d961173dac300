//! The data files are well formed and agree with each other.

use std::collections::BTreeSet;

use grimoire_registry::{ChainId, REGISTRY};

#[test]
fn every_chain_lists_its_native_and_wrapped_token() {
    for chain in ChainId::ALL {
        assert_eq!(REGISTRY.chain(chain).id, chain);
        assert!(REGISTRY.native(chain).is_native(), "{chain}");
        assert!(!REGISTRY.wrapped(chain).is_native(), "{chain}");
    }
}

#[test]
fn a_symbol_and_an_address_name_one_token_of_a_chain() {
    for chain in ChainId::ALL {
        let (mut symbols, mut addresses) = (BTreeSet::new(), BTreeSet::new());
        for token in REGISTRY.tokens(chain) {
            assert!(symbols.insert(&token.symbol), "{chain} lists {} twice", token.symbol);
            assert!(addresses.insert(token.address), "{chain} lists {:?} twice", token.address);
            assert!(token.decimals <= 36, "{chain} {}", token.symbol);
        }
    }
}

#[test]
fn prices_come_from_feeds_that_are_listed_of_tokens_that_are_listed() {
    for chain in ChainId::ALL {
        let facts = REGISTRY.chain(chain);
        for (symbol, sources) in &facts.prices {
            assert!(!sources.is_empty(), "{chain} {symbol}");
            for source in sources {
                assert!(
                    facts.feeds.contains_key(source) || source.ends_with("()"),
                    "{chain} {symbol}: {source}"
                );
            }
        }
        assert!(facts.prices.contains_key(&facts.native), "gas on {chain} has a price");
    }
}

#[test]
fn addresses_are_written_with_their_checksum() {
    for text in [
        include_str!("../data/tokens/ethereum.toml"),
        include_str!("../data/tokens/arbitrum.toml"),
        include_str!("../data/tokens/optimism.toml"),
        include_str!("../data/tokens/base.toml"),
        include_str!("../data/tokens/polygon.toml"),
        include_str!("../data/chains/ethereum.toml"),
        include_str!("../data/chains/arbitrum.toml"),
        include_str!("../data/chains/optimism.toml"),
        include_str!("../data/chains/base.toml"),
        include_str!("../data/chains/polygon.toml"),
        include_str!("../data/venues/uniswap_v3.toml"),
    ] {
        for at in
            text.match_indices("\"0x").map(|(at, _)| &text[at + 1..]).filter_map(|t| t.split('"').next())
        {
            // Names may begin with 0x too: “0x Protocol Token”.
            if at.contains(' ') {
                continue;
            }
            assert!(alloy_primitives::Address::parse_checksummed(at, None).is_ok(), "{at}");
        }
    }
}

#[test]
fn routes_pass_through_listed_tokens_and_venues_have_their_contracts() {
    for venue in REGISTRY.venues() {
        for (chain, deployment) in &venue.deployments {
            for symbol in &deployment.route_via {
                assert!(REGISTRY.token(*chain, symbol).is_some_and(|t| !t.is_native()), "{chain} {symbol}");
            }
            let names: Vec<&str> = deployment.contracts.keys().map(String::as_str).collect();
            assert_eq!(names, ["factory", "position_manager", "quoter_v2", "swap_router_02"], "{chain}");
        }
    }
}

#[test]
fn the_vocabulary_names_everything() {
    let vocabulary = REGISTRY.vocabulary();
    assert_eq!(vocabulary.chains.len(), 5);
    assert_eq!(vocabulary.venues.len(), 4);
    let tokens: usize = ChainId::ALL.iter().map(|&c| REGISTRY.tokens(c).len()).sum();
    assert_eq!(vocabulary.tokens.len(), tokens);
    for word in vocabulary
        .ambiguous
        .iter()
        .flat_map(|a| &a.candidates)
        .flat_map(|(c, s)| s.iter().map(move |s| (c, s)))
    {
        let chain: ChainId = word.0.parse().expect("a chain");
        assert!(REGISTRY.token(chain, word.1).is_some(), "{word:?} is offered and not listed");
    }
}
