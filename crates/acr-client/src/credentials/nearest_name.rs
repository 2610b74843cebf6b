//! The profile that a misspelt one stands for.

/// The longest name that is compared, in characters, and the most names that it is compared with.
const MAX_COMPARED: usize = 200;

/// Returns the name that is nearest to a given one; `None` where all are far from it. The case does not count.
pub(super) fn nearest_name<'a>(
    given: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = given.to_lowercase();
    let length = given.chars().count();
    let is_short = |name: &&str| name.chars().count() <= MAX_COMPARED;
    if length > MAX_COMPARED {
        return None;
    }
    let compared = names.into_iter().filter(is_short).take(MAX_COMPARED);
    let distances = compared.map(|name| {
        (
            strsim::damerau_levenshtein(&given, &name.to_lowercase()),
            name,
        )
    });
    distances
        .filter(|(distance, _)| *distance <= length.div_ceil(3))
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest_name;

    #[test]
    fn the_nearest_name_is_found() {
        let names = ["default", "prod", "staging"];
        let cases = [
            ("prdo", Some("prod")),
            ("PROD", Some("prod")),
            ("stagin", Some("staging")),
            ("audit", None),
            ("", None),
        ];
        for (given, expected) in cases {
            assert_eq!(nearest_name(given, names), expected, "{given}");
        }
        assert_eq!(nearest_name(&"x".repeat(100_000), names), None);
    }
}
