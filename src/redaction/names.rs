//! Names of variables and keys with secret values.

/// The words of such names, in capitals.
const SECRET_WORDS: [&str; 7] = [
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PRIVATE",
    "CREDENTIAL",
    "KEY",
];

/// The endings of names whose value is the place or the name of a secret.
const PLACE_ENDINGS: [&str; 5] = ["_FILE", "_PATH", "_DIR", "_DIRECTORY", "_NAME"];

/// The beginnings of names of variables with the address of a chat robot.
const CHAT_PREFIXES: [&str; 5] = ["DINGTALK_", "FEISHU_", "LARK_", "WECOM_", "SLACK_"];

/// The word of other names of such variables.
const WEBHOOK: &str = "WEBHOOK";

/// Returns `true` if a variable has the address of a webhook: a URL with a path, which is enough to post to it.
#[must_use]
pub fn is_webhook(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_named =
        name.contains(WEBHOOK) || CHAT_PREFIXES.iter().any(|chat| name.starts_with(chat));
    is_named && webhook_path(value).is_some()
}

/// Returns the part of a URL after its host, the secret of a webhook; `None` if the URL has none.
pub(super) fn webhook_path(url: &str) -> Option<&str> {
    let (_, rest) = url.trim().split_once("://")?;
    let path = rest.get(rest.find(['/', '?'])?..)?;
    (path.len() > 1).then_some(path)
}

/// Returns `true` if a variable or key of this name may have a secret value: the name contains one of the words, in any
/// case.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// Returns `true` if a variable or key of this name has a secret value, and not the path or the name of a secret.
pub(super) fn has_secret_value(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    is_secret_name(&upper) && !PLACE_ENDINGS.iter().any(|ending| upper.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::{has_secret_value, is_secret_name, is_webhook};

    #[test]
    fn webhooks_are_recognized_by_name_and_value() {
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
    fn names_are_recognized_in_any_case_and_place() {
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
            has_secret_value("access_key_id")
                && !has_secret_value("oidc_token_file")
                && !has_secret_value("KEY_NAME")
        );
    }
}
