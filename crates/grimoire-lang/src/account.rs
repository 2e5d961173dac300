//! Recipients: EIP-55 for addresses, ENSIP-15 for names.

use tiny_keccak::{Hasher, Keccak};

/// Why an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadAddress {
    Length(usize),
    NotHex,
    Checksum,
    Zero,
}

impl BadAddress {
    /// What is wrong, as a sentence.
    pub(crate) fn sentence(self, text: &str) -> String {
        match self {
            Self::Length(n) => format!("`{text}` has {n} digits behind 0x; an address has 40."),
            Self::NotHex => format!("`{text}` is not a complete address."),
            Self::Checksum => format!(
                "The capital letters of `{text}` do not match its checksum: a character may be wrong."
            ),
            Self::Zero => "The zero address belongs to nobody.".to_owned(),
        }
    }
}

/// Checks a `0x…` address: forty hex digits, and mixed case only as EIP-55 sets it.
pub(crate) fn check_address(text: &str) -> Result<(), BadAddress> {
    let digits = text.strip_prefix("0x").ok_or(BadAddress::NotHex)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(BadAddress::NotHex);
    }
    if digits.len() != 40 {
        return Err(BadAddress::Length(digits.len()));
    }
    if digits.bytes().all(|b| b == b'0') {
        return Err(BadAddress::Zero);
    }
    let one_case =
        !digits.bytes().any(|b| b.is_ascii_uppercase()) || !digits.bytes().any(|b| b.is_ascii_lowercase());
    if one_case || digits == checksum(digits) { Ok(()) } else { Err(BadAddress::Checksum) }
}

/// The digits in the case EIP-55 gives them.
fn checksum(digits: &str) -> String {
    let lower = digits.to_ascii_lowercase();
    let mut hash = [0u8; 32];
    let mut keccak = Keccak::v256();
    keccak.update(lower.as_bytes());
    keccak.finalize(&mut hash);
    lower
        .char_indices()
        .map(|(i, c)| {
            let nibble = if i % 2 == 0 { hash[i / 2] >> 4 } else { hash[i / 2] & 0x0f };
            if nibble >= 8 { c.to_ascii_uppercase() } else { c }
        })
        .collect()
}

/// A name in its ENSIP-15 form, if it has one.
pub(crate) fn normalize_name(text: &str) -> Option<String> {
    ens_normalize::normalize(text).ok().map(|n| n.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_eip_55_pass_and_a_changed_case_does_not() {
        for good in [
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "0xde709f2102306220921060314715629080e2fb77",
        ] {
            assert_eq!(check_address(good), Ok(()), "{good}");
        }
        assert_eq!(check_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"), Err(BadAddress::Checksum));
        assert_eq!(check_address("0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb0"), Err(BadAddress::Checksum));
        assert_eq!(check_address("0x0000000000000000000000000000000000000000"), Err(BadAddress::Zero));
        assert_eq!(check_address("0x1234abcd"), Err(BadAddress::Length(8)));
    }

    #[test]
    fn names_are_normalised_by_ensip_15() {
        assert_eq!(normalize_name("Erin.eth").as_deref(), Some("erin.eth"));
        assert_eq!(normalize_name("ＶＩＴＡＬＩＫ.eth").as_deref(), Some("vitalik.eth"));
        assert_eq!(normalize_name("vitaIik.eth").as_deref(), Some("vitaiik.eth"));
        assert_eq!(normalize_name("bob .eth"), None);
        assert_eq!(normalize_name("vit\u{430}lik.eth"), None);
    }
}
