//! A clarification's questions, asked one by one at the terminal.

use std::io::{self, BufRead, Write};

use grimoire_core::clarification::{Clarification, FieldSpec, OptionDetail};
use grimoire_lang::Input;

use super::out::readable;

/// Questions that only other words can answer.
const REPHRASED: [&str; 5] = ["intent", "unsupported", "condition", "unexplained", "too_complex"];

/// What a person replied.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answered {
    /// Values by field id.
    pub(super) values: Vec<(String, String)>,
    /// Other words.
    pub(super) message: Option<String>,
}

/// Asks every question; nothing when the input ends first. An optional one may be left empty.
pub(super) fn ask(
    clarification: &Clarification,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> io::Result<Option<Answered>> {
    if !only_labels(clarification) {
        writeln!(out, "{}\n", clarification.message)?;
    }
    let mut answered = Answered::default();
    for field in &clarification.fields {
        match ask_one(field, input, out)? {
            Some(answer) if answer.is_empty() => {}
            Some(answer) if REPHRASED.contains(&field.id.as_str()) => answered.message = Some(answer),
            Some(answer) => answered.values.push((field.id.clone(), answer)),
            None => return Ok(None),
        }
    }
    Ok(Some(answered))
}

/// Whether the message says nothing but the questions, one after the other.
pub(super) fn only_labels(clarification: &Clarification) -> bool {
    let labels: Vec<&str> = clarification.fields.iter().map(|field| field.label.as_str()).collect();
    clarification.message == labels.join(" ")
}

fn ask_one(field: &FieldSpec, input: &mut impl BufRead, out: &mut impl Write) -> io::Result<Option<String>> {
    let hint = if field.input == Input::Boolean { " (yes or no)" } else { "" };
    writeln!(out, "{}{hint}", field.label)?;
    for (i, option) in field.options.iter().enumerate() {
        let detail = field.option_details.iter().find(|d| d.value == *option);
        let label = detail.map_or(option, |d| &d.label);
        writeln!(out, "  {}. {label}{}", i + 1, detail.map_or(String::new(), known))?;
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

/// What is known of an option: `: 3.96% APY, 60,000,000 USDC there`.
pub(super) fn known(detail: &OptionDetail) -> String {
    let apy = detail.apy.as_ref().map(|apy| format!("{apy} APY"));
    let liquidity = detail.liquidity.as_ref().map(|amount| format!("{} at hand", readable(amount)));
    let balance = detail.balance.as_ref().map(|amount| format!("you have {}", readable(amount)));
    let facts: Vec<String> = apy.into_iter().chain(liquidity).chain(balance).collect();
    if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) }
}

/// The number of an option stands for it, anything else for itself.
fn chosen(field: &FieldSpec, line: &str) -> String {
    let option = line.parse::<usize>().ok().and_then(|n| field.options.get(n.checked_sub(1)?));
    option.map_or(line, String::as_str).to_owned()
}

#[cfg(test)]
mod tests {
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

    fn answered(fields: Vec<FieldSpec>, input: &str) -> Option<Answered> {
        let clarification = Clarification { message: "Two things.".into(), fields };
        ask(&clarification, &mut input.as_bytes(), &mut Vec::new()).expect("memory does not fail")
    }

    fn values(pairs: &[(&str, &str)]) -> Option<Answered> {
        let values = pairs.iter().map(|&(id, value)| (id.into(), value.into())).collect();
        Some(Answered { values, message: None })
    }

    #[test]
    fn a_number_chooses_an_option() {
        let fields = || vec![field("venue", true, &["aave_v3", "morpho_blue"]), field("amount", true, &[])];
        assert_eq!(answered(fields(), "2\n5000\n"), values(&[("venue", "morpho_blue"), ("amount", "5000")]));
        assert_eq!(answered(fields(), "aave\n1\n"), values(&[("venue", "aave"), ("amount", "1")]));
    }

    #[test]
    fn a_needed_answer_is_asked_again() {
        assert_eq!(answered(vec![field("amount", true, &[])], "\n \n5\n"), values(&[("amount", "5")]));
        assert_eq!(answered(vec![field("memo", false, &[])], "\n"), values(&[]));
    }

    #[test]
    fn other_words_are_a_message() {
        let answered = answered(vec![field("intent", true, &[])], "Swap 1 ETH to DAI\n");
        assert_eq!(answered.and_then(|a| a.message).as_deref(), Some("Swap 1 ETH to DAI"));
    }

    #[test]
    fn the_end_of_input_ends_the_asking() {
        assert_eq!(answered(vec![field("amount", true, &[])], "\n"), None);
    }
}
