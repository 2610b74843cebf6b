//! `crdrift notify`: a saved result to the targets of a watch file.

mod explain;
mod send;
mod test;

pub(in crate::cli) use self::send::alert_life_ms;

use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::cli::args::{ConfigArg, NotifyArgs, NotifyCommand, StoreArg};
use crate::cli::failure::Failure;
use crate::cli::watch_file::load_watch_file;
use crate::cli::{Context, Exit};
use crate::notify::{Deliverer, DelivererOptions, NotifyClient, NotifySettings};
use crate::rules::WatchFile;
use crate::source::sanitize;
use crate::store::StoreOpener;

pub(in crate::cli) fn run(args: &NotifyArgs, context: &mut Context) -> Result<Exit, Failure> {
    match (&args.command, &args.result) {
        (Some(NotifyCommand::Test(args)), _) => test::run(args, context),
        (Some(NotifyCommand::Explain(args)), _) => explain::run(args, context),
        (None, Some(result)) => send::run(result, args, context),
        (None, None) => {
            Err(Failure::usage("expected a result, found none").help("name what `-o json` wrote"))
        }
    }
}

/// Loads a watch file that has targets.
fn load(args: &ConfigArg, context: &Context) -> Result<(WatchFile, NotifySettings), Failure> {
    let file = load_watch_file(&args.config, context)?;
    if file.targets.is_empty() {
        let name = sanitize(&args.config.display().to_string()).into_owned();
        return Err(Failure::new(format!("{name} has no target"))
            .help("add a target below `notify:`, with `name`, `kind` and `url`"));
    }
    let settings = NotifySettings::from(&file);
    Ok((file, settings))
}

/// Returns the store of a watch file as the option `--store` would name it.
pub(in crate::cli) fn store_arg(file: &WatchFile) -> StoreArg {
    StoreArg::from(file.store.expose_secret())
}

/// Returns a deliverer of this process.
fn deliverer(settings: NotifySettings, store: StoreOpener, context: &Context) -> Arc<Deliverer> {
    let clock = context.clock();
    Arc::new(Deliverer::new(DelivererOptions {
        settings,
        store,
        client: Arc::new(NotifyClient::new(env!("CARGO_PKG_VERSION"))),
        holder: format!("notify-{}", uuid::Uuid::new_v4()),
        now_ms: Arc::new(move || clock().as_millisecond()),
        random: Arc::new(|| uuid::Uuid::new_v4().as_u128()),
    }))
}
