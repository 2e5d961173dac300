//! A message as tokens: words, numbers, addresses, names and marks, each with its bytes in the original text.
//!
//! Nothing is thrown away but white space, and nothing is corrected: a letter of another alphabet inside a symbol, an
//! invisible character inside an address make a word that is not known.

use crate::words::{UNKNOWN, WordId, Words, fold};

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters.
    Word,
    /// Digits with the separators between them.
    Number,
    /// Digits run together with letters that are no unit: `1OO`, `1e18`.
    BadNumber,
    /// `0x` and forty hex digits.
    Address,
    /// `0x…` of another length, or with other letters, or abbreviated.
    BadAddress,
    /// A name that ends in `.eth`.
    Ens,
    /// `@name`, `name.xyz`: a name no resolver is asked for.
    Handle,
    /// A mark; arrows of every form are one mark.
    Mark,
    /// A pictograph: carries nothing.
    Emoji,
    /// A character no message has a reason to contain: a bidi control, a tag, a control code.
    Hidden,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// First byte in the text.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// The word, if it is known.
    pub(crate) word: WordId,
    /// Whether it follows the token before it without a space.
    pub(crate) glued: bool,
}

impl Token {
    /// Its text.
    pub(crate) fn text<'t>(&self, message: &'t str) -> &'t str {
        message.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// The tokens of a message.
pub(crate) fn tokens(message: &str, words: &Words) -> Vec<Token> {
    let mut reader =
        Reader { text: message, words, out: Vec::with_capacity(message.len() / 4 + 4), lower: String::new() };
    let mut at = 0;
    let mut glued = false;
    while let Some(c) = message.get(at..).and_then(|rest| rest.chars().next()) {
        if c != '\n' && c.is_whitespace() {
            at += c.len_utf8();
            glued = false;
            continue;
        }
        let end = reader.read(at, c, glued);
        debug_assert!(end > at, "every step reads something");
        at = end;
        glued = c != '\n';
    }
    reader.out
}

struct Reader<'t> {
    text: &'t str,
    words: &'t Words,
    out: Vec<Token>,
    lower: String,
}

/// Characters that show nothing: inside a word they make it another word.
pub(crate) fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn hidden(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && !c.is_whitespace())
}

fn emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b06}' | '\u{fe0f}' | '\u{2b1b}'..='\u{2b1c}' | '\u{231a}'..='\u{231b}' | '\u{23e9}'..='\u{23fa}')
        && !arrow(c)
        && !refuses(c)
}

/// Signs that take something back are no decoration.
fn refuses(c: char) -> bool {
    matches!(c, '🚫' | '❌' | '⛔' | '🛑' | '👎' | '🙅' | '✋' | '❎' | '✖')
}

fn arrow(c: char) -> bool {
    matches!(c, '→' | '⇒' | '➡' | '➜' | '➔' | '⟶' | '⟹' | '➝' | '➞')
}

fn letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '₮' || invisible(c) || ('\u{300}'..='\u{36f}').contains(&c)
}

impl<'t> Reader<'t> {
    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    fn run(&self, at: usize, of: impl Fn(char) -> bool) -> usize {
        at + self.rest(at).find(|c| !of(c)).unwrap_or(self.rest(at).len())
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize, glued: bool) -> usize {
        let word = match kind {
            Kind::Word | Kind::Mark => {
                fold(self.text.get(start..end).unwrap_or_default(), &mut self.lower);
                self.words.find(&self.lower)
            }
            _ => UNKNOWN,
        };
        self.push_as(kind, start, end, word, glued)
    }

    fn push_as(&mut self, kind: Kind, start: usize, end: usize, word: WordId, glued: bool) -> usize {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.out.push(Token { kind, start: place(start), end: place(end), word, glued });
        end
    }

    fn find(&mut self, start: usize, end: usize) -> WordId {
        fold(self.text.get(start..end).unwrap_or_default(), &mut self.lower);
        self.words.find(&self.lower)
    }

    fn read(&mut self, at: usize, c: char, glued: bool) -> usize {
        if hidden(c) {
            let end = self.run(at, hidden);
            return self.push(Kind::Hidden, at, end, glued);
        }
        if let Some(end) = self.name(at, glued) {
            return end;
        }
        let digit_next = || self.rest(at).chars().nth(1).is_some_and(|d| d.is_ascii_digit());
        if c.is_numeric() || (c == '.' && digit_next() && !self.after_word(glued)) {
            return self.number(at, glued);
        }
        if letter(c) {
            return self.word(at, glued);
        }
        if emoji(c) {
            let end = self.run(at, |c| emoji(c) || invisible(c));
            return self.push(Kind::Emoji, at, end, glued);
        }
        self.mark(at, c, glued)
    }

    fn after_word(&self, glued: bool) -> bool {
        glued && self.out.last().is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Number))
    }

    /// `bob.eth`, `@bob`, `bob.xyz`.
    fn name(&mut self, at: usize, glued: bool) -> Option<usize> {
        let stop = |c: char| c.is_whitespace() || ",;:!?()[]{}<>\"'`/|=→“”‘’*+".contains(c) || hidden(c);
        let raw = self.rest(at);
        let raw = raw.get(..raw.find(stop).unwrap_or(raw.len())).unwrap_or_default();
        let raw = raw.trim_end_matches(['.', '…']);
        let inner = raw.find('.').filter(|&i| i > 0)?;
        if raw.len() > 4 && raw.get(raw.len() - 4..).is_some_and(|e| e.eq_ignore_ascii_case(".eth")) {
            return Some(self.push(Kind::Ens, at, at + raw.len(), glued));
        }
        let plain = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_alphabetic() || c == '-');
        if self.words.is_empty() {
            return None;
        }
        let mut labels = raw.split('.');
        let unknown = labels.clone().count() <= 3 && labels.all(plain) && raw.is_ascii();
        if unknown
            && self.find(at, at + inner) == UNKNOWN
            && self.find(at + inner + 1, at + raw.len()) == UNKNOWN
        {
            return Some(self.push(Kind::Handle, at, at + raw.len(), glued));
        }
        None
    }

    fn number(&mut self, at: usize, glued: bool) -> usize {
        let mut end = at;
        let mut chars = self.rest(at).char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            let separates = matches!(c, '.' | ',' | '\'' | '’' | '_');
            let digit_after = chars.peek().is_some_and(|(_, d)| d.is_numeric());
            if c.is_numeric() || (separates && digit_after) {
                end = at + i + c.len_utf8();
            } else {
                break;
            }
        }
        let whole = self.run(at, letter);
        if whole > end || self.rest(at).starts_with("0x") {
            if self.rest(at).starts_with("0x") || self.rest(at).starts_with("0X") {
                return self.address(at, whole, glued);
            }
            let run = self.find(at, whole);
            if run != UNKNOWN && whole > end {
                return self.push_as(Kind::Word, at, whole, run, glued);
            }
            if self.find(end, whole) == UNKNOWN {
                let cyrillic_x = self.rest(at).starts_with("0х") && whole - at > 20;
                return self.push(
                    if cyrillic_x { Kind::BadAddress } else { Kind::BadNumber },
                    at,
                    whole,
                    glued,
                );
            }
        }
        self.push(Kind::Number, at, end, glued)
    }

    fn address(&mut self, at: usize, whole: usize, glued: bool) -> usize {
        let digits = self.text.get(at + 2..whole).unwrap_or_default();
        if digits.is_empty() && !self.rest(whole).starts_with(['.', '…']) {
            return self.push(Kind::Word, at, whole, glued);
        }
        let short = self.rest(whole).starts_with("..") || self.rest(whole).starts_with('…');
        if !short && digits.len() == 40 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return self.push(Kind::Address, at, whole, glued);
        }
        let end =
            if short { self.run(whole, |c| c == '.' || c == '…' || c.is_alphanumeric()) } else { whole };
        self.push(Kind::BadAddress, at, end, glued)
    }

    fn word(&mut self, at: usize, glued: bool) -> usize {
        let mut end = self.run(at, letter);
        // An apostrophe between letters belongs to the word: don't, i'd, kid's.
        while let Some(c) = self.rest(end).chars().next().filter(|c| matches!(c, '\'' | '’' | 'ʼ')) {
            let more = self.run(end + c.len_utf8(), letter);
            if more == end + c.len_utf8() {
                break;
            }
            end = more;
        }
        self.push(Kind::Word, at, end, glued)
    }

    fn mark(&mut self, at: usize, c: char, glued: bool) -> usize {
        let rest = self.rest(at);
        if c == '@' && rest.chars().nth(1).is_some_and(char::is_alphabetic) {
            let end = self.run(at + 1, |c| letter(c) || c == '.' || c == '-');
            if self.find(at + 1, end) == UNKNOWN {
                return self.push(Kind::Handle, at, end, glued);
            }
        }
        let drawn =
            ["-->", "==>", "->", "=>", ">>"].into_iter().find(|a| rest.starts_with(a)).map_or(0, str::len);
        let long = if drawn > 0 {
            drawn
        } else if arrow(c) {
            c.len_utf8() + if rest[c.len_utf8()..].starts_with('\u{fe0f}') { 3 } else { 0 }
        } else {
            0
        };
        if long > 0 {
            let word = self.words.find("->");
            return self.push_as(Kind::Mark, at, at + long, word, glued);
        }
        let end = if matches!(c, '.' | '!' | '?' | '…' | '*') {
            self.run(at, |d| d == c)
        } else {
            at + c.len_utf8()
        };
        let word = match c {
            '.' if end > at + 1 => self.words.find("…"),
            '*' => self.find(at, end),
            '–' | '—' => self.words.find("-"),
            _ => self.find(at, at + c.len_utf8()),
        };
        self.push_as(Kind::Mark, at, end, word, glued)
    }
}
