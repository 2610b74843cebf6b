//! `crdrift export --to LANGUAGE [FILES]`: declared rules as other tools have them.

use crate::cli::args::{ExportArgs, Language};
use crate::cli::failure::Failure;
use crate::cli::live;
use crate::cli::load::load_desired;
use crate::cli::output::{self, Access};
use crate::cli::{Context, Exit};
use crate::diff::{Presence, diff};
use crate::export::{Counterpart, Export, export_ros, export_terraform};
use crate::model::{DesiredState, LiveInstance, LiveState, ReadStatus, Selection};
use crate::source::pluralize;
use crate::source::{sanitize, sanitize_line};

/// The name of the document in messages.
const DOCUMENT: &str = "an export";

pub(in crate::cli) fn run(args: &ExportArgs, context: &mut Context) -> Result<Exit, Failure> {
    let desired = load_desired(&args.desired, context)?.desired;
    refuse_secret_names(&desired, context)?;
    let (export, unread) = match args.to {
        Language::Ros => (export_ros(&desired), Vec::new()),
        Language::Terraform if args.offline => (export_terraform(&desired, &[]), Vec::new()),
        Language::Terraform => {
            let live = live::read(&args.live, None, &desired, &Selection::default(), context)?;
            (
                export_terraform(&desired, &counterparts(&desired, &live.state)),
                unread(&desired, &live.state),
            )
        }
    };
    deliver(&export, args, context)?;
    for (rule, lost) in &export.omitted {
        let name = desired
            .rules
            .get(*rule)
            .map_or("", |it| it.rule.name.as_str());
        context.eprint(&format!(
            "crdrift: left out: \"{}\": {}\n",
            sanitize(name),
            sanitize_line(&lost.join("; "))
        ));
    }
    let (exit, reason) = conclusion(&export, &desired, &unread);
    context.finish(&reason, exit);
    Ok(exit)
}

/// Refuses secrets in the names of rules: no search finds them in the identifiers that are made of the names.
fn refuse_secret_names(desired: &DesiredState, context: &Context) -> Result<(), Failure> {
    let names: Vec<&str> = desired
        .rules
        .iter()
        .map(|it| it.rule.name.as_str())
        .collect();
    context.refuse_secrets(DOCUMENT, names.join("\n").as_bytes())
}

fn deliver(export: &Export, args: &ExportArgs, context: &mut Context) -> Result<(), Failure> {
    let text = export.text.as_bytes();
    if args.out.as_os_str() == "-" {
        return context.print_document(DOCUMENT, text);
    }
    output::write_document(&args.out, DOCUMENT, text, Access::AsBefore, context)
}

/// What is live of each declared rule.
fn counterparts(desired: &DesiredState, live: &LiveState) -> Vec<Counterpart> {
    let mut counterparts = vec![Counterpart::Unknown; desired.rules.len()];
    for change in diff(desired, live).changes {
        let found = match change.sides {
            Presence::DesiredOnly(_) => Counterpart::Missing,
            Presence::LiveOnly(_) => continue,
            Presence::Both(_, index) => {
                let differs = change.fields.iter().map(|it| it.field).collect();
                let found = live.rule(index);
                Counterpart::Live {
                    id: found.id.clone(),
                    namespace: found.rule.source.namespace.clone(),
                    differs,
                }
            }
        };
        if let Some(counterpart) = change
            .sides
            .desired()
            .and_then(|rule| counterparts.get_mut(rule))
        {
            *counterpart = found;
        }
    }
    counterparts
}

/// The aliases of instances that rules start at and that were not read whole, though they are to be.
fn unread(desired: &DesiredState, live: &LiveState) -> Vec<String> {
    let starts = |live: &LiveInstance| {
        desired
            .rules
            .iter()
            .any(|it| it.rule.source.instance == live.id)
    };
    let unread = desired
        .instances
        .iter()
        .zip(&live.instances)
        .filter(|(instance, live)| {
            let skipped = live.status == ReadStatus::Skipped && !instance.read;
            !live.is_complete() && !skipped && starts(live)
        });
    unread
        .map(|(instance, _)| format!("\"{}\"", instance.alias))
        .collect()
}

fn conclusion(export: &Export, desired: &DesiredState, unread: &[String]) -> (Exit, String) {
    let all = desired.rules.len();
    let omitted = export.omitted.len();
    let more = if omitted > 0 {
        format!(", {omitted} left out")
    } else {
        String::new()
    };
    let written = format!(
        "{} of {} written{more}",
        all - omitted,
        pluralize(all, "rule")
    );
    match (unread, omitted) {
        ([], 0) => (Exit::Success, written),
        ([], _) => (Exit::Drift(2), written),
        (unread, _) => (
            Exit::Incomplete,
            format!("could not read {} whole; {written}", unread.join(", ")),
        ),
    }
}
