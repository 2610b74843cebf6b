//! Nothing that can call the API knows an action that writes.

use super::sources::source_files;

/// `remedy` knows names of such actions, as text for a person, and can call nothing: it is pure, and `cli`, which prints
/// its text, is the only user.
#[test]
fn no_client_code_names_a_write_action() {
    let verbs = ["Create", "Delete", "Update", "Cancel", "Modify"];
    let mut wrong = Vec::new();
    let mut named = 0;
    for file in source_files() {
        let code = file
            .text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for text in line.split('"').skip(1).step_by(2) {
                if !verbs
                    .iter()
                    .any(|verb| text.starts_with(&format!("{verb}Repo")))
                {
                    continue;
                }
                if file.room() == "remedy" {
                    named += 1;
                } else {
                    wrong.push(format!("{}:{}: {text}", file.path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        named, 4,
        "expected four names of actions in `remedy`, found {named}"
    );
}

/// The program starts two kinds of programs: those that give credentials, and git. Neither gets the text of a remedy.
#[test]
fn programs_are_started_in_two_places() {
    let mut starting = Vec::new();
    for file in source_files() {
        if file.code.contains("process ::") && file.code.contains("Command :: new") {
            starting.push(file.path.display().to_string());
        }
    }
    assert_eq!(
        starting,
        [
            "crates/acr-client/src/credentials/process.rs",
            "src/cli/git/command.rs"
        ]
    );
}
