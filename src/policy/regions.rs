//! Sets of regions.

use crate::model::NameGlob;

/// A set of regions.
#[derive(Debug)]
pub struct Regions {
    /// Globs of which a region has to match one.
    pub included: Vec<NameGlob>,
    /// Globs of which it may match none: `cn-*` matches `cn-hongkong` too.
    pub except: Vec<NameGlob>,
}

impl Regions {
    /// Returns true if a region is in the set.
    pub(crate) fn contain(&self, region: &str) -> bool {
        let matches_any = |globs: &[NameGlob]| globs.iter().any(|glob| glob.matches(region));
        matches_any(&self.included) && !matches_any(&self.except)
    }
}
