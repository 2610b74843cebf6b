//! Exit codes, in one place.

use std::process::ExitCode;

use crate::report::{Outcome, Verdict};

/// How a run ends. Failed beats incomplete, incomplete beats drift, drift beats in sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: everything was read and nothing open counts; for other commands, success.
    Success,
    /// 1: rules file invalid, no credentials, output not writable, internal error.
    Failed,
    /// 2, unless `--drift-exit-code` says otherwise: drift, or an open finding at or above the threshold.
    Drift(u8),
    /// 3: some instance could not be read whole.
    Incomplete,
    /// 64: the command line cannot be understood (`EX_USAGE` of sysexits.h).
    Usage,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Drift(code) => code,
            Self::Incomplete => 3,
            Self::Usage => 64,
        }
    }
}

impl From<&Verdict> for Exit {
    fn from(verdict: &Verdict) -> Self {
        match verdict.outcome {
            Outcome::InSync | Outcome::Passed => Self::Success,
            Outcome::Drift | Outcome::Findings => Self::Drift(verdict.exit_code),
            Outcome::Incomplete => Self::Incomplete,
            Outcome::Failed => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
