use clap::CommandFactory;
use clap::error::ErrorKind;
use crdrift::cli::Args;

use crate::support::{crdrift, read, repository};

/// The outputs of every question to the store.
const OF_QUESTIONS: &str = "CRDRIFT_HISTORY_OUTPUT";

#[test]
fn every_long_option_can_be_set_in_the_environment() {
    let mut commands = vec![Args::command()];
    while let Some(command) = commands.pop() {
        for option in command
            .get_arguments()
            .filter(|it| !matches!(it.get_id().as_str(), "help" | "version"))
        {
            let Some(long) = option.get_long() else {
                continue;
            };
            let upper = |name: &str| name.to_uppercase().replace('-', "_");
            let own = format!("CRDRIFT_{}_{}", upper(command.get_name()), upper(long));
            let common = format!("CRDRIFT_{}", upper(long));
            let env = option.get_env().map(|it| it.to_string_lossy().into_owned());
            assert!(
                env == Some(common) || env == Some(own) || env.as_deref() == Some(OF_QUESTIONS),
                "--{long} of {}: {env:?}",
                command.get_name()
            );
        }
        commands.extend(command.get_subcommands().cloned());
    }
}

#[test]
fn shared_variables_have_one_meaning() {
    let mut meanings: std::collections::BTreeMap<String, (String, String)> =
        std::collections::BTreeMap::new();
    let mut commands = vec![Args::command()];
    while let Some(command) = commands.pop() {
        for option in command.get_arguments() {
            let Some(variable) = option.get_env() else {
                continue;
            };
            let parser = option.get_value_parser().type_id();
            let names = option.get_value_names().unwrap_or_default();
            let meaning = format!("{:?} {parser:?} {names:?}", option.get_action());
            let variable = variable.to_string_lossy().into_owned();
            let of = (meaning, command.get_name().to_owned());
            let first = meanings
                .entry(variable.clone())
                .or_insert_with(|| of.clone());
            assert_eq!(first.0, of.0, "{variable} of {} and {}", first.1, of.1);
        }
        commands.extend(command.get_subcommands().cloned());
    }
}

#[test]
fn every_command_shows_examples_and_describes_every_option() {
    for command in Args::command().get_subcommands() {
        let name = command.get_name();
        assert!(
            command
                .get_after_help()
                .is_some_and(|it| it.to_string().contains("crdrift ")),
            "{name} has no example"
        );
        for option in command.get_arguments() {
            assert!(
                option.get_help().is_some(),
                "{} of {name} has no help",
                option.get_id()
            );
        }
        for flag in ["-h", "--help"] {
            let ran = crdrift().args([name, flag]).run();
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name} {flag}");
            assert!(ran.stdout.contains("Usage:"), "{name} {flag}");
        }
    }
}

#[test]
fn an_invalid_command_line_exits_with_64() {
    for args in [
        vec![],
        vec!["plam"],
        vec!["--verbose"],
        vec!["plan", "--no-such-option"],
        vec!["plan", "-o", "yaml"],
        vec!["plan", "-o", "json="],
        vec!["plan", "-o", "text", "-o", "json"],
        vec!["plan", "--live", "a", "--emulate", "b"],
        vec!["plan", "--timeout", "never"],
        vec!["plan", "--faults", "faults.yaml"],
        vec!["plan", "--parallelism", "0"],
        vec!["plan", "--rate", "0"],
        vec!["plan", "--network", "moon"],
        vec!["plan", "--fail-on", "sometimes"],
        vec!["plan", "--drift-exit-code", "256"],
        vec!["list"],
        vec!["list", "a", "--page", "0"],
        vec!["list", "a", "--raw", "-o", "json"],
        vec!["list", "a", "-o", "text"],
        vec!["emulate", "live.json", "--listen", "nowhere"],
    ] {
        let ran = crdrift().args(args.iter().copied()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{args:?}");
        assert!(!ran.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn empty_variables_are_ignored() {
    let run = || {
        let files = repository("examples/quickstart");
        crdrift()
            .files_of(&files)
            .args(["plan", "--live", "live.json", "-o", "json=/dev/null"])
    };
    let ran = run()
        .env("CRDRIFT_BASE", "")
        .env("CRDRIFT_FAIL_ON", "")
        .env("CRDRIFT_ALL", "")
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(run().env("CRDRIFT_FAIL_ON", "nothing").run().code, 64);
}

#[test]
fn unknown_variables_are_noted() {
    let run = || crdrift().args(["schema", "rules"]);
    let ran = run()
        .env("CRDRIFT_FALI_ON", "warning")
        .env("CRDRIFT_FAIL_ON", "error")
        .env("CRDRIFT_SOMETHING_OF_MINE", "a value")
        .run();
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.stderr,
        "note: CRDRIFT_FALI_ON is set and is no option; did you mean CRDRIFT_FAIL_ON?\n\
         note: CRDRIFT_SOMETHING_OF_MINE is set and is no option\n"
    );
    let ran = run()
        .env("CRDRIFT_FALI_ON", "x")
        .env("CRDRIFT_QUIET", "true");
    assert_eq!(ran.run().stderr, "");
}

#[test]
fn version_and_help_succeed() {
    let ran = crdrift().args(["--version"]).run();
    assert_eq!(
        (ran.code, ran.stdout),
        (0, format!("crdrift {}\n", env!("CARGO_PKG_VERSION")))
    );
    let ran = crdrift().args(["--help"]).run();
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("Exit codes:"));
}

#[test]
fn the_verbose_version_has_the_build() {
    for args in [&["--version", "--verbose"][..], &["-v", "-V"], &["-Vv"]] {
        let ran = crdrift().args(args.iter().copied()).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args:?}");
        let (first, facts) = ran.stdout.split_once('\n').expect("lines");
        assert_eq!(first, format!("crdrift {}", env!("CARGO_PKG_VERSION")));
        let names: Vec<_> = facts
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            ["commit", "target", "compiler", "profile", "features", "tls"]
        );
    }
}

#[test]
fn the_ci_examples_check_a_merge_and_keep_the_report() {
    for (name, text) in recipes() {
        assert!(text.contains("html="), "{name}");
        let gates = [
            "CRDRIFT_BASE",
            "plan rules/ --base ",
            "- --base=",
            "option base ",
        ]
        .iter()
        .any(|it| text.contains(it));
        assert!(gates, "{name}");
    }
}

#[test]
fn the_commands_of_the_ci_examples_are_valid() {
    let mut commands = Vec::new();
    for (_, text) in recipes() {
        let lines = text
            .replace("\\\n", " ")
            .replace("\n      -o gitlab", " -o gitlab");
        let lines = lines.lines().map(|line| {
            line.trim()
                .trim_start_matches("- ")
                .trim_start_matches("entry: ")
        });
        commands.extend(
            lines
                // The action builds its command from its inputs: `.ci/integrations` runs it.
                .filter(|line| line.starts_with("crdrift ") && !line.contains("${"))
                .map(str::to_owned),
        );
        for arguments in text.split("args:\n").skip(1) {
            let arguments = arguments
                .lines()
                .map_while(|line| line.trim().strip_prefix("- "));
            commands.push(format!(
                "crdrift {}",
                arguments.collect::<Vec<_>>().join(" ")
            ));
        }
    }
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let understood = Args::command().try_get_matches_from(command.split_whitespace());
        let is_version = |error: &clap::Error| error.kind() == ErrorKind::DisplayVersion;
        let is_valid = understood.as_ref().map_or_else(is_version, |_| true);
        assert!(is_valid, "{command}: {understood:?}");
    }
}

/// Returns the name and the text of each recipe, with the text of the action, the hooks or the component that it uses.
fn recipes() -> Vec<(String, String)> {
    let mut recipes = Vec::new();
    for recipe in std::fs::read_dir(repository("examples/ci")).expect("recipes") {
        let path = recipe.expect("entry").path();
        let name = path.display().to_string();
        let mut text = std::fs::read_to_string(&path).expect("a recipe");
        for (used, file) in [
            ("uses: OWNER/crdrift@", "action/run"),
            ("- component: ", "templates/plan/template.yml"),
            ("rev: v", ".pre-commit-hooks.yaml"),
        ] {
            if text.contains(used) {
                text += &read(file);
            }
        }
        recipes.push((name, text));
    }
    assert_eq!(recipes.len(), 5);
    recipes
}
