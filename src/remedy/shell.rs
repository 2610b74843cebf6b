//! Words of a POSIX shell.

use crate::export::is_hidden;

/// Returns a text as one word of a shell; `None` for a text with invisible characters, whose effect a reviewer does not
/// see.
pub(crate) fn quote_visible(text: &str) -> Option<String> {
    if text.contains(is_hidden) {
        None
    } else {
        quote(text)
    }
}

/// Returns a text as one word of a shell, with its line breaks; `None` for a text with a NUL. A `##` is split into two
/// quoted parts, since the runners of CI systems take it for the beginning of a command.
pub(super) fn quote(text: &str) -> Option<String> {
    let mut word = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("##") {
        let (part, behind) = rest.split_at(at + 1);
        word.push_str(&shlex::try_quote(part).ok()?);
        rest = behind;
    }
    Some(word + &shlex::try_quote(rest).ok()?)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{quote, quote_visible};

    /// Texts that a shell interprets unless they are quoted.
    const HOSTILE: [&str; 24] = [
        "plain",
        "##vso[task.complete]'x",
        "###[a",
        "",
        " ",
        "two words",
        "$(touch pwned)",
        "`touch pwned`",
        "'; touch pwned; '",
        "\"; touch pwned; \"",
        "a\ntouch pwned\n",
        "\\",
        "\\'",
        "'\\''$(touch pwned)'",
        "-rf",
        "--help",
        "~",
        "*",
        "${HOME}",
        "$'\\n'",
        "!!",
        "# no comment",
        "&& touch pwned",
        "标签 <(touch pwned) > pwned",
    ];

    #[test]
    fn a_real_shell_reads_back_every_text_and_runs_none() {
        let folder = tempfile::TempDir::new().expect("a folder");
        for shell in ["sh", "bash", "dash", "zsh", "ksh", "busybox"] {
            let there = Command::new(shell).args(["-c", "exit 0"]).output().is_ok();
            assert!(there || shell != "sh", "there is no shell");
            if !there || shell == "busybox" {
                continue;
            }
            for text in HOSTILE {
                let line = format!(
                    "printf '%s|' {}; printf '%s|' --key={}",
                    quote(text).expect("no NUL"),
                    quote(text).expect("no NUL")
                );
                let ran = Command::new(shell)
                    .args(["-c", &line])
                    .current_dir(folder.path())
                    .output()
                    .expect("it runs");
                let read = String::from_utf8(ran.stdout).expect("UTF-8");
                assert_eq!(read, format!("{text}|--key={text}|"), "{shell}: {line}");
                assert!(!folder.path().join("pwned").exists(), "{shell}: {line}");
            }
        }
    }

    #[test]
    fn invisible_characters_are_refused() {
        for text in ["a\nb", "a\u{1b}[2Kb", "a\u{202e}b", "a\u{200b}b", "a\0b"] {
            assert_eq!(quote_visible(text), None, "{text:?}");
        }
        assert_eq!(quote_visible("v[0-9]'").as_deref(), Some("\"v[0-9]'\""));
        assert_eq!(quote("\0"), None);
    }
}
