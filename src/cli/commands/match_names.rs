//! `crdrift match FILTER NAME…`: which names a filter matches.

use std::fmt::Write;

use super::compare_filters::refused;
use crate::cli::args::MatchArgs;
use crate::cli::errors::Failure;
use crate::cli::{Exit, World};
use crate::pattern::{Budget, Comparer, Kind, Progress, Reading, Undecided, check};
use crate::report::visible;

pub(in crate::cli) fn run(args: &MatchArgs, world: &mut World) -> Result<Exit, Failure> {
    check(&args.filter).map_err(|error| refused("the filter", &error))?;
    let kind = Kind::from(args.kind);
    let mut comparer = Comparer::new();
    let mut text = String::new();
    let mut all = true;
    for name in &args.names {
        let progress = comparer.progress(&args.filter, name, kind, Reading::Whole, &Budget::default());
        let progress = progress.map_err(|undecided| undecidable(&undecided))?;
        all &= progress == Progress::Matches;
        let exists = if kind.is_name(name) { "" } else { " (no such name can exist)" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}: {}{exists}", visible(name), told(&progress, name));
    }
    world.print(&text)?;
    Ok(if all { Exit::InSync } else { Exit::Drift(2) })
}

fn undecidable(undecided: &Undecided) -> Failure {
    Failure::new(format!("what the filter matches cannot be told: {undecided}"))
        .help("write it without what the message names")
}

fn told(progress: &Progress, name: &str) -> String {
    match progress {
        Progress::Matches => "matches".to_owned(),
        Progress::Never => "does not match; the filter matches no name at all".to_owned(),
        Progress::Stops { length, example } => {
            let along: String = name.chars().take(*length).collect();
            format!("does not match; it goes along with \"{}\", and \"{example}\" would match", visible(&along))
        }
    }
}
