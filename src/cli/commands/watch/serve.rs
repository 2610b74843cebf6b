//! `crdrift watch` without `--once`: checks, a page and deliveries until a signal ends them.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::mpsc;
use tokio::sync::mpsc::UnboundedReceiver;

use super::budget::ShareKeeper;
use super::checker::Checker;
use super::delivery::{self, Deliveries};
use super::{prepare_again, read_file};
use crate::cli::args::WatchArgs;
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::runtime::runtime;
use crate::cli::signals::ServiceSignals;
use crate::cli::{Context, Exit};
use crate::rules::WatchFile;
use crate::source::{pluralize, sanitize_line};
use crate::store::{Store, StoreAccess};
use crate::watch::{
    EstateChecker, Scheduler, Server, ServerOptions, Service, ServiceEnd, ServiceSignal,
    stop_signal,
};

/// A configuration, and the checks that it declares.
struct Configuration {
    file: WatchFile,
    checker: Arc<Checker>,
}

/// Checks on the schedule until a signal ends it. SIGHUP begins again with the watch file as it is then.
pub(super) fn run(
    file: WatchFile,
    checker: Checker,
    args: &WatchArgs,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let mut configuration = Configuration {
        file,
        checker: Arc::new(checker),
    };
    let mut scheduler = scheduler(&configuration, args, context);
    if scheduler.next_wake_ms() > Some(context.now_ms()) {
        let state = &configuration.checker.state;
        state.change(|state| state.has_tried = true);
    }
    let runtime = runtime()?;
    let (mut signals, server) = runtime.block_on(async {
        let signals = receive_signals()?;
        Ok::<_, Failure>((signals, start_server(&configuration, context).await?))
    })?;
    let estates = pluralize(configuration.file.estates.len() as u64, "estate");
    let page = server.address();
    context.log(
        Verbosity::Normal,
        &format!("watching {estates}; page on http://{page}; stop with Ctrl-C\n"),
    );
    loop {
        configuration.checker.renew_share();
        let running = watch(&configuration, scheduler, (args, &mut signals), context);
        if runtime.block_on(running).signal == ServiceSignal::Stop {
            break;
        }
        // The store is called here and not in the runtime, where a call must not wait.
        configuration = reload(configuration, args, context)?;
        scheduler = self::scheduler(&configuration, args, context);
        scheduler.request_all(context.now_ms());
    }
    runtime.block_on(server.stop());
    runtime.shutdown_background();
    Ok(Exit::Success)
}

/// Returns the signals of the operator; needs a runtime.
fn receive_signals() -> Result<UnboundedReceiver<ServiceSignal>, Failure> {
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
    Ok(received)
}

/// Checks and delivers until a signal.
async fn watch(
    configuration: &Configuration,
    scheduler: Scheduler,
    (args, signals): (&WatchArgs, &mut UnboundedReceiver<ServiceSignal>),
    context: &mut Context,
) -> ServiceEnd {
    let Configuration { file, checker } = configuration;
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
    let _share = ShareKeeper::start(checker);
    let deliveries = Deliveries::start(&deliverer, &checker.state, &checker.shared);
    let end = service
        .run(signals, &mut |line| context.log(Verbosity::Normal, line))
        .await;
    tokio::select! {
        () = deliveries.finish(end.deadline) => end,
        () = stop_signal(signals) => ServiceEnd { signal: ServiceSignal::Stop, ..end },
    }
}

/// Returns the configuration of the watch file as it is now; the one before, where the file is invalid.
fn reload(
    before: Configuration,
    args: &WatchArgs,
    context: &mut Context,
) -> Result<Configuration, Failure> {
    let reloaded = read_file(args, context).and_then(|mut file| {
        let kept = keep_fixed(&mut file, &before.file);
        let checker = prepare_again(&before.checker, &file, args)?;
        let estates = pluralize(file.estates.len() as u64, "estate");
        let restart = match kept.as_slice() {
            [] => String::new(),
            keys => format!("; restart for another {}", keys.join(", ")),
        };
        let line = format!("read the configuration again: {estates}{restart}\n");
        context.log(Verbosity::Normal, &line);
        let checker = Arc::new(checker);
        Ok(Configuration { file, checker })
    });
    reloaded.or_else(|failure| {
        context.eprint_lines(failure.diagnostics());
        let reason = sanitize_line(failure.reason()).into_owned();
        context.eprint(&format!(
            "crdrift: the configuration before stays in use: {reason}\n"
        ));
        let checker = prepare_again(&before.checker, &before.file, args)?;
        checker.state.change(|state| state.is_config_valid = false);
        let (file, checker) = (before.file, Arc::new(checker));
        Ok(Configuration { file, checker })
    })
}

/// Keeps the values that a running process cannot change. Returns the keys of those that the file has changed.
fn keep_fixed(file: &mut WatchFile, before: &WatchFile) -> Vec<&'static str> {
    let exposed = |secret: &Option<SecretString>| {
        let text = secret.as_ref().map(ExposeSecret::expose_secret);
        text.map(str::to_owned)
    };
    let is_changed = [
        (
            "store",
            file.store.expose_secret() != before.store.expose_secret(),
        ),
        ("listen", file.listen != before.listen),
        (
            "metrics_listen",
            file.metrics_listen != before.metrics_listen,
        ),
        ("hosts", file.hosts != before.hosts),
        (
            "password",
            exposed(&file.password) != exposed(&before.password),
        ),
        ("mask_ids", file.mask_ids != before.mask_ids),
        ("lang", file.language != before.language),
    ];
    file.store = before.store.clone();
    file.listen = before.listen;
    file.metrics_listen = before.metrics_listen;
    file.hosts.clone_from(&before.hosts);
    file.password.clone_from(&before.password);
    file.mask_ids = before.mask_ids;
    file.language = before.language;
    let changed = is_changed.into_iter().filter(|(_, is_changed)| *is_changed);
    changed.map(|(key, _)| key).collect()
}

/// Starts the server of the page and the metrics.
async fn start_server(configuration: &Configuration, context: &Context) -> Result<Server, Failure> {
    let Configuration { file, checker } = configuration;
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
fn scheduler(configuration: &Configuration, args: &WatchArgs, context: &Context) -> Scheduler {
    let Configuration { file, checker } = configuration;
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
