//! Any bytes as a saved result: what can be read renders in every format, and is read back as the same result.

#![no_main]

use crdrift_fuzz::render_every_format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(report) = crdrift::report::read(bytes) {
        render_every_format(&report);
    }
});
