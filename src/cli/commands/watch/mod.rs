//! `crdrift watch`: checks on a schedule, until a signal ends them.

mod checker;
mod counter;
mod delivery;
mod once;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use acr_client::RequestLimits;
use secrecy::SecretString;
use tokio::sync::{mpsc, watch};

use self::checker::{CheckedEstate, Checker, refuse_unusable};
use crate::cli::args::WatchArgs;
use crate::cli::commands::notify::store_arg;
use crate::cli::console::Verbosity;
use crate::cli::estate_check::plan_args;
use crate::cli::failure::Failure;
use crate::cli::load::{RULES_FILE, load};
use crate::cli::runtime::runtime;
use crate::cli::signals::ServiceSignals;
use crate::cli::store::{parse_url, spool_folder};
use crate::cli::watch_file::load_watch_file;
use crate::cli::{Context, Exit};
use crate::notify::NotifySettings;
use crate::rules::{Schedule, WatchFile, WatchedEstate};
use crate::source::pluralize;
use crate::store::{Spool, Store, StoreAccess};
use crate::watch::{
    EstateChecker, EstateView, Scheduler, Server, ServerOptions, Service, SharedState, StoreLink,
    WatchState,
};

/// The store of a watch without a watch file.
const DEFAULT_STORE: &str = "sqlite:crdrift.db";

pub(in crate::cli) fn run(args: &WatchArgs, context: &mut Context) -> Result<Exit, Failure> {
    context.mask_ids(args.mask_ids);
    let mut file = read_file(args, context)?;
    let shard = args.shard.shard(|name| context.var(name));
    if !args.once && !matches!(shard, Ok(None)) {
        return Err(Failure::usage("--shard has no effect without --once")
            .help("add --once; several processes without it share the estates by themselves"));
    }
    if let Some(shard) =
        shard.map_err(|error| Failure::usage(error.to_string()).help(error.help()))?
    {
        let names: Vec<String> = file.estates.iter().map(|it| it.name.clone()).collect();
        let selected = shard.select(&names, |_| (), String::as_str);
        file.estates.retain(|it| selected.contains(&&it.name));
    }
    if file.mask_ids && !args.mask_ids {
        context.mask_ids(true);
    }
    refuse_remote(&file, args)?;
    let checker = Arc::new(prepare(&file, args, context)?);
    if args.once {
        return once::run(&checker, &file, args, context);
    }
    serve(&file, args, &checker, context)
}

/// Returns the watch file, or what the command line says in its place.
fn read_file(args: &WatchArgs, context: &mut Context) -> Result<WatchFile, Failure> {
    let mut file = if let Some(path) = &args.config {
        load_watch_file(path, context)?
    } else {
        let store = SecretString::from(DEFAULT_STORE);
        WatchFile::new(store, vec![estate_of_arguments(args, context)])
    };
    if let Some(store) = &args.recording.store {
        file.store = SecretString::from(store.as_str());
    }
    if let Some(listen) = args.listen {
        file.listen = listen;
    }
    Ok(file)
}

/// Returns the estate of the files on the command line. Invalid files have no name of their own, and are reported by every
/// check.
fn estate_of_arguments(args: &WatchArgs, context: &mut Context) -> WatchedEstate {
    let mut files = args.files.clone();
    if files.is_empty() {
        files.push(RULES_FILE.to_owned());
    }
    let declared = || load(&files, context).ok().and_then(|rules| rules.estate);
    let name = args.estate.clone().or_else(declared);
    let name = name.unwrap_or_else(|| files.join(", "));
    WatchedEstate {
        emulate: args.emulator.emulate.clone(),
        faults: args.emulator.faults.clone(),
        ..WatchedEstate::new(&name, files, Schedule::Every(args.every))
    }
}

/// Refuses an address that other machines can reach, unless the operator allows it.
fn refuse_remote(file: &WatchFile, args: &WatchArgs) -> Result<(), Failure> {
    let mut addresses = [Some(file.listen), file.metrics_listen]
        .into_iter()
        .flatten();
    match addresses.find(|address| !address.ip().is_loopback()) {
        Some(address) if !args.allow_remote && !args.once => Err(Failure::usage(format!(
            "{address} is not an address of this machine alone"
        ))
        .help("add --allow-remote to listen on it, with a password_file or a proxy in front")),
        _ => Ok(()),
    }
}

/// Opens the store, and prepares the checks of every estate.
fn prepare(file: &WatchFile, args: &WatchArgs, context: &mut Context) -> Result<Checker, Failure> {
    let url = parse_url(Some(&store_arg(file)), context)?;
    let spool =
        spool_folder(&args.recording, context).map(|folder: PathBuf| Spool::new(&folder, &url));
    let mut link = StoreLink::new(url.clone(), spool);
    refuse_unusable(&mut link, context.now_ms())?;
    context.register_credential_files();
    let mut estates = Vec::with_capacity(file.estates.len());
    let mut views = WatchState {
        started_ms: context.started_ms,
        turned_ms: context.started_ms,
        is_store_up: link.is_up(),
        is_config_valid: true,
        ..WatchState::default()
    };
    for estate in &file.estates {
        views.estates.insert(estate.name.clone(), view_of(estate));
        let mut plan = plan_args(estate, &args.client)?;
        plan.drift_exit_code = args.drift_exit_code;
        estates.push(CheckedEstate {
            name: estate.name.clone(),
            args: plan,
            signature: Mutex::default(),
            last_line: Mutex::default(),
        });
    }
    for target in &file.targets {
        views.targets.entry(target.name.clone()).or_default().kind = target.kind.as_str();
    }
    let (limits, stopping) = (
        RequestLimits::new(args.client.parallelism),
        watch::Sender::new(false),
    );
    Ok(Checker {
        url,
        estates,
        shared: context.share(limits, stopping.subscribe()),
        store: Arc::new(Mutex::new(link)),
        holder: holder(),
        settings: NotifySettings::from(file),
        state: SharedState::new(views),
        stopping,
    })
}

/// Returns a name that no other process has, now or later.
fn holder() -> String {
    format!("{}-{}", std::process::id(), uuid::Uuid::new_v4().simple())
}

fn view_of(estate: &WatchedEstate) -> EstateView {
    let (schedule, interval_ms) = match &estate.schedule {
        Schedule::Every(interval) => {
            let interval_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
            (format!("every {}", describe(*interval)), interval_ms)
        }
        Schedule::Cron(cron) => {
            let next = cron.next_after(0).unwrap_or_default();
            let after = cron.next_after(next).unwrap_or(next);
            let interval_ms = u64::try_from(after - next).unwrap_or_default();
            let text = format!("cron {} {}", cron.expression, cron.time_zone());
            (text, interval_ms)
        }
    };
    EstateView {
        owner: estate.owner.clone(),
        schedule,
        interval_ms,
        rules_valid: true,
        ..EstateView::default()
    }
}

fn describe(interval: std::time::Duration) -> String {
    match jiff::SignedDuration::try_from(interval) {
        Ok(interval) => format!("{interval:#}").replace(' ', ""),
        Err(_) => String::new(),
    }
}

/// Checks on the schedule until a signal ends it.
fn serve(
    file: &WatchFile,
    args: &WatchArgs,
    checker: &Arc<Checker>,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let scheduler = scheduler(file, args, checker, context);
    if scheduler.next_wake_ms() > Some(context.now_ms()) {
        checker.state.change(|state| state.has_tried = true);
    }
    let service = Service {
        scheduler,
        names: file.estates.iter().map(|it| it.name.clone()).collect(),
        state: checker.state.clone(),
        checker: Arc::clone(checker) as Arc<dyn EstateChecker>,
        clock: context.clock(),
        random: Arc::new(|| uuid::Uuid::new_v4().as_u64_pair().0),
        grace: args.grace,
    };
    let deliverer = delivery::deliverer(
        checker.settings.clone(),
        delivery::opener(&checker.url, StoreAccess::Write, &checker.shared),
        (&checker.holder, &checker.shared),
    );
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        let mut signals = ServiceSignals::listen()
            .map_err(|error| Failure::new(format!("cannot install signal handlers: {error}")))?;
        let (send, received) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let signal = signals.received().await;
                if send.send(signal).is_err() {
                    return;
                }
            }
        });
        let server = start_server(file, checker, context).await?;
        delivery::start(&deliverer, &checker.state, &checker.shared);
        let estates = pluralize(file.estates.len() as u64, "estate");
        let page = server.address();
        context.log(
            Verbosity::Normal,
            &format!("watching {estates}; page on http://{page}; stop with Ctrl-C\n"),
        );
        service
            .run(received, &mut |line| context.log(Verbosity::Normal, line))
            .await;
        server.stop().await;
        Ok(Exit::Success)
    });
    runtime.shutdown_background();
    served
}

/// Starts the server of the page and the metrics.
async fn start_server(
    file: &WatchFile,
    checker: &Checker,
    context: &Context,
) -> Result<Server, Failure> {
    let options = ServerOptions {
        listen: file.listen,
        metrics_listen: file.metrics_listen,
        hosts: file.hosts.clone(),
        password: file.password.clone(),
        language: file.language,
        mask_ids: context.mask().is_some(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        secrets: context.secrets.clone(),
    };
    let stores = delivery::opener(&checker.url, StoreAccess::Read, &checker.shared);
    let clock = context.clock();
    let clock = Arc::new(move || clock().as_millisecond());
    let started = crate::watch::start(options, checker.state.clone(), stores, clock).await;
    started.map_err(|error| {
        Failure::new(format!("cannot listen on {}: {error}", file.listen))
            .help("choose another port with --listen, or port 0 for a free one")
    })
}

/// Returns the times of the checks. Estates that the store knows go on where the last process stopped.
fn scheduler(
    file: &WatchFile,
    args: &WatchArgs,
    checker: &Checker,
    context: &Context,
) -> Scheduler {
    let now_ms = context.now_ms();
    let leases = checker.lock_store().call(now_ms, Store::leases);
    let leases = leases.unwrap_or_default();
    let checked_ms = |name: &str| {
        let found = leases.iter().find(|it| it.lease.estate == name)?;
        found.lease.checked_ms
    };
    let estates = file.estates.iter().map(|estate| {
        (
            estate.name.clone(),
            estate.schedule.clone(),
            checked_ms(&estate.name),
        )
    });
    Scheduler::new(estates, args.checks.get(), now_ms)
}
