//! Changes of wording that change nothing: politeness, case, white space, other words that join two actions.

use crate::engine::LEXICON;
use crate::plans::{Planned, plans};

fn unchanged(name: &str, change: impl Fn(&Planned) -> Option<String>) {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for planned in plans() {
        let Some(changed) = change(&planned).filter(|c| *c != planned.say) else { continue };
        tried += 1;
        let got = planned.said_as(&changed);
        if got != planned.want {
            wrong.push(format!("{changed}\n  want {}\n  have {got}", planned.want));
        }
    }
    assert!(tried >= 20, "{name} was tried on {tried} messages only");
    assert!(wrong.is_empty(), "{name} changed {} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn politeness_changes_nothing() {
    // A command is no sentence: “/swap 1 eth usdc”.
    let sentence = |p: &Planned| !p.say.starts_with('/');
    for before in ["please ", "Hey, ", "gm! ", "pls ", "hi there, ", "Hello team. ", "ok so ", "🙏 "] {
        unchanged(before, |p| sentence(p).then(|| format!("{before}{}", p.say)));
    }
    for behind in [", thanks", " please", " 🙏", " thank you so much", " asap", " lol"] {
        let open = |p: &Planned| p.say.trim_end_matches(['.', '!', ' ']).to_owned();
        unchanged(behind, |p| sentence(p).then(|| format!("{}{behind}", open(p))));
    }
}

#[test]
fn case_changes_nothing() {
    // A checksum is case, and a capital inside a name is asked about.
    let plain = |p: &Planned| !p.say.contains("0x") && !p.say.contains(".eth");
    unchanged("upper case", |p| plain(p).then(|| p.say.to_uppercase()));
    unchanged("lower case", |p| (!p.say.contains("0x")).then(|| p.say.to_lowercase()));
    unchanged("a capital first", |p| {
        let mut chars = p.say.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect())
    });
    unchanged("every word with a capital", |p| {
        let capital = |w: &str| {
            let mut chars = w.chars();
            chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
        };
        // With a capital, a word that is not known could be a name: a slip is not repaired.
        let known = |w: &str| !w.chars().all(|c| c.is_ascii_alphabetic()) || LEXICON.knows(w);
        (plain(p) && p.say.split(' ').all(known))
            .then(|| p.say.split(' ').map(capital).collect::<Vec<_>>().join(" "))
    });
}

#[test]
fn white_space_changes_nothing() {
    unchanged("wide spaces", |p| Some(p.say.replace(' ', "   ")));
    unchanged("tabs", |p| Some(p.say.replace(' ', "\t")));
    unchanged("spaces around", |p| Some(format!("  {} \t ", p.say)));
    unchanged("a line break at the end", |p| Some(format!("{}\n", p.say)));
    unchanged("no-break spaces", |p| Some(p.say.replace(' ', "\u{a0}")));
}

#[test]
fn another_word_that_joins_two_actions_changes_nothing() {
    const JOINS: [&str; 9] = [
        ", then ",
        " then ",
        " and then ",
        "; then ",
        ". Then ",
        ", and then ",
        ", after that ",
        ". After that, ",
        ". Next, ",
    ];
    for (i, from) in JOINS.iter().enumerate() {
        // A full stop says more than a comma: it closes what “then” might go on with.
        let to = JOINS[(i + 1) % JOINS.len()];
        let joins = |p: &Planned| {
            let longer = JOINS.iter().any(|j| j.len() > from.len() && j.contains(from) && p.say.contains(j));
            (!longer && p.say.matches(from).count() == 1 && !p.say.contains("Step"))
                .then(|| p.say.replace(from, to))
        };
        let (mut wrong, mut tried) = (Vec::new(), 0);
        for planned in plans() {
            let Some(changed) = joins(&planned) else { continue };
            tried += 1;
            let got = planned.said_as(&changed);
            if got != planned.want {
                wrong.push(format!("{changed}\n  want {}\n  have {got}", planned.want));
            }
        }
        assert!(wrong.is_empty(), "{from:?} → {to:?}: {} of {tried}\n{}", wrong.len(), wrong.join("\n"));
    }
}
