//! `crdrift emulate SNAPSHOT`: the API, pretended, until somebody ends it.

use acr_emulator::{
    self, AccessKey, AccessKeys, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, MirrorMode,
    Options, Seed, StartError,
};

use super::{read_script, read_snapshot, runtime};
use crate::cli::args::EmulateArgs;
use crate::cli::errors::Failure;
use crate::cli::signals::Signals;
use crate::cli::world::Verbosity;
use crate::cli::{Exit, World};

pub(in crate::cli) fn run(args: &EmulateArgs, world: &mut World) -> Result<Exit, Failure> {
    let script = args
        .faults
        .as_deref()
        .map(|path| read_script(path, world))
        .transpose()?
        .unwrap_or_default();
    let snapshot = read_snapshot(&args.snapshot, world)?;
    let id = args
        .access_key_id
        .clone()
        .unwrap_or_else(|| DEFAULT_ACCESS_KEY_ID.to_owned());
    let secret = args
        .access_key_secret
        .clone()
        .unwrap_or_else(|| DEFAULT_ACCESS_KEY_SECRET.to_owned());
    // The emulator's keys are printed, for its clients to use.
    for public in [&id, &secret] {
        world.secrets.publish(public);
    }
    let key = AccessKey {
        id: id.clone(),
        secret: secret.clone(),
        security_token: None,
    };
    let options = Options {
        listen: args.listen,
        allow_remote: args.allow_remote,
        keys: AccessKeys::from_iter([key]),
        script,
        ..Options::new(
            Seed::new(snapshot.listings, MirrorMode::Both),
            world.clock(),
        )
    };
    runtime()?.block_on(async {
        // Listened for before the address is out: who reads it may want it to end at once.
        let mut signals = Signals::listen().map_err(|error| Failure::new(format!("cannot hear signals: {error}")))?;
        let emulator = acr_emulator::start(options).await.map_err(|error| cannot_start(&error))?;
        world.print(&format!(
            "listening on {}\nALIBABA_CLOUD_ACCESS_KEY_ID={id}\nALIBABA_CLOUD_ACCESS_KEY_SECRET={secret}\n",
            emulator.url()
        ))?;
        world.tell(Verbosity::Normal, "serving; Ctrl-C ends it\n");
        signals.received().await;
        emulator.shut_down().await;
        Ok(Exit::InSync)
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
