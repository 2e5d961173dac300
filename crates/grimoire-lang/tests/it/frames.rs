//! Every frame's examples come to what they say.

use std::collections::BTreeMap;

use crate::corpus::examples;
use crate::engine::{outcome, read};

#[test]
fn every_example_comes_to_what_it_says() {
    let mut wrong = Vec::new();
    for example in examples() {
        let (say, chain) = (&example.message.say, example.message.chain.as_deref());
        let got = outcome(&read(say, chain), chain);
        let mut have: Vec<&str> = got.split(' ').collect();
        let mut want: Vec<&str> = example.want.split(' ').collect();
        if got.starts_with("ask") {
            have.sort_unstable();
            want.sort_unstable();
        }
        if have != want {
            wrong.push(format!("{say}\n  want {}\n  have {got}", example.want));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_frame_has_enough_examples() {
    let mut count: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for example in examples() {
        let entry = count.entry(example.frame).or_default();
        if example.want.starts_with("plan") { entry.0 += 1 } else { entry.1 += 1 }
    }
    assert_eq!(count.len(), 9, "a frame file is missing");
    for (frame, (plans, asks)) in count {
        assert!(plans >= 8 && asks >= 4, "{frame} has {plans} plans and {asks} questions");
    }
}
