//! Messages that request nothing that can be planned: questions, negations, operations, schedules and conditions.
//!
//! Asked only when no reading covers every word: “when you get a moment” is covered, “when gas is low” is not.

use crate::chunk::{Lattice, Run};
use crate::lexicon::{Gate, Lexicon, Link, Meaning};
use crate::question::Field;
use crate::token::Kind;

/// The most characters a message may have.
pub(crate) const MAX_CHARS: usize = 2000;

/// Why a message cannot be planned, and the words that say so.
pub(crate) fn gate(lattice: &Lattice<'_>) -> Option<(Field, Run)> {
    let n = lattice.tokens.len();
    let found = |gate: Gate| (0..n).find_map(|i| hit(lattice, i, gate).map(|end| Run::new(i, end)));
    if let Some(at) = lattice.tokens.iter().position(|t| t.kind == Kind::Hidden) {
        return Some((Field::Unexplained, Run::new(at, at + 1)));
    }
    if let Some(run) = found(Gate::Injection) {
        return Some((Field::Unexplained, run));
    }
    if let Some(run) = question(lattice) {
        return Some((Field::Intent, run));
    }
    if let Some(at) = quoted(lattice) {
        return Some((Field::Unexplained, Run::new(at, n)));
    }
    let first_verb =
        (0..n).find(|&i| lattice.hits(i).iter().any(|h| matches!(h.meaning, Meaning::Verb(_)))).unwrap_or(n);
    if let Some(run) = found(Gate::Cancel).filter(|r| usize::from(r.from) <= first_verb) {
        return Some((Field::Intent, run));
    }
    let negated = found(Gate::Negation);
    if let Some(run) = negated.filter(|r| usize::from(r.from) < first_verb) {
        return Some((Field::Intent, run));
    }
    for (gate, field) in [
        (Gate::Unsupported, Field::Unsupported),
        (Gate::Recurrence, Field::Recurrence),
        (Gate::Condition, Field::Condition),
    ] {
        if let Some(run) = found(gate) {
            return Some((field, run));
        }
    }
    None
}

fn hit(lattice: &Lattice<'_>, at: usize, gate: Gate) -> Option<usize> {
    let own = lattice.hits(at).iter().filter(|h| h.meaning == Meaning::Gate(gate)).map(|h| h.end).max()?;
    // A longer silent phrase, name or link explains the word: “when you get a moment”, “staked ETH”.
    let acted = (0..at).any(|i| lattice.hits(i).iter().any(|h| matches!(h.meaning, Meaning::Verb(_))));
    let covered = lattice.hits(at).iter().any(|h| {
        h.end > own
            // “once it arrives” waits for an action before it; at the start it is a condition.
            && (acted || h.meaning != Meaning::Link(Link::Once))
            // “drop it to 200” takes nothing back.
            && (h.meaning != Meaning::Fix || gate == Gate::Cancel)
            && matches!(
                h.meaning,
                Meaning::Fix
                    | Meaning::Silent
                    | Meaning::Name(_)
                    | Meaning::Link(_)
                    | Meaning::Limit(_)
                    | Meaning::Quantity(_)
                    | Meaning::Gate(_)
            )
    });
    let inside = (0..at).any(|i| {
        lattice.hits(i).iter().any(|h| {
            h.end > at && matches!(h.meaning, Meaning::Silent | Meaning::Name(_) | Meaning::Limit(_))
                || h.end >= own && matches!(h.meaning, Meaning::Gate(g) if g != gate)
        })
    });
    (!covered && !inside).then_some(own)
}

/// A question word at the start of a sentence.
fn question(lattice: &Lattice<'_>) -> Option<Run> {
    let mut start = true;
    let mut at = 0;
    while at < lattice.tokens.len() {
        if start {
            let longest = |wanted: fn(Meaning) -> bool| {
                lattice.hits(at).iter().filter(|h| wanted(h.meaning)).map(|h| h.end).max()
            };
            let asks = longest(|m| m == Meaning::Gate(Gate::Question));
            let silent = longest(|m| matches!(m, Meaning::Silent | Meaning::Link(Link::Soft | Link::Then)));
            match (asks, silent) {
                (Some(end), quiet) if quiet.is_none_or(|q| q <= end) => return Some(Run::new(at, end)),
                (_, Some(end)) => {
                    at = end;
                    continue;
                }
                _ => start = lattice.tokens[at].kind == Kind::Emoji,
            }
        } else {
            let text = lattice.tokens[at].text(lattice.text);
            start = text.starts_with(['.', '!', '?', '\n', ';']);
        }
        at += 1;
    }
    None
}

/// The first mark of a quotation or of code.
fn quoted(lattice: &Lattice<'_>) -> Option<usize> {
    let marks = ["\"", "“", "”", "`", "«", "»", "‘", "'", "{", "}"];
    lattice.tokens.iter().position(|t| t.kind == Kind::Mark && marks.contains(&t.text(lattice.text)))
}

/// An amount that stands in brackets right behind another one: “1000 USDC (2000 USDC)”. Which of them is meant?
pub(crate) fn restated(lattice: &Lattice<'_>) -> Option<Run> {
    let amount = |at: usize| lattice.funds_at(at).iter().filter(|(_, f)| !f.amount.is_empty());
    let mark = |at: usize, text: &str| lattice.tokens.get(at).is_some_and(|t| t.text(lattice.text) == text);
    // “(1) … (2) …” is a list.
    let item = |open: usize| -> Option<u32> {
        let number = lattice.tokens.get(open + 1)?.text(lattice.text).parse().ok()?;
        (mark(open, "(") && mark(open + 2, ")")).then_some(number)
    };
    let follows = |open: usize| {
        item(open).is_some_and(|n: u32| n > 1 && (0..open).any(|i| item(i).is_some_and(|m| m + 1 == n)))
    };
    (0..lattice.tokens.len()).find_map(|from| {
        let open =
            amount(from).map(|(end, _)| usize::from(*end)).find(|&end| mark(end, "(") && !follows(end))?;
        let close = amount(open + 1).map(|(end, _)| usize::from(*end)).find(|&end| mark(end, ")"))?;
        Some(Run::new(from, close + 1))
    })
}

/// Whether a message takes the conversation back.
pub(crate) fn cancels(text: &str, lexicon: &Lexicon) -> bool {
    has(text, lexicon, |lattice| (0..lattice.tokens.len()).any(|i| hit(lattice, i, Gate::Cancel).is_some()))
}

/// The first word behind greetings, interjections and marks.
fn opening(lattice: &Lattice<'_>) -> usize {
    let mut at = 0;
    loop {
        let quiet = |m: Meaning| matches!(m, Meaning::Silent | Meaning::Link(Link::Soft));
        let longest = |quiet: &dyn Fn(Meaning) -> bool| {
            lattice.hits(at).iter().filter(|h| quiet(h.meaning)).map(|h| h.end).max()
        };
        let fixes = longest(&|m| matches!(m, Meaning::Fix | Meaning::Verb(_) | Meaning::Gate(_)));
        match longest(&quiet) {
            Some(end) if fixes.is_none_or(|f| f < end) => at = end,
            _ if lattice.tokens.get(at).is_some_and(|t| t.kind == Kind::Emoji) => at += 1,
            _ => return at,
        }
    }
}

/// Whether a message does nothing but take back what was said.
pub(crate) fn takes_back_only(text: &str, lexicon: &Lexicon) -> bool {
    has(text, lexicon, |lattice| {
        let mut at = opening(lattice);
        let Some(end) = hit(lattice, at, Gate::Cancel) else { return false };
        at = end;
        while at < lattice.tokens.len() {
            let quiet = |m: Meaning| matches!(m, Meaning::Silent | Meaning::Fix | Meaning::Link(Link::Soft));
            match lattice.hits(at).iter().filter(|h| quiet(h.meaning)).map(|h| h.end).max() {
                Some(end) => at = end,
                _ if lattice.tokens[at].kind == Kind::Emoji => at += 1,
                _ => return false,
            }
        }
        true
    })
}

/// Whether a message opens by taking back what was said, and goes on: “forget that, swap …”.
pub(crate) fn takes_back_first(text: &str, lexicon: &Lexicon) -> bool {
    has(text, lexicon, |lattice| {
        let end = hit(lattice, opening(lattice), Gate::Cancel);
        let more =
            |end: usize| lattice.tokens[end..].iter().any(|t| t.kind != Kind::Mark && t.kind != Kind::Emoji);
        end.is_some_and(more)
    })
}

/// Whether a message carries nothing: “here's the address”, “ok, thanks”; and whether it only objects: “too much”.
pub(crate) fn only_silent(text: &str, lexicon: &Lexicon) -> (bool, bool) {
    let mut objects = false;
    let silent = has(text, lexicon, |lattice| {
        let mut at = 0;
        while at < lattice.tokens.len() {
            let quiet = |m: Meaning| matches!(m, Meaning::Silent | Meaning::Fix | Meaning::Link(Link::Soft));
            let longest = lattice.hits(at).iter().map(|h| h.end).max();
            let end = lattice.hits(at).iter().filter(|h| quiet(h.meaning)).map(|h| h.end).max();
            match end {
                Some(end) if longest == Some(end) => {
                    objects |=
                        lattice.hits(at).iter().any(|h| h.meaning == Meaning::Objection && h.end == end);
                    at = end;
                }
                _ if lattice.tokens[at].kind == Kind::Emoji => at += 1,
                _ => return false,
            }
        }
        true
    });
    (silent, objects)
}

/// Whether a message opens with a word of correction.
pub(crate) fn corrects(text: &str, lexicon: &Lexicon) -> bool {
    has(text, lexicon, |lattice| {
        let first = opening(lattice);
        // “change the output to”
        let changes = |end: usize| {
            let said = lattice.tokens.get(first).map_or("", |t| t.text(lattice.text));
            let verbs = ["change", "update", "switch", "set", "make", "correct", "fix"];
            end > first + 2 && verbs.iter().any(|v| said.eq_ignore_ascii_case(v))
        };
        let marks = |m: Meaning| matches!(m, Meaning::Marker(_) | Meaning::Lead);
        let corrects = |at: usize| {
            lattice.hits(at).iter().any(|h| h.meaning == Meaning::Fix || marks(h.meaning) && changes(h.end))
        };
        // “Aave, make it 400”
        let makes = |at: usize| {
            let said = lattice.tokens[at].text(lattice.text);
            let parted = lattice.tokens[at - 1].kind == Kind::Mark;
            let fix = |h: &crate::chunk::Hit| h.meaning == Meaning::Fix && h.end > at + 1;
            parted && said.eq_ignore_ascii_case("make") && lattice.hits(at).iter().any(fix)
        };
        corrects(0) || corrects(first) || (1..lattice.tokens.len()).any(makes)
    })
}

/// Whether a message opens like no correction: “no ETH” takes away, “first 50 to LINK” puts an action before.
pub(crate) fn opens_otherwise(text: &str, lexicon: &Lexicon) -> bool {
    has(text, lexicon, |lattice| {
        let first = lattice.tokens.first().map_or("", |t| t.text(lattice.text));
        let taken = first.eq_ignore_ascii_case("no") && lattice.name(1).is_some();
        let before = first.eq_ignore_ascii_case("first") && !lattice.funds_at(1).is_empty();
        taken || before
    })
}

/// Whether a message opens or ends with a word of correction.
pub(crate) fn corrects_somewhere(text: &str, lexicon: &Lexicon) -> bool {
    has(text, lexicon, |lattice| {
        let words = lattice.tokens.iter().rposition(|t| t.kind != Kind::Mark).map_or(0, |i| i + 1);
        let fix = |i: usize, ends: bool| {
            lattice.hits(i).iter().any(|h| h.meaning == Meaning::Fix && (!ends || h.end >= words))
        };
        let only = |i: usize| {
            let said = lattice.tokens[i].text(lattice.text);
            ["only", "instead"].iter().any(|w| said.eq_ignore_ascii_case(w))
        };
        fix(0, false)
            || fix(opening(lattice), false)
            || (0..words).any(only)
            || (0..words).any(|i| fix(i, true))
    })
}

/// Whether a message opens with a correction that can be nothing else: “make it 200”.
pub(crate) fn corrects_only(text: &str, lexicon: &Lexicon) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches(',').to_lowercase();
    let needs_draft = [
        "make",
        "change",
        "update",
        "set",
        "switch",
        "no",
        "actually",
        "instead",
        "correction",
        "same",
        "sorry",
        "oops",
    ];
    needs_draft.contains(&first.as_str()) && corrects(text, lexicon)
}

/// Whether a message asks something.
pub(crate) fn asks(text: &str, lexicon: &Lexicon) -> bool {
    has(text, lexicon, |lattice| question(lattice).is_some())
}

/// Whether a message appeals to someone else's authority, quotes, or hides something.
pub(crate) fn obeys(text: &str, lexicon: &Lexicon) -> bool {
    has(text, lexicon, |lattice| {
        let n = lattice.tokens.len();
        (0..n).any(|i| hit(lattice, i, Gate::Injection).is_some())
            || quoted(lattice).is_some()
            || lattice.tokens.iter().any(|t| t.kind == Kind::Hidden)
    })
}

fn has(text: &str, lexicon: &Lexicon, mut what: impl FnMut(&Lattice<'_>) -> bool) -> bool {
    if text.len() > 4 * MAX_CHARS {
        return false;
    }
    let tokens = crate::token::tokens(text, &lexicon.words);
    what(&Lattice::new(text, &tokens, lexicon))
}
