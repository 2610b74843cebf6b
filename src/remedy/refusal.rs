//! The place of remedies after a run that failed: nothing to run, and the reason.

use std::io::{self, Write};

use super::shell::quoted;
use crate::report::sentence;

/// Writes a script that makes no call and fails.
///
/// # Errors
///
/// What the writer says.
pub fn refusal_script(reason: &str, to: &mut dyn Write) -> io::Result<()> {
    let reason = sentence(reason);
    let message = format!("crdrift failed, so there is nothing to run: {reason}");
    let message = quoted(&message).unwrap_or_else(|| "'crdrift failed, so there is nothing to run'".to_owned());
    writeln!(to, "#!/bin/sh")?;
    writeln!(to, "# Written by crdrift {}, which failed: {reason}.", env!("CARGO_PKG_VERSION"))?;
    writeln!(to, "printf '%s\\n' {message} >&2\nexit 1")
}

/// Writes a text that names no command.
///
/// # Errors
///
/// What the writer says.
pub fn refusal_text(reason: &str, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "Nothing was compared, so there is nothing to do: {}.", sentence(reason))
}
