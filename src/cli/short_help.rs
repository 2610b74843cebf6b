//! `-h`: the options that most runs need, a line each. `--help` has all of them, with their values and variables.

use std::ffi::OsString;

use clap::{Arg, Command};

/// The options that `-h` leaves out.
const OMITTED: [&str; 41] = [
    "allow_endpoint",
    "allow_env",
    "allow_identity_change",
    "base_optional",
    "ca_file",
    "color",
    "confirm",
    "consistent",
    "desired_from",
    "drift_exit_code",
    "estate",
    "expect",
    "expiring_within",
    "fail_on_origin",
    "faults",
    "insecure_http",
    "lang",
    "markdown_limit",
    "mask_ids",
    "max_waiver_age",
    "network",
    "no_account_check",
    "no_confirm",
    "no_waivers",
    "parallelism",
    "previous",
    "profile",
    "quiet",
    "ran_by",
    "rate",
    "rules",
    "sarif_consumer",
    "spool",
    "store",
    "timeout",
    "today",
    "who_events",
    "who_ip",
    "who_names",
    "who_profile",
    "width",
];

/// The texts of options whose first clause is too long for a line of 80 columns.
const SHORT: [(&str, &str); 16] = [
    ("accept_new", "Accept findings that the baseline lacks"),
    ("access_key_id", "Access key id to accept"),
    ("access_key_secret", "Access key secret to accept"),
    ("all", "Show rules in sync, and every finding"),
    ("allow_remote", "Allow an address that others can reach"),
    ("baseline", "Accept the findings of this baseline"),
    ("compact", "Print a line for each change and finding"),
    ("emulate", "Serve a snapshot with the emulator"),
    ("fail_on", "Lowest severity that fails the run"),
    ("files", "Rules files, folders of them, or globs"),
    ("from", "Alias of the instance with the image"),
    ("image", "Image, as NAMESPACE/REPOSITORY:TAG"),
    ("namespace", "Select by namespace"),
    ("repo", "Select by repository"),
    ("result", "Read the findings of a saved result"),
    ("since", "Select runs since this day (UTC)"),
];

/// The fewest characters of a shortened sentence.
const MIN_CHARACTERS: usize = 12;

/// Returns whether a command line asks for the short help.
pub(super) fn is_requested(argv: &[OsString]) -> bool {
    let options = argv.iter().take_while(|argument| *argument != "--");
    options.into_iter().any(|argument| argument == "-h")
}

/// Returns a command with the short help.
pub(super) fn shorten(command: Command) -> Command {
    command.mut_args(shorten_argument).mut_subcommands(shorten)
}

fn shorten_argument(argument: Arg) -> Arg {
    let help = argument.get_help().map(ToString::to_string);
    let is_omitted = OMITTED.contains(&argument.get_id().as_str());
    let takes_values = argument.get_action().takes_values();
    let argument = argument
        .hide_short_help(is_omitted)
        .hide_env(true)
        .hide_default_value(takes_values)
        .hide_possible_values(takes_values);
    // One list, in the place of the groups of the long help, is shorter.
    let argument = argument.help_heading(None::<&'static str>);
    let id = argument.get_id().as_str();
    let short = SHORT.iter().find(|(known, _)| *known == id);
    match (short, help) {
        (Some((_, short)), Some(_)) => argument.help(*short),
        (None, Some(help)) => argument.help(first_clause(&help).to_owned()),
        (_, None) => argument,
    }
}

/// Returns a sentence up to its first colon, semicolon, bracket or end, except a short label.
fn first_clause(help: &str) -> &str {
    let ends = [
        ": ",
        "; ",
        ". ",
        " [",
        ", and ",
        ", in ",
        ", one ",
        ", or with ",
        ", to a file ",
        ", which ",
        ", without ",
    ];
    let ends = ends.iter().filter_map(|end| {
        let mut found = help.match_indices(end).map(|(at, _)| at);
        found.find(|at| *at >= MIN_CHARACTERS)
    });
    help.get(..ends.min().unwrap_or(help.len())).unwrap_or(help)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{OMITTED, first_clause, shorten};
    use crate::cli::Args;

    #[test]
    fn the_first_clause_of_a_help_is_short() {
        for (help, clause) in [
            (
                "Read the live rules from a file: a snapshot",
                "Read the live rules from a file",
            ),
            (
                "text: print one line for each change",
                "text: print one line for each change",
            ),
            (
                "Select rules by name; may be given several times",
                "Select rules by name",
            ),
            ("Print the version", "Print the version"),
        ] {
            assert_eq!(first_clause(help), clause);
        }
    }

    #[test]
    fn short_help_fits_a_screen() {
        let mut root = shorten(Args::command()).term_width(80);
        root.build();
        // The one of `help` is the list of commands.
        let commands = root.get_subcommands_mut();
        for command in commands.filter(|it| it.get_name() != "help") {
            let help = command.render_help().to_string();
            let lines = help.lines().count();
            assert!(lines <= 40, "{}: {lines} lines\n{help}", command.get_name());
            let options = help.lines().skip_while(|line| *line != "Options:");
            for line in options.take_while(|line| *line != "Examples:").skip(1) {
                let is_option = line.is_empty() || line.trim_start().starts_with('-');
                assert!(is_option, "{}: {line}\n{help}", command.get_name());
            }
        }
    }

    #[test]
    fn omitted_options_exist() {
        let root = Args::command();
        let commands = || std::iter::once(&root).chain(root.get_subcommands());
        for id in OMITTED {
            let mut arguments = commands().flat_map(clap::Command::get_arguments);
            assert!(arguments.any(|argument| argument.get_id() == id), "{id}");
        }
    }
}
