//! `allowed-target-regions`: images are copied only to certain regions.

use std::fmt;

use super::view::{Subject, View};
use super::violation::{Violation, ViolationSubject};
use crate::model::{Field, NameGlob};

/// Targets are in certain regions.
#[derive(Debug)]
pub struct AllowedTargetRegions(pub Regions);

/// Regions that one of some globs matches and none of some others.
#[derive(Debug)]
pub struct Regions {
    /// Those that are meant.
    pub included: Vec<NameGlob>,
    /// Of those, the ones that are not: `cn-*` matches `cn-hongkong` too.
    pub except: Vec<NameGlob>,
}

impl AllowedTargetRegions {
    pub(super) fn violations<'a>(
        &self,
        view: &View<'a>,
        subjects: &[Subject<'a>],
    ) -> Vec<Violation<'a>> {
        let Self(regions) = self;
        let allowed = |region: Option<&str>| region.is_some_and(|it| regions.contain(it));
        let abroad = subjects
            .iter()
            .copied()
            .filter(|it| !allowed(view.region(&it.rule.target)));
        let violation = |subject: Subject<'a>| {
            let target = &subject.rule.target;
            let region = view.region(target);
            Violation {
                about: ViolationSubject::Rule(subject),
                field: Some(Field::ToRegion),
                message: format!(
                    "{} copies to {} in {}; allowed: {regions}",
                    view.describe(subject),
                    view.aliases.end(target),
                    describe_region(region),
                ),
                help: "choose a target in an allowed region, or allow this one in the policy"
                    .to_owned(),
                content: vec![region.unwrap_or_default().to_owned()],
            }
        };
        abroad.map(violation).collect()
    }
}

impl Regions {
    /// Whether a region is one of them.
    pub(super) fn contain(&self, region: &str) -> bool {
        let any = |globs: &[NameGlob]| globs.iter().any(|glob| glob.matches(region));
        any(&self.included) && !any(&self.except)
    }
}

impl fmt::Display for Regions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |globs: &[NameGlob]| {
            globs
                .iter()
                .map(NameGlob::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        f.write_str(&listed(&self.included))?;
        if !self.except.is_empty() {
            write!(f, " without {}", listed(&self.except))?;
        }
        Ok(())
    }
}

/// A region in a sentence.
pub(super) fn describe_region(region: Option<&str>) -> String {
    region.map_or_else(
        || "an unknown region".to_owned(),
        |region| format!("region \"{region}\""),
    )
}
