//! Where the live side of a command comes from: a file, the embedded emulator, or the API.

use std::path::Path;
use std::sync::Arc;

use super::args::{PlanArgs, ReadingArgs};
use super::commands::{read_snapshot, runtime};
use super::errors::Failure;
use super::signals::Signals;
use super::world::{Variables, Verbosity, World};
use crate::acr::Listing;
use crate::client::{Budget, Claim, Client, Options, Outside, Question, Target};
use crate::diff::{Change, Kind, Sides, diff};
use crate::emulator::{self, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, Ends, Seed};
use crate::model::{DesiredState, Endpoint, InstanceId, LiveInstance, LiveState, SyncRule};
use crate::report::LiveSource;
use crate::snapshot::{Snapshot, live_state};

/// The live side, and when it was read.
pub(super) struct Live {
    pub(super) state: LiveState,
    /// Epoch milliseconds; raw answers do not tell.
    pub(super) taken_ms: Option<i64>,
}

/// Which source the options name.
pub(super) fn source(args: &PlanArgs) -> LiveSource {
    match (&args.live, &args.emulate) {
        (Some(_), _) => LiveSource::Snapshot,
        (None, Some(_)) => LiveSource::Emulator,
        (None, None) => LiveSource::Api,
    }
}

/// Reads the live side.
pub(super) fn read(args: &PlanArgs, desired: &DesiredState, world: &mut World) -> Result<Live, Failure> {
    if let Some(path) = &args.live {
        let snapshot = read_snapshot(path, world)?;
        let taken_ms = snapshot.taken_ms;
        return Ok(Live { state: live_state(snapshot, desired), taken_ms });
    }
    let runtime = runtime()?;
    let emulated = match &args.emulate {
        Some(path) => Some(runtime.block_on(emulate(path, world))?),
        None => None,
    };
    let listings = runtime.block_on(async {
        let mut signals = Signals::listen().map_err(|error| Failure::new(format!("cannot hear signals: {error}")))?;
        tokio::select! {
            listings = from_api(&args.reading, desired, emulated.as_ref(), world) => listings,
            () = signals.received() => Err(Failure::new("interrupted while reading: nothing was compared").help("run it again")),
        }
    })?;
    runtime.shutdown_background();
    let taken_ms = Some(world.now_ms());
    Ok(Live { state: live_state(Snapshot { taken_ms, listings }, desired), taken_ms })
}

/// Starts the emulator with a snapshot.
async fn emulate(path: &Path, world: &mut World) -> Result<Emulator, Failure> {
    let snapshot = read_snapshot(path, world)?;
    let seed = Seed::new(snapshot.listings, Ends::Both);
    emulator::start(emulator::Options::new(seed, world.clock())).await.map_err(|error| Failure::new(error.to_string()))
}

/// Lists the instances that are to be read, and asks again for what would be reported missing or unmanaged.
async fn from_api(
    args: &ReadingArgs,
    desired: &DesiredState,
    emulated: Option<&Emulator>,
    world: &mut World,
) -> Result<Vec<Listing>, Failure> {
    let readable = desired.instances.iter().filter(|instance| instance.read);
    let targets: Vec<Target> = readable.map(|instance| target(Target::from(instance), args, emulated)).collect();
    let options = Options { consistent: args.consistent, ..Options::default() };
    let client = Client::new(options, outside(emulated, world)).map_err(|error| Failure::new(error.to_string()))?;
    let budget = Budget::starting_now(args.timeout);
    world.tell(Verbosity::Verbose, &format!("asking {} instances for their sync rules\n", targets.len()));
    let listings = client.read(&targets, budget).await.map_err(|error| {
        Failure::new(error.to_string()).help(
            "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`; \
             without an account, try --live FILE or --emulate SNAPSHOT",
        )
    })?;
    let listings = if args.confirm() {
        client.confirm(&targets, listings, budget, |listings| questions(desired, listings)).await
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

/// Points a target at the emulator, or at the profile of the command line where it has none of its own.
fn target(declared: Target, args: &ReadingArgs, emulated: Option<&Emulator>) -> Target {
    let mut target = declared;
    match emulated {
        Some(emulator) => {
            target.endpoint = Some(emulator.url().into());
            target.identity = crate::client::credentials::Identity::default();
        }
        None if target.identity.profile.is_none() => {
            target.identity.profile = args.profile.as_deref().map(Into::into);
        }
        None => {}
    }
    target
}

/// What the client may use of the world; beside the emulator, only the emulator's own keys.
fn outside(emulated: Option<&Emulator>, world: &World) -> Outside {
    let home = world.home();
    let variable: Variables = match emulated {
        Some(_) => Arc::new(|name| match name {
            "ALIBABA_CLOUD_ACCESS_KEY_ID" => Some(DEFAULT_ACCESS_KEY_ID.to_owned()),
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => Some(DEFAULT_ACCESS_KEY_SECRET.to_owned()),
            _ => None,
        }),
        None => world.variables(),
    };
    Outside {
        now: world.clock(),
        random: Arc::new(|| uuid::Uuid::new_v4().as_u128()),
        variable,
        home: home.filter(|_| emulated.is_none()),
    }
}

/// What would be reported missing or unmanaged of some listings.
fn questions(desired: &DesiredState, listings: &[Listing]) -> Vec<Question> {
    let snapshot = Snapshot { taken_ms: None, listings: listings.to_vec() };
    let live = live_state(snapshot, desired);
    diff(desired, &live).changes.iter().filter_map(|change| question(change, desired, &live)).collect()
}

fn question(change: &Change, desired: &DesiredState, live: &LiveState) -> Option<Question> {
    let claim = |claim: Claim, end: &Endpoint| {
        let (namespace, repo) = (end.namespace.clone(), end.repo.clone());
        Question { instance: end.instance.clone(), claim, namespace, repo }
    };
    match (change.kind, change.sides) {
        (Kind::Missing | Kind::Renamed, Sides::Desired(rule) | Sides::Both(rule, _)) => {
            let rule = &desired.rules[rule].rule;
            let end = listing_end(rule, change.instance, desired, live);
            Some(claim(Claim::Absent { name: rule.name.clone() }, end))
        }
        (Kind::Unmanaged | Kind::Duplicate, Sides::Live(index)) => {
            let found = live.rule(index);
            let present = Claim::Present { id: found.id.clone(), name: found.rule.name.clone() };
            Some(claim(present, &found.rule.source))
        }
        _ => None,
    }
}

/// The end of a rule whose listing shows that it is missing: its source's, or its target's where the source is
/// not read.
fn listing_end<'a>(rule: &'a SyncRule, instance: usize, desired: &DesiredState, live: &LiveState) -> &'a Endpoint {
    let source_was_read = live.instances.get(instance).is_some_and(LiveInstance::is_complete);
    let readable = |id: &InstanceId| desired.instances.iter().any(|it| it.id == *id && it.read);
    if source_was_read || !readable(&rule.target.instance) { &rule.source } else { &rule.target }
}
