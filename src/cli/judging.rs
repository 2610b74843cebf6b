//! What findings are judged by: from the options and the files that they name.

use jiff::civil::Date;
use miette::Diagnostic;

use super::args::JudgingArgs;
use super::commands::read_result;
use super::errors::Failure;
use super::world::World;
use crate::desired::Loaded;
use crate::report::Report;
use crate::waiver::Terms;

/// What the options and their files say.
pub(super) struct Judging<'a> {
    args: &'a JudgingArgs,
    /// The day that waivers are judged by.
    today: Date,
    /// The result of an earlier run.
    pub(super) previous: Option<Report>,
}

impl<'a> Judging<'a> {
    /// Reads the files, and refuses waivers that last longer than they may.
    pub(super) fn read(args: &'a JudgingArgs, loaded: &Loaded, world: &mut World) -> Result<Self, Failure> {
        let today = args.today.unwrap_or_else(|| world.today());
        if let Some(limit) = args.max_waiver_age {
            loaded.limit_waivers(today, limit).map_err(|errors| {
                let reports = errors.iter().map(|error| error as &dyn Diagnostic);
                Failure::new(errors.to_string()).with_reports(reports, world)
            })?;
        }
        let previous = args.previous.as_deref().map(|path| read_result(path, world)).transpose()?;
        Ok(Self { args, today, previous })
    }

    /// What accepts findings.
    pub(super) fn terms<'t>(&'t self, loaded: &'t Loaded) -> Terms<'t> {
        Terms {
            waivers: if self.args.no_waivers { &[] } else { &loaded.waivers },
            baseline: None,
            today: self.today,
            expiring_within: self.args.expiring_within,
        }
    }
}
