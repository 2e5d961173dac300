//! The conversations of the crate's corpus come to their labels, turn by turn.

use serde_json::Value;

use crate::engine::LEXICON;

fn plain(actions: &Value) -> Vec<Value> {
    let mut list = actions.as_array().cloned().unwrap_or_default();
    for action in list.iter_mut().filter_map(Value::as_object_mut) {
        action.remove("spans");
    }
    list
}

#[test]
fn the_conversations_are_answered_as_labelled() {
    let mut wrong = Vec::new();
    let mut turns = 0;
    for line in include_str!("../../corpus/conversations.jsonl").lines() {
        let want: Value = serde_json::from_str(line).expect("a corpus line");
        let got = grimoire_lang::jsonl::answer(line, &LEXICON).expect("an answer");
        let got: Value = serde_json::from_str(&got).expect("our own answer");
        let said = want["turns"].as_array().expect("turns");
        for (turn, have) in said.iter().zip(got["turns"].as_array().expect("turns")) {
            turns += 1;
            let expect = &turn["expect"];
            let same = expect["outcome"] == have["outcome"]
                && plain(&expect["actions"]) == plain(&have["actions"])
                && (expect["outcome"] == "plan" || expect["fields"] == have["fields"]);
            if !same {
                wrong.push(format!("{} {}\n  have {have}", want["id"], turn["message"]));
            }
        }
    }
    assert!(turns >= 150, "only {turns} turns");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
