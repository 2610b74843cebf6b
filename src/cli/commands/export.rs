//! `crdrift export --to LANGUAGE [FILES]`: declared rules as other tools have them.

use std::borrow::Cow;

use super::{counted, load_desired};
use crate::cli::args::{ExportArgs, Language};
use crate::cli::errors::Failure;
use crate::cli::live;
use crate::cli::{Exit, World, output};
use crate::diff::{Sides, diff};
use crate::export::{Counterpart, Export, ros, terraform};
use crate::model::{DesiredState, LiveInstance, LiveState, ReadStatus, Selection};
use crate::report::{sentence, visible};

pub(in crate::cli) fn run(args: &ExportArgs, world: &mut World) -> Result<Exit, Failure> {
    let mut desired = load_desired(&args.desired, world)?.desired;
    redact_names(&mut desired, world);
    let (export, unread) = match args.to {
        Language::Ros => (ros(&desired), Vec::new()),
        Language::Terraform if args.offline => (terraform(&desired, &[]), Vec::new()),
        Language::Terraform => {
            let live = live::read(&args.live, None, &desired, &Selection::default(), world)?;
            (
                terraform(&desired, &counterparts(&desired, &live.state)),
                unread(&desired, &live.state),
            )
        }
    };
    deliver(&export, args, world)?;
    for (rule, lost) in &export.omitted {
        let name = desired
            .rules
            .get(*rule)
            .map_or("", |it| it.rule.name.as_str());
        world.note(&format!(
            "crdrift: left out: \"{}\": {}\n",
            visible(name),
            sentence(&lost.join("; "))
        ));
    }
    let (exit, reason) = conclusion(&export, &desired, &unread);
    world.conclude(&reason, exit);
    Ok(exit)
}

/// Takes secrets out of names before identifiers are made of them, which no search for the secret would find.
fn redact_names(desired: &mut DesiredState, world: &World) {
    let redactor = world.secrets.redactor();
    for rule in &mut desired.rules {
        if let Cow::Owned(redacted) = redactor.text(rule.rule.name.as_str()) {
            rule.rule.name = redacted.as_str().into();
        }
    }
}

fn deliver(export: &Export, args: &ExportArgs, world: &mut World) -> Result<(), Failure> {
    if args.out.as_os_str() == "-" {
        return world.print_exactly(&export.text);
    }
    output::write_file(&args.out, &world.secrets, |to| {
        to.write_all(export.text.as_bytes())
    })
    .map_err(|error| Failure::unwritable(&args.out.display().to_string(), &error))
}

/// What is live of each declared rule.
fn counterparts(desired: &DesiredState, live: &LiveState) -> Vec<Counterpart> {
    let mut counterparts = vec![Counterpart::Unknown; desired.rules.len()];
    for change in diff(desired, live).changes {
        let found = match change.sides {
            Sides::Desired(_) => Counterpart::Missing,
            Sides::Live(_) => continue,
            Sides::Both(_, index) => {
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
        counted(all, "rule")
    );
    match (unread, omitted) {
        ([], 0) => (Exit::InSync, written),
        ([], _) => (Exit::Drift(2), written),
        (unread, _) => (
            Exit::Incomplete,
            format!("could not read {} whole; {written}", unread.join(", ")),
        ),
    }
}
