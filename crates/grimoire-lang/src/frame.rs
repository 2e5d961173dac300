//! Frames: for each verb family, its verbs and the roles its phrases can play. Data, read from `frames/*.toml`.
//!
//! A frame file is also its own test: the examples in it are run by `tests/frames.rs`.

use serde::Deserialize;

use crate::intent::ActionKind;

/// The roles a phrase can play in an action, before the action takes its canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Slot {
    /// What leaves the wallet, or what the action is done with.
    Give,
    /// What comes back.
    Take,
    /// A share or number that completes `Give`, said apart from it.
    Part,
    /// The number that completes `Take`.
    TakePart,
    /// What `Give` spares: “except 10”.
    Except,
    /// What `Give` may not exceed: “at most 500”.
    Cap,
    Chain,
    ToChain,
    Venue,
    ToVenue,
    Recipient,
    Collateral,
    /// What a repayment reduces, when the means are said first.
    Debt,
    /// “as collateral”.
    AsCollateral,
    /// “in full”.
    InFull,
    /// “each”: the amount is that of every one.
    Each,
    /// “evenly”: the amount is divided among them.
    Evenly,
    /// “respectively”: the first amount for the first goal, the second for the second.
    Respectively,
    /// What an optimisation aims at.
    Target,
    MaxSlippage,
    MinOut,
    MaxIn,
    MaxGas,
    Deadline,
}

impl Slot {
    /// Its bit in a set of slots.
    pub(crate) const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// What kind of phrase fills a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Filler {
    /// An amount of a token, either may be missing.
    Funds,
    /// An amount without a token.
    Amount,
    /// An amount of a debt or loan.
    Debt,
    /// A token without an amount.
    Token,
    /// A chain, or a word that should be one.
    Chain,
    Venue,
    /// A name or address, or a word that should be one.
    Payee,
    /// A name or an address.
    Account,
    /// Nothing: the marker says it all.
    Flag,
}

/// One slot of a sense.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SlotRule {
    pub(crate) slot: Slot,
    pub(crate) kind: Filler,
    /// The words before it; `""` is none.
    pub(crate) at: Vec<String>,
    /// Whether the action is incomplete without it.
    #[serde(default)]
    pub(crate) required: bool,
    /// Only once this slot is filled.
    pub(crate) after: Option<Slot>,
    /// Only until this slot is filled.
    pub(crate) until: Option<Slot>,
    /// How unusual this way is.
    #[serde(default)]
    pub(crate) cost: u32,
}

/// One meaning of some verbs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SenseRule {
    pub(crate) id: String,
    pub(crate) action: ActionKind,
    /// Verbs in the base form; `-ing` and `-ed` are derived.
    #[serde(default)]
    pub(crate) verbs: Vec<String>,
    /// Verbs for which this meaning is the second choice.
    #[serde(default)]
    pub(crate) also: Vec<String>,
    /// Participles, which follow their object: “I'd like 1 ETH sold”.
    #[serde(default)]
    pub(crate) past: Vec<String>,
    /// Other forms and nouns, as written.
    #[serde(default)]
    pub(crate) forms: Vec<String>,
    /// Words that belong to the verb wherever they stand after it.
    #[serde(default)]
    pub(crate) particles: Vec<String>,
    /// Without a verb: the words alone make the action.
    #[serde(default)]
    pub(crate) verbless: bool,
    /// Its plan is always shown for confirmation.
    #[serde(default)]
    pub(crate) confirm: bool,
    /// Sets of slots from `common.toml`.
    #[serde(default, rename = "use")]
    pub(crate) shared: Vec<String>,
    pub(crate) slots: Vec<SlotRule>,
}

/// A frame file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrameFile {
    #[serde(default)]
    pub(crate) sense: Vec<SenseRule>,
    /// Sentences and what must come of them: run by `tests/frames.rs`.
    #[serde(default, rename = "example")]
    _examples: Vec<toml::Value>,
}

#[derive(Deserialize)]
struct Common {
    group: std::collections::BTreeMap<String, Vec<SlotRule>>,
}

macro_rules! frames {
    ($($name:literal),*) => { [$(($name, include_str!(concat!("frames/", $name, ".toml")))),*] };
}

/// The frame files, by name.
pub(crate) const FILES: [(&str, &str); 9] =
    frames!["swap", "deposit", "withdraw", "borrow", "repay", "bridge", "transfer", "wrap", "relocate"];

/// A frame file, read.
pub(crate) fn read(text: &str) -> FrameFile {
    toml::from_str(text).expect("a test holds that the frame files are well formed")
}

/// Every sense of every frame, with its shared slots.
pub(crate) fn senses() -> Vec<SenseRule> {
    let common: Common = toml::from_str(include_str!("frames/common.toml"))
        .expect("a test holds that common.toml is well formed");
    let mut all: Vec<SenseRule> = FILES.iter().flat_map(|(_, text)| read(text).sense).collect();
    for sense in &mut all {
        for name in &sense.shared {
            sense.slots.extend(common.group[name.as_str()].iter().cloned());
        }
    }
    all
}

/// The forms of a verb: itself, its `-ing` and its `-ed`; of several words, the first is inflected.
pub(crate) fn forms(verb: &str) -> Vec<String> {
    let (head, tail) = verb.split_once(' ').map_or((verb, String::new()), |(h, t)| (h, format!(" {t}")));
    let letters = head.as_bytes();
    let vowel = |b: u8| b"aeiou".contains(&b);
    let stem = head.strip_suffix('e').filter(|_| !head.ends_with("ee")).unwrap_or(head);
    let doubles = letters.len() >= 3 && letters.len() <= 4 && {
        let [a, b, c] = [letters[letters.len() - 3], letters[letters.len() - 2], letters[letters.len() - 1]];
        !vowel(a) && vowel(b) && !vowel(c) && !b"wxy".contains(&c)
    } || matches!(head, "unwrap" | "transfer" | "remit");
    let double = if doubles { &head[head.len() - 1..] } else { "" };
    let past = head
        .strip_suffix('y')
        .filter(|s| !s.ends_with(['a', 'e', 'o', 'u']))
        .map_or_else(|| format!("{stem}{double}ed"), |s| format!("{s}ied"));
    vec![verb.to_owned(), format!("{stem}{double}ing{tail}"), format!("{past}{tail}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_inflected_by_rule() {
        assert_eq!(forms("swap"), ["swap", "swapping", "swapped"]);
        assert_eq!(forms("trade"), ["trade", "trading", "traded"]);
        assert_eq!(forms("pay back"), ["pay back", "paying back", "payed back"]);
        assert_eq!(forms("supply"), ["supply", "supplying", "supplied"]);
        assert_eq!(forms("deposit"), ["deposit", "depositing", "deposited"]);
        assert_eq!(forms("unwrap"), ["unwrap", "unwrapping", "unwrapped"]);
    }
}
