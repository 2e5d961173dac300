//! Names near to one that is not known: shown in a question, never chosen.

use crate::vocabulary::Vocabulary;

/// Edits between two words, neighbours exchanged counting as one; more than `most` is `None`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    Some(rows[a.len()][b.len()]).filter(|&d| d <= most)
}

/// Up to three symbols of a chain, the nearest first.
pub(crate) fn near_tokens(said: &str, chain: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let said = said.trim_start_matches('$').to_lowercase();
    let most = if said.chars().count() <= 3 { 1 } else { 2 };
    let mut near: Vec<(usize, &str)> = vocabulary
        .tokens
        .iter()
        .filter(|t| t.chain == chain)
        .filter_map(|t| Some((distance(&said, &t.symbol.to_lowercase(), most)?, t.symbol.as_str())))
        .collect();
    near.sort_by_key(|(d, _)| *d);
    near.into_iter().take(3).map(|(_, s)| s.to_owned()).collect()
}

/// Whether what was said resembles a name, or its first word.
pub(crate) fn near(said: &str, name: &str) -> bool {
    let (said, name) = (said.to_lowercase(), name.to_lowercase());
    let first = name.split([' ', '_']).next().unwrap_or_default();
    let most = if said.chars().count() <= 4 { 1 } else { 2 };
    distance(&said, &name, most).is_some() || distance(&said, first, most).is_some()
}

/// Whether a word resembles the name of a chain, or of a venue.
pub(crate) fn near_place(said: &str, vocabulary: &Vocabulary, chain: bool) -> bool {
    let near = |name: &str| said.chars().count() >= 4 && distance(said, name, 2).is_some();
    if chain {
        vocabulary.chains.iter().any(|c| near(&c.id) || c.words.iter().any(|w| w.len() > 3 && near(w)))
    } else {
        vocabulary.venues.iter().any(|v| v.words.iter().any(|w| w.len() > 3 && near(w)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_exchanged_are_one_edit() {
        assert_eq!(distance("ucdc", "usdc", 2), Some(1));
        assert_eq!(distance("usdcc", "usdc", 2), Some(1));
        assert_eq!(distance("uscd", "usdc", 2), Some(1));
        assert_eq!(distance("frog", "usdc", 2), None);
    }
}
