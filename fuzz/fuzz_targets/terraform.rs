//! Any bytes as Terraform's JSON, or else as configuration: each error can be drawn, and what loads can be checked.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use crdrift::rules::{Options, load_terraform};
use crdrift::snapshot::Snapshot;
use crdrift_fuzz::{check_and_render, draw_errors};
use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;

/// Terraform's files are read from the disk: one file, written again for each input.
static FILE: LazyLock<NamedTempFile> =
    LazyLock::new(|| match NamedTempFile::with_suffix(".json") {
        Ok(file) => file,
        Err(error) => panic!("the file cannot be created: {error}"),
    });

fuzz_target!(|bytes: &[u8]| {
    let path = FILE.path();
    if let Err(error) = fs::write(path, bytes) {
        panic!("the file cannot be written: {error}");
    }
    match load_terraform(
        &[path.display().to_string()],
        &[],
        &Options::without_variables(),
    ) {
        Err(errors) => draw_errors(&errors),
        Ok(load) => check_and_render(&load.rules, Snapshot::default()),
    }
});
