//! What findings are judged by, from the options and the files they name.

use jiff::civil::Date;
use miette::Diagnostic;

use super::args::JudgingArgs;
use super::errors::Failure;
use super::world::World;
use crate::desired::Loaded;
use crate::waiver::Terms;

/// The day that a run judges by.
pub(super) fn today(args: &JudgingArgs, world: &World) -> Date {
    args.today.unwrap_or_else(|| world.today())
}

/// Refuses waivers that last longer than `--max-waiver-age` allows.
pub(super) fn refuse_long_waivers(args: &JudgingArgs, loaded: &Loaded, world: &World) -> Result<(), Failure> {
    let Some(limit) = args.max_waiver_age else { return Ok(()) };
    loaded.limit_waivers(today(args, world), limit).map_err(|errors| {
        let reports = errors.iter().map(|error| error as &dyn Diagnostic);
        Failure::new(errors.to_string()).with_reports(reports, world)
    })
}

/// The terms of a run.
pub(super) fn terms<'a>(args: &JudgingArgs, loaded: &'a Loaded, world: &World) -> Terms<'a> {
    Terms {
        waivers: if args.no_waivers { &[] } else { &loaded.waivers },
        baseline: None,
        today: today(args, world),
        expiring_within: args.expiring_within,
    }
}
