//! `crdrift snapshot [FILES] --out PATH`: the listings of the declared instances, as a file.

use acr_api::Listing;
use acr_client::Options;

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
use crate::model::{Aliases, DesiredState, ReadStatus};
use crate::report::Digest;
use crate::snapshot::{Snapshot, redact_accounts, write};
use crate::source::pluralize;
use crate::source::{sanitize, sanitize_line};

/// The name of the document in messages.
const DOCUMENT: &str = "a snapshot";

pub(in crate::cli) fn run(args: &SnapshotArgs, context: &mut Context) -> Result<Exit, Failure> {
    let (desired, listings) = list(args, context).inspect_err(|_| invalidate(args, context))?;
    let mut snapshot = Snapshot {
        taken_ms: Some(context.now_ms()),
        listings,
    };
    if args.redact_accounts {
        redact_accounts(&mut snapshot);
    }
    let (exit, reason) = print_statuses(&snapshot.listings, &desired, context);
    write_snapshot(snapshot, args, context)?;
    context.finish(&reason, exit);
    Ok(exit)
}

/// Lists every instance of the rules files.
fn list(
    args: &SnapshotArgs,
    context: &mut Context,
) -> Result<(DesiredState, Vec<Listing>), Failure> {
    let desired = load_desired(&args.desired, context)?.desired;
    let listed = block_on(async {
        let options = Options {
            consistent: args.consistency.consistent,
            ..args.connection.client.options()
        };
        let session = open_session(options, &args.connection, &args.emulator, context).await?;
        let session = session.with_confirmation(args.consistency.confirm());
        Ok(list_instances(&session, &desired, context).await?)
    })?;
    Ok((desired, listed.listings))
}

/// Replaces the snapshot of an earlier run by one without listings: every comparison with it is incomplete.
fn invalidate(args: &SnapshotArgs, context: &mut Context) {
    if !args.out.is_file() {
        return;
    }
    let empty = Snapshot {
        taken_ms: Some(context.now_ms()),
        listings: Vec::new(),
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

/// Prints the instances that are incomplete or unverified. Returns the exit code and its reason.
fn print_statuses(
    listings: &[Listing],
    desired: &DesiredState,
    context: &mut Context,
) -> (Exit, String) {
    let aliases = Aliases::from_desired(desired);
    let mut incomplete = Vec::new();
    let mut rules = 0;
    for listing in listings {
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
    for instance in desired.instances.iter().filter(|it| !it.read) {
        let alias = sanitize(instance.alias.as_str()).into_owned();
        let note = format!(
            "{alias}: not in the snapshot: it is declared `read: false`, so its rules are unverified\n"
        );
        context.log(Verbosity::Normal, &note);
    }
    let rules = pluralize(rules, "rule");
    let summary = format!("{rules} of {}", pluralize(listings.len(), "instance"));
    if incomplete.is_empty() {
        return (Exit::Success, summary);
    }
    let incomplete = incomplete_reason(&incomplete);
    (Exit::Incomplete, format!("{incomplete}; {summary}"))
}
