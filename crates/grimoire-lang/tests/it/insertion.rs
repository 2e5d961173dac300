//! A word put into a message: what could change the plan is never passed over.

use crate::engine::LEXICON;
use crate::plans::{Planned, plans};
use crate::words::ORDINARY;

/// Words that turn, bound, delay or doubt a request.
const SENSITIVE: &[&str] = &[
    "not",
    "except",
    "unless",
    "tomorrow",
    "half",
    "instead",
    "only",
    "without",
    "maybe",
    "never",
    "don't",
    "if",
    "when",
    "until",
    "daily",
    "weekly",
    "twice",
    "double",
    "no",
    "or",
    "rest",
    "cancel",
    "later",
    "tonight",
    "stake",
    "claim",
    "short",
    "leverage",
    "minus",
    "stop",
    "reverse",
    "less",
    "more",
    "some",
    "most",
    "few",
    "perhaps",
    "possibly",
    "almost",
    "nearly",
    "hardly",
    "barely",
    "neither",
    "nothing",
    "none",
    "undo",
    "skip",
    "avoid",
    "excluding",
    "but",
    "keep",
    "leave",
    "limit",
    "before",
    "while",
    "unlikely",
    "hypothetically",
    "should",
    "might",
    "hourly",
    "monthly",
    "yesterday",
    "approve",
    "revoke",
    "triple",
    "third",
    "quarter",
    "average",
    "least",
    "negative",
    "opposite",
];

/// What the word itself may make of the amount, so that a changed plan says it.
fn says_so(word: &str, planned: &Planned, at: usize, after: &str) -> bool {
    let before = planned.want.as_str();
    // “half a hundred”, “a quarter hundred”, “half a grand” are exact numbers: 50, 25 and 500.
    let (head, behind) = (planned.say[..at].trim_end(), planned.say[at..].trim_start());
    if behind.starts_with("a hundred") || head.ends_with(" a") && behind.starts_with("hundred") {
        let part = [("half", "$50"), ("quarter", "$25")].into_iter().find(|(w, _)| *w == word);
        if part.is_some_and(|(_, part)| after == before.replace("$100", part)) {
            return true;
        }
    }
    if behind.starts_with("a grand") || head.ends_with(" a") && behind.starts_with("grand") {
        let part = [("half", "=500"), ("quarter", "=250")].into_iter().find(|(w, _)| *w == word);
        if part.is_some_and(|(_, part)| after == before.replace("=1000", part)) {
            return true;
        }
    }
    let share = match word {
        "half" => "50%",
        "third" => "1/3",
        "quarter" => "25%",
        "rest" => "rest",
        "minus" | "except" | "excluding" | "but" | "keep" | "leave" | "less" => "-",
        "least" => "min_out",
        _ => return false,
    };
    // Nothing but amounts differs, and what is new in them is what the word says.
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split(' ').collect(), after.split(' ').collect());
    let added: Vec<&&str> = new.iter().filter(|w| !old.contains(w)).collect();
    !added.is_empty()
        && added.iter().all(|w| w.contains("amount") || w.contains(share) || w.starts_with("step"))
        && added.iter().any(|w| w.contains(share))
}

/// Words that begin an amount.
const COUNTS: [&str; 20] = [
    "half",
    "a ",
    "one",
    "two",
    "three",
    "five",
    "roughly",
    "about",
    "around",
    "everything",
    "all",
    "up to",
    "six",
    "ten",
    "fifteen",
    "another",
    "fifty",
    "twenty",
    "zero",
    "point",
];

/// Words the language contract makes silent where they say no more than the message without them.
fn silent(word: &str, planned: &Planned, at: usize) -> bool {
    let behind = planned.say[at..].trim_start().to_lowercase();
    // “like”, “uh”: hesitation carries nothing.
    let behind = behind.strip_prefix("like ").unwrap_or(&behind);
    let number = behind.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '$');
    match word {
        // “only 100 USDC” is exactly 100.
        // “only after X” waits for X as “after X” does; “only exactly 1” is 1.
        "only" if ["after ", "exactly "].iter().any(|w| behind.starts_with(w)) => true,
        "only" => number || COUNTS.iter().any(|w| behind.starts_with(w)),
        // “almost 100” is read as 100, and a note says so.
        "almost" | "nearly" => number || COUNTS.iter().any(|w| behind.starts_with(w)),
        // “swap X, before lending Y” is the order that is there.
        "before" => planned.say[..at].trim_end().ends_with(','),
        // “earn some interest”, “slippage limit”, “but max gas $3”.
        "some" => ["interest", "yield"].iter().any(|w| behind.starts_with(w)),
        "limit" => ["slippage", "slip"].iter().any(|w| planned.say[..at].trim_end().ends_with(w)),
        // “while leaving 0.001” leaves it.
        "while" => behind.starts_with("leaving") || behind.starts_with("keeping"),
        "but" | "keep" => {
            let bounds = [
                "max",
                "min",
                "with",
                "slippage",
                "gas",
                "deadline",
                "spending",
                "at least",
                "at most",
                "valid",
                "accepting",
                "and a deadline",
                "all with at most",
                "the trade must settle within",
                "amount_out_min:",
                "--slippage",
                "@ ",
            ];
            let mut words = behind.split(' ');
            let named = |w: &str| w.starts_with("slip") || w.starts_with("deadline");
            let slippage = words.nth(1).is_some_and(named);
            let lead = slippage || planned.say[..at].trim_end().ends_with("with");
            lead || bounds.iter().any(|w| behind.starts_with(w))
        }
        _ => false,
    }
}

#[test]
fn a_sensitive_word_never_leaves_a_changed_or_unaware_plan() {
    let (mut wrong, mut tried) = (Vec::new(), 0usize);
    for planned in plans() {
        for word in SENSITIVE {
            for at in planned.places() {
                let changed = planned.with(word, at);
                tried += 1;
                let got = planned.said_as(&changed);
                let fine = !got.starts_with("plan")
                    || got == planned.want && silent(word, &planned, at)
                    || got != planned.want && says_so(word, &planned, at, &got);
                if !fine {
                    wrong.push(format!("{word}: {changed}\n  want {}\n  have {got}", planned.want));
                }
            }
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {tried} passed:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_ordinary_word_is_asked_about() {
    let (mut passed, mut tried) = (Vec::new(), 0usize);
    // “ocean” and “badger” are tokens.
    let words: Vec<&str> = ORDINARY.split_whitespace().filter(|w| !LEXICON.knows(w)).collect();
    assert!(words.len() > 350, "{} words", words.len());
    for (k, planned) in plans().iter().enumerate() {
        let places = planned.places();
        for (i, word) in words.iter().enumerate() {
            let at = places[(k * 7 + i * 3) % places.len()];
            let changed = planned.with(word, at);
            tried += 1;
            let got = planned.said_as(&changed);
            if got.starts_with("plan") {
                let other = if got == planned.want { "" } else { "CHANGED " };
                passed.push(format!("{other}{word}: {changed}\n  want {}\n  have {got}", planned.want));
            }
        }
    }
    passed.sort();
    assert!(tried > 80_000, "{tried} insertions");
    assert!(passed.iter().all(|p| !p.starts_with("CHANGED")), "{}", passed.join("\n"));
    assert!(passed.len() * 1_000 <= tried, "{} of {tried} passed:\n{}", passed.len(), passed.join("\n"));
}
