//! Names of variables and keys that promise a secret.

/// The words that make a name suspicious, in capitals.
const WORDS: [&str; 7] = [
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PRIVATE",
    "CREDENTIAL",
    "KEY",
];

/// Endings of names whose value says where a secret is, or what it is called, and is none.
const PLACES: [&str; 5] = ["_FILE", "_PATH", "_DIR", "_DIRECTORY", "_NAME"];

/// Whether something of this name may hold a secret: the name has one of the words in it, in any case.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether the value of something of this name is a secret, and not the path or name of one.
pub(super) fn holds_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    is_secret_name(&upper) && !PLACES.iter().any(|ending| upper.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::{holds_secret, is_secret_name};

    #[test]
    fn names_are_recognised_in_any_case_and_place() {
        for name in [
            "MY_SECRET",
            "token",
            "GitHubToken2",
            "dbPassword",
            "PASSWD",
            "x_private_y",
            "Credentials",
            "KEYS",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["REGION", "CI_COMMIT_SHA", "HOME", "PASSING", "TOK", ""] {
            assert!(!is_secret_name(name), "{name}");
        }
        assert!(
            holds_secret("access_key_id")
                && !holds_secret("oidc_token_file")
                && !holds_secret("KEY_NAME")
        );
    }
}
