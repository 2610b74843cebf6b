//! Suggestions for a word that is not known: the nearest of the known ones.

/// Words of the API and of other tools with the keys of rules files that they stand for, spelt as [`fold`] returns them.
const SYNONYMS: [(&str, &str); 15] = [
    ("syncrulename", "name"),
    ("source", "from"),
    ("target", "to"),
    ("destination", "to"),
    ("synctrigger", "trigger"),
    ("syncscope", "scope"),
    ("filter", "tag_filter"),
    ("tags", "tag_filter"),
    ("repository", "repo"),
    ("reponame", "repo"),
    ("namespacename", "namespace"),
    ("instanceid", "id"),
    ("regionid", "region"),
    ("automatic", "PASSIVE"),
    ("manual", "INITIATIVE"),
];

/// The most words that a word is compared with.
const MAX_COMPARED: usize = 200;

/// Returns the word of `allowed` that is nearest to `given`; `None` where all are far from it.
#[must_use]
pub fn nearest<'a>(given: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if given.chars().count() > 64 {
        return None;
    }
    let given = fold(given);
    let synonym = SYNONYMS
        .iter()
        .find(|(word, _)| *word == given)
        .map(|(_, ours)| *ours);
    let distance = |word: &str| {
        if synonym == Some(word) {
            0
        } else {
            strsim::damerau_levenshtein(&given, &fold(word))
        }
    };
    let length = given.chars().count();
    let most = length.div_ceil(3);
    // Only words of a similar length, and at most 200 of them, so that the time does not grow with the list.
    let similar = |word: &&str| {
        synonym == Some(*word) || word.len().abs_diff(given.len()) <= 4 * most + word.len() / 2
    };
    let compared = allowed.into_iter().filter(similar).take(MAX_COMPARED);
    compared
        .map(|word| (distance(word), word))
        .filter(|(far, _)| *far <= most)
        .min()
        .map(|(_, word)| word)
}

/// Returns a word in lower case without `_` and `-`.
fn fold(word: &str) -> String {
    word.chars()
        .filter(|character| !matches!(character, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_suggested() {
        let keys = [
            "name",
            "from",
            "to",
            "tag_filter",
            "repo_name_filter",
            "trigger",
        ];
        let cases = [
            ("tagFilter", Some("tag_filter")),
            ("tag-filter", Some("tag_filter")),
            ("triger", Some("trigger")),
            ("SyncRuleName", Some("name")),
            ("source", Some("from")),
            ("TO", Some("to")),
            ("namespaces", None),
            ("x", None),
            ("", None),
        ];
        for (given, expected) in cases {
            assert_eq!(nearest(given, keys), expected, "{given}");
        }
        assert_eq!(
            nearest("automatic", ["PASSIVE", "INITIATIVE"]),
            Some("PASSIVE")
        );
        assert_eq!(nearest(&"x".repeat(1_000_000), keys), None);
    }
}
