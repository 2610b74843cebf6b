//! `crdrift snapshot [FILES] --out PATH`: what the instances list, written down.

use acr_api::Listing;
use acr_client::Options;

use super::{counted, load_desired};
use crate::cli::args::SnapshotArgs;
use crate::cli::errors::Failure;
use crate::cli::live::{Session, block_on, listings};
use crate::cli::output::{self, Access};
use crate::cli::world::Verbosity;
use crate::cli::{Exit, World};
use crate::model::{Aliases, DesiredState, ReadStatus, Selection};
use crate::report::{Digest, sentence, visible};
use crate::snapshot::{Snapshot, redact_accounts, write};

/// The name of the document in messages.
const DOCUMENT: &str = "a snapshot";

pub(in crate::cli) fn run(args: &SnapshotArgs, world: &mut World) -> Result<Exit, Failure> {
    let (desired, listings) = list(args, world).inspect_err(|_| invalidate(args, world))?;
    let mut snapshot = Snapshot {
        taken_ms: Some(world.now_ms()),
        listings,
    };
    if args.redact_accounts {
        redact_accounts(&mut snapshot);
    }
    let (exit, reason) = tell(&snapshot.listings, &desired, world);
    deliver(snapshot, args, world)?;
    world.conclude(&reason, exit);
    Ok(exit)
}

/// Lists every instance of the rules files.
fn list(args: &SnapshotArgs, world: &mut World) -> Result<(DesiredState, Vec<Listing>), Failure> {
    let desired = load_desired(&args.desired, world)?.desired;
    let everything = Selection::default();
    let listed = block_on(async {
        let options = Options {
            consistent: args.reading.consistent,
            ..args.connection.options()
        };
        let session = Session::open(options, &args.connection, &args.emulation, world).await?;
        listings(&session, &desired, &everything, &args.reading, world).await
    })?;
    Ok((desired, listed.listings))
}

/// Replaces a snapshot of an earlier run by one without a listing: whatever is compared with it is incomplete.
fn invalidate(args: &SnapshotArgs, world: &mut World) {
    if !args.out.is_file() {
        return;
    }
    let nothing = Snapshot {
        taken_ms: Some(world.now_ms()),
        listings: Vec::new(),
    };
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = write(nothing, &mut bytes);
    let written = output::write_document(&args.out, DOCUMENT, &bytes, Access::Private, world);
    if let Err(unwritable) = written {
        world.note(&format!("crdrift: {}\n", unwritable.reason()));
    }
}

/// Writes the snapshot, and tells its hash.
fn deliver(snapshot: Snapshot, args: &SnapshotArgs, world: &mut World) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let path = args.out.display().to_string();
    write(snapshot, &mut bytes).map_err(|error| Failure::unwritable(&path, &error))?;
    let told = format!("{}  {path}\n", Digest::of_bytes(&bytes));
    if args.out.as_os_str() == "-" {
        world.print_document(DOCUMENT, &bytes)?;
        world.tell(Verbosity::Normal, &told);
        return Ok(());
    }
    output::write_document(&args.out, DOCUMENT, &bytes, Access::Private, world)
        .inspect_err(|_| invalidate(args, world))?;
    world.print(&told)
}

/// Tells what is not whole, and what the exit code is for.
fn tell(listings: &[Listing], desired: &DesiredState, world: &mut World) -> (Exit, String) {
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
            let alias = visible(aliases.name(instance_id)).into_owned();
            let failure = failure
                .as_ref()
                .map(|it| format!(": {}", sentence(&it.to_string())))
                .unwrap_or_default();
            world.note(&format!(
                "{alias}: {}{failure}\n",
                status.as_str().replace('_', " ")
            ));
            unread.push(format!("\"{alias}\""));
        }
    }
    for instance in desired.instances.iter().filter(|it| !it.read) {
        let alias = visible(instance.alias.as_str()).into_owned();
        let told = format!(
            "{alias}: not in the snapshot: it is declared `read: false`, so what it lists is unverified\n"
        );
        world.tell(Verbosity::Normal, &told);
    }
    let rules: usize = listings.iter().map(|listing| listing.rules.len()).sum();
    let rules = format!(
        "{} of {}",
        counted(rules, "rule"),
        counted(listings.len(), "instance")
    );
    match unread.as_slice() {
        [] => (Exit::InSync, rules),
        unread => (
            Exit::Incomplete,
            format!("could not read {} whole; {rules}", unread.join(", ")),
        ),
    }
}
