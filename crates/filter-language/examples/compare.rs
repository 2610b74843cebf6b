//! Compares two filters for tags and prints the relation and the witnesses under both readings.
//!
//! ```text
//! cargo run -p filter-language --example compare -- 'v1\..*' 'v1.*'
//! ```

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::env;

use filter_language::{NameKind, QueryBudget, ReadingComparison, compare};

fn main() {
    let mut arguments = env::args().skip(1);
    let desired = arguments.next().unwrap_or_else(|| r"v1\..*".to_owned());
    let live = arguments.next().unwrap_or_else(|| "v1.*".to_owned());
    let verdict = compare(&desired, &live, NameKind::Tag, &QueryBudget::default());
    println!("desired: {desired}\nlive:    {live}");
    print_comparison("whole name", &verdict.whole);
    print_comparison("any part", &verdict.search);
}

fn print_comparison(reading: &str, comparison: &ReadingComparison) {
    println!("{reading}: {}", comparison.relation.as_str());
    if let Some(name) = &comparison.desired_only {
        println!("  only the desired filter matches {name}");
    }
    if let Some(name) = &comparison.live_only {
        println!("  only the live filter matches {name}");
    }
    if let Some(reason) = &comparison.reason {
        println!("  {reason}");
    }
}
