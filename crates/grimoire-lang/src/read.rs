//! One message, read: guard, tokens, repair, search, and the reading that covers it.

use crate::chunk::{Lattice, Run};
use crate::clause::{Spoken, clauses};
use crate::gate::{MAX_CHARS, gate, restated};
use crate::intent::Note;
use crate::lexicon::{Gate, Lexicon, Meaning, one_slip};
use crate::question::Field;
use crate::search::{Begins, Found, Mode, Opening, Path, Step, search};
use crate::source::Span;
use crate::token::{Kind, Token, tokens};
use crate::words::UNKNOWN;

/// The most words, numbers and marks.
pub(crate) const MAX_TOKENS: usize = 120;

/// What a message came to.
#[derive(Clone, Debug)]
pub(crate) enum Read {
    /// Clauses: the best reading, and others that cost as little.
    Said { best: Spoken, rivals: Vec<(u32, Spoken)>, cost: u32, notes: Vec<Note> },
    /// Something that cannot be planned, and the words that say so.
    Not { field: Field, spans: Vec<Span>, roles: Vec<(Span, String)> },
}

/// Reads a message as a fresh request, or as a fragment that goes on from an action.
pub(crate) fn read(text: &str, turn: u16, opening: Opening, lexicon: &Lexicon) -> Read {
    let not = |field, spans| Read::Not { field, spans, roles: Vec::new() };
    if text.len() > 4 * MAX_CHARS || text.chars().count() > MAX_CHARS {
        return not(Field::TooComplex, Vec::new());
    }
    let mut tokens = tokens(text, &lexicon.words);
    let counted = tokens
        .iter()
        .filter(|t| t.kind != Kind::Emoji && t.text(text) != "\n" && !suffix(t, &tokens))
        .count();
    if counted > MAX_TOKENS || tokens.len() > 250 {
        return not(Field::TooComplex, Vec::new());
    }
    let notes = repair(text, &mut tokens, lexicon);
    let lattice = Lattice::new(text, &tokens, lexicon);
    let span = |run: Run| span_of(&tokens, run, turn);
    if let Some(run) = restated(&lattice) {
        return not(Field::Amount, vec![span(run)]);
    }
    match search(&lattice, Mode::Strict, opening) {
        Found::TooMany => return not(Field::TooComplex, Vec::new()),
        Found::Readings(paths) => {
            let scheduled = paths.first().is_some_and(|p| verb_gates(p, &lattice, opening));
            if let Some(read) = said(&paths, &lattice, turn, &notes).filter(|_| !scheduled) {
                return read;
            }
        }
    }
    if let Some((field, run)) =
        gate(&lattice).filter(|(f, _)| opening != Opening::Once || *f != Field::Recurrence)
    {
        return not(field, vec![span(run)]);
    }
    if let Opening::Fragment(_) = opening {
        return not(Field::Unexplained, vec![]);
    }
    match search(&lattice, Mode::Loose, opening) {
        Found::TooMany => not(Field::TooComplex, Vec::new()),
        Found::Readings(paths) => said(&paths, &lattice, turn, &notes).map_or_else(
            || {
                let field = nothing_said(text, &lattice);
                let all = Run::new(0, tokens.len());
                not(field, if tokens.is_empty() { Vec::new() } else { vec![span(all)] })
            },
            |read| unfinished(read, &lattice, turn),
        ),
    }
}

/// Whether the verb itself says that this is no plain request: “DCA into ETH”.
fn verb_gates(path: &Path, lattice: &Lattice<'_>, opening: Opening) -> bool {
    opening != Opening::Once
        && path.steps.iter().any(|step| match step {
            Step::Verb(run) => lattice
                .hits(usize::from(run.from))
                .iter()
                .any(|h| matches!(h.meaning, Meaning::Gate(Gate::Recurrence))),
            _ => false,
        })
}

/// A reading with at least one clause.
fn said(paths: &[Path], lattice: &Lattice<'_>, turn: u16, notes: &[Note]) -> Option<Read> {
    let best = paths.first()?;
    let spoken = clauses(best, lattice, turn);
    if spoken.clauses.is_empty() {
        return None;
    }
    let near = paths.iter().skip(1).take_while(|p| p.cost <= best.cost + 12);
    let rivals = near
        .map(|p| (p.cost - best.cost, clauses(p, lattice, turn)))
        .filter(|(_, r)| r.clauses != spoken.clauses || r.was != spoken.was)
        .collect();
    Some(Read::Said { best: spoken, rivals, cost: best.cost, notes: notes.to_vec() })
}

/// A loose reading always names what was not understood; without a verb it is no request.
fn unfinished(read: Read, lattice: &Lattice<'_>, turn: u16) -> Read {
    let Read::Said { mut best, rivals, cost, notes } = read else { return read };
    let verb = best.clauses.iter().any(|c| c.begins == Begins::Verb);
    let arrow = lattice.tokens.iter().any(|t| t.word == lattice.lexicon.known.arrow);
    let nothing = nothing_said(lattice.text, lattice);
    if !verb && !arrow && (nothing == Field::Intent || best.skipped.is_empty()) {
        let all = span_of(lattice.tokens, Run::new(0, lattice.tokens.len()), turn);
        return Read::Not { field: nothing, spans: vec![all], roles: best.roles };
    }
    if best.skipped.is_empty() {
        let last = lattice.tokens.len();
        best.skipped.push(span_of(lattice.tokens, Run::new(last.saturating_sub(1), last), turn));
    }
    Read::Said { best, rivals, cost, notes }
}

/// A message without any request: small talk, another language, or signs that are no words.
fn nothing_said(text: &str, lattice: &Lattice<'_>) -> Field {
    let words = lattice.tokens.iter().filter(|t| matches!(t.kind, Kind::Word)).count();
    let marks = lattice.tokens.iter().filter(|t| t.kind == Kind::Mark).count();
    let first = lattice.tokens.iter().find(|t| t.kind == Kind::Word && t.word == UNKNOWN);
    let slipped = first.is_some_and(|t| {
        t.end - t.start >= 3 && {
            let said = t.text(text).to_lowercase();
            lattice.lexicon.short_verbs.iter().any(|v| one_slip(v, &said))
        }
    });
    // One long word of letters, digits and both cases hides something.
    let coded = lattice.tokens.len() <= 3
        && text.trim().len() >= 24
        && !text.trim().contains(' ')
        && text.chars().any(|c| c.is_ascii_uppercase())
        && text.chars().any(|c| c.is_ascii_lowercase())
        && text.chars().any(|c| c.is_ascii_digit());
    let signs = words == 0 && marks > 2 || coded;
    if signs || slipped { Field::Unexplained } else { Field::Intent }
}

/// A unit run together with its number counts as one token.
fn suffix(token: &Token, _all: &[Token]) -> bool {
    token.glued && token.kind == Kind::Word && token.end - token.start == 1
}

pub(crate) fn span_of(tokens: &[Token], run: Run, turn: u16) -> Span {
    let last = usize::from(run.to).saturating_sub(1).max(usize::from(run.from));
    let start = tokens.get(usize::from(run.from)).map_or(0, |t| t.start);
    Span { turn, start, end: tokens.get(last).map_or(start, |t| t.end) }
}

/// One slip in a verb or a function word of five and more letters is repaired, and said so.
fn repair(text: &str, tokens: &mut [Token], lexicon: &Lexicon) -> Vec<Note> {
    let mut notes = Vec::new();
    for i in 0..tokens.len() {
        let token = tokens[i];
        if token.kind != Kind::Word || token.word != UNKNOWN || token.end - token.start < 5 {
            continue;
        }
        let said = token.text(text);
        let capital = said.starts_with(|c: char| c.is_uppercase()) && !said.chars().all(char::is_uppercase);
        let named = i > 0
            && matches!(
                tokens[i - 1].text(text).to_lowercase().as_str(),
                "to" | "for" | "pay" | "and" | "or" | "from" | "with" | "send" | "tip" | "on" | "in"
            );
        if capital && named {
            continue;
        }
        if let Some(word) = lexicon.repair(said) {
            tokens[i].word = word;
            let meant = lexicon.repairable.iter().find(|(_, w)| *w == word).map_or("", |(t, _)| t.as_str());
            notes.push(Note {
                code: "repaired_word".into(),
                text: format!("`{said}` was read as “{meant}”."),
            });
        }
    }
    notes
}
