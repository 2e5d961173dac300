//! Ways to spoil a sentence: words taken out, doubled, exchanged, spliced with another sentence's, put in from the
//! engine's vocabulary; characters changed.

use std::sync::LazyLock;

use crate::draw::Draw;
use crate::engine::VOCABULARY;

/// Words the engine listens to, numbers in every shape, and marks.
const WORDS: &[&str] = &[
    "swap",
    "sell",
    "buy",
    "lend",
    "deposit",
    "withdraw",
    "borrow",
    "repay",
    "bridge",
    "send",
    "transfer",
    "wrap",
    "unwrap",
    "move",
    "split",
    "spend",
    "convert",
    "to",
    "for",
    "on",
    "with",
    "from",
    "into",
    "of",
    "my",
    "the",
    "it",
    "that",
    "them",
    "both",
    "half",
    "all",
    "max",
    "everything",
    "rest",
    "the rest",
    "quarter",
    "third",
    "and",
    "then",
    "after",
    "before",
    "or",
    "not",
    "if",
    "except",
    "but",
    "keep",
    "up to",
    "at least",
    "at most",
    "about",
    "each",
    "evenly",
    "as collateral",
    "against",
    "debt",
    "slippage",
    "gas",
    "deadline",
    "minimum received",
    "min",
    "gwei",
    "bps",
    "percent",
    "%",
    "$",
    "$50",
    "100",
    "1.5k",
    "0.25",
    "1,000",
    "1,5",
    "1.000",
    "2m",
    "1e18",
    "-5",
    "1/3",
    "two",
    "hundred",
    "million",
    "point",
    "10 minutes",
    "2h",
    "50%",
    "bob.eth",
    "alice.eth",
    "🦇.eth",
    "step",
    "step 1",
    "the output of step 1",
    "first",
    "second",
    "please",
    "thanks",
    "lol",
    "asap",
    "?",
    "!",
    ".",
    ",",
    ";",
    ":",
    "(",
    ")",
    "->",
    "→",
    "/",
    "#",
    "&",
    "+",
    "@",
    "\n",
    "\"",
    "🙏",
    "0x",
    "every day",
    "tomorrow",
    "stake",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed",
    "don't",
    "cancel",
    "ignore previous instructions",
    "once it lands",
    "in full",
    "worth of",
    "a",
    "an",
    "some",
    "exactly",
    "only",
];

/// Characters that look like others, show nothing, turn the text round, or combine.
const ODD: &[char] = &[
    'а',
    'е',
    'о',
    'с',
    'р',
    'х',
    'ѕ',
    'і',
    'Ａ',
    '１',
    '０',
    '٣',
    '²',
    'ﬁ',
    'ß',
    'İ',
    'ı',
    '\u{301}',
    '\u{307}',
    '\u{200b}',
    '\u{200d}',
    '\u{200e}',
    '\u{202e}',
    '\u{2066}',
    '\u{feff}',
    '\u{ad}',
    '\u{2060}',
    '\u{a0}',
    '\u{3000}',
    '\u{85}',
    '\u{0}',
    '\u{7f}',
    '\u{e0041}',
    '\u{10ffff}',
    '’',
    '“',
    '–',
    '…',
    '₮',
    '€',
    '😀',
    '👨',
    '\u{1f3fd}',
    '🇺',
    '中',
    'ا',
    '日',
    '\r',
    '\t',
    '\\',
    '`',
    '{',
    '<',
    '|',
    '~',
    '^',
    '_',
    '*',
];

/// Every word of the vocabulary: symbols, aliases, chains, venues, and what is not supported.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let v = &*VOCABULARY;
    let tokens = v.tokens.iter().flat_map(|t| t.words.iter().chain([&t.symbol]));
    let chains = v.chains.iter().flat_map(|c| c.words.iter().chain([&c.id, &c.name]));
    let venues = v.venues.iter().flat_map(|n| n.words.iter().chain([&n.id, &n.name]));
    let vague = v.ambiguous.iter().flat_map(|a| &a.words);
    let foreign = v.unsupported_chains.iter().chain(&v.unsupported_venues);
    tokens.chain(chains).chain(venues).chain(vague).chain(foreign).cloned().collect()
});

/// A word of the engine, or a name.
pub(crate) fn word(draw: &mut Draw) -> String {
    match draw.below(5) {
        0 => draw.of(&NAMES).clone(),
        1 => (*draw.of(&["USDC", "ETH", "WETH", "DAI", "aave", "morpho", "base", "arbitrum"])).to_owned(),
        _ => (*draw.of(WORDS)).to_owned(),
    }
}

/// Words without order.
pub(crate) fn soup(draw: &mut Draw) -> String {
    let count = 1 + draw.below(14);
    let glue = [" ", " ", " ", " ", " ", "", ", "];
    let mut out = String::new();
    for _ in 0..count {
        out.push_str(&word(draw));
        out.push_str(draw.of::<&str>(&glue));
    }
    out
}

/// Characters without order, some of them letters and digits.
pub(crate) fn noise(draw: &mut Draw) -> String {
    let count = draw.below(60);
    (0..count).map(|_| character(draw)).collect()
}

fn character(draw: &mut Draw) -> char {
    match draw.below(4) {
        0 => *draw.of(ODD),
        1 => char::from(b' ' + u8::try_from(draw.below(95)).unwrap_or(0)),
        2 => char::from_u32(u32::try_from(draw.below(0x3000)).unwrap_or(32)).unwrap_or(' '),
        _ => char::from(b'a' + u8::try_from(draw.below(26)).unwrap_or(0)),
    }
}

/// One sentence spoiled in one way; `other` lends its words.
pub(crate) fn mutate(text: &str, other: &str, draw: &mut Draw) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = draw.below(words.len());
    match draw.below(9) {
        0 => {
            words.remove(at);
        }
        1 => words.insert(at, words[at].clone()),
        2 => {
            let with = draw.below(words.len());
            words.swap(at, with);
        }
        3 => {
            let lent: Vec<&str> = other.split(' ').collect();
            let from = draw.below(lent.len());
            let to = from + 1 + draw.below(lent.len() - from);
            words.truncate(at);
            words.extend(lent[from..to].iter().map(|w| (*w).to_owned()));
        }
        4 | 5 => words.insert(at, word(draw)),
        6 => words[at] = word(draw),
        _ => words[at] = spoil(&words[at], draw),
    }
    words.truncate(60);
    words.join(" ")
}

/// One character changed, left out, doubled or put in.
fn spoil(word: &str, draw: &mut Draw) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = draw.below(letters.len());
    match draw.below(4) {
        0 if !letters.is_empty() => {
            letters.remove(at);
        }
        1 if !letters.is_empty() => letters[at] = character(draw),
        2 if letters.len() > 1 => letters.swap(at, (at + 1) % word.chars().count()),
        _ => letters.insert(at, character(draw)),
    }
    letters.into_iter().collect()
}
