//! Any text through the formatter: a formatted text stays as it is when formatted again, and loads exactly where the
//! original loads.

#![no_main]

use crdrift::layout::format;
use crdrift_fuzz::load;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(formatted) = format(text) else { return };
    match format(&formatted) {
        Ok(again) => assert_eq!(again, formatted, "formatting is not idempotent"),
        Err(error) => panic!("a formatted text cannot be formatted: {error}"),
    }
    let (before, after) = (load(text.as_bytes()), load(formatted.as_bytes()));
    assert_eq!(before.is_ok(), after.is_ok(), "only one of the original and the formatted text loads");
});
