//! Identifiers of resources, from the names of rules.

use std::collections::HashSet;

/// The identifiers assigned so far.
#[derive(Debug, Default)]
pub(super) struct Identifiers(HashSet<String>);

impl Identifiers {
    /// Returns an unused identifier that resembles a text: lower-case letters, digits and `_`, beginning with a letter.
    pub(super) fn assign(&mut self, text: &str) -> String {
        let stem = identifier(text);
        let mut name = stem.clone();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{stem}_{number}");
        }
        name
    }
}

/// The longest identifier, in bytes.
const MAX_LENGTH: usize = 64;

/// Returns a text as an identifier: equal texts have equal identifiers.
pub(super) fn identifier(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars().take(MAX_LENGTH) {
        match character.to_ascii_lowercase() {
            plain @ ('a'..='z' | '0'..='9') => name.push(plain),
            _ if name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    let name = name.trim_matches('_');
    let first = name.chars().next();
    if first.is_some_and(|first| first.is_ascii_lowercase()) {
        name.to_owned()
    } else {
        format!("rule_{name}").trim_end_matches('_').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Identifiers;

    #[test]
    fn identifiers_are_valid_and_never_the_same() {
        let mut names = Identifiers::default();
        let given = [
            "shop-web",
            "shop web",
            "Shop--Web",
            "7-up",
            "标签",
            "",
            "shop_web_2",
            "-x-",
        ];
        let expected = [
            "shop_web",
            "shop_web_2",
            "shop_web_3",
            "rule_7_up",
            "rule",
            "rule_2",
            "shop_web_2_2",
            "x",
        ];
        assert_eq!(given.map(|name| names.assign(name)), expected);
        assert!(names.assign(&"x".repeat(1_000)).len() <= 64);
    }
}
