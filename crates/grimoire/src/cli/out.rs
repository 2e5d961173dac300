//! Where words go: results to stdout, talk to stderr; and how they are laid out.

use std::io::{self, ErrorKind, IsTerminal, Write};

/// Where long sentences are broken.
const WIDTH: usize = 92;

/// Writes a result and a line break.
pub(super) fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Says something beside the result. Where nobody listens it is lost.
pub(super) fn talk(text: &str) {
    _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether the reader of our output has gone, which is no failure.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
}

/// Whether results may be coloured.
pub(super) fn is_colourful() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Rows of cells as aligned columns, two spaces between. A cell that begins with `$` or `~$` stands to the right.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |i: usize| {
        rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let pad = |(cell, width): (&String, &usize)| match cell.starts_with('$') {
        true => format!("{cell:>width$}"),
        false => format!("{cell:<width$}"),
    };
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(pad).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A paragraph broken into lines between words.
pub(super) fn wrap(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always a line");
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= WIDTH {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.into());
        }
    }
    lines.join("\n")
}

/// Every line two spaces further in.
pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// `1234567.5` is `1,234,567.5`.
pub(super) fn grouped(number: &str) -> String {
    let (whole, part) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + part
}

/// A text with every number in it grouped.
pub(super) fn readable(text: &str) -> String {
    let number = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && word.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    text.split(' ')
        .map(|word| if number(word) { grouped(word) } else { word.to_owned() })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let row = |cells: &[&str]| cells.iter().map(|&c| c.to_owned()).collect::<Vec<_>>();
        let rows = [row(&["a", "long", "$1.00"]), row(&["bb", "x", "$100.00"]), row(&["c", ""])];
        assert_eq!(table(&rows), "a   long    $1.00\nbb  x     $100.00\nc");
    }

    #[test]
    fn digits_are_grouped_by_threes() {
        for (number, want) in [("1", "1"), ("123", "123"), ("1234", "1,234"), ("1234567.25", "1,234,567.25")]
        {
            assert_eq!(grouped(number), want);
        }
    }

    #[test]
    fn long_text_is_broken_between_words() {
        let text = "word ".repeat(40);
        assert!(wrap(&text).lines().all(|line| line.len() <= WIDTH));
        assert_eq!(wrap(&text).split_whitespace().count(), 40);
    }
}
