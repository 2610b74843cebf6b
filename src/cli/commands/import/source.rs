//! What there is to import: the instances, and what each of them lists.

use std::collections::BTreeSet;

use acr_api::InstanceSummary;
use acr_client::credentials::Identity;
use acr_client::{Options, Target};
use futures_util::future::join_all;

use crate::cli::args::{ConsistencyArgs, ImportArgs};
use crate::cli::console::Verbosity;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input::read_snapshot;
use crate::cli::live::{Listed, Session, listings, no_credentials};
use crate::cli::runtime::block_on;
use crate::import::{NewInstance, assign_aliases};
use crate::model::{DesiredState, ReadStatus, Selection};
use crate::snapshot::Snapshot;
use crate::source::sanitize_line;

use super::nowhere;

/// What was read.
pub(super) struct Read {
    pub(super) snapshot: Snapshot,
    /// The instances there are: those that were read, and others whose names are known.
    pub(super) found: Vec<NewInstance>,
}

pub(super) fn read(
    args: &ImportArgs,
    declared: &DesiredState,
    context: &mut Context,
) -> Result<Read, Failure> {
    let Some(path) = &args.live else {
        return block_on(ask(args, declared, context));
    };
    let mut snapshot = read_snapshot(path, context)?;
    snapshot
        .listings
        .retain(|it| !it.instance_id.is_empty() && is_meant(args, &it.instance_id));
    refuse_unknown(args, snapshot.listings.iter().map(|it| &*it.instance_id))?;
    if snapshot.listings.is_empty() {
        return Err(Failure::new("there is no listing of an instance in it")
            .help("an answer without rules names no instance: take a snapshot, or ask the API"));
    }
    let mut found = Vec::new();
    for listing in &snapshot.listings {
        let region = listing.region_id.as_deref().or_else(|| {
            let declared = declared
                .instances
                .iter()
                .find(|it| it.id.as_str() == &*listing.instance_id);
            declared
                .map(|it| it.region.as_str())
                .or_else(|| only(&args.region))
        });
        let region = region.ok_or_else(|| {
            Failure::new(format!(
                "nothing in it tells the region of {}",
                sanitize_line(&listing.instance_id)
            ))
            .help("say it: --region cn-shanghai")
        })?;
        found.push(NewInstance::new(
            (&*listing.instance_id).into(),
            region.into(),
        ));
    }
    Ok(Read { snapshot, found })
}

/// Asks the service: which instances there are, then what they list.
async fn ask(
    args: &ImportArgs,
    declared: &DesiredState,
    context: &mut Context,
) -> Result<Read, Failure> {
    let options = Options {
        consistent: true,
        ..args.connection.options()
    };
    let session = Session::open(options, &args.connection, &args.emulator, context).await?;
    let found = find(args, declared, &session, context).await?;
    let new = found
        .iter()
        .filter(|it| it.read && !declared.instances.iter().any(|known| known.id == it.id));
    let named = assign_aliases(
        &declared.instances,
        &new.cloned().collect::<Vec<_>>(),
        nowhere(),
    );
    let known = declared
        .instances
        .iter()
        .filter(|it| is_meant(args, it.id.as_str()));
    let instances = known.cloned().chain(named).collect();
    let asked = DesiredState {
        instances,
        ..DesiredState::default()
    };
    let everything = Selection::default();
    let Listed { listings, .. } = listings(
        &session,
        &asked,
        &everything,
        &ConsistencyArgs::twice(),
        context,
    )
    .await?;
    Ok(Read {
        snapshot: Snapshot {
            taken_ms: Some(context.now_ms()),
            listings,
        },
        found,
    })
}

/// The instances there are. Where some are named, the others are known and not read.
async fn find(
    args: &ImportArgs,
    declared: &DesiredState,
    session: &Session,
    context: &mut Context,
) -> Result<Vec<NewInstance>, Failure> {
    let places = places(args, declared)?;
    let targets: Vec<Target> = places
        .iter()
        .map(|place| session.target(place.target(session)))
        .collect();
    for target in &targets {
        session
            .client
            .credentials_for(target, session.budget)
            .await
            .map_err(|error| no_credentials(&error))?;
    }
    let answers = join_all(
        targets
            .iter()
            .map(|it| session.client.instances(it, session.budget)),
    )
    .await;
    let mut found = Vec::new();
    for (place, answer) in places.iter().zip(answers) {
        match answer {
            Ok(instances) => {
                found.extend(instances.into_iter().filter_map(|it| place.found(it, args)));
            }
            // Names are good to have; whoever names the instances can do without.
            Err((ReadStatus::Denied, failure)) if !args.instance_id.is_empty() => {
                let told = format!(
                    "note: the names of the instances in {} are not known: {failure}\n",
                    place.shown()
                );
                context.log(Verbosity::Normal, &told);
            }
            Err((status, failure)) => {
                let status = status.as_str().replace('_', " ");
                let why = sanitize_line(&failure.to_string()).into_owned();
                return Err(Failure::incomplete(format!(
                    "could not list the instances in {}, so nothing was written: {status}: {why}",
                    place.shown()
                ))
                .help("where cr:ListInstance cannot be allowed, name the instances: --instance-id cri-… --region …"));
            }
        }
    }
    found.sort();
    found.dedup_by(|one, other| one.id == other.id);
    // One that is named and not listed is asked all the same. The emulator's one endpoint knows them all.
    if let ([place], None) = (places.as_slice(), &args.emulator.emulate) {
        let is_new = |id: &&String| !found.iter().any(|it| it.id.as_str() == *id);
        let unlisted: Vec<_> = args
            .instance_id
            .iter()
            .filter(is_new)
            .map(|id| place.with(id, None))
            .collect();
        found.extend(unlisted);
    }
    let declared_ids = declared.instances.iter().map(|it| it.id.as_str());
    refuse_unknown(
        args,
        found.iter().map(|it| it.id.as_str()).chain(declared_ids),
    )?;
    if found.is_empty() && declared.instances.is_empty() {
        let places: Vec<_> = places.iter().map(Place::shown).collect();
        return Err(
            Failure::new(format!("there is no instance in {}", places.join(", ")))
                .help("look for the region in the console, and give it with --region"),
        );
    }
    Ok(found)
}

/// Where instances are looked for, and how.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// Empty at the emulator, whose one endpoint serves them all.
    region: Box<str>,
    endpoint: Option<Box<str>>,
    profile: Option<Box<str>>,
    role_arn: Option<Box<str>>,
}

impl Place {
    fn target(&self, session: &Session) -> Target {
        let Self {
            region,
            endpoint,
            profile,
            role_arn,
        } = self;
        let (region, endpoint) = (region.clone(), endpoint.clone());
        let identity = match (profile, role_arn) {
            (None, None) => session.default_identity(),
            _ => Identity {
                profile: profile.clone(),
                role_arn: role_arn.clone(),
            },
        };
        Target {
            instance_id: "".into(),
            region,
            endpoint,
            identity,
        }
    }

    fn found(&self, it: InstanceSummary, args: &ImportArgs) -> Option<NewInstance> {
        let region = it
            .region_id
            .filter(|it| !it.is_empty())
            .unwrap_or_else(|| self.region.clone());
        let found = NewInstance {
            name: it.instance_name,
            read: is_meant(args, &it.instance_id),
            ..self.with(&it.instance_id, Some(&region))
        };
        Some(found).filter(|it| !it.region.as_str().is_empty())
    }

    fn with(&self, id: &str, region: Option<&str>) -> NewInstance {
        let Self {
            region: own,
            endpoint,
            profile,
            role_arn,
        } = self;
        let (endpoint, profile, role_arn) = (endpoint.clone(), profile.clone(), role_arn.clone());
        NewInstance {
            endpoint,
            profile,
            role_arn,
            ..NewInstance::new(id.into(), region.unwrap_or(own).into())
        }
    }

    fn shown(&self) -> &str {
        if self.region.is_empty() {
            "the account"
        } else {
            &self.region
        }
    }
}

fn places(args: &ImportArgs, declared: &DesiredState) -> Result<Vec<Place>, Failure> {
    if args.emulator.emulate.is_some() {
        return Ok(vec![Place::default()]);
    }
    let endpoint = args.endpoint.as_deref().map(Box::from);
    let given = args.region.iter().map(|it| Place {
        region: it.trim().into(),
        endpoint: endpoint.clone(),
        ..Place::default()
    });
    let known = declared
        .instances
        .iter()
        .filter(|it| it.read)
        .map(|it| Place {
            region: it.region.as_str().into(),
            endpoint: it.endpoint.clone(),
            profile: it.profile.clone(),
            role_arn: it.role_arn.clone(),
        });
    let places: BTreeSet<Place> = if args.region.is_empty() {
        known.collect()
    } else {
        given.collect()
    };
    if places.is_empty() {
        return Err(Failure::usage("where to look for instances is not said").help(
            "give --region cn-shanghai, as often as there are regions; without an account, try --emulate SNAPSHOT",
        ));
    }
    Ok(places.into_iter().collect())
}

fn is_meant(args: &ImportArgs, id: &str) -> bool {
    args.instance_id.is_empty() || args.instance_id.iter().any(|it| it == id)
}

fn refuse_unknown<'a>(
    args: &ImportArgs,
    known: impl Iterator<Item = &'a str>,
) -> Result<(), Failure> {
    let known: BTreeSet<&str> = known.collect();
    let Some(unknown) = args
        .instance_id
        .iter()
        .find(|id| !known.contains(id.as_str()))
    else {
        return Ok(());
    };
    let known = known
        .iter()
        .take(20)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    Err(Failure::new(format!(
        "--instance-id {unknown}: there is no such instance"
    ))
    .help(format!("there are {}", sanitize_line(&known))))
}

/// The only one, where there is only one.
fn only<'a, T: AsRef<str> + 'a>(texts: impl IntoIterator<Item = &'a T>) -> Option<&'a str> {
    let mut texts = texts.into_iter();
    texts
        .next()
        .filter(|_| texts.next().is_none())
        .map(AsRef::as_ref)
}
