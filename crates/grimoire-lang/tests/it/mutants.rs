//! The ways to change one thing in a plan. Each gives every plan it can be applied to, and none that means the same.

use grimoire_lang::{Action, ActionKind, Amount, Intent, Role, Source, Sourced, Take};

use crate::engine::VOCABULARY;

/// A way to change a plan, by name.
pub(crate) type Mutation = (&'static str, fn(&Intent) -> Vec<Intent>);

/// Every way.
pub(crate) const MUTATIONS: &[Mutation] = &[
    ("two values of an action exchanged", exchanged),
    ("a number changed", numbers),
    ("an amount of another form", forms),
    ("the output of another step", steps),
    ("a token changed", tokens),
    ("a chain changed", chains),
    ("a venue changed", venues),
    ("a recipient changed by one character", recipients),
    ("a unit changed", units),
    ("a value dropped", dropped_values),
    ("a value dropped and its words given to no one", forgotten),
    ("a value nobody said", invented),
    ("an action dropped", dropped_actions),
    ("an action added", added_actions),
    ("the order changed", reordered),
    ("another kind of action", kinds),
];

const AMOUNTS: [Role; 3] = [Role::Amount, Role::AmountIn, Role::AmountOut];
const TOKENS: [Role; 4] = [Role::Token, Role::TokenIn, Role::TokenOut, Role::Collateral];

/// The plan with one value of one action replaced by others.
fn with(intent: &Intent, roles: &[Role], change: impl Fn(&Action, &Sourced) -> Vec<String>) -> Vec<Intent> {
    let mut out = Vec::new();
    for (a, action) in intent.actions.iter().enumerate() {
        for (v, (role, said)) in action.values.iter().enumerate() {
            if !roles.contains(role) {
                continue;
            }
            for value in change(action, said) {
                let mut mutant = intent.clone();
                mutant.actions[a].values[v].1.value = value;
                out.push(mutant);
            }
        }
    }
    out.retain(|m| m != intent);
    out
}

/// Two roles of one kind hold each other's value: with their words, and without.
fn exchanged(intent: &Intent) -> Vec<Intent> {
    let pairs = [
        (Role::TokenIn, Role::TokenOut),
        (Role::Chain, Role::ToChain),
        (Role::Token, Role::Collateral),
        (Role::MinOut, Role::AmountIn),
        (Role::MaxIn, Role::AmountOut),
    ];
    let mut out = Vec::new();
    for (a, action) in intent.actions.iter().enumerate() {
        for (first, second) in pairs {
            let at = |role| action.values.iter().position(|(r, _)| *r == role);
            let (Some(i), Some(k)) = (at(first), at(second)) else { continue };
            let mut whole = intent.clone();
            let values = &mut whole.actions[a].values;
            (values[i].1, values[k].1) = (action.values[k].1.clone(), action.values[i].1.clone());
            let mut bare = intent.clone();
            let values = &mut bare.actions[a].values;
            (values[i].1.value, values[k].1.value) =
                (action.values[k].1.value.clone(), action.values[i].1.value.clone());
            out.extend([whole, bare]);
        }
    }
    let same = |m: &Intent| crate::engine::plan(m, None) == crate::engine::plan(intent, None);
    out.retain(|m| !same(m));
    out
}

/// Every digit changed, a zero added, the point moved.
fn numbers(intent: &Intent) -> Vec<Intent> {
    let roles = [&AMOUNTS[..], &[Role::MaxSlippage, Role::MinOut, Role::MaxIn, Role::MaxGas, Role::Deadline]]
        .concat();
    with(intent, &roles, |_, said| {
        let value = &said.value;
        let mut out = Vec::new();
        // The numbers of steps are changed elsewhere.
        let digit = |i: usize, c: char| c.is_ascii_digit() && !value[..i].ends_with("step");
        for (i, c) in value.char_indices().filter(|(i, c)| digit(*i, *c)) {
            let other = if c == '9' { '8' } else { char::from(c as u8 + 1) };
            out.push(format!("{}{other}{}", &value[..i], &value[i + 1..]));
            let last = !value[i + 1..].starts_with(|n: char| n.is_ascii_digit() || n == '.');
            if last && !value[..i].contains('.') {
                out.push(format!("{}0{}", &value[..=i], &value[i + 1..]));
                out.push(format!("{}.5{}", &value[..=i], &value[i + 1..]));
            }
            if c == '.' {
                out.push(format!("{}{}", &value[..i], &value[i + 1..]));
            }
        }
        out.extend(value.contains('.').then(|| value.replacen('.', "", 1)));
        out
    })
}

/// Percent for number, dollars for tokens, everything for a part, and back.
fn forms(intent: &Intent) -> Vec<Intent> {
    with(intent, &AMOUNTS, |_, said| {
        let Ok(amount) = said.value.parse::<Amount>() else { return Vec::new() };
        let takes = |n: &dyn ToString| {
            let n = n.to_string();
            ["N", "$N", "N%", "all-N", "min(all,N)", "step1-N", "min(step1,N)"].map(|f| f.replace('N', &n))
        };
        let whole = ["all", "rest", "50%", "1/3", "step1", "rest step1", "1"].map(str::to_owned);
        let mut out = match &amount {
            Amount::Exact(n) | Amount::Usd(n) => takes(n).to_vec(),
            Amount::Balance(take) | Amount::Output(_, take) => match take {
                Take::Percent(n) | Take::AllBut(n) | Take::AtMost(n) => takes(n).to_vec(),
                Take::All | Take::Rest | Take::Fraction(..) => Vec::new(),
            },
        };
        out.extend(whole);
        // What a step put out may be said as a number where it is known: 4000 of 4000.
        out.retain(|v| *v != said.value);
        out
    })
}

fn steps(intent: &Intent) -> Vec<Intent> {
    with(intent, &AMOUNTS, |_, said| {
        (1..=intent.actions.len())
            .flat_map(|new| (1..=9).map(move |old| (old, new)))
            .filter(|(old, new)| old != new && said.value.contains(&format!("step{old}")))
            .map(|(old, new)| said.value.replace(&format!("step{old}"), &format!("step{new}")))
            .collect()
    })
}

fn tokens(intent: &Intent) -> Vec<Intent> {
    with(intent, &TOKENS, |action, said| {
        let here = VOCABULARY.tokens.iter().filter(|t| action.get(Role::Chain) == Some(t.chain.as_str()));
        let near = |t: &&grimoire_lang::vocabulary::TokenNames| {
            ["USDC", "ETH", "WETH", "USDC.e", "DAI", "POL", "WPOL"].contains(&t.symbol.as_str())
                || t.symbol.starts_with(&said.value[..1])
        };
        here.filter(near).map(|t| t.symbol.clone()).filter(|s| *s != said.value).collect()
    })
}

fn chains(intent: &Intent) -> Vec<Intent> {
    with(intent, &[Role::Chain, Role::ToChain], |_, said| {
        VOCABULARY.chains.iter().map(|c| c.id.clone()).filter(|id| *id != said.value).collect()
    })
}

fn venues(intent: &Intent) -> Vec<Intent> {
    with(intent, &[Role::Venue], |_, said| {
        VOCABULARY.venues.iter().map(|v| v.id.clone()).filter(|id| *id != said.value).collect()
    })
}

/// One character changed, left out, doubled, or of the other case: at every place.
fn recipients(intent: &Intent) -> Vec<Intent> {
    with(intent, &[Role::Recipient], |_, said| {
        let value = &said.value;
        let mut out = Vec::new();
        for (i, c) in value.char_indices() {
            let (head, tail) = (&value[..i], &value[i + c.len_utf8()..]);
            let other = if c == '1' { '2' } else { '1' };
            out.push(format!("{head}{other}{tail}"));
            out.push(format!("{head}{tail}"));
            out.push(format!("{head}{c}{c}{tail}"));
            let cased = if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            out.extend((cased != c).then(|| format!("{head}{cased}{tail}")));
        }
        out
    })
}

fn units(intent: &Intent) -> Vec<Intent> {
    let roles = [Role::MaxSlippage, Role::MinOut, Role::MaxIn, Role::MaxGas, Role::Deadline];
    with(intent, &roles, |_, said| {
        let value = &said.value;
        let number: String = value.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        let forms: &[&str] = if value.ends_with('%') {
            &["N"]
        } else if value.starts_with('$') || value.contains(' ') {
            &["$N", "N gwei", "N ETH", "N POL", "N USDC", "N"]
        } else if value.ends_with(['s', 'm', 'h']) {
            &["Ns", "Nm", "Nh"]
        } else {
            &["$N"]
        };
        forms.iter().map(|f| f.replace('N', &number)).filter(|v| v != value).collect()
    })
}

/// A value that was said, or that the action cannot be without.
fn dropped_values(intent: &Intent) -> Vec<Intent> {
    let mut out = Vec::new();
    for (a, action) in intent.actions.iter().enumerate() {
        for v in 0..action.values.len() {
            let mut mutant = intent.clone();
            mutant.actions[a].values.remove(v);
            out.push(mutant);
        }
    }
    out
}

/// A value that was said, said to come from nowhere and changed.
fn forgotten(intent: &Intent) -> Vec<Intent> {
    let mut out = Vec::new();
    for (a, action) in intent.actions.iter().enumerate() {
        for (v, (role, said)) in action.values.iter().enumerate() {
            let words = matches!(&said.source, Source::Words(_));
            for source in [Source::Context, Source::Words(Vec::new())].into_iter().filter(|_| words) {
                let mut mutant = intent.clone();
                mutant.actions[a].values[v].1.source = source;
                mutant.actions[a].values[v].1.value = match role {
                    Role::Chain | Role::ToChain => "polygon",
                    Role::Venue => "morpho_blue",
                    Role::Token | Role::TokenIn | Role::TokenOut | Role::Collateral => "AAVE",
                    Role::Recipient => "mallory.eth",
                    Role::Amount | Role::AmountIn | Role::AmountOut | Role::MinOut | Role::MaxIn => "31",
                    Role::As => continue,
                    Role::MaxSlippage => "31%",
                    Role::MaxGas => "$31",
                    Role::Deadline => "31h",
                }
                .to_owned();
                out.push(mutant);
            }
        }
    }
    out.retain(|m| crate::engine::plan(m, None) != crate::engine::plan(intent, None));
    out
}

/// A bound or a recipient nobody named, with every source a value can have.
fn invented(intent: &Intent) -> Vec<Intent> {
    let mut out = Vec::new();
    for (a, action) in intent.actions.iter().enumerate() {
        let spans = |role| match action.sourced(role).map(|s| s.source.clone()) {
            Some(Source::Words(spans)) => spans,
            _ => Vec::new(),
        };
        let amount = AMOUNTS.iter().map(|r| spans(*r)).find(|s| !s.is_empty()).unwrap_or_default();
        for (role, value) in [
            (Role::Recipient, "mallory.eth"),
            (Role::MinOut, "1"),
            (Role::MaxSlippage, "50%"),
            (Role::MaxGas, "$1"),
            (Role::Deadline, "1m"),
            (Role::Collateral, "WETH"),
            (Role::As, "collateral"),
        ] {
            if action.get(role).is_some() {
                continue;
            }
            let rule = Source::Rule { name: "default_venue".into(), spans: Vec::new() };
            for source in [Source::Context, Source::Words(Vec::new()), Source::Words(amount.clone()), rule] {
                let mut mutant = intent.clone();
                let values = &mut mutant.actions[a].values;
                values.push((role, Sourced { value: value.to_owned(), source }));
                values.sort_by_key(|(r, _)| *r);
                out.push(mutant);
            }
        }
    }
    out
}

fn dropped_actions(intent: &Intent) -> Vec<Intent> {
    let drop = |a: usize| {
        let mut mutant = intent.clone();
        mutant.actions.remove(a);
        mutant
    };
    (0..intent.actions.len()).map(drop).collect()
}

/// An action once more, at every place; and one that gives everything away.
fn added_actions(intent: &Intent) -> Vec<Intent> {
    let mut out = Vec::new();
    for at in 0..=intent.actions.len() {
        for action in &intent.actions {
            let mut mutant = intent.clone();
            mutant.actions.insert(at, action.clone());
            out.push(mutant);
        }
        let context = |value: &str| Sourced { value: value.into(), source: Source::Context };
        let values = vec![
            (Role::Chain, context("ethereum")),
            (Role::Token, context("USDC")),
            (Role::Amount, context("all")),
            (Role::Recipient, context("mallory.eth")),
        ];
        let mut mutant = intent.clone();
        mutant.actions.insert(at, Action { kind: ActionKind::Transfer, values });
        out.push(mutant);
    }
    out
}

fn reordered(intent: &Intent) -> Vec<Intent> {
    let count = intent.actions.len();
    let mut out = Vec::new();
    for a in 0..count {
        for b in a + 1..count {
            let mut mutant = intent.clone();
            mutant.actions.swap(a, b);
            out.push(mutant);
        }
    }
    out.retain(|m| crate::engine::plan(m, None) != crate::engine::plan(intent, None));
    out
}

fn kinds(intent: &Intent) -> Vec<Intent> {
    let mut out = Vec::new();
    for a in 0..intent.actions.len() {
        for kind in ActionKind::ALL.into_iter().filter(|k| *k != intent.actions[a].kind) {
            let mut mutant = intent.clone();
            mutant.actions[a].kind = kind;
            out.push(mutant);
        }
    }
    out
}
