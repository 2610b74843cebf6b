//! `crdrift snapshot [FILES] --out PATH`: what the instances list, written down.

use acr_api::Listing;
use acr_client::Options;

use crate::cli::args::SnapshotArgs;
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::live::{Session, listings};
use crate::cli::load::load_desired;
use crate::cli::output::{self, Access};
use crate::cli::runtime::block_on;
use crate::cli::{Context, Exit};
use crate::model::{Aliases, DesiredState, ReadStatus, Selection};
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
    let (exit, reason) = tell(&snapshot.listings, &desired, context);
    deliver(snapshot, args, context)?;
    context.finish(&reason, exit);
    Ok(exit)
}

/// Lists every instance of the rules files.
fn list(
    args: &SnapshotArgs,
    context: &mut Context,
) -> Result<(DesiredState, Vec<Listing>), Failure> {
    let desired = load_desired(&args.desired, context)?.desired;
    let everything = Selection::default();
    let listed = block_on(async {
        let options = Options {
            consistent: args.consistency.consistent,
            ..args.connection.options()
        };
        let session = Session::open(options, &args.connection, &args.emulator, context).await?;
        listings(&session, &desired, &everything, &args.consistency, context).await
    })?;
    Ok((desired, listed.listings))
}

/// Replaces a snapshot of an earlier run by one without a listing: whatever is compared with it is incomplete.
fn invalidate(args: &SnapshotArgs, context: &mut Context) {
    if !args.out.is_file() {
        return;
    }
    let nothing = Snapshot {
        taken_ms: Some(context.now_ms()),
        listings: Vec::new(),
    };
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = write(nothing, &mut bytes);
    let written = output::write_document(&args.out, DOCUMENT, &bytes, Access::Private, context);
    if let Err(unwritable) = written {
        context.warn(&unwritable);
    }
}

/// Writes the snapshot, and tells its hash.
fn deliver(snapshot: Snapshot, args: &SnapshotArgs, context: &mut Context) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let path = args.out.display().to_string();
    write(snapshot, &mut bytes).map_err(|error| Failure::unwritable(&path, &error))?;
    let told = format!("{}  {path}\n", Digest::of_bytes(&bytes));
    if args.out.as_os_str() == "-" {
        context.print_document(DOCUMENT, &bytes)?;
        context.log(Verbosity::Normal, &told);
        return Ok(());
    }
    output::write_document(&args.out, DOCUMENT, &bytes, Access::Private, context)
        .inspect_err(|_| invalidate(args, context))?;
    context.print(&told)
}

/// Tells what is not whole, and what the exit code is for.
fn tell(listings: &[Listing], desired: &DesiredState, context: &mut Context) -> (Exit, String) {
    let aliases = Aliases::from_desired(desired);
    let mut unread = Vec::new();
    for Listing {
        instance_id,
        status,
        failure,
        ..
    } in listings
    {
        if *status != ReadStatus::Complete {
            let alias = sanitize(aliases.name(instance_id)).into_owned();
            let failure = failure
                .as_ref()
                .map(|it| format!(": {}", sanitize_line(&it.to_string())))
                .unwrap_or_default();
            context.eprint(&format!(
                "{alias}: {}{failure}\n",
                status.as_str().replace('_', " ")
            ));
            unread.push(format!("\"{alias}\""));
        }
    }
    for instance in desired.instances.iter().filter(|it| !it.read) {
        let alias = sanitize(instance.alias.as_str()).into_owned();
        let told = format!(
            "{alias}: not in the snapshot: it is declared `read: false`, so what it lists is unverified\n"
        );
        context.log(Verbosity::Normal, &told);
    }
    let rules: usize = listings.iter().map(|listing| listing.rules.len()).sum();
    let rules = format!(
        "{} of {}",
        pluralize(rules, "rule"),
        pluralize(listings.len(), "instance")
    );
    match unread.as_slice() {
        [] => (Exit::Success, rules),
        unread => (
            Exit::Incomplete,
            format!("could not read {} whole; {rules}", unread.join(", ")),
        ),
    }
}
