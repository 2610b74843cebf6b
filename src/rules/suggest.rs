//! "Did you mean": the nearest of the words that would have been right.

/// Words of the API and of neighbouring tools for keys of ours, spelt as [`folded`] leaves them.
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

/// The most words that one is compared with.
const MOST_COMPARED: usize = 200;

/// The word of `allowed` that was most likely meant by `given`.
#[must_use]
pub fn nearest<'a>(given: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if given.chars().count() > 64 {
        return None;
    }
    let given = folded(given);
    let synonym = SYNONYMS
        .iter()
        .find(|(word, _)| *word == given)
        .map(|(_, ours)| *ours);
    let distance = |word: &str| {
        if synonym == Some(word) {
            0
        } else {
            strsim::damerau_levenshtein(&given, &folded(word))
        }
    };
    let length = given.chars().count();
    let most = length.div_ceil(3);
    // Words of about this length, and so many of them that a list of any length is looked at in no time.
    let similar = |word: &&str| {
        synonym == Some(*word) || word.len().abs_diff(given.len()) <= 4 * most + word.len() / 2
    };
    let compared = allowed.into_iter().filter(similar).take(MOST_COMPARED);
    compared
        .map(|word| (distance(word), word))
        .filter(|(far, _)| *far <= most)
        .min()
        .map(|(_, word)| word)
}

/// [`nearest`] as a question.
pub(super) fn did_you_mean<'a>(
    given: &str,
    allowed: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(given, allowed).map(|word| format!("did you mean `{}`?", super::problem::clipped(word)))
}

/// Words as a sentence lists them.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let mut words = words.into_iter();
    let shown: Vec<String> = words
        .by_ref()
        .take(MOST)
        .map(super::problem::shown)
        .collect();
    match words.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn folded(word: &str) -> String {
    word.chars()
        .filter(|it| !matches!(it, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_found_or_none() {
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
