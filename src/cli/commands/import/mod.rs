//! `crdrift import`: live rules, written as rules files.

mod roundtrip;
mod source;
mod target;

use std::collections::HashSet;

use jiff::Timestamp;

use self::roundtrip::RoundTrip;
use self::source::{ImportSource, read};
use self::target::ImportTarget;
use crate::check::incomplete_reason;
use crate::cli::args::ImportArgs;
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit};
use crate::import::{Import, NewInstance, OmittedRule, Split, assign_aliases, import};
use crate::model::{Aliases, DesiredState, InstanceId, LiveState};
use crate::snapshot::live_state;
use crate::source::{Place, pluralize, pronoun, sanitize, sanitize_line};

pub(in crate::cli) fn run(args: &ImportArgs, context: &mut Context) -> Result<Exit, Failure> {
    let split = split(args)?;
    let target = ImportTarget::load(args, split, context)?;
    let ImportSource {
        snapshot,
        instances,
    } = read(args, &target.loaded.desired, context)?;
    let declared = &target.loaded.desired;
    let listed = snapshot.listings.iter();
    let listed: HashSet<InstanceId> = listed
        .map(|it| InstanceId::from(&*it.instance_id))
        .collect();
    let is_declared = |id: &InstanceId| declared.instances.iter().any(|it| it.id == *id);
    let mut new = instances.clone();
    new.retain(|it| it.read && listed.contains(&it.id) && !is_declared(&it.id));
    let desired = extend(declared, &new);
    let live = live_state(snapshot.clone(), &desired);
    let incomplete = print_incomplete(&desired, &live, &listed, context);
    if !incomplete.is_empty() {
        let reason = format!("{}; nothing was written", incomplete_reason(&incomplete));
        context.finish(&reason, Exit::Incomplete);
        return Ok(Exit::Incomplete);
    }
    let new = new.into_iter().map(|it| it.id).collect();
    let import = import(&desired, &live, new, &instances);
    let heading = heading(snapshot.taken_ms, context);
    let files = import.files(split, &target.single, &heading, &target.existing());
    let files = files.map_err(|error| {
        Failure::new(format!("cannot extend {}", sanitize_line(&error.to_string())))
            .help("write that part in lines of its own, or give another file with --out and this one with --rules")
    })?;
    let round_trip = RoundTrip {
        target: &target,
        files: &files,
        import: &import,
        snapshot: &snapshot,
    };
    roundtrip::check(&round_trip, context)?;
    let is_written = target.write(&files, args.write, context)?;
    print_omitted(&import, &desired, context);
    context.finish(&summary(&import, &target, is_written), Exit::Success);
    Ok(Exit::Success)
}

fn split(args: &ImportArgs) -> Result<Split, Failure> {
    let out = args.out.display();
    let is_folder = args.out.is_dir() || args.out.as_os_str().to_string_lossy().ends_with('/');
    match args.split {
        Some(_) if args.out.as_os_str() == "-" => Err(Failure::usage(
            "--split writes several files, and standard output is one",
        )
        .help("give a folder: --out rules/")),
        Some(_) if args.out.is_file() => Err(Failure::usage(format!(
            "--split needs a folder, and {out} is a file"
        ))
        .help("give a folder: --out rules/")),
        Some(_) => Ok(Split::Namespace),
        None if is_folder => Err(Failure::usage(format!("{out} is a folder"))
            .help("name a file in it, or split the rules over files: --split namespace")),
        None => Ok(Split::None),
    }
}

/// Returns the declared state with the new instances, each under a new alias.
fn extend(declared: &DesiredState, new: &[NewInstance]) -> DesiredState {
    let mut instances = declared.instances.clone();
    instances.extend(assign_aliases(&declared.instances, new, Place::synthetic()));
    instances.sort_by(|one, other| one.alias.cmp(&other.alias));
    DesiredState {
        instances,
        rules: declared.rules.clone(),
        ignores: declared.ignores.clone(),
        ..DesiredState::default()
    }
}

/// Prints the listed instances that are incomplete, and returns their quoted names.
fn print_incomplete(
    desired: &DesiredState,
    live: &LiveState,
    listed: &HashSet<InstanceId>,
    context: &mut Context,
) -> Vec<String> {
    let aliases = Aliases::from_desired(desired);
    let mut names = Vec::new();
    for instance in &live.instances {
        if instance.is_complete() || !listed.contains(&instance.id) {
            continue;
        }
        let alias = sanitize(aliases.name(instance.id.as_str())).into_owned();
        let status = instance.status.as_str().replace('_', " ");
        let why = match &instance.failure {
            Some(failure) => format!(": {}", sanitize_line(&failure.to_string())),
            None => String::new(),
        };
        context.eprint(&format!("{alias}: {status}{why}\n"));
        names.push(format!("\"{alias}\""));
    }
    names
}

/// Returns the comment at the top of a new file.
fn heading(taken_ms: Option<i64>, context: &Context) -> String {
    let taken_ms = taken_ms.unwrap_or(context.started_ms);
    let taken = Timestamp::from_millisecond(taken_ms).unwrap_or_default();
    let day = taken.strftime("%Y-%m-%d");
    format!(
        "Live rules of {day}, written by `crdrift import`. Review them: comments with `review:` mark possible mistakes."
    )
}

/// Prints the live rules that are not declared, each with the reason.
fn print_omitted(import: &Import, desired: &DesiredState, context: &mut Context) {
    let aliases = Aliases::from_desired(desired);
    let groups = [
        ("gets an `ignore:` entry", import.ignored()),
        ("not declared, and a plan will report it", &import.omitted),
    ];
    for (what, rules) in groups {
        for OmittedRule {
            instance,
            name,
            why,
        } in rules
        {
            let rule = format!("{}/{}", aliases.name(instance.as_str()), name.as_str());
            let line = format!("{what}: {}: {}\n", sanitize(&rule), sanitize_line(why));
            context.log(Verbosity::Normal, &line);
        }
    }
}

fn summary(import: &Import, target: &ImportTarget, is_written: bool) -> String {
    if import.is_empty() && target.exists() {
        return "every live rule is declared already".to_owned();
    }
    let rules = pluralize(import.rules(), "rule");
    let what = match import.instances() {
        0 => rules,
        instances => format!("{rules} of {}", pluralize(instances, "new instance")),
    };
    let path = target.display_path();
    if !is_written {
        let them = pronoun(import.rules());
        return format!("{what} would be written into {path}; add --write to write {them}");
    }
    if target.to_stdout {
        what
    } else {
        format!("{what} written into {path}")
    }
}
