//! Any bytes that are YAML through the formatter: a formatted text stays as it is when formatted again, and loads
//! exactly where the original loads.

#![no_main]

use crdrift::rules::parse_text;
use crdrift::yamlfmt::format;
use crdrift_fuzz::load;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = parse_text("rules.yaml", bytes.to_vec()) else {
        return;
    };
    let Ok(formatted) = format(&text) else { return };
    match format(&formatted) {
        Ok(again) => assert_eq!(again, formatted, "formatting is not idempotent"),
        Err(error) => panic!("a formatted text cannot be formatted: {error}"),
    }
    let (before, after) = (load(bytes), load(formatted.as_bytes()));
    assert_eq!(
        before.is_ok(),
        after.is_ok(),
        "only one of the original and the formatted text loads"
    );
});
