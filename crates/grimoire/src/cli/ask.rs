//! A clarification's questions, asked one by one at the terminal.

use std::io::{self, BufRead, Write};

use grimoire_core::clarification::{Clarification, FieldSpec};

/// Answers by field id.
pub(super) type Answers = Vec<(String, String)>;

/// Asks every question; nothing when the input ends first. An optional one may be left empty.
pub(super) fn ask(
    clarification: &Clarification,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> io::Result<Option<Answers>> {
    writeln!(out, "{}", clarification.message)?;
    let mut answers = Vec::new();
    for field in &clarification.fields {
        match ask_one(field, input, out)? {
            Some(answer) if answer.is_empty() => {}
            Some(answer) => answers.push((field.id.clone(), answer)),
            None => return Ok(None),
        }
    }
    Ok(Some(answers))
}

fn ask_one(field: &FieldSpec, input: &mut impl BufRead, out: &mut impl Write) -> io::Result<Option<String>> {
    writeln!(out, "\n{}", field.label)?;
    for (i, option) in field.options.iter().enumerate() {
        let label = field.option_details.iter().find(|d| d.value == *option).map_or(option, |d| &d.label);
        writeln!(out, "  {}. {label}", i + 1)?;
    }
    loop {
        write!(out, "> ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim();
        if !line.is_empty() || !field.required {
            return Ok(Some(chosen(field, line)));
        }
    }
}

/// The number of an option stands for it, anything else for itself.
fn chosen(field: &FieldSpec, line: &str) -> String {
    let option = line.parse::<usize>().ok().and_then(|n| field.options.get(n.checked_sub(1)?));
    option.map_or(line, String::as_str).to_owned()
}

#[cfg(test)]
mod tests {
    use grimoire_lang::Input;

    use super::*;

    fn field(id: &str, required: bool, options: &[&str]) -> FieldSpec {
        FieldSpec {
            id: id.into(),
            label: format!("Which {id}?"),
            input: Input::Text,
            required,
            options: options.iter().map(|&o| o.into()).collect(),
            option_details: Vec::new(),
        }
    }

    fn answers(fields: Vec<FieldSpec>, input: &str) -> Option<Answers> {
        let clarification = Clarification { message: "Two things.".into(), fields };
        ask(&clarification, &mut input.as_bytes(), &mut Vec::new()).expect("memory does not fail")
    }

    #[test]
    fn a_number_chooses_an_option() {
        let fields = || vec![field("venue", true, &["aave_v3", "morpho_blue"]), field("amount", true, &[])];
        let pair = |venue: &str, amount: &str| {
            Some(vec![("venue".into(), venue.into()), ("amount".into(), amount.into())])
        };
        assert_eq!(answers(fields(), "2\n5000\n"), pair("morpho_blue", "5000"));
        assert_eq!(answers(fields(), "aave\n1\n"), pair("aave", "1"));
    }

    #[test]
    fn a_needed_answer_is_asked_again() {
        assert_eq!(
            answers(vec![field("amount", true, &[])], "\n \n5\n"),
            Some(vec![("amount".into(), "5".into())])
        );
        assert_eq!(answers(vec![field("memo", false, &[])], "\n"), Some(Vec::new()));
    }

    #[test]
    fn the_end_of_input_ends_the_asking() {
        assert_eq!(answers(vec![field("amount", true, &[])], "\n"), None);
    }
}
