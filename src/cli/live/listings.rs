//! The listings of the declared instances, asked for again where something would be reported.

use acr_api::Listing;
use acr_client::Target;
use acr_client::credentials::CredentialsError;
use futures_util::future::join;

use super::accounts::CallerAccounts;
use super::confirmations::confirmations;
use super::progress::watch;
use super::session::Session;
use super::variables::{CREDENTIALS_URI, goes_first};
use crate::cli::args::ConsistencyArgs;
use crate::cli::console::Verbosity;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::model::{AccountId, DesiredState, Instance, InstanceId, ReadStatus, Selection};
use crate::source::sanitize_line;

/// What the instances list.
pub(in crate::cli) struct Listed {
    pub(in crate::cli) listings: Vec<Listing>,
    /// The account whose credentials were used for an instance, where one was declared and so asked for.
    pub(in crate::cli) callers: Vec<(InstanceId, AccountId)>,
}

/// Lists the instances that are to be read, and asks again for what would be reported missing or unmanaged.
pub(in crate::cli) async fn listings(
    session: &Session,
    desired: &DesiredState,
    selection: &Selection,
    args: &ConsistencyArgs,
    context: &mut Context,
) -> Result<Listed, Failure> {
    let Session { client, budget, .. } = session;
    let instances = to_read(session, desired, selection);
    let targets: Vec<Target> = instances.iter().map(|(_, target)| target.clone()).collect();
    context.log(
        Verbosity::Verbose,
        &format!("asking {} instances for their sync rules\n", targets.len()),
    );
    let accounts: Vec<_> = instances
        .iter()
        .map(|(instance, target)| (instance.account.as_ref(), target))
        .collect();
    let asked = join(
        client.read(&targets, *budget),
        CallerAccounts::ask(session, &accounts),
    );
    let (listings, callers) = watch(asked, client, context).await;
    let listings = listings.map_err(|error| no_credentials(&error))?;
    note_unused_uri(session, &targets, &listings, context).await;
    callers.tell_unknown(context);
    let read = accounts.iter().zip(listings);
    let listings =
        read.map(
            |((account, target), listing)| match callers.objection(*account, target) {
                Some(objection) => Listing {
                    requests: listing.requests,
                    ..Listing::skipped(listing.instance_id, Some(objection))
                },
                None => listing,
            },
        );
    let mut listings = listings.collect();
    if args.confirm() {
        let ask = |listings: &[Listing]| confirmations(desired, selection, listings);
        listings = watch(
            client.confirm(&targets, listings, *budget, ask),
            client,
            context,
        )
        .await;
    }
    for Listing {
        instance_id,
        status,
        rules,
        pages,
        requests,
        ..
    } in &listings
    {
        let (status, rules) = (status.as_str(), rules.len());
        let told =
            format!("{instance_id}: {status}, {rules} rules, {pages} pages, {requests} requests\n");
        context.log(Verbosity::Verbose, &told);
    }
    if let Some(requests) = session.emulated_requests() {
        context.log(
            Verbosity::Verbose,
            &format!("the emulator was asked for {requests} pages\n"),
        );
    }
    let declaring = instances
        .iter()
        .filter(|(instance, _)| instance.account.is_some());
    let callers = declaring
        .filter_map(|(it, target)| Some((it.id.clone(), callers.caller(target)?.account.clone())));
    Ok(Listed {
        callers: callers.collect(),
        listings,
    })
}

/// Prints a note where an instance was read with the credentials of another source than the URI that a variable names.
/// A file or a role of the machine goes before it, which only the reading shows.
async fn note_unused_uri(
    session: &Session,
    targets: &[Target],
    listings: &[Listing],
    context: &mut Context,
) {
    let is_set = |name: &str| context.var(name).is_some_and(|uri| !uri.trim().is_empty());
    if session.is_emulated() || !is_set(CREDENTIALS_URI) || goes_first(is_set).is_some() {
        return;
    }
    let read = targets.iter().zip(listings).find(|(target, listing)| {
        target.identity.profile.is_none() && listing.status == ReadStatus::Complete
    });
    let Some((target, _)) = read else {
        return;
    };
    let used = session.client.credentials_for(target, session.budget).await;
    if let Ok(credentials) = used
        && !credentials.source.ends_with("credentials URI")
    {
        let source = sanitize_line(&credentials.source);
        let note =
            format!("note: {CREDENTIALS_URI} is set and has no effect: {source} goes first\n");
        context.log(Verbosity::Normal, &note);
    }
}

/// The instances that are to be read, and how.
fn to_read<'a>(
    session: &Session,
    desired: &'a DesiredState,
    selection: &Selection,
) -> Vec<(&'a Instance, Target)> {
    let matter = desired
        .instances
        .iter()
        .zip(selection.instances_that_matter(desired));
    let to_read =
        matter.filter_map(|(instance, matters)| (matters && instance.read).then_some(instance));
    to_read
        .map(|instance| (instance, session.target(instance)))
        .collect()
}

/// What ends a run for which there are no credentials at all.
pub(in crate::cli) fn no_credentials(error: &CredentialsError) -> Failure {
    Failure::new(error.to_string()).help(credentials_help(error))
}

/// What to do about credentials that are not there.
pub(in crate::cli) const fn credentials_help(error: &CredentialsError) -> &'static str {
    match error {
        CredentialsError::NotConfigured { .. } => {
            "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`; \
             without an account, try --emulate SNAPSHOT"
        }
        CredentialsError::Broken { .. } => {
            "correct what is named, or take it away so that the next source is looked at"
        }
        CredentialsError::Failed { .. } => {
            "look at what the issuer says; a role has to trust whoever assumes it"
        }
    }
}
