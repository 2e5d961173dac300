//! What is explained: every word of the message, every value with its reason, every question with its words.

use grimoire_lang::{Outcome, Source, explain::explain};

use crate::corpus::messages;
use crate::engine::read;

fn told(message: &str) -> String {
    explain(message, &read(message, Some("ethereum")))
}

#[test]
fn everything_said_and_everything_planned_is_told() {
    for message in messages() {
        let reading = read(&message.say, message.chain.as_deref());
        let told = explain(&message.say, &reading);
        for word in &reading.words {
            let said = &message.say[word.span.start as usize..word.span.end as usize];
            assert!(
                told.contains(&said.replace('\n', "⏎")),
                "{}: “{said}” is missing in\n{told}",
                message.say
            );
        }
        match &reading.outcome {
            Outcome::Plan(intent) => {
                for (role, value) in intent.actions.iter().flat_map(|a| &a.values) {
                    let row = |l: &str| {
                        l.trim_start().starts_with(role.as_str())
                            && l.contains(&value.value)
                            && l.trim_start().len() > 12
                    };
                    assert!(told.lines().any(row), "{}: {role} = {} in\n{told}", message.say, value.value);
                    // A rule is told in words, never by its name.
                    if let Source::Rule { name, .. } = &value.source {
                        assert!(!told.contains(name.as_str()), "{name} in\n{told}");
                    }
                }
            }
            Outcome::Ask(questions) => {
                for question in questions {
                    assert!(told.contains(&question.label), "{} in\n{told}", question.label);
                }
            }
        }
    }
}

#[test]
fn a_plan_is_explained_step_by_step() {
    assert_eq!(
        told("please swap 2 ETH to USDC, then bridge half of it to base"),
        "\
What each part of the message was taken as:
  please      says nothing about the transaction
  swap        what to do
  2 ETH       what goes in
  to          leads to what follows
  USDC        what comes out
  ,           joins two parts
  then        joins two parts
  bridge      what to do
  half of it  what goes in
  to          leads to what follows
  base        the chain it goes to
What follows from it:
  1. swap
     chain      ethereum    the chain you are on: no other is named
     venue      uniswap_v3  no venue is named: this is the usual one
     token_in   ETH         from “ETH”
     token_out  USDC        from “USDC”
     amount_in  2           from “2”
  2. bridge
     chain     ethereum                                the chain you are on: no other is named
     to_chain  base                                    from “base”
     venue     across                                  no venue is named: this is the usual one
     token     USDC                                    the token the earlier step puts out: “half of it”
     amount    50% step1, 50% of what step 1 puts out  from “half of it”
"
    );
}

#[test]
fn a_question_is_explained_by_its_words() {
    assert_eq!(
        told("lend 1,5 USDC"),
        "\
What each part of the message was taken as:
  lend      what to do
  1,5 USDC  what goes in
No plan yet. What is open:
  number_format: That number can be read in two ways. Which one do you mean?
      because it can be read in several ways: “1,5”
      could be 1.5, 15
  venue: Where should USDC be lent?
      because nothing in the message says it
      could be Aave V3, Morpho Blue
"
    );
}
