//! The listings of the declared instances, asked for again where something would be reported.

use futures_util::future::join;

use super::accounts::Callers;
use super::questions::questions;
use super::session::Session;
use crate::acr::Listing;
use crate::cli::args::ReadingArgs;
use crate::cli::errors::Failure;
use crate::cli::world::{Verbosity, World};
use crate::client::Target;
use crate::client::credentials::CredentialsError;
use crate::model::{DesiredState, Instance, Selection};
use crate::report::sentence;

/// Lists the instances that are to be read, and asks again for what would be reported missing or unmanaged.
pub(in crate::cli) async fn listings(
    session: &Session,
    desired: &DesiredState,
    selection: &Selection,
    args: &ReadingArgs,
    world: &mut World,
) -> Result<Vec<Listing>, Failure> {
    let Session { client, budget, .. } = session;
    let instances = to_read(session, desired, selection);
    let targets: Vec<Target> = instances.iter().map(|(_, target)| target.clone()).collect();
    world.tell(Verbosity::Verbose, &format!("asking {} instances for their sync rules\n", targets.len()));
    let (listings, callers) = join(client.read(&targets, *budget), Callers::ask(session, &instances)).await;
    let listings = listings.map_err(|error| no_credentials(&error))?;
    for error in callers.unknown() {
        let told = format!("note: whose the credentials are could not be asked: {}\n", sentence(&error.to_string()));
        world.tell(Verbosity::Normal, &told);
    }
    let checked = instances.iter().zip(listings);
    let listings = checked.map(|((instance, target), listing)| callers.check(instance, target, listing)).collect();
    let listings = if args.confirm() {
        client.confirm(&targets, listings, *budget, |listings| questions(desired, selection, listings)).await
    } else {
        listings
    };
    for Listing { instance_id, status, rules, pages, requests, .. } in &listings {
        let (status, rules) = (status.as_str(), rules.len());
        let told = format!("{instance_id}: {status}, {rules} rules, {pages} pages, {requests} requests\n");
        world.tell(Verbosity::Verbose, &told);
    }
    if let Some(requests) = session.emulated_requests() {
        world.tell(Verbosity::Verbose, &format!("the emulator was asked for {requests} pages\n"));
    }
    Ok(listings)
}

/// The instances that are to be read, and how.
fn to_read<'a>(session: &Session, desired: &'a DesiredState, selection: &Selection) -> Vec<(&'a Instance, Target)> {
    let matter = desired.instances.iter().zip(selection.instances_that_matter(desired));
    let to_read = matter.filter_map(|(instance, matters)| (matters && instance.read).then_some(instance));
    to_read.map(|instance| (instance, session.target(instance))).collect()
}

/// What ends a run for which there are no credentials at all.
pub(in crate::cli) fn no_credentials(error: &CredentialsError) -> Failure {
    Failure::new(error.to_string()).help(
        "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`; \
         without an account, try --emulate SNAPSHOT",
    )
}
