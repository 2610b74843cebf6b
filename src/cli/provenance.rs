//! The provenance of a result: operator, host, pipeline and commit, as the environment names them.
//!
//! No error ends a run: a result without a commit has the reason instead.

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use url::Url;

use super::checkout;
use super::console::Verbosity;
use super::context::Context;
use super::git::{GitError, Repository, WorkingFile};
use crate::report::{Ci, Commit, Provenance};
use crate::source::SourceMap;

/// The longest time for git.
const GIT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest name of a host in a file, in bytes (hostname(7) allows 253).
const HOST_LIMIT: u64 = 256;

/// Returns the provenance of this run; `ran_by` is the operator of the command line.
pub(super) fn provenance(
    ran_by: Option<&str>,
    sources: &SourceMap,
    context: &Context,
) -> Provenance {
    let var = |name: &str| context.var(name);
    let pipeline = Pipeline::from_environment(&var);
    let (commit, no_commit_reason) = match commit(sources, context) {
        Ok(commit) => (Some(commit), None),
        Err(reason) => (None, Some(reason)),
    };
    let ran_by = ran_by
        .map(str::to_owned)
        .or_else(|| pipeline.as_ref()?.by.clone());
    Provenance {
        by: ran_by.or_else(|| first(&["USER", "LOGNAME", "USERNAME"], &var)),
        host: first(&["HOSTNAME", "COMPUTERNAME"], &var).or_else(hostname),
        ci: pipeline.map(|pipeline| Ci {
            name: pipeline.name.to_owned(),
            url: pipeline.url.as_deref().and_then(without_credentials),
        }),
        commit,
        no_commit_reason,
    }
}

/// Prints a note if the result has no commit because git refuses the repository.
pub(super) fn note_refusal(context: &mut Context) {
    if let Err(error) = context.repository()
        && matches!(
            *error,
            GitError::DubiousOwnership { .. } | GitError::BareFolder { .. }
        )
    {
        let help = error.help();
        context.log(
            Verbosity::Normal,
            &format!("note: the result has no commit: {error}; {help}\n"),
        );
    }
}

/// The run of a pipeline, by the variables that it sets.
struct Pipeline {
    name: &'static str,
    by: Option<String>,
    url: Option<String>,
}

impl Pipeline {
    fn from_environment(var: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        // https://docs.github.com/actions/reference/workflows-and-actions/variables
        if var("GITHUB_ACTIONS").is_some() {
            let parts = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(var);
            let url = match parts {
                [Some(server), Some(repository), Some(run)] => {
                    Some(format!("{server}/{repository}/actions/runs/{run}"))
                }
                _ => None,
            };
            return Some(Self {
                name: "GitHub Actions",
                by: var("GITHUB_ACTOR"),
                url,
            });
        }
        // https://docs.gitlab.com/ci/variables/predefined_variables/
        if var("GITLAB_CI").is_some() {
            return Some(Self {
                name: "GitLab CI",
                by: var("GITLAB_USER_LOGIN"),
                url: var("CI_JOB_URL"),
            });
        }
        // https://www.jenkins.io/doc/book/pipeline/jenkinsfile/, and the plugin "build user vars" for who started it
        if var("JENKINS_URL").is_some() {
            return Some(Self {
                name: "Jenkins",
                by: var("BUILD_USER_ID"),
                url: var("BUILD_URL"),
            });
        }
        None
    }
}

fn first(names: &[&str], var: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    names.iter().find_map(|name| var(name))
}

/// Returns the public part of the address of a page: without user, password, query and fragment, which may hold tokens.
fn without_credentials(url: &str) -> Option<String> {
    let mut url = Url::parse(url)
        .ok()
        .filter(|it| matches!(it.scheme(), "http" | "https"))?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url.into())
}

/// Returns the name of the host in `/etc/hostname`.
fn hostname() -> Option<String> {
    let mut name = String::new();
    File::open("/etc/hostname")
        .ok()?
        .take(HOST_LIMIT)
        .read_to_string(&mut name)
        .ok()?;
    let name = name.lines().next()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns the commit of the repository of the working directory, or the reason for none.
fn commit(sources: &SourceMap, context: &Context) -> Result<Commit, String> {
    let repository = context.repository().map_err(|error| reason(&error))?;
    let files = sources
        .files()
        .iter()
        .map(|file| (PathBuf::from(&*file.path), file.sha256.clone()))
        .collect();
    let (sender, receiver) = mpsc::channel();
    // A disk that does not answer must not block the run.
    thread::spawn(move || sender.send(commit_of(&repository, files)));
    let answer = receiver.recv_timeout(GIT_TIMEOUT);
    answer.unwrap_or_else(|_| {
        Err(format!(
            "git did not answer within {} s",
            GIT_TIMEOUT.as_secs()
        ))
    })
}

/// Returns the commit of files with their digests.
fn commit_of(repository: &Repository, files: Vec<(PathBuf, String)>) -> Result<Commit, String> {
    if files.is_empty() {
        return Err("no rules files were read".to_owned());
    }
    let mut written = Vec::new();
    for (path, sha256) in files {
        let real = fs::canonicalize(&path).unwrap_or(path);
        let above = checkout::repository_above(&real);
        let inside = checkout::path_below(repository.top(), &real);
        match (above, inside) {
            (Some(above), Some(path)) if above == repository.top() => {
                written.push(WorkingFile { path, sha256 });
            }
            (None, _) => return Err("a rules file is in no git repository".to_owned()),
            _ => {
                return Err(
                    "a rules file is outside of the git repository of the working directory"
                        .to_owned(),
                );
            }
        }
    }
    let id = repository.commit("HEAD").map_err(|error| reason(&error))?;
    let dirty = !repository
        .contains_files(&id, &written)
        .map_err(|error| reason(&error))?;
    Ok(Commit { id, dirty })
}

/// Returns the reason of git for no commit, without the path of the working directory.
fn reason(error: &GitError) -> String {
    match error {
        GitError::NoRepository { .. } => "the working directory is in no git repository".to_owned(),
        GitError::NoCommit {
            detail: Some(detail),
            ..
        } => detail.to_string(),
        GitError::DubiousOwnership { .. } => format!("{error}: {}", error.help()),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Pipeline, without_credentials};

    fn detected(
        variables: &[(&str, &str)],
    ) -> Option<(&'static str, Option<String>, Option<String>)> {
        let var = |name: &str| {
            variables
                .iter()
                .find(|(it, _)| *it == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Pipeline::from_environment(&var).map(|it| (it.name, it.by, it.url))
    }

    #[test]
    fn pipelines_are_detected_by_their_variables() {
        let github = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_ACTOR", "alice"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "shop/rules"),
            ("GITHUB_RUN_ID", "42"),
        ];
        let some = |text: &str| Some(text.to_owned());
        let url = some("https://github.com/shop/rules/actions/runs/42");
        assert_eq!(
            detected(&github),
            Some(("GitHub Actions", some("alice"), url))
        );
        assert_eq!(
            detected(&github[..4]),
            Some(("GitHub Actions", some("alice"), None))
        );
        let gitlab = [
            ("GITLAB_CI", "true"),
            ("GITLAB_USER_LOGIN", "bob"),
            ("CI_JOB_URL", "https://g/-/jobs/1"),
        ];
        assert_eq!(
            detected(&gitlab),
            Some(("GitLab CI", some("bob"), some("https://g/-/jobs/1")))
        );
        let jenkins = [
            ("JENKINS_URL", "https://j/"),
            ("BUILD_URL", "https://j/job/x/1/"),
        ];
        assert_eq!(
            detected(&jenkins),
            Some(("Jenkins", None, some("https://j/job/x/1/")))
        );
        assert_eq!(
            detected(&[
                ("CI", "true"),
                ("CI_JOB_URL", "https://g"),
                ("GITHUB_ACTOR", "alice")
            ]),
            None
        );
    }

    #[test]
    fn an_address_loses_what_only_some_may_know() {
        let cases = [
            (
                "https://ci.example.com/job/1/",
                Some("https://ci.example.com/job/1/"),
            ),
            (
                "https://bot:s3cret@ci.example.com:8443/job",
                Some("https://ci.example.com:8443/job"),
            ),
            (
                "http://s3cret@ci/job?token=s3cret&x=1#s3cret",
                Some("http://ci/job"),
            ),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("not an address s3cret", None),
        ];
        for (url, expected) in cases {
            assert_eq!(without_credentials(url).as_deref(), expected, "{url}");
        }
    }
}
