//! Nothing that can call the API knows an action that writes.

use std::collections::BTreeMap;

use super::sources::source_files;

/// The modules and crates that name actions that write, each with the number of names.
const NAMING_ROOMS: [(&str, usize); 3] = [("acr-emulator", 2), ("attribution", 4), ("remedy", 4)];

/// Every action that the client can call reads.
#[test]
fn actions_of_the_client_only_read() {
    let names = acr_api::ApiAction::ALL.map(acr_api::ApiAction::as_str);
    assert_eq!(
        names,
        [
            "ListRepoSyncRule",
            "ListInstance",
            "GetInstance",
            "LookupEvents"
        ]
    );
}

/// `remedy` knows names of such actions, as text for a person, and can call nothing: it is pure, and `cli`, which prints
/// its text, is the only user. The emulator logs two of them as events, and has no client. `attribution` names those that
/// it looks for in ActionTrail: the action called is `LookupEvents`, and the name is a value of a condition.
#[test]
fn no_client_code_names_a_write_action() {
    let verbs = ["Create", "Delete", "Update", "Cancel", "Modify"];
    let mut wrong = Vec::new();
    let mut named = BTreeMap::new();
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
                if NAMING_ROOMS.iter().any(|(room, _)| *room == file.room()) {
                    *named.entry(file.room()).or_insert(0) += 1;
                } else {
                    wrong.push(format!("{}:{}: {text}", file.path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let expected = NAMING_ROOMS.map(|(room, names)| (room.to_owned(), names));
    assert_eq!(named, BTreeMap::from(expected));
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
