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

/// Returns the pronoun for a number of things: `it`, `them`.
#[must_use]
pub const fn pronoun(count: usize) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

#[cfg(test)]
mod tests {
    use super::{pluralize, pronoun};

    #[test]
    fn the_noun_agrees_with_the_count() {
        let counts = [0_usize, 1, 2].map(|count| pluralize(count, "rule"));
        assert_eq!(counts, ["0 rules", "1 rule", "2 rules"]);
        assert_eq!([1, 2].map(pronoun), ["it", "them"]);
    }
}
