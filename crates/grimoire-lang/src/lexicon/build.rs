//! Compiles the lexicon files and the frames.

use super::*;

impl Builder {
    pub(super) fn add(&mut self, pattern: &str, meaning: Meaning) {
        self.phrases.add(pattern, meaning, &mut self.words);
    }

    /// A word of the closed classes that a slip may be repaired to.
    pub(super) fn repairable(&mut self, word: &str) {
        if word.len() >= 5 && word.bytes().all(|b| b.is_ascii_lowercase()) {
            let id = self.words.intern(word);
            if !self.repairable.iter().any(|(w, _)| w == word) {
                self.repairable.push((word.into(), id));
            }
        }
    }

    pub(super) fn quantities(&mut self) -> NumberWords {
        let file: Quantities = toml::from_str(include_str!("quantities.toml"))
            .expect("a test holds that the lexicon files are well formed");
        let kinds = [
            ("all", Q::All),
            ("rest", Q::Rest),
            ("vague", Q::Vague),
            ("approx", Q::Approx),
            ("exactly", Q::Exactly),
            ("at_most", Q::AtMost),
            ("at_least", Q::AtLeast),
            ("as_much", Q::AsMuch),
            ("as_can", Q::AsCan),
            ("all_but", Q::AllBut),
            ("usd", Q::Usd),
            ("other_money", Q::OtherMoney),
            ("worth", Q::Worth),
            ("of", Q::Of),
            ("mine", Q::Mine),
            ("the", Q::The),
            ("a", Q::A),
            ("pronoun", Q::Pronoun),
            ("sum", Q::Sum),
            ("holding", Q::Holding),
            ("debt", Q::Debt),
            ("have", Q::Have),
            ("percent", Q::Percent),
            ("each", Q::Each),
            ("or", Q::Or),
            ("keep", Q::Keep),
            ("enough", Q::Enough),
            ("needed", Q::Needed),
            ("take", Q::Take),
        ];
        for (key, q) in kinds {
            for phrase in file.lists[key].as_array().into_iter().flatten().filter_map(toml::Value::as_str) {
                self.add(phrase, Meaning::Quantity(q));
            }
        }
        let numbers = file.numbers;
        let mut out = NumberWords::default();
        let words = &mut self.words;
        out.units.extend(numbers.units.iter().map(|(w, n)| (words.intern(w), *n)));
        out.tens.extend(numbers.tens.iter().map(|(w, n)| (words.intern(w), *n)));
        out.scales.extend(numbers.scales.iter().map(|(w, n)| (words.intern(w), *n)));
        out.suffixes.extend(numbers.suffixes.iter().map(|(w, n)| (words.intern(w), *n)));
        out.shares.extend(numbers.shares.iter().map(|(w, n)| (words.intern(w), *n)));
        let units =
            [(numbers.seconds, 's'), (numbers.minutes, 'm'), (numbers.hours, 'h'), (numbers.days, 'd')];
        for (table, letter) in units {
            out.times.extend(table.iter().map(|(w, n)| (words.intern(w), (letter, *n))));
        }
        out
    }

    pub(super) fn closed_classes(&mut self) {
        for list in lists(include_str!("silent.toml")).values() {
            for pattern in list {
                self.add(pattern, Meaning::Silent);
            }
        }
        for (key, list) in lists(include_str!("links.toml")) {
            let link = match key.as_str() {
                "then" => Link::Then,
                "soft" => Link::Soft,
                "after" => Link::After,
                "before" => Link::Before,
                "once" => Link::Once,
                "first" => Link::First,
                _ => Link::Bullet,
            };
            let meaning = match key.as_str() {
                "events" => Meaning::Event,
                "settled" => Meaning::Settled,
                _ => Meaning::Link(link),
            };
            for pattern in &list {
                self.add(pattern, meaning);
            }
            if link == Link::Soft {
                self.phrases.add_plain("\n", Meaning::Link(link), &mut self.words);
            }
        }
        for (key, list) in lists(include_str!("limits.toml")) {
            let meaning = match key.as_str() {
                "leads" => Meaning::Lead,
                "scope" => Meaning::Scope,
                "max_slippage" => Meaning::Limit(Slot::MaxSlippage),
                "min_out" => Meaning::Limit(Slot::MinOut),
                "max_in" => Meaning::Limit(Slot::MaxIn),
                "max_gas" => Meaning::Limit(Slot::MaxGas),
                _ => Meaning::Limit(Slot::Deadline),
            };
            for pattern in &list {
                self.add(pattern, meaning);
            }
        }
        for (key, list) in lists(include_str!("gates.toml")) {
            let gate = match key.as_str() {
                "question" => Gate::Question,
                "negation" => Gate::Negation,
                "cancel" => Gate::Cancel,
                "unsupported" => Gate::Unsupported,
                "recurrence" => Gate::Recurrence,
                "condition" => Gate::Condition,
                _ => Gate::Injection,
            };
            for pattern in &list {
                self.add(pattern, Meaning::Gate(gate));
            }
        }
        for (key, list) in lists(include_str!("asides.toml")) {
            let meaning = match key.as_str() {
                "reasons" => Meaning::Aside,
                "open" => Meaning::Open,
                _ => Meaning::Kin,
            };
            for pattern in &list {
                self.add(pattern, meaning);
            }
        }
        for (key, list) in lists(include_str!("corrections.toml")) {
            let meaning = if key == "replaced" { Meaning::Replaced } else { Meaning::Fix };
            for pattern in &list {
                self.add(pattern, meaning);
                if key == "objections" {
                    self.add(pattern, Meaning::Objection);
                }
            }
        }
        for (factor, list) in lists(include_str!("scales.toml")) {
            let (n, d) = factor.split_once('/').unwrap_or((&factor, "1"));
            let small = |n: &str| n.parse().expect("a factor is a small whole number or a fraction of two");
            for pattern in &list {
                self.add(pattern, Meaning::Scale(small(n), small(d)));
            }
        }
        for word in ["please", "into", "using", "after", "before", "thanks", "could", "would"] {
            self.repairable(word);
        }
    }

    pub(super) fn marker(&mut self, markers: &mut Vec<String>, phrase: &str) -> u16 {
        let at = markers.iter().position(|m| m == phrase).unwrap_or_else(|| {
            markers.push(phrase.into());
            let id = u16::try_from(markers.len() - 1).expect("there are few markers");
            for way in keyed(phrase) {
                self.phrases.add(&way, Meaning::Marker(id), &mut self.words);
            }
            if !phrase.contains(['(', '[']) {
                phrase.split(' ').for_each(|w| self.repairable(w));
            }
            markers.len() - 1
        });
        u16::try_from(at).expect("there are few markers")
    }

    pub(super) fn sense(&mut self, rule: &SenseRule, markers: &mut Vec<String>) -> Sense {
        let mut set = |this: &mut Self, phrases: &[String]| {
            let mut bits = vec![0u64; MARKER_WORDS];
            for phrase in phrases.iter().filter(|p| !p.is_empty()) {
                let id = this.marker(markers, phrase);
                bits[usize::from(id) / 64] |= 1 << (id % 64);
            }
            bits
        };
        let edges = rule
            .slots
            .iter()
            .map(|s| SlotEdge {
                slot: s.slot,
                kind: s.kind,
                markers: set(self, &s.at),
                bare: s.at.iter().any(String::is_empty),
                cost: s.cost,
                after: s.after.map_or(0, Slot::bit),
                until: s.until.map_or(0, Slot::bit),
            })
            .collect();
        let all = [Slot::MaxSlippage, Slot::MinOut, Slot::MaxIn, Slot::MaxGas, Slot::Deadline];
        let limits = if rule.action == ActionKind::Swap { &all[..] } else { &all[3..] };
        Sense {
            id: rule.id.clone(),
            action: rule.action,
            edges,
            required: rule.slots.iter().filter(|s| s.required).fold(0, |set, s| set | s.slot.bit()),
            particles: set(self, &rule.particles),
            verbless: rule.verbless,
            confirm: rule.confirm,
            limits: limits.iter().fold(0, |set, s| set | s.bit()),
        }
    }

    pub(super) fn known(&mut self) -> Known {
        let mut word = |w: &str| self.words.intern(w);
        Known {
            and: word("and"),
            point: word("point"),
            dollar: word("$"),
            slash: word("/"),
            dash: word("-"),
            a: word("a"),
            an: word("an"),
            of: word("of"),
            to: word("to"),
            gwei: word("gwei"),
            bps: word("bps"),
            basis: word("basis"),
            points: word("points"),
            venue_nouns: [
                "protocol", "market", "markets", "platform", "app", "lending", "pool", "pools", "contract",
                "account", "accounts", "dapp",
            ]
            .map(&mut word),
            wallets: ["wallet", "account", "address"].map(&mut word),
            chain: word("chain"),
            network: word("network"),
            half: word("half"),
            arrow: word("->"),
            or: word("or"),
            the: word("the"),
            more: word(">"),
        }
    }
}

/// A key of a form, `token_in :`, as lists, calls and command lines write it.
fn keyed(phrase: &str) -> Vec<String> {
    let Some(key) = phrase.strip_suffix(" :") else { return vec![phrase.to_owned()] };
    let mut ways = vec![phrase.to_owned(), format!("{key} ="), format!("- - {key}"), format!("- - {key} =")];
    if key.contains('_') {
        let words = key.replace('_', " ");
        ways.extend([key.to_owned(), format!("{words} :"), format!("{words} =")]);
        ways.push(key.replace('_', "") + " :");
        ways.push(key.replace('_', "") + " =");
        ways.push(format!("- - {}", key.replace('_', " - ")));
    }
    ways
}

pub(super) fn lists(text: &str) -> Lists {
    toml::from_str(text).expect("a test holds that the lexicon files are well formed")
}

/// “2 ETH to be wrapped”, “500 USDC be sent”, “with it being sent”.
pub(super) fn passive(table: &mut BTreeMap<String, Vec<VerbSense>>, participle: &str, sense: u8) {
    for form in [
        format!("be {participle}"),
        format!("to be {participle}"),
        format!("being {participle}"),
        format!("should be {participle}"),
        format!("must be {participle}"),
        format!("is to be {participle}"),
        format!("are to be {participle}"),
    ] {
        table.entry(form).or_default().push(VerbSense { sense, second: false, past: true });
    }
}

pub(super) fn add_verbs(build: &mut Builder, rules: &[SenseRule]) -> (Vec<Vec<VerbSense>>, Vec<String>) {
    let mut table: BTreeMap<String, Vec<VerbSense>> = BTreeMap::new();
    for (i, rule) in rules.iter().enumerate() {
        let sense = u8::try_from(i).expect("there are fewer than 256 senses");
        for (list, second) in [(&rule.verbs, false), (&rule.also, true)] {
            for (i, form) in list.iter().flat_map(|v| forms(v).into_iter().enumerate()) {
                if i == 2 {
                    passive(&mut table, &form, sense);
                }
                table.entry(form).or_default().push(VerbSense { sense, second, past: i == 2 });
            }
        }
        for form in &rule.past {
            passive(&mut table, form, sense);
            table.entry(form.clone()).or_default().push(VerbSense { sense, second: false, past: true });
        }
        for form in rule.forms.iter().flat_map(|f| crate::phrase::ways(f)) {
            table.entry(form).or_default().push(VerbSense { sense, second: false, past: false });
        }
    }
    let mut verbs = Vec::new();
    let mut short = Vec::new();
    for (form, mut senses) in table {
        // “put” is its own participle: the form that may stand anywhere wins.
        senses.sort_by_key(|v| (v.sense, v.past, v.second));
        senses.dedup_by_key(|v| v.sense);
        let id = u16::try_from(verbs.len()).expect("there are fewer than 65,536 verbs");
        build.add(&form, Meaning::Verb(id));
        if form.contains(' ') {
            form.split(' ').for_each(|w| build.repairable(w));
        } else {
            build.repairable(&form);
            if form.len() == 4 {
                short.push(form);
            }
        }
        verbs.push(senses);
    }
    (verbs, short)
}
