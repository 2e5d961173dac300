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
    let mut seen = 0;
    for (file, text) in DATA {
        for at in text.match_indices("\"0x").filter_map(|(at, _)| text[at + 1..].split('"').next()) {
            // Names may begin with 0x too (“0x Protocol Token”), and ids are longer.
            if at.contains(' ') || at.len() == 66 {
                continue;
            }
            assert!(alloy_primitives::Address::parse_checksummed(at, None).is_ok(), "{file}: {at}");
            seen += 1;
        }
    }
    assert!(seen > 700, "{seen} addresses were read");
}

/// Every file that has addresses, by name.
const DATA: [(&str, &str); 14] = [
    ("tokens/ethereum", include_str!("../data/tokens/ethereum.toml")),
    ("tokens/arbitrum", include_str!("../data/tokens/arbitrum.toml")),
    ("tokens/optimism", include_str!("../data/tokens/optimism.toml")),
    ("tokens/base", include_str!("../data/tokens/base.toml")),
    ("tokens/polygon", include_str!("../data/tokens/polygon.toml")),
    ("chains/ethereum", include_str!("../data/chains/ethereum.toml")),
    ("chains/arbitrum", include_str!("../data/chains/arbitrum.toml")),
    ("chains/optimism", include_str!("../data/chains/optimism.toml")),
    ("chains/base", include_str!("../data/chains/base.toml")),
    ("chains/polygon", include_str!("../data/chains/polygon.toml")),
    ("venues/uniswap_v3", include_str!("../data/venues/uniswap_v3.toml")),
    ("venues/aave_v3", include_str!("../data/venues/aave_v3.toml")),
    ("venues/morpho_blue", include_str!("../data/venues/morpho_blue.toml")),
    ("venues/across", include_str!("../data/venues/across.toml")),
];

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
