//! Exit codes.

use std::process::ExitCode;

use crate::report::{Outcome, Verdict};

/// The exit of a run. Failed beats incomplete, incomplete beats drift, drift beats success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: every instance is complete and no open finding counts; for other commands, success.
    Success,
    /// 1: invalid rules file, no credentials, unwritable output, internal error.
    Failed,
    /// 2, or the value of `--drift-exit-code`: drift, or an open finding at or above the threshold.
    Drift(u8),
    /// 3: an instance is incomplete.
    Incomplete,
    /// 64: invalid command line (`EX_USAGE` of sysexits.h).
    Usage,
}

impl Exit {
    /// Returns the exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Drift(code) => code,
            Self::Incomplete => Verdict::INCOMPLETE_EXIT_CODE,
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
