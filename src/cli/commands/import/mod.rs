//! `crdrift import`: live rules, written down as rules files.

mod roundtrip;
mod source;
mod target;

use std::collections::HashSet;
use std::path::Path;

use jiff::Timestamp;

use self::source::{Read, read};
use self::target::Target;
use crate::cli::args::ImportArgs;
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit};
use crate::import::{Import, OmittedRule, Split, assign_aliases, import};
use crate::model::{Aliases, DesiredState, InstanceId, LiveState};
use crate::snapshot::live_state;
use crate::source::{Place, SourceMap, Span, pluralize};
use crate::source::{sanitize, sanitize_line};

pub(in crate::cli) fn run(args: &ImportArgs, context: &mut Context) -> Result<Exit, Failure> {
    let split = split(args)?;
    let target = Target::load(args, split, context)?;
    let Read { snapshot, found } = read(args, &target.loaded.desired, context)?;
    let taken_ms = snapshot.taken_ms;
    let declared = &target.loaded.desired;
    let ids: HashSet<&str> = snapshot
        .listings
        .iter()
        .map(|it| &*it.instance_id)
        .collect();
    let is_new = |id: &InstanceId| !declared.instances.iter().any(|it| it.id == *id);
    let new: Vec<_> = found
        .iter()
        .filter(|it| it.read && ids.contains(it.id.as_str()) && is_new(&it.id))
        .cloned()
        .collect();
    let named = assign_aliases(&declared.instances, &new, nowhere());
    let mut desired = DesiredState {
        instances: declared.instances.iter().cloned().chain(named).collect(),
        rules: declared.rules.clone(),
        ignores: declared.ignores.clone(),
        ..DesiredState::default()
    };
    desired
        .instances
        .sort_by(|one, other| one.alias.cmp(&other.alias));
    let read = ids.iter().map(|id| InstanceId::from(*id)).collect();
    let live = live_state(snapshot.clone(), &desired);
    if let Some(unread) = unread(&desired, &live, &read, context) {
        let reason = format!("could not read {unread} whole, so nothing was written");
        context.finish(&reason, Exit::Incomplete);
        return Ok(Exit::Incomplete);
    }
    let new = new.into_iter().map(|it| it.id).collect();
    let import = import(&desired, &live, new, &found);
    let files = import.files(
        split,
        &target.single,
        &heading(taken_ms, context),
        &target.existing(),
    );
    let files = files.map_err(|misfit| {
        Failure::new(format!("cannot put more into {}", sanitize_line(&misfit.to_string())))
            .help("write that part in lines of its own, or give another file with --out and this one with --rules")
    })?;
    roundtrip::check(&target, &files, &import, &snapshot, context)?;
    let written = target.deliver(&files, args.write, context)?;
    tell(&import, &desired, context);
    context.finish(&conclusion(&import, &target, written), Exit::Success);
    Ok(Exit::Success)
}

fn split(args: &ImportArgs) -> Result<Split, Failure> {
    let is_folder = args.out.is_dir() || args.out.as_os_str().to_string_lossy().ends_with('/');
    match args.split {
        Some(_) if args.out.as_os_str() == "-" => Err(Failure::usage(
            "--split writes several files, and standard output is one",
        )
        .help("give a folder: --out rules/")),
        Some(_) if args.out.is_file() => Err(Failure::usage(format!(
            "--split needs a folder, and {} is a file",
            args.out.display()
        ))
        .help("give a folder: --out rules/")),
        Some(_) => Ok(Split::Namespace),
        None if is_folder => Err(
            Failure::usage(format!("{} is a folder", args.out.display()))
                .help("name a file in it, or say how to spread the rules: --split namespace"),
        ),
        None => Ok(Split::None),
    }
}

/// What could not be read, told and named for a sentence.
fn unread(
    desired: &DesiredState,
    live: &LiveState,
    read: &HashSet<InstanceId>,
    context: &mut Context,
) -> Option<String> {
    let aliases = Aliases::from_desired(desired);
    let mut unread = Vec::new();
    for instance in live
        .instances
        .iter()
        .filter(|it| read.contains(&it.id) && !it.is_complete())
    {
        let alias = sanitize(aliases.name(instance.id.as_str())).into_owned();
        let status = instance.status.as_str().replace('_', " ");
        let why = instance
            .failure
            .as_ref()
            .map(|it| format!(": {}", sanitize_line(&it.to_string())))
            .unwrap_or_default();
        context.eprint(&format!("{alias}: {status}{why}\n"));
        unread.push(format!("\"{alias}\""));
    }
    (!unread.is_empty()).then(|| unread.join(", "))
}

/// The comment at the top of a new file.
fn heading(taken_ms: Option<i64>, context: &Context) -> String {
    let at =
        Timestamp::from_millisecond(taken_ms.unwrap_or(context.started_ms)).unwrap_or_default();
    let day = at.strftime("%Y-%m-%d");
    format!(
        "Live rules of {day}, written by `crdrift import`. Review them: comments with `review:` mark possible mistakes."
    )
}

/// Tells what is live and not declared.
fn tell(import: &Import, desired: &DesiredState, context: &mut Context) {
    let aliases = Aliases::from_desired(desired);
    let mut told = |what: &str, rules: &[OmittedRule]| {
        for OmittedRule {
            instance,
            name,
            why,
        } in rules
        {
            let rule = format!("{}/{}", aliases.name(instance.as_str()), name.as_str());
            context.log(
                Verbosity::Normal,
                &format!("{what}: {}: {}\n", sanitize(&rule), sanitize_line(why)),
            );
        }
    };
    told("gets an `ignore:` entry", import.ignored());
    told("not declared, and a plan will report it", &import.omitted);
}

fn conclusion(import: &Import, target: &Target, written: bool) -> String {
    if import.is_empty() && target.exists() {
        return "everything that is live is declared already".to_owned();
    }
    let what = match (import.rules(), import.instances()) {
        (rules, 0) => pluralize(rules, "rule"),
        (rules, instances) => format!(
            "{} of {}",
            pluralize(rules, "rule"),
            pluralize(instances, "new instance")
        ),
    };
    let into = target.shown();
    match written {
        true if target.to_stdout => what,
        true => format!("{what} written into {into}"),
        false => format!("{what} would be written into {into}; --write writes them"),
    }
}

/// A place for what is in no file.
fn nowhere() -> Place {
    let file = SourceMap::default().add(String::new(), String::new(), String::new());
    Place {
        file,
        span: Span::new(0..0),
    }
}

/// Whether a path is standard output.
fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}
