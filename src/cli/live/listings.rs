//! The listings of the declared instances, asked for again where something would be reported.

use super::questions::questions;
use super::session::Session;
use crate::acr::Listing;
use crate::cli::args::ReadingArgs;
use crate::cli::errors::Failure;
use crate::cli::world::{Verbosity, World};
use crate::client::Target;
use crate::client::credentials::CredentialsError;
use crate::model::DesiredState;

/// Lists the instances that are to be read, and asks again for what would be reported missing or unmanaged.
pub(in crate::cli) async fn listings(
    session: &Session,
    desired: &DesiredState,
    args: &ReadingArgs,
    world: &mut World,
) -> Result<Vec<Listing>, Failure> {
    let Session { client, budget, .. } = session;
    let readable = desired.instances.iter().filter(|instance| instance.read);
    let targets: Vec<Target> = readable.map(|instance| session.target(instance)).collect();
    world.tell(Verbosity::Verbose, &format!("asking {} instances for their sync rules\n", targets.len()));
    let listings = client.read(&targets, *budget).await.map_err(|error| no_credentials(&error))?;
    let listings = if args.confirm() {
        client.confirm(&targets, listings, *budget, |listings| questions(desired, listings)).await
    } else {
        listings
    };
    for Listing { instance_id, status, rules, pages, requests, .. } in &listings {
        let (status, rules) = (status.as_str(), rules.len());
        let told = format!("{instance_id}: {status}, {rules} rules, {pages} pages, {requests} requests\n");
        world.tell(Verbosity::Verbose, &told);
    }
    Ok(listings)
}

/// What ends a run for which there are no credentials at all.
pub(in crate::cli) fn no_credentials(error: &CredentialsError) -> Failure {
    Failure::new(error.to_string()).help(
        "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`; \
         without an account, try --emulate SNAPSHOT",
    )
}
