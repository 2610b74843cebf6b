//! The generator of estates: its files are valid, and the requested number of rules differ.

use clap::ValueEnum;
use crdrift::diff::{ChangeKind, diff};
use crdrift::rules::{self, load_texts};
use crdrift::snapshot::{live_state, read};

use crate::estate_generator::{EstateOptions, EstateShape, NameStyle, generate};

#[test]
fn every_shape_has_the_requested_differences() {
    for shape in EstateShape::value_variants() {
        for names in NameStyle::value_variants() {
            let options = EstateOptions {
                shape: *shape,
                names: *names,
                changed: 20,
                missing: 4,
                renamed: 3,
                unmanaged: 5,
                ..EstateOptions::default()
            };
            let estate = generate(&options);
            let files = [("rules.yaml", estate.rules_file.into_bytes())];
            let loaded = load_texts(files, &rules::Options::without_variables())
                .unwrap_or_else(|errors| panic!("{options:?}: {errors:?}"));
            let live = read(estate.snapshot.as_bytes()).expect("a snapshot");
            let plan = diff(&loaded.desired, &live_state(live, &loaded.desired));
            let counts = [
                ChangeKind::InSync,
                ChangeKind::Changed,
                ChangeKind::Missing,
                ChangeKind::Renamed,
                ChangeKind::Unmanaged,
            ]
            .map(|kind| plan.with_kind(kind).count());
            assert_eq!(counts, [73, 20, 4, 3, 5], "{options:?}");
            assert_eq!(plan.changes.len(), 105, "{options:?}");
        }
    }
}

#[test]
fn the_seed_determines_the_rules_that_differ() {
    let with_seed = |seed| {
        generate(&EstateOptions {
            changed: 10,
            seed,
            ..EstateOptions::default()
        })
    };
    assert_eq!(with_seed(7), with_seed(7));
    let (first, second) = (with_seed(7), with_seed(8));
    assert_eq!(first.rules_file, second.rules_file);
    assert_ne!(first.snapshot, second.snapshot);
}
