//! Any bytes as the live side, a snapshot or raw answers: what can be read is checked against a fixed estate, and no
//! incomplete instance passes.

#![no_main]

use std::sync::LazyLock;

use crdrift::rules::RuleSet;
use crdrift_fuzz::{RULES, check_and_render, load};
use libfuzzer_sys::fuzz_target;

static ESTATE: LazyLock<RuleSet> = LazyLock::new(|| match load(RULES.as_bytes()) {
    Ok(loaded) => loaded,
    Err(errors) => panic!("the estate cannot be loaded: {errors}"),
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(snapshot) = crdrift::snapshot::read(bytes) {
        check_and_render(&ESTATE, snapshot);
    }
});
