//! The commands that help after a plan, with the arguments of the run.

use super::args::PlanArgs;
use super::console::Verbosity;
use super::context::Context;
use crate::remedy::{self, Refusal};
use crate::report::{LiveSource, Outcome, Report, worst_finding};

/// The most characters of a command; a longer one is not printed.
const MAX_CHARACTERS: usize = 200;

/// The commands that help after a plan.
pub(super) struct NextSteps(Vec<String>);

impl NextSteps {
    /// Returns the commands for a report.
    pub(super) fn new(report: &Report, args: &PlanArgs, context: &Context) -> Self {
        let mut commands = Vec::new();
        if report.verdict.outcome == Outcome::Incomplete && report.live == LiveSource::Api {
            let files = args.compare.desired.files.iter().map(String::as_str);
            let words = std::iter::once("doctor").chain(files);
            commands.extend(command(words));
        }
        if let Some(finding) = worst_finding(report) {
            commands.push(format!("crdrift explain {}", finding.code));
        }
        let has_open_change = report
            .changes
            .iter()
            .any(|change| !change.accepted && change.code().is_some());
        let is_refused = Refusal::from_report(report).is_some() || args.output.mask_ids;
        if has_open_change && !is_refused && args.remedy.remedy.is_none() {
            let words = with_remedy(&context.arguments);
            commands.extend(words.and_then(|words| command(words.into_iter())));
        }
        Self(commands)
    }

    /// Prints the commands.
    pub(super) fn print(&self, context: &mut Context) {
        if context.verbosity < Verbosity::Normal {
            return;
        }
        for command in &self.0 {
            context.eprint_lines(&format!("next: {command}\n"));
        }
    }
}

/// Returns a command of a shell; `None` if it is too long, or has an argument that no shell accepts.
fn command<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut command = "crdrift".to_owned();
    for word in words {
        command.push(' ');
        command.push_str(&remedy::quote_visible(word)?);
    }
    (command.chars().count() <= MAX_CHARACTERS).then_some(command)
}

/// Returns the arguments of a run that prints the remedies; `None` if standard input, which is read, is among them.
fn with_remedy(given: &[String]) -> Option<Vec<&str>> {
    let mut words = arguments(given);
    if words.contains(&"-") {
        return None;
    }
    let end = words.iter().position(|word| *word == "--");
    words.insert(end.unwrap_or(words.len()), "--remedy");
    Some(words)
}

/// Returns the arguments of the run without its outputs.
fn arguments(arguments: &[String]) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut rest = arguments.iter().map(String::as_str);
    while let Some(argument) = rest.next() {
        match argument {
            // The format is the next argument.
            "-o" | "--output" => {
                rest.next();
            }
            "--compact" | "--all" => {}
            _ if argument.starts_with("--output=") || argument.starts_with("-o") => {}
            _ => kept.push(argument),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{arguments, command, with_remedy};

    #[test]
    fn outputs_are_no_arguments_of_the_next_run() {
        let given = [
            "plan",
            "rules.yaml",
            "-o",
            "json=r.json",
            "-otext",
            "--output=html=r.html",
            "--live",
            "l.json",
            "--all",
            "--compact",
        ];
        let given = given.map(str::to_owned);
        assert_eq!(
            arguments(&given),
            ["plan", "rules.yaml", "--live", "l.json"]
        );
    }

    #[test]
    fn remedies_need_inputs_that_can_be_read_again() {
        let words = |given: &[&str]| -> Option<String> {
            let given: Vec<String> = given.iter().map(ToString::to_string).collect();
            with_remedy(&given).map(|words| words.join(" "))
        };
        assert_eq!(words(&["plan", "--live", "-"]), None);
        assert_eq!(
            words(&["plan", "--", "rules.yaml"]).as_deref(),
            Some("plan --remedy -- rules.yaml")
        );
    }

    #[test]
    fn commands_can_be_pasted() {
        let quoted = command(["plan", "my rules.yaml"].into_iter());
        assert_eq!(quoted.as_deref(), Some("crdrift plan 'my rules.yaml'"));
        assert_eq!(command(["plan", "a\u{202e}b"].into_iter()), None);
        assert_eq!(command([&*"a".repeat(300)].into_iter()), None);
    }
}
