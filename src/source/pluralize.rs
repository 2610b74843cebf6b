//! Counts with their nouns.

use std::fmt::Display;

/// Returns a count and its noun, whose plural ends in `s`: `1 rule`, `2 rules`.
#[must_use]
pub fn pluralize<N: Copy + PartialEq + From<u8> + Display>(count: N, noun: &str) -> String {
    if count == N::from(1) {
        format!("{count} {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::pluralize;

    #[test]
    fn the_noun_agrees_with_the_count() {
        let counts = [0_usize, 1, 2].map(|count| pluralize(count, "rule"));
        assert_eq!(counts, ["0 rules", "1 rule", "2 rules"]);
    }
}
