//! The source of an import: the instances that exist, and their listings.

use std::collections::BTreeSet;

use acr_api::InstanceSummary;
use acr_client::credentials::Identity;
use acr_client::{Options, Target};
use futures_util::future::join_all;

use crate::acquire::{AcquireError, ReadSession, list_instances, with_progress};
use crate::cli::args::ImportArgs;
use crate::cli::console::Verbosity;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input::read_snapshots;
use crate::cli::live::{merge_files, open_session};
use crate::cli::runtime::block_on;
use crate::cli::selection::note_misspelt_region;
use crate::import::{NewInstance, assign_aliases};
use crate::model::{DesiredState, Instance, ReadStatus};
use crate::snapshot::Snapshot;
use crate::source::Place;
use crate::source::sanitize_line;
use crate::source::{nearest, truncate};

/// The live rules to import.
pub(super) struct ImportSource {
    pub(super) snapshot: Snapshot,
    /// The instances that exist: those that were read, and others with a known name.
    pub(super) instances: Vec<NewInstance>,
}

/// Reads the live rules from a file or from the service.
pub(super) fn read(
    args: &ImportArgs,
    declared: &DesiredState,
    context: &mut Context,
) -> Result<ImportSource, Failure> {
    if args.live.is_empty() {
        return block_on(read_service(args, declared, context));
    }
    let files = read_snapshots(&args.live, context)?;
    let mut snapshot = merge_files(files, context)?.snapshot;
    snapshot
        .listings
        .retain(|it| !it.instance_id.is_empty() && is_selected(args, &it.instance_id));
    refuse_unknown(args, snapshot.listings.iter().map(|it| &*it.instance_id))?;
    if snapshot.listings.is_empty() {
        return Err(
            Failure::new("the live rules hold no listing of an instance").help(
                "an answer without rules names no instance: take a snapshot, or read the API",
            ),
        );
    }
    let mut instances = Vec::new();
    for listing in &snapshot.listings {
        let id = &*listing.instance_id;
        let mut known = declared.instances.iter();
        let known = known.find(|it| it.id.as_str() == id);
        let region = listing
            .region_id
            .as_deref()
            .or_else(|| known.map(|it| it.region.as_str()))
            .or_else(|| only(&args.region));
        let region = region.ok_or_else(|| {
            let reason = format!(
                "the live rules do not name the region of {}",
                sanitize_line(id)
            );
            Failure::new(reason).help("add --region cn-shanghai")
        })?;
        instances.push(NewInstance::new(id.into(), region.into()));
    }
    Ok(ImportSource {
        snapshot,
        instances,
    })
}

/// Finds the instances of the service, and lists each until two listings agree.
async fn read_service(
    args: &ImportArgs,
    declared: &DesiredState,
    context: &mut Context,
) -> Result<ImportSource, Failure> {
    let options = Options {
        consistent: true,
        ..args.connection.client.options()
    };
    let session = open_session(options, &args.connection, &args.emulator, context).await?;
    let instances = find_instances(args, declared, &session, context).await?;
    let is_declared = |id| declared.instances.iter().any(|known| known.id == id);
    let mut new = instances.clone();
    new.retain(|it| it.read && !is_declared(it.id.clone()));
    let mut read: Vec<Instance> = declared.instances.clone();
    read.retain(|it| is_selected(args, it.id.as_str()));
    read.extend(assign_aliases(
        &declared.instances,
        &new,
        Place::synthetic(),
    ));
    let desired = DesiredState {
        instances: read,
        ..DesiredState::default()
    };
    let session = session.with_confirmation(false);
    let listed = list_instances(&session, &desired, context).await?;
    Ok(ImportSource {
        snapshot: Snapshot {
            taken_ms: Some(context.now_ms()),
            part: None,
            listings: listed.listings,
        },
        instances,
    })
}

/// Finds the instances that exist. Those that `--instance-id` leaves out are known by name and not read.
async fn find_instances(
    args: &ImportArgs,
    declared: &DesiredState,
    session: &ReadSession,
    context: &mut Context,
) -> Result<Vec<NewInstance>, Failure> {
    for region in &args.region {
        note_misspelt_region(region, context);
    }
    let locations = locations(args, declared)?;
    let mut targets = Vec::new();
    for location in &locations {
        let target = session.target(location.target(session));
        let credentials = session.client.credentials_for(&target, session.budget);
        credentials.await.map_err(AcquireError::from)?;
        targets.push(target);
    }
    let calls = targets
        .iter()
        .map(|target| session.client.instances(target, session.budget));
    let mut instances: Vec<NewInstance> = Vec::new();
    let responses = with_progress(join_all(calls), session, context).await;
    for (location, response) in locations.iter().zip(responses) {
        match response {
            Ok(summaries) => {
                let found = summaries.into_iter();
                instances.extend(found.filter_map(|it| location.instance(it, args)));
            }
            // With --instance-id, names are not needed.
            Err((ReadStatus::Denied, failure)) if !args.instance_id.is_empty() => {
                let note = format!(
                    "note: the names of the instances in {} are unknown: {failure}\n",
                    location.name()
                );
                context.log(Verbosity::Normal, &note);
            }
            Err((status, failure)) => {
                let status = status.as_str().replace('_', " ");
                let why = sanitize_line(&failure.to_string()).into_owned();
                return Err(Failure::incomplete(format!(
                    "could not list the instances in {}, so nothing was written: {status}: {why}",
                    location.name()
                ))
                .help("where cr:ListInstance cannot be allowed, name the instances: --instance-id cri-… --region …"));
            }
        }
    }
    instances.sort();
    instances.dedup_by(|one, other| one.id == other.id);
    // An instance that is named and not listed may exist all the same. The emulator lists every instance.
    if let ([location], None) = (locations.as_slice(), &args.emulator.emulate) {
        for id in &args.instance_id {
            if !instances.iter().any(|it| it.id.as_str() == id) {
                instances.push(location.unnamed_instance(id, None));
            }
        }
    }
    let declared_ids = declared.instances.iter().map(|it| it.id.as_str());
    let known = instances.iter().map(|it| it.id.as_str());
    refuse_unknown(args, known.chain(declared_ids))?;
    if instances.is_empty() && declared.instances.is_empty() {
        let names: Vec<_> = locations.iter().map(SearchLocation::name).collect();
        return Err(
            Failure::new(format!("there is no instance in {}", names.join(", ")))
                .help("look up the region in the console, and give it with --region"),
        );
    }
    Ok(instances)
}

/// A region that is searched for instances, and the way to it.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct SearchLocation {
    /// Empty at the emulator, whose one endpoint serves every region.
    region: Box<str>,
    endpoint: Option<Box<str>>,
    profile: Option<Box<str>>,
    role_arn: Option<Box<str>>,
}

impl SearchLocation {
    fn target(&self, session: &ReadSession) -> Target {
        let identity = match (&self.profile, &self.role_arn) {
            (None, None) => session.default_identity(),
            (profile, role_arn) => Identity {
                profile: profile.clone(),
                role_arn: role_arn.clone(),
            },
        };
        Target {
            instance_id: "".into(),
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            identity,
        }
    }

    /// Returns a listed instance; `None` where its region is unknown.
    fn instance(&self, summary: InstanceSummary, args: &ImportArgs) -> Option<NewInstance> {
        let region = summary.region_id.filter(|region| !region.is_empty());
        let region = region.unwrap_or_else(|| self.region.clone());
        if region.is_empty() {
            return None;
        }
        Some(NewInstance {
            name: summary.instance_name,
            read: is_selected(args, &summary.instance_id),
            ..self.unnamed_instance(&summary.instance_id, Some(&region))
        })
    }

    fn unnamed_instance(&self, id: &str, region: Option<&str>) -> NewInstance {
        NewInstance {
            endpoint: self.endpoint.clone(),
            profile: self.profile.clone(),
            role_arn: self.role_arn.clone(),
            ..NewInstance::new(id.into(), region.unwrap_or(&self.region).into())
        }
    }

    fn name(&self) -> &str {
        if self.region.is_empty() {
            "the account"
        } else {
            &self.region
        }
    }
}

/// Returns the regions to search, in order: those of `--region` or, without any, those of the declared instances.
fn locations(args: &ImportArgs, declared: &DesiredState) -> Result<Vec<SearchLocation>, Failure> {
    if args.emulator.emulate.is_some() {
        return Ok(vec![SearchLocation::default()]);
    }
    let mut locations = BTreeSet::new();
    for region in &args.region {
        locations.insert(SearchLocation {
            region: region.trim().into(),
            endpoint: args.endpoint.as_deref().map(Box::from),
            ..SearchLocation::default()
        });
    }
    if args.region.is_empty() {
        for instance in declared.instances.iter().filter(|it| it.read) {
            locations.insert(SearchLocation {
                region: instance.region.as_str().into(),
                endpoint: instance.endpoint.clone(),
                profile: instance.profile.clone(),
                role_arn: instance.role_arn.clone(),
            });
        }
    }
    if locations.is_empty() {
        return Err(Failure::usage("no region or instance given").help(
            "add --region cn-shanghai, once for each region; without an account, try --emulate SNAPSHOT",
        ));
    }
    Ok(locations.into_iter().collect())
}

/// Returns whether `--instance-id` selects an instance.
fn is_selected(args: &ImportArgs, id: &str) -> bool {
    args.instance_id.is_empty() || args.instance_id.iter().any(|it| it == id)
}

fn refuse_unknown<'a>(
    args: &ImportArgs,
    known: impl Iterator<Item = &'a str>,
) -> Result<(), Failure> {
    const MAX_LISTED: usize = 20;
    let known: BTreeSet<&str> = known.collect();
    let mut ids = args.instance_id.iter();
    let Some(unknown) = ids.find(|id| !known.contains(id.as_str())) else {
        return Ok(());
    };
    let guess = nearest(unknown, known.iter().copied());
    let guess = guess.map(|guess| format!("did you mean `{}`? ", truncate(guess)));
    let listed: Vec<&str> = known.into_iter().take(MAX_LISTED).collect();
    Err(Failure::new(format!(
        "--instance-id {unknown}: there is no such instance"
    ))
    .help(format!(
        "{}there are {}",
        guess.unwrap_or_default(),
        sanitize_line(&listed.join(", "))
    )))
}

/// Returns the only text of a list of one.
fn only(texts: &[String]) -> Option<&str> {
    match texts {
        [text] => Some(text),
        _ => None,
    }
}
