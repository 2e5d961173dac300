//! Phrases: a small notation for ways of saying one thing, compiled into a tree over word ids.
//!
//! In the lexicon files `(a|b c)` is a choice, `[x]` may be left out, and `{percent}` stands for a typed phrase.

use crate::token::{Token, tokens};
use crate::words::{UNKNOWN, WordId, Words};

/// A typed phrase inside another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hole {
    Percent,
    Funds,
    Money,
    Time,
    Number,
    Event,
    Settled,
}

impl Hole {
    const ALL: [(&'static str, Self); 7] = [
        ("{percent}", Self::Percent),
        ("{funds}", Self::Funds),
        ("{money}", Self::Money),
        ("{time}", Self::Time),
        ("{number}", Self::Number),
        ("{event}", Self::Event),
        ("{settled}", Self::Settled),
    ];
}

/// Every way of saying a pattern, as plain sequences of words and holes separated by spaces.
pub(crate) fn ways(pattern: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut rest = pattern;
    while let Some(open) = rest.find(['(', '[']) {
        let escaped =
            rest.get(open + 1..open + 2) == Some(" ") || rest.get(open + 1..).is_none_or(str::is_empty);
        if escaped {
            let (plain, more) = rest.split_at(open + 1);
            append(&mut out, &[plain.into()]);
            rest = more;
            continue;
        }
        append(&mut out, &[rest[..open].into()]);
        let close = matching(rest, open);
        let inner = &rest[open + 1..close];
        let choices: Vec<String> = if rest.as_bytes()[open] == b'[' {
            split(inner).into_iter().flat_map(ways).chain([String::new()]).collect()
        } else {
            split(inner).into_iter().flat_map(ways).collect()
        };
        append(&mut out, &choices);
        rest = &rest[close + 1..];
    }
    append(&mut out, &[rest.into()]);
    for way in &mut out {
        *way = way.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    out
}

fn append(to: &mut Vec<String>, choices: &[String]) {
    *to = to.iter().flat_map(|head| choices.iter().map(move |c| format!("{head}{c}"))).collect();
}

fn matching(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (i, c) in text.char_indices().skip(text[..open].chars().count()) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i;
        }
    }
    text.len() - 1
}

fn split(inner: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (i, c) in inner.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(&inner[from..i]);
                from = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[from..]);
    parts
}

/// One step of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Word { word: WordId, glued: bool },
    Hole(Hole),
}

#[derive(Clone, Debug, Default)]
struct Node<M> {
    next: Vec<(Step, u32)>,
    meanings: Vec<M>,
}

/// Phrases with what they mean.
#[derive(Clone, Debug)]
pub(crate) struct Phrases<M> {
    nodes: Vec<Node<M>>,
    /// By first word.
    roots: Vec<u32>,
    /// The phrases that begin with a hole.
    holes: Vec<(Hole, u32)>,
}

/// A phrase found: how it ends, what it means, and the typed phrase inside it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<M, C> {
    pub(crate) end: usize,
    pub(crate) meaning: M,
    pub(crate) capture: Option<C>,
}

impl<M: Copy + PartialEq> Phrases<M> {
    pub(crate) const fn new() -> Self {
        Self { nodes: Vec::new(), roots: Vec::new(), holes: Vec::new() }
    }

    /// Adds every way of saying a pattern.
    pub(crate) fn add(&mut self, pattern: &str, meaning: M, words: &mut Words) {
        for way in ways(pattern) {
            self.add_plain(&way, meaning, words);
        }
    }

    /// Adds a phrase that is written out.
    pub(crate) fn add_plain(&mut self, phrase: &str, meaning: M, words: &mut Words) {
        let mut steps = Vec::new();
        for (i, piece) in phrase.split(' ').enumerate() {
            if let Some((_, hole)) = Hole::ALL.iter().find(|(name, _)| *name == piece) {
                steps.push(Step::Hole(*hole));
                continue;
            }
            // Letters alone are one word, whatever the reader of messages has to look out for.
            if !piece.is_empty() && piece.bytes().all(|b| b.is_ascii_alphabetic()) {
                steps.push(Step::Word { word: words.intern(piece), glued: false });
                continue;
            }
            for (j, token) in tokens(piece, &Words::default()).iter().enumerate() {
                let text =
                    if token.text(piece).starts_with(['→', '⇒']) { "->" } else { token.text(piece) };
                steps.push(Step::Word { word: words.intern(text), glued: j > 0 && i + j > 0 });
            }
        }
        let mut at = u32::MAX;
        for (i, step) in steps.iter().enumerate() {
            at = if i == 0 { self.root(*step) } else { self.child(at, *step) };
        }
        if let Some(node) = self.nodes.get_mut(at as usize).filter(|n| !n.meanings.contains(&meaning)) {
            node.meanings.push(meaning);
        }
    }

    fn grow(&mut self) -> u32 {
        self.nodes.push(Node { next: Vec::new(), meanings: Vec::new() });
        u32::try_from(self.nodes.len() - 1).expect("the lexicon has fewer than 2^32 phrases")
    }

    fn root(&mut self, step: Step) -> u32 {
        match step {
            Step::Word { word, .. } => {
                let at = word as usize;
                if self.roots.len() <= at {
                    self.roots.resize(at + 1, u32::MAX);
                }
                if self.roots[at] == u32::MAX {
                    self.roots[at] = self.grow();
                }
                self.roots[at]
            }
            Step::Hole(hole) => match self.holes.iter().find(|(h, _)| *h == hole) {
                Some((_, node)) => *node,
                None => {
                    let node = self.grow();
                    self.holes.push((hole, node));
                    node
                }
            },
        }
    }

    fn child(&mut self, at: u32, step: Step) -> u32 {
        if let Some((_, node)) = self.nodes[at as usize].next.iter().find(|(s, _)| *s == step) {
            return *node;
        }
        let node = self.grow();
        self.nodes[at as usize].next.push((step, node));
        node
    }

    /// Reports every phrase that begins with the word at `at`. `hole` reads a typed phrase at a place.
    pub(crate) fn beginning_with_word<C: Copy>(
        &self,
        tokens: &[Token],
        at: usize,
        hole: &mut impl FnMut(Hole, usize) -> Option<(usize, C)>,
        found: &mut impl FnMut(Found<M, C>),
    ) {
        let word = tokens[at].word;
        if word != UNKNOWN
            && let Some(&root) = self.roots.get(word as usize).filter(|&&r| r != u32::MAX)
        {
            self.walk(root, tokens, at + 1, None, hole, found);
        }
    }

    /// Reports every phrase that begins with a typed phrase at `at`.
    pub(crate) fn beginning_with_hole<C: Copy>(
        &self,
        tokens: &[Token],
        at: usize,
        hole: &mut impl FnMut(Hole, usize) -> Option<(usize, C)>,
        found: &mut impl FnMut(Found<M, C>),
    ) {
        for &(kind, node) in &self.holes {
            if let Some((end, capture)) = hole(kind, at) {
                self.walk(node, tokens, end, Some(capture), hole, found);
            }
        }
    }

    fn walk<C: Copy>(
        &self,
        node: u32,
        tokens: &[Token],
        at: usize,
        capture: Option<C>,
        hole: &mut impl FnMut(Hole, usize) -> Option<(usize, C)>,
        found: &mut impl FnMut(Found<M, C>),
    ) {
        let node = &self.nodes[node as usize];
        for &meaning in &node.meanings {
            found(Found { end: at, meaning, capture });
        }
        let Some(token) = tokens.get(at) else { return };
        for &(step, next) in &node.next {
            match step {
                Step::Word { word, glued } => {
                    if word == token.word && (!glued || token.glued) {
                        self.walk(next, tokens, at + 1, capture, hole, found);
                    }
                }
                Step::Hole(kind) => {
                    if let Some((end, inner)) = hole(kind, at) {
                        self.walk(next, tokens, end, Some(inner), hole, found);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_every_way_of_saying_it() {
        assert_eq!(
            ways("[max] slippage (of|at most) {percent}"),
            [
                "max slippage of {percent}",
                "max slippage at most {percent}",
                "slippage of {percent}",
                "slippage at most {percent}",
            ]
        );
        assert_eq!(
            ways("thanks [(a lot|so (very|much))]"),
            ["thanks a lot", "thanks so very", "thanks so much", "thanks"]
        );
    }
}
