//! Writes an estate, `rules.yaml` and `live.json`, for `crdrift plan DIR/rules.yaml --live DIR/live.json`.
//!
//! `cargo run --example estate -- --shape mesh --rules 100 --changed 50 --out DIR`

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::Parser;

mod generator;

/// Writes a rules file, and a snapshot that differs from it in chosen ways
#[derive(Debug, Parser)]
struct EstateArgs {
    #[command(flatten)]
    options: generator::EstateOptions,
    /// The folder to write rules.yaml and live.json to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

fn main() -> io::Result<()> {
    let args = EstateArgs::parse();
    let estate = generator::generate(&args.options);
    fs::create_dir_all(&args.out)?;
    fs::write(args.out.join("rules.yaml"), estate.rules_file)?;
    fs::write(args.out.join("live.json"), estate.snapshot)
}
