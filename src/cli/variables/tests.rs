use clap::CommandFactory;

use super::*;
use crate::cli::args::Args;

/// Parses a command line with variables.
fn parsed(argv: &[&str], variables: &[(&str, &str)]) -> Result<ArgMatches, CommandLineError> {
    let argv: Vec<OsString> = argv.iter().map(OsString::from).collect();
    let lookup = |name: &str| {
        variables
            .iter()
            .find(|(it, value)| *it == name && !value.is_empty())
            .map(|(_, value)| value.into())
    };
    parse(&Args::command(), &argv, &lookup)
}

fn raw(matches: &ArgMatches, id: &str) -> Vec<String> {
    let mut leaf = matches;
    while let Some((_, inner)) = leaf.subcommand() {
        leaf = inner;
    }
    let values = leaf.try_get_raw(id).ok().flatten();
    values
        .map(|it| it.map(|it| it.to_string_lossy().into_owned()).collect())
        .unwrap_or_default()
}

/// The words of a command line that every command takes.
fn words(path: &[String]) -> Vec<String> {
    let more: &[&str] = match path.last().map(String::as_str) {
        Some("list") => &["cri-a"],
        Some("trace") => &["shop/api:v1"],
        Some("compare-filters" | "match") => &["a", "b"],
        Some("render" | "report" | "emulate") => &["a.json"],
        Some("explain") if path.len() == 1 => &["drift/missing-rule"],
        Some("schema") => &["rules"],
        Some("completions") => &["bash"],
        Some("snapshot" | "baseline") => &["--out", "a.json"],
        Some("export") => &["--to", "ros"],
        Some("notify" | "explain") if path.len() > 1 => &["a.json"],
        Some("test") if path.first().is_some_and(|it| it == "notify") => &["ops"],
        Some("waive") => &["--owner", "a", "--reason", "b"],
        Some("record" | "show") => &["--store", "sqlite:a", "a"],
        Some("status" | "runs" | "open" | "prune") => &["--store", "sqlite:a"],
        _ => &[],
    };
    let program = ["crdrift".to_owned()];
    program
        .into_iter()
        .chain(path.iter().cloned())
        .chain(more.iter().map(|it| (*it).to_owned()))
        .collect()
}

/// Every command that runs, with its name and its options that have variables.
fn commands() -> Vec<(Vec<String>, Command)> {
    let mut root = Args::command();
    root.build();
    let mut found = Vec::new();
    let mut open: Vec<(Vec<String>, Command)> = vec![(Vec::new(), root)];
    while let Some((path, command)) = open.pop() {
        for inner in command
            .get_subcommands()
            .filter(|it| it.get_name() != "help")
        {
            let mut path = path.clone();
            path.push(inner.get_name().to_owned());
            open.push((path, inner.clone()));
        }
        if !path.is_empty() && !command.has_subcommands() {
            found.push((path, command));
        }
    }
    found
}

#[test]
fn every_switch_takes_every_spelling() {
    const ON: [&str; 7] = ["1", "true", "TRUE", "yes", "On", "y", " on "];
    const OFF: [&str; 5] = ["0", "false", "No", "OFF", ""];
    let mut seen = 0;
    for (path, command) in commands() {
        for arg in command.get_arguments().filter(|it| is_switch(it)) {
            let Some(variable) = variable_of(arg) else {
                continue;
            };
            let argv = words(&path);
            // A code and the list of all codes exclude each other.
            let lists = variable == "CRDRIFT_LIST";
            let argv: Vec<&str> = argv
                .iter()
                .map(String::as_str)
                .filter(|it| !lists || !it.contains('/'))
                .collect();
            let id = arg.get_id().as_str();
            // Every switch takes one spelling of each, and every spelling is that of several switches.
            let on = ON[seen % ON.len()];
            let matches =
                parsed(&argv, &[(&variable, on)]).unwrap_or_else(|it| panic!("{variable}: {it:?}"));
            assert_eq!(raw(&matches, id), ["true"], "{variable}={on} {argv:?}");
            if !lists {
                let off = OFF[seen % OFF.len()];
                let matches = parsed(&argv, &[(&variable, off)])
                    .unwrap_or_else(|it| panic!("{variable}: {it:?}"));
                assert_ne!(raw(&matches, id), ["true"], "{variable}={off} {argv:?}");
            }
            let Err(CommandLineError::Variable(failure)) = parsed(&argv, &[(&variable, "maybe")])
            else {
                panic!("{variable}=maybe is taken")
            };
            assert!(
                failure.reason().starts_with(&variable),
                "{}",
                failure.reason()
            );
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf8_is_named_unless_it_is_a_path() {
    use std::os::unix::ffi::OsStringExt;

    let mut refused = 0;
    for (path, command) in commands() {
        for arg in command.get_arguments().filter(|it| !is_switch(it)) {
            let Some(variable) = variable_of(arg) else {
                continue;
            };
            let value = OsString::from_vec(b"json=\xff".to_vec());
            let lookup = |name: &str| (name == variable).then(|| value.clone());
            let argv: Vec<OsString> = words(&path).iter().map(OsString::from).collect();
            match parse(&Args::command(), &argv, &lookup) {
                Err(CommandLineError::Variable(failure)) => {
                    assert!(
                        failure.reason().starts_with(&variable),
                        "{}",
                        failure.reason()
                    );
                    refused += 1;
                }
                Err(CommandLineError::Parser(error)) => {
                    assert_ne!(error.kind(), ErrorKind::InvalidUtf8, "{variable}: {error}");
                }
                Ok(_) => assert!(takes_any_bytes(arg), "{variable}"),
            }
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn variables_that_override_each_other_are_both_named() {
    let variables = [("CRDRIFT_CONFIRM", "1"), ("CRDRIFT_NO_CONFIRM", "1")];
    let Err(CommandLineError::Variable(failure)) = parsed(&["crdrift", "plan"], &variables) else {
        panic!("both are taken")
    };
    for (variable, _) in variables {
        assert!(failure.reason().contains(variable), "{}", failure.reason());
    }
}

#[test]
fn every_list_takes_a_value_a_line() {
    let mut seen = 0;
    for (path, command) in commands() {
        for arg in command
            .get_arguments()
            .filter(|it| matches!(it.get_action(), ArgAction::Append))
        {
            let Some(variable) = variable_of(arg) else {
                continue;
            };
            let candidates = [
                "aa\nbb",
                "text=a\njson=b",
                "0123456789abcdef\nfedcba9876543210",
                "json=a\ncsv=b",
                "svg=a\ndot=b",
                "html=a\ncsv=b",
                "drift/missing-rule\n\r\n \
                                  drift/changed-rule",
                "drifted\nintroduced",
            ];
            let argv = words(&path);
            let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
            let more = [
                (variable.as_str(), ""),
                ("CRDRIFT_EMULATE", "x"),
                ("CRDRIFT_REGION", "x"),
            ];
            // The emulator and a live file exclude each other.
            let others = |name: &str| {
                name != variable && !(name == "CRDRIFT_EMULATE" && variable == "CRDRIFT_LIVE")
            };
            let taken = candidates.iter().find_map(|value| {
                let mut variables = vec![(variable.as_str(), *value)];
                variables.extend(more.iter().skip(1).filter(|(name, _)| others(name)));
                parsed(&argv, &variables).ok()
            });
            let matches = taken.unwrap_or_else(|| panic!("{variable} of {path:?} takes no list"));
            assert_eq!(
                raw(&matches, arg.get_id().as_str()).len(),
                2,
                "{variable} of {path:?}"
            );
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn the_command_line_wins_over_every_variable_that_contradicts_it() {
    let mut seen = 0;
    for (path, command) in commands() {
        let args: Vec<&Arg> = command.get_arguments().collect();
        for one in &args {
            for other in args
                .iter()
                .filter(|it| conflict(&command, one.get_id().as_str(), it.get_id().as_str()))
            {
                let (Some(long), Some(variable)) = (one.get_long(), variable_of(other)) else {
                    continue;
                };
                let mut argv = words(&path);
                // Before the operands: some commands take all that follows one as operands.
                let operands = argv.split_off(1 + path.len());
                argv.push(format!("--{long}"));
                if !is_switch(one) {
                    let value = match long {
                        "every" => "15m",
                        "shard" => "1/2",
                        _ => "json=x",
                    };
                    argv.push(value.to_owned());
                }
                argv.extend(operands);
                let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
                let value = if is_switch(other) { "1" } else { "json=x" };
                let matches = parsed(&argv, &[(&variable, value)]);
                let matches =
                    matches.unwrap_or_else(|it| panic!("{argv:?} with {variable}: {it:?}"));
                let found = raw(&matches, other.get_id().as_str());
                let word = if is_switch(other) { "true" } else { value };
                assert!(
                    !found.iter().any(|it| it == word),
                    "{argv:?}: {variable} {found:?}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 8, "{seen}");
}

#[test]
fn variables_that_contradict_each_other_are_both_named() {
    let Err(CommandLineError::Variable(failure)) = parsed(
        &["crdrift", "plan"],
        &[("CRDRIFT_LIVE", "a"), ("CRDRIFT_EMULATE", "b")],
    ) else {
        panic!("both are taken")
    };
    assert!(
        failure.reason().contains("CRDRIFT_LIVE") && failure.reason().contains("CRDRIFT_EMULATE")
    );
}

#[test]
fn a_value_that_an_option_does_not_take_names_its_variable() {
    for (variable, value) in [
        ("CRDRIFT_FAIL_ON", "sometimes"),
        ("CRDRIFT_OUTPUT", "yaml"),
        ("CRDRIFT_OUTPUT", "json\nyaml"),
        ("CRDRIFT_TIMEOUT", "never"),
        ("CRDRIFT_DRIFT_EXIT_CODE", "256"),
        ("CRDRIFT_COLOR", "blue"),
    ] {
        let Err(CommandLineError::Variable(failure)) =
            parsed(&["crdrift", "plan"], &[(variable, value)])
        else {
            panic!("{variable}={value} is taken")
        };
        assert!(
            failure.reason().starts_with(variable),
            "{}",
            failure.reason()
        );
    }
}

#[test]
fn a_variable_gives_what_is_required() {
    let matches = parsed(
        &["crdrift", "snapshot"],
        &[("CRDRIFT_SNAPSHOT_OUT", "a.json")],
    )
    .expect("an output");
    assert_eq!(raw(&matches, "out"), ["a.json"]);
    assert!(matches!(
        parsed(&["crdrift", "snapshot"], &[]),
        Err(CommandLineError::Parser(_))
    ));
}
