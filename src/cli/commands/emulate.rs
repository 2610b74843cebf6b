//! `crdrift emulate SNAPSHOT`: the emulated API, until a signal ends it.

use acr_emulator::{
    self, AccessKey, AccessKeys, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, MirrorMode,
    Options, Seed, StartError,
};

use crate::cli::args::EmulateArgs;
use crate::cli::console::Verbosity;
use crate::cli::failure::Failure;
use crate::cli::input::{read_script, read_snapshot};
use crate::cli::runtime::{listen, runtime};
use crate::cli::{Context, Exit};

pub(in crate::cli) fn run(args: &EmulateArgs, context: &mut Context) -> Result<Exit, Failure> {
    let script = args
        .faults
        .as_deref()
        .map(|path| read_script(path, context))
        .transpose()?
        .unwrap_or_default();
    let snapshot = read_snapshot(&args.snapshot, context)?;
    let id = args
        .access_key_id
        .clone()
        .unwrap_or_else(|| DEFAULT_ACCESS_KEY_ID.to_owned());
    let secret = args
        .access_key_secret
        .clone()
        .unwrap_or_else(|| DEFAULT_ACCESS_KEY_SECRET.to_owned());
    // The keys of the emulator are printed for its clients.
    for public in [&id, &secret] {
        context.secrets.publish(public);
    }
    let key = AccessKey {
        id: id.clone(),
        secret: secret.clone(),
        security_token: None,
    };
    let listings = snapshot.listings.into_iter();
    let listings = listings.map(|listing| listing.map_failure(drop));
    let options = Options {
        listen: args.listen,
        allow_remote: args.allow_remote,
        keys: AccessKeys::from_iter([key]),
        script,
        ..Options::new(
            Seed::new(listings.collect(), MirrorMode::Both),
            context.clock(),
        )
    };
    runtime()?.block_on(async {
        // Before the address is printed: a reader of it may end the program at once.
        let mut signals = listen()?;
        let emulator = acr_emulator::start(options).await.map_err(|error| cannot_start(&error))?;
        context.print(&format!(
            "listening on {}\nALIBABA_CLOUD_ACCESS_KEY_ID={id}\nALIBABA_CLOUD_ACCESS_KEY_SECRET={secret}\n",
            emulator.url()
        ))?;
        context.log(Verbosity::Normal, "serving; stop with Ctrl-C\n");
        signals.received().await;
        emulator.shut_down().await;
        Ok(Exit::Success)
    })
}

fn cannot_start(error: &StartError) -> Failure {
    match error {
        StartError::NotLoopback(_) => {
            Failure::new(error.to_string()).help("add --allow-remote to listen on it")
        }
        StartError::Listen { source, .. } => Failure::new(format!("{error}: {source}"))
            .help("choose another port with --listen, or port 0 for a free one"),
    }
}
