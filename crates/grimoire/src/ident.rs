//! Random names: `sess_…`, `req_…`, keys.
//!
//! What comes in: a prefix. What goes out: the prefix and random bits in Crockford's base 32, lower case. What it
//! refuses to know: what is named.

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters of 128 random bits.
const ID_CHARS: usize = 26;

/// A name of 128 random bits: `sess_06e4…`.
#[must_use]
pub fn random(prefix: &str) -> String {
    format!("{prefix}_{}", text(&bytes::<16>()))
}

/// Whether the text could be a name with this prefix: everything else need not be looked up.
#[must_use]
pub fn is_well_formed(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|name| name.len() == ID_CHARS && name.bytes().all(|b| ALPHABET.contains(&b)))
}

/// Random bytes from the operating system.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Bytes as text: five bits a character, most significant first, the last one filled up with zeros.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity((bytes.len() * 8).div_ceil(5));
    let (mut held, mut bits) = (0u16, 0u8);
    for &byte in bytes {
        held = (held << 8) | u16::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(letter(held >> bits));
        }
    }
    if bits > 0 {
        out.push(letter(held << (5 - bits)));
    }
    out
}

fn letter(value: u16) -> char {
    char::from(ALPHABET[usize::from(value & 31)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_crockfords_base_32() {
        assert_eq!(text(&[]), "");
        assert_eq!(text(&[0xff]), "zw");
        assert_eq!(text(&[0, 0x44, 0x32, 0x14, 0xc7]), "01234567");
    }

    #[test]
    fn a_random_name_is_well_formed_and_new() {
        let name = random("sess");
        assert!(is_well_formed("sess", &name), "{name}");
        assert_ne!(name, random("sess"));
    }

    #[test]
    fn other_texts_are_not_well_formed() {
        for text in
            ["", "sess_", "sess_1", "req_00000000000000000000000000", "sess_0000000000000000000000000u"]
        {
            assert!(!is_well_formed("sess", text), "{text}");
        }
    }
}
