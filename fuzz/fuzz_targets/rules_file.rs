//! Any bytes as a rules file: each error can be drawn, and what loads can be checked against a snapshot.

#![no_main]

use std::sync::LazyLock;

use crdrift::snapshot::Snapshot;
use crdrift_fuzz::{SNAPSHOT, check_and_render, draw_errors, load};
use libfuzzer_sys::fuzz_target;

static LIVE: LazyLock<Snapshot> = LazyLock::new(|| match crdrift::snapshot::read(SNAPSHOT) {
    Ok(snapshot) => snapshot,
    Err(error) => panic!("the snapshot cannot be read: {error}"),
});

fuzz_target!(|bytes: &[u8]| {
    match load(bytes) {
        Err(errors) => draw_errors(&errors),
        Ok(loaded) => check_and_render(&loaded, LIVE.clone()),
    }
});
