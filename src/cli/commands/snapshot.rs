//! `crdrift snapshot [FILES] --out PATH`: the listings of the declared instances, as a file.

use std::collections::BTreeSet;

use acr_client::{Options, RateLimit};

use crate::acquire::list_instances;
use crate::check::incomplete_reason;
use crate::cli::args::SnapshotArgs;
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::live::open_session;
use crate::cli::load::load_desired;
use crate::cli::output::{self, Access, OutputDocument};
use crate::cli::runtime::block_on;
use crate::cli::{Context, Exit};
use crate::model::{Aliases, DesiredState, Instance, InstanceId, ReadStatus};
use crate::report::Digest;
use crate::rules::RuleSet;
use crate::shard::Shard;
use crate::snapshot::{Snapshot, SnapshotPart, redact_accounts, write};
use crate::source::{SourceMap, pluralize};
use crate::source::{sanitize, sanitize_line};

/// The name of the document in messages.
const DOCUMENT: &str = "a snapshot";

pub(in crate::cli) fn run(args: &SnapshotArgs, context: &mut Context) -> Result<Exit, Failure> {
    let (desired, mut snapshot) = list(args, context).inspect_err(|_| invalidate(args, context))?;
    if args.redact_accounts {
        redact_accounts(&mut snapshot);
    }
    let (exit, reason) = print_statuses(&snapshot, &desired, context);
    write_snapshot(snapshot, args, context)?;
    context.finish(&reason, exit);
    Ok(exit)
}

/// Lists the instances of the rules files, or those of a shard.
fn list(args: &SnapshotArgs, context: &mut Context) -> Result<(DesiredState, Snapshot), Failure> {
    let RuleSet {
        mut desired,
        sources,
        ..
    } = load_desired(&args.desired, context)?;
    print_unread(&desired, context);
    let shard = args.shard.shard(|name| context.var(name));
    let shard = shard.map_err(|error| Failure::usage(error.to_string()).help(error.help()))?;
    let part = shard.map(|shard| SnapshotPart {
        shard,
        rules_sha256: rules_digest(&sources).to_string().into(),
    });
    if let Some(shard) = shard {
        read_only(shard, &mut desired);
    }
    let listed = block_on(async {
        let options = args.connection.client.options();
        let options = Options {
            consistent: args.consistency.consistent,
            // The other shards have the rest of the budget of each account.
            rate: match (options.rate, shard) {
                (RateLimit::PerSecond(rate), Some(shard)) => rate.part(shard.fraction()),
                (rate, _) => rate,
            },
            ..options
        };
        let session = open_session(options, &args.connection, &args.emulator, context).await?;
        let session = session.with_confirmation(args.consistency.confirm());
        Ok(list_instances(&session, &desired, context).await?)
    })?;
    let snapshot = Snapshot {
        taken_ms: Some(context.now_ms()),
        part,
        listings: listed.listings,
    };
    Ok((desired, snapshot))
}

/// Returns the digest of the rules files: of their contents, wherever and in whatever order they were read.
fn rules_digest(sources: &SourceMap) -> Digest {
    let mut digests: Vec<&str> = sources
        .named_files()
        .map(|(_, file)| file.sha256.as_str())
        .collect();
    digests.sort_unstable();
    Digest::hash(digests.join("\n").as_bytes())
}

/// Leaves the instances of other shards unread. The instances of an account are spread over all shards.
fn read_only(shard: Shard, desired: &mut DesiredState) {
    let readable: Vec<&Instance> = desired.instances.iter().filter(|it| it.read).collect();
    // The API throttles accounts; an instance without one is read with the account of its credentials.
    let selected = shard.select(
        &readable,
        |instance| (&instance.account, &instance.profile, &instance.role_arn),
        |instance| instance.id.as_str(),
    );
    let selected: BTreeSet<InstanceId> = selected
        .into_iter()
        .map(|instance| instance.id.clone())
        .collect();
    for instance in &mut desired.instances {
        instance.read = instance.read && selected.contains(&instance.id);
    }
}

/// Prints the instances that are declared `read: false`.
fn print_unread(desired: &DesiredState, context: &mut Context) {
    for instance in desired.instances.iter().filter(|it| !it.read) {
        let alias = sanitize(instance.alias.as_str()).into_owned();
        let note = format!(
            "{alias}: not in the snapshot: it is declared `read: false`, so its rules are unverified\n"
        );
        context.log(Verbosity::Normal, &note);
    }
}

/// Replaces the snapshot of an earlier run by one without listings: every comparison with it is incomplete.
fn invalidate(args: &SnapshotArgs, context: &mut Context) {
    if !args.out.is_file() {
        return;
    }
    let empty = Snapshot {
        taken_ms: Some(context.now_ms()),
        ..Snapshot::default()
    };
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = write(empty, &mut bytes);
    let document = OutputDocument {
        name: DOCUMENT,
        text: &bytes,
        access: Access::Private,
    };
    let written = output::write_document(&args.out, &document, context);
    if let Err(unwritable) = written {
        context.warn(&unwritable);
    }
}

/// Writes the snapshot, and prints its SHA-256.
fn write_snapshot(
    snapshot: Snapshot,
    args: &SnapshotArgs,
    context: &mut Context,
) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let path = args.out.display().to_string();
    write(snapshot, &mut bytes).map_err(|error| Failure::unwritable(&path, &error))?;
    let checksum = format!("{}  {path}\n", Digest::hash(&bytes));
    if args.out.as_os_str() == "-" {
        context.print_document(DOCUMENT, &bytes)?;
        context.log(Verbosity::Normal, &checksum);
        return Ok(());
    }
    let document = OutputDocument {
        name: DOCUMENT,
        text: &bytes,
        access: Access::Private,
    };
    output::write_document(&args.out, &document, context)
        .inspect_err(|_| invalidate(args, context))?;
    context.print(&checksum)
}

/// Prints the instances that are incomplete. Returns the exit code and its reason.
fn print_statuses(
    snapshot: &Snapshot,
    desired: &DesiredState,
    context: &mut Context,
) -> (Exit, String) {
    let aliases = Aliases::from_desired(desired);
    let mut incomplete = Vec::new();
    let mut rules = 0;
    for listing in &snapshot.listings {
        rules += listing.rules.len();
        if listing.status == ReadStatus::Complete {
            continue;
        }
        let alias = sanitize(aliases.name(&listing.instance_id)).into_owned();
        let status = listing.status.as_str().replace('_', " ");
        let why = match &listing.failure {
            Some(failure) => format!(": {}", sanitize_line(&failure.to_string())),
            None => String::new(),
        };
        context.eprint(&format!("{alias}: {status}{why}\n"));
        incomplete.push(format!("\"{alias}\""));
    }
    let rules = pluralize(rules, "rule");
    let instances = pluralize(snapshot.listings.len(), "instance");
    let summary = match &snapshot.part {
        Some(part) => format!("{rules} of {instances}, part {}", part.shard),
        None => format!("{rules} of {instances}"),
    };
    if incomplete.is_empty() {
        return (Exit::Success, summary);
    }
    let incomplete = incomplete_reason(&incomplete);
    (Exit::Incomplete, format!("{incomplete}; {summary}"))
}
