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

/// The beginnings of names of variables that may hold the address of a robot of a chat.
const CHATS: [&str; 5] = ["DINGTALK_", "FEISHU_", "LARK_", "WECOM_", "SLACK_"];

/// The word in other names of such variables.
const WEBHOOK: &str = "WEBHOOK";

/// Returns `true` if a variable holds the address of a webhook: a URL with a path, which is all that its owner needs to post.
#[must_use]
pub fn is_webhook(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_named = name.contains(WEBHOOK) || CHATS.iter().any(|chat| name.starts_with(chat));
    is_named && webhook_path(value).is_some()
}

/// Returns the part of a URL behind its host: the secret of a webhook. `None` where there is none.
pub(super) fn webhook_path(url: &str) -> Option<&str> {
    let (_, rest) = url.trim().split_once("://")?;
    let path = rest.get(rest.find(['/', '?'])?..)?;
    (path.len() > 1).then_some(path)
}

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
    use super::{holds_secret, is_secret_name, is_webhook};

    #[test]
    fn an_address_of_a_webhook_is_known_by_name_and_value() {
        let url = "https://hooks.example/services/T0/B0/x";
        for name in [
            "SLACK_WEBHOOK",
            "slack_webhook_url",
            "MY_WEBHOOK",
            "DINGTALK_ROBOT",
            "FEISHU_URL",
        ] {
            assert!(is_webhook(name, url), "{name}");
        }
        assert!(is_webhook("WEBHOOK", "https://hooks.example?key=x"));
        for (name, value) in [
            ("HOMEPAGE", url),
            ("SLACK_CHANNEL", "#alerts"),
            ("FEISHU_HOST", "https://open.feishu.example"),
            ("FEISHU_HOST", "https://open.feishu.example/"),
        ] {
            assert!(!is_webhook(name, value), "{name}");
        }
    }

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
