//! What a conversation begins with: a message, a chain, a wallet.
//!
//! What comes in: text from a caller. What goes out: an [`Opening`], or a [`Fault`] that names what would work. What
//! it refuses to know: what the message means.

use alloy_primitives::Address;
use grimoire_core::turn::Request;
use grimoire_registry::ChainId;

/// The most characters (Unicode scalar values) a message may have.
pub const MESSAGE_CHARS: usize = 2_000;

/// A checked first turn.
#[derive(Clone, Debug)]
pub struct Opening {
    /// What the person said.
    pub message: String,
    /// The chain of the caller's context.
    pub chain: Option<ChainId>,
    /// Whose balances and allowances count.
    pub wallet: Option<Address>,
}

impl Opening {
    /// The first turn, as core takes it.
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        Request { message: Some(&self.message), chain: self.chain, wallet: self.wallet, ..Request::default() }
    }
}

/// Why a value cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum Fault {
    #[error("the message is empty: say what you want, such as “Swap 100 USDC to ETH on Uniswap”")]
    MessageEmpty,
    #[error("the message has {0} characters; at most {MESSAGE_CHARS} are read")]
    MessageTooLong(usize),
    #[error("the message has the control character U+{0:04X}; only tabs and line breaks are allowed")]
    ControlCharacter(u32),
    #[error("`{0}` is not a chain: use ethereum, arbitrum, optimism, base or polygon")]
    UnknownChain(String),
    #[error("this is not an address: write 0x and 40 hexadecimal digits")]
    InvalidAddress,
    #[error("the zero address is nobody's wallet: give the address of yours")]
    ZeroAddress,
    #[error(
        "the address has a wrong checksum (EIP-55): copy it again, or write it in lower case if you are sure"
    )]
    BadChecksum,
}

/// Checks a message.
///
/// # Errors
/// When it is empty, too long, or has control characters.
pub fn message(text: String) -> Result<String, Fault> {
    let forbidden = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    match text.chars().count() {
        0 => Err(Fault::MessageEmpty),
        n if n > MESSAGE_CHARS => Err(Fault::MessageTooLong(n)),
        _ => match text.chars().find(forbidden) {
            Some(c) => Err(Fault::ControlCharacter(u32::from(c))),
            None => Ok(text),
        },
    }
}

/// Checks a chain's name.
///
/// # Errors
/// When no supported chain has it.
pub fn chain(text: &str) -> Result<ChainId, Fault> {
    text.parse().map_err(|_| Fault::UnknownChain(text.chars().take(40).collect()))
}

/// Checks an address; one in mixed case must have its EIP-55 checksum.
///
/// # Errors
/// When it is no address, or mistyped.
pub fn wallet(text: &str) -> Result<Address, Fault> {
    let digits = text.strip_prefix("0x").ok_or(Fault::InvalidAddress)?;
    let address: Address = match digits.len() {
        40 => digits.parse().map_err(|_| Fault::InvalidAddress)?,
        _ => return Err(Fault::InvalidAddress),
    };
    let mixed =
        digits.bytes().any(|b| b.is_ascii_lowercase()) && digits.bytes().any(|b| b.is_ascii_uppercase());
    if mixed && address.to_checksum(None) != text {
        return Err(Fault::BadChecksum);
    }
    if address.is_zero() { Err(Fault::ZeroAddress) } else { Ok(address) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_counted_in_characters() {
        assert!(message("é".repeat(2_000)).is_ok());
        assert_eq!(message("é".repeat(2_001)), Err(Fault::MessageTooLong(2_001)));
        assert_eq!(message(String::new()), Err(Fault::MessageEmpty));
        assert_eq!(message("a\0b".into()), Err(Fault::ControlCharacter(0)));
        assert!(message("two\nlines\tand a tab".into()).is_ok());
    }

    #[test]
    fn a_wallet_is_checked() {
        let right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        assert!(wallet(right).is_ok());
        assert!(wallet(&right.to_lowercase()).is_ok());
        assert!(wallet(&format!("0x{}", right[2..].to_uppercase())).is_ok());
        assert_eq!(wallet("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"), Err(Fault::BadChecksum));
        assert_eq!(wallet(&format!("0x{}", "0".repeat(40))), Err(Fault::ZeroAddress));
        for text in [
            "",
            "0x",
            &right[2..],
            &right[..41],
            &format!("{right}0"),
            "0xg aeb6053F3E94C9b9A09f33669435E7Ef1BeA",
        ] {
            assert_eq!(wallet(text), Err(Fault::InvalidAddress), "{text}");
        }
    }
}
