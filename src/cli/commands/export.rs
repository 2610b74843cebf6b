//! `crdrift export --to LANGUAGE [FILES]`: desired rules in the language of another tool.

use crate::check::incomplete_reason;
use crate::cli::args::{ExportArgs, ExportLanguage};
use crate::cli::failure::Failure;
use crate::cli::live;
use crate::cli::load::load_desired;
use crate::cli::output::{self, Access, OutputDocument};
use crate::cli::{Context, Exit};
use crate::diff::{Presence, diff};
use crate::export::{Counterpart, Export, export_ros, export_terraform};
use crate::model::{DesiredState, LiveState, ReadStatus};
use crate::source::pluralize;
use crate::source::{sanitize, sanitize_line};

/// The name of the document in messages.
const DOCUMENT: &str = "an export";

pub(in crate::cli) fn run(args: &ExportArgs, context: &mut Context) -> Result<Exit, Failure> {
    let desired = load_desired(&args.desired, context)?.desired;
    refuse_secret_names(&desired, context)?;
    let (export, incomplete) = match args.to {
        ExportLanguage::Ros => (export_ros(&desired), Vec::new()),
        ExportLanguage::Terraform if args.offline => (export_terraform(&desired, &[]), Vec::new()),
        ExportLanguage::Terraform => {
            let live = live::read(&args.live, &desired, None, context)?.state;
            let export = export_terraform(&desired, &counterparts(&desired, &live));
            (export, incomplete_sources(&desired, &live))
        }
    };
    write(&export, args, context)?;
    for (rule, lost) in &export.omitted {
        let rule = desired.rules.get(*rule);
        let name = rule.map_or("", |it| it.rule.name.as_str());
        let lost = lost.join("; ");
        context.eprint(&format!(
            "crdrift: left out: \"{}\": {}\n",
            sanitize(name),
            sanitize_line(&lost)
        ));
    }
    let (exit, reason) = summary(&export, &desired, &incomplete);
    context.finish(&reason, exit);
    Ok(exit)
}

/// Refuses secrets in the names of rules: the identifiers that are made of a name hide a secret from the search.
fn refuse_secret_names(desired: &DesiredState, context: &Context) -> Result<(), Failure> {
    let names = desired.rules.iter().map(|it| it.rule.name.as_str());
    let names: Vec<&str> = names.collect();
    context.refuse_secrets(DOCUMENT, names.join("\n").as_bytes())
}

fn write(export: &Export, args: &ExportArgs, context: &mut Context) -> Result<(), Failure> {
    let text = export.text.as_bytes();
    if args.out.as_os_str() == "-" {
        return context.print_document(DOCUMENT, text);
    }
    let document = OutputDocument {
        name: DOCUMENT,
        text,
        access: Access::AsBefore,
    };
    output::write_document(&args.out, &document, context)
}

/// Returns the live counterpart of each desired rule.
fn counterparts(desired: &DesiredState, live: &LiveState) -> Vec<Counterpart> {
    let mut counterparts = vec![Counterpart::Unknown; desired.rules.len()];
    for change in diff(desired, live).changes {
        let (rule, counterpart) = match change.sides {
            Presence::LiveOnly(_) => continue,
            Presence::DesiredOnly(rule) => (rule, Counterpart::Missing),
            Presence::Both(rule, index) => {
                let found = live.rule(index);
                let counterpart = Counterpart::Live {
                    id: found.id.clone(),
                    namespace: found.rule.source.namespace.clone(),
                    differs: change.fields.iter().map(|it| it.field).collect(),
                };
                (rule, counterpart)
            }
        };
        if let Some(slot) = counterparts.get_mut(rule) {
            *slot = counterpart;
        }
    }
    counterparts
}

/// Returns the quoted aliases of the incomplete instances that are the source of a desired rule.
fn incomplete_sources(desired: &DesiredState, live: &LiveState) -> Vec<String> {
    let mut incomplete = Vec::new();
    for (instance, live) in desired.instances.iter().zip(&live.instances) {
        let is_unverified = live.status == ReadStatus::Skipped && !instance.read;
        let mut rules = desired.rules.iter();
        if !live.is_complete()
            && !is_unverified
            && rules.any(|it| it.rule.source.instance == live.id)
        {
            incomplete.push(format!("\"{}\"", instance.alias));
        }
    }
    incomplete
}

fn summary(export: &Export, desired: &DesiredState, incomplete: &[String]) -> (Exit, String) {
    let all = desired.rules.len();
    let omitted = export.omitted.len();
    let left_out = if omitted > 0 {
        format!(", {omitted} left out")
    } else {
        String::new()
    };
    let rules = pluralize(all, "rule");
    let written = format!("{} of {rules} written{left_out}", all - omitted);
    if !incomplete.is_empty() {
        let incomplete = incomplete_reason(incomplete);
        return (Exit::Incomplete, format!("{incomplete}; {written}"));
    }
    if omitted > 0 {
        (Exit::Drift(2), written)
    } else {
        (Exit::Success, written)
    }
}
