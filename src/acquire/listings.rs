//! The listings of the declared instances, confirmed where a difference would be reported.

use acr_api::Listing;
use acr_client::credentials::ConfigSource;
use acr_client::{CallFailure, Target};
use futures_util::future::join;

use super::accounts::CallerAccounts;
use super::confirmations::confirmations;
use super::error::AcquireError;
use super::message::read_failure;
use super::progress::{ProgressSink, with_progress};
use super::session::ReadSession;
use super::variables::{CREDENTIALS_URI, first_source};
use crate::model::{AccountId, DesiredState, Instance, InstanceId, ReadFailure, ReadStatus};
use crate::source::pluralize;

/// The listings of the instances that were read.
#[derive(Debug)]
pub struct InstanceListings {
    /// The listings, in the order of the declared instances.
    pub listings: Vec<Listing<ReadFailure>>,
    /// The accounts of the credentials, for instances with a declared account.
    pub callers: Vec<(InstanceId, AccountId)>,
}

/// Lists the instances that the selection needs, and confirms the rules that would be reported.
///
/// # Errors
///
/// Missing credentials.
pub async fn list_instances(
    session: &ReadSession,
    desired: &DesiredState,
    sink: &mut dyn ProgressSink,
) -> Result<InstanceListings, AcquireError> {
    let ReadSession { client, budget, .. } = session;
    let instances = readable_instances(desired);
    let targets: Vec<Target> = instances.iter().map(|it| session.target(*it)).collect();
    session.name_instances(&desired.instances);
    let count = pluralize(targets.len(), "instance");
    sink.detail(&format!("listing the sync rules of {count}"));
    let accounts = instances.iter().map(|it| it.account.as_ref());
    let accounts: Vec<_> = accounts.zip(&targets).collect();
    let calls = join(
        client.read(&targets, *budget),
        CallerAccounts::determine(session, &accounts),
    );
    let (listings, callers) = with_progress(calls, session, sink).await;
    let mut listings = listings?;
    note_unused_uri(session, &targets, &listings, sink).await;
    callers.note_errors(sink);
    let mut mismatches = Vec::new();
    for ((account, target), listing) in accounts.iter().zip(&mut listings) {
        let mismatch = callers.account_mismatch(*account, target);
        if mismatch.is_some() {
            *listing = Listing {
                requests: listing.requests,
                ..Listing::skipped(listing.instance_id.clone(), None)
            };
        }
        mismatches.push(mismatch);
    }
    if session.confirms {
        let claims = |listings: &[Listing<CallFailure>]| confirmations(desired, listings);
        let confirm = client.confirm(&targets, listings, *budget, claims);
        listings = with_progress(confirm, session, sink).await;
    }
    print_details(session, &instances, &listings, sink);
    let mut reported = Vec::new();
    for (listing, mismatch) in listings.into_iter().zip(mismatches) {
        let mut listing = listing.map_failure(read_failure);
        listing.failure = mismatch.or(listing.failure);
        reported.push(listing);
    }
    let mut caller_accounts = Vec::new();
    for (instance, (account, target)) in instances.iter().zip(&accounts) {
        if account.is_some()
            && let Some(caller) = callers.caller(target)
        {
            caller_accounts.push((instance.id.clone(), caller.account.clone()));
        }
    }
    Ok(InstanceListings {
        listings: reported,
        callers: caller_accounts,
    })
}

/// Returns the declared instances that the selection needs and that are not `read: false`.
fn readable_instances(desired: &DesiredState) -> Vec<&Instance> {
    let needed = desired.selection.needed_instances(desired);
    let mut instances = Vec::new();
    for (instance, is_needed) in desired.instances.iter().zip(needed) {
        if is_needed && instance.read {
            instances.push(instance);
        }
    }
    instances
}

/// Prints a note where an instance was read with the credentials of another source than the URI that a variable names.
/// A file or a role of the machine has precedence over it, and only the reading shows which.
async fn note_unused_uri(
    session: &ReadSession,
    targets: &[Target],
    listings: &[Listing<CallFailure>],
    sink: &mut dyn ProgressSink,
) {
    let variable = &session.environment.variable;
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.trim().is_empty());
    if session.is_emulated() || !is_set(CREDENTIALS_URI) || first_source(is_set).is_some() {
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
        && credentials.source.source() != Some(ConfigSource::Uri)
    {
        let source = &credentials.source;
        sink.note(&format!(
            "{CREDENTIALS_URI} is set and has no effect: {source} has precedence"
        ));
    }
}

/// Prints the number of rules, pages and requests of each instance.
fn print_details(
    session: &ReadSession,
    instances: &[&Instance],
    listings: &[Listing<CallFailure>],
    sink: &mut dyn ProgressSink,
) {
    for (instance, listing) in instances.iter().zip(listings) {
        let Listing {
            status,
            rules,
            pages,
            requests,
            ..
        } = listing;
        sink.detail(&format!(
            "{} ({}): {}, {}, {}, {}",
            instance.alias,
            instance.id,
            status.as_str(),
            pluralize(rules.len(), "rule"),
            pluralize(*pages, "page"),
            pluralize(*requests, "request")
        ));
    }
    if let Some(requests) = session.emulated_requests() {
        let pages = pluralize(requests, "page");
        sink.detail(&format!("the emulator served {pages}"));
    }
}
