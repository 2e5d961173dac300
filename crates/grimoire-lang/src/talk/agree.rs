//! Whether a message agrees to the plan that is shown, and says nothing else.

/// Words that agree.
const YES: &str = "yes yep yeah yup y ok okay sure confirm confirmed correct right proceed lgtm fine perfect absolutely \
                   definitely agree agreed affirmative indeed";
/// Words that may stand beside them.
const BESIDE: &str = "please thanks thank you that's thats that is it this looks sounds good great go ahead do for i all \
                      the plan with me by of course exactly execute send now ser everything as planned just";
/// Phrases of those that agree by themselves.
const PHRASES: [&str; 8] =
    ["go ahead", "do it", "looks good", "sounds good", "execute it", "send it", "of course", "exactly"];

/// Whether every word agrees or may stand beside one that does.
pub(super) fn agrees(text: &str) -> bool {
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect();
    let listed = |list: &str, word: &&str| list.split_whitespace().any(|w| w == *word);
    let said = words.join(" ");
    words.iter().all(|w| listed(YES, w) || listed(BESIDE, w))
        && (said == "go" || words.iter().any(|w| listed(YES, w)) || PHRASES.iter().any(|p| said.contains(p)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_agreement_agrees() {
        for yes in ["yes", "Yes, go ahead.", "that\u{2019}s right", "do it", "ok thanks", "LGTM"] {
            assert!(agrees(yes), "{yes}");
        }
        for no in ["", "no", "yes but 200", "thanks", "ok not that", "right, on base", "that"] {
            assert!(!agrees(no), "{no}");
        }
    }
}
