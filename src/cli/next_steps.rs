//! The commands that help after a plan, with the arguments of the run.

use super::args::PlanArgs;
use super::console::Verbosity;
use super::context::Context;
use crate::finding::Code;
use crate::remedy;
use crate::report::{FindingStatus, Outcome, Report};

/// The most characters of a command; a longer one is not printed.
const MAX_CHARACTERS: usize = 200;

/// The commands that help after a plan.
pub(super) struct NextSteps(Vec<String>);

impl NextSteps {
    /// Returns the commands for a report.
    pub(super) fn new(report: &Report, args: &PlanArgs, context: &Context) -> Self {
        let mut commands = Vec::new();
        if report.verdict.outcome == Outcome::Incomplete {
            let files = args.compare.desired.files.iter().map(String::as_str);
            let words = std::iter::once("doctor").chain(files);
            commands.extend(command(words));
        }
        if let Some(code) = worst_code(report) {
            commands.push(format!("crdrift explain {code}"));
        }
        let has_open_change = report
            .changes
            .iter()
            .any(|change| !change.accepted && change.code().is_some());
        if has_open_change && args.remedy.remedy.is_none() && !args.output.mask_ids {
            let words = arguments(&context.arguments);
            commands.extend(command(words.into_iter().chain(["--remedy"])));
        }
        Self(commands)
    }

    /// Prints the commands.
    pub(super) fn print(&self, context: &mut Context) {
        for command in &self.0 {
            context.log(Verbosity::Normal, &format!("next: {command}\n"));
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

/// Returns the code of the worst open finding.
fn worst_code(report: &Report) -> Option<&Code> {
    let mut worst = None;
    for finding in &report.findings {
        let is_open = finding.status == FindingStatus::Open;
        if is_open && worst.is_none_or(|(severity, _)| finding.severity > severity) {
            worst = Some((finding.severity, &finding.code));
        }
    }
    worst.map(|(_, code)| code)
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
    use super::{arguments, command};

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
    fn commands_can_be_pasted() {
        let quoted = command(["plan", "my rules.yaml"].into_iter());
        assert_eq!(quoted.as_deref(), Some("crdrift plan 'my rules.yaml'"));
        assert_eq!(command(["plan", "a\u{202e}b"].into_iter()), None);
        assert_eq!(command([&*"a".repeat(300)].into_iter()), None);
    }
}
