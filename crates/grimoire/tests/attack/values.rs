//! Values that programs stumble over: numbers at their edges, odd texts, structures too deep or too wide.
//!
//! What comes in: choices. What goes out: JSON as text, which may be no JSON at all. What it refuses to know: where it is put.

use serde_json::{Value, json};

use crate::random::Random;

const NUMBERS: [&str; 20] = [
    "0",
    "-0",
    "1",
    "-1",
    "1.5",
    "1e3",
    "1e400",
    "-1e999999",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "0.1",
    "1E-30",
    "00",
    "+1",
    ".5",
    "1.",
    "NaN",
    "Infinity",
];

const TEXTS: [&str; 34] = [
    "",
    " ",
    "\t",
    "\n",
    "null",
    "true",
    "0",
    "-1",
    "1e9",
    "0x",
    "{}",
    "[]",
    "\"",
    "\\",
    "'",
    "<script>",
    "${x}",
    "%s%n",
    "../../etc/passwd",
    "' OR 1=1 --",
    "sess_00000000000000000000000000",
    "gk_",
    "demo",
    "other",
    "ethereum",
    "solana",
    "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "0x70997970c51812DC3a010C7d01B50E0D17DC79c8",
    "vitalik.eth",
    "Swap 100 USDC to ETH on Uniswap",
    "amount",
    "uniswap_v3",
    "yes",
    "make it 200",
];

const CHARS: [char; 24] = [
    '\u{0}',
    '\u{7}',
    '\u{1b}',
    '\u{7f}',
    '\u{85}',
    '\u{a0}',
    '\u{ad}',
    '\u{301}',
    '\u{200b}',
    '\u{200d}',
    '\u{202e}',
    '\u{2028}',
    '\u{2066}',
    '\u{feff}',
    '\u{fffd}',
    '\u{ffff}',
    '\u{1f4b8}',
    '\u{e0041}',
    '\u{10ffff}',
    '٣',
    '５',
    'ѕ',
    'é',
    '字',
];

/// A text.
pub(crate) fn text(random: &mut Random) -> String {
    let mut text = (*random.pick(&TEXTS)).to_owned();
    match random.below(6) {
        0 => text = text.repeat(random.below(40)),
        1 => (0..random.below(12)).for_each(|_| text.push(*random.pick(&CHARS))),
        2 => text = random.pick(&CHARS).to_string().repeat(random.below(3_000)),
        3 => text = format!("{} {text} {}", random.pick(&TEXTS), random.pick(&NUMBERS)),
        _ => {}
    }
    text
}

/// Any value, as it would be written.
pub(crate) fn written(random: &mut Random) -> String {
    match random.below(10) {
        0 => "null".into(),
        1 => (*random.pick(&["true", "false"])).into(),
        2 | 3 => (*random.pick(&NUMBERS)).into(),
        4 => nested(random.below(40), random.once_in(2)),
        5 => nested(random.below(20_000), random.once_in(2)),
        6 => format!("[{}]", vec!["0"; random.below(2_000)].join(",")),
        7 => "\"\\ud800\"".into(),
        _ => Value::String(text(random)).to_string(),
    }
}

fn nested(depth: usize, lists: bool) -> String {
    let (open, close) = if lists { ("[", "]") } else { ("{\"x\":", "}") };
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

/// The body of a good run.
pub(crate) fn run(random: &mut Random) -> Value {
    let message =
        *random.pick(&["hello", "Swap USDC to ETH", "7", "Swap 100 USDC to ETH on Uniswap", "why?"]);
    let mut body = json!({"partner_id": "demo", "user_message": message});
    if random.once_in(2) {
        body["user_context"] = json!({"chain": random.pick(&["ethereum", "base", "polygon"])});
    }
    if random.once_in(4) {
        body["stream"] = json!(random.once_in(2));
    }
    body
}

/// The body of a good turn of a session.
pub(crate) fn turn(random: &mut Random) -> Value {
    match random.below(4) {
        0 => json!({"answers": {"amount": "100"}, "version": 1}),
        1 => json!({"answers": {"amount": 5, "chain": "base"}}),
        2 => json!({"message": "make it 200", "stream": random.once_in(2)}),
        _ => json!({"message": "hello", "answers": null, "version": null}),
    }
}
