//! The provenance of a result: operator, host and pipeline.

/// The operator, host and pipeline of a run, and the commit of the rules files. The environment claims all of it: evidence
/// for readers who trust the runner, and `None` where it claims nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// The operator.
    pub by: Option<String>,
    /// The host.
    pub host: Option<String>,
    /// The pipeline.
    pub ci: Option<Ci>,
    /// The commit of the rules files.
    pub commit: Option<Commit>,
    /// The reason why there is no commit.
    pub no_commit_reason: Option<String>,
}

/// A run of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ci {
    /// The pipeline system: `GitHub Actions`, `GitLab CI`, `Jenkins`.
    pub name: String,
    /// The page of the run, without credentials.
    pub url: Option<String>,
}

/// The commit that the repository of the rules files is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id: 40 lower-case hex digits, or 64 in a repository with SHA-256.
    pub id: String,
    /// True if a rules file has uncommitted changes.
    pub dirty: bool,
}
