//! Who runs crdrift where, and over which commit of the rules files: what the environment claims, for the result.
//!
//! Nothing here fails: what cannot be found out in a short time is not said.

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use url::Url;

use super::git::{Repository, Written};
use super::world::World;
use crate::report::{Ci, Commit, Provenance};
use crate::source::SourceMap;

/// How long git may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest name of a host that is read from a file, in bytes (hostname(7) allows 253).
const HOST_LIMIT: u64 = 256;

/// Who runs it where; `ran_by` is who the command line says.
pub(super) fn provenance(ran_by: Option<&str>, sources: &SourceMap, world: &World) -> Provenance {
    let var = |name: &str| world.var(name);
    let pipeline = Pipeline::of(&var);
    let ran_by = ran_by.map(str::to_owned).or_else(|| pipeline.as_ref()?.by.clone());
    Provenance {
        by: ran_by.or_else(|| first(&["USER", "LOGNAME", "USERNAME"], &var)),
        host: first(&["HOSTNAME", "COMPUTERNAME"], &var).or_else(hostname),
        ci: pipeline.map(|it| Ci { name: it.name.to_owned(), url: it.url.as_deref().and_then(without_credentials) }),
        commit: commit(sources),
    }
}

/// A run of a pipeline, by the variables it sets.
struct Pipeline {
    name: &'static str,
    by: Option<String>,
    url: Option<String>,
}

impl Pipeline {
    fn of(var: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        // https://docs.github.com/actions/reference/workflows-and-actions/variables
        if var("GITHUB_ACTIONS").is_some() {
            let parts = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(var);
            let url = match parts {
                [Some(server), Some(repository), Some(run)] => {
                    Some(format!("{server}/{repository}/actions/runs/{run}"))
                }
                _ => None,
            };
            return Some(Self { name: "GitHub Actions", by: var("GITHUB_ACTOR"), url });
        }
        // https://docs.gitlab.com/ci/variables/predefined_variables/
        if var("GITLAB_CI").is_some() {
            return Some(Self { name: "GitLab CI", by: var("GITLAB_USER_LOGIN"), url: var("CI_JOB_URL") });
        }
        // https://www.jenkins.io/doc/book/pipeline/jenkinsfile/, and the plugin "build user vars" for who started it
        if var("JENKINS_URL").is_some() {
            return Some(Self { name: "Jenkins", by: var("BUILD_USER_ID"), url: var("BUILD_URL") });
        }
        None
    }
}

fn first(names: &[&str], var: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    names.iter().find_map(|name| var(name))
}

/// An address of a page as everybody may see it: no user, no password, and nothing behind the path, where tokens are.
fn without_credentials(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok().filter(|it| matches!(it.scheme(), "http" | "https"))?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url.into())
}

/// What the system calls itself.
fn hostname() -> Option<String> {
    let mut name = String::new();
    File::open("/etc/hostname").ok()?.take(HOST_LIMIT).read_to_string(&mut name).ok()?;
    let name = name.lines().next()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// The commit of the repository that all rules files are in.
fn commit(sources: &SourceMap) -> Option<Commit> {
    let mut files = Vec::new();
    for file in sources.files() {
        files.push((fs::canonicalize(&file.path).ok()?, file.sha256.clone()));
    }
    let (tell, told) = mpsc::channel();
    // A repository on a disk that does not answer must not hold up a run.
    thread::spawn(move || tell.send(commit_of(files)));
    told.recv_timeout(PATIENCE).ok()?
}

/// The same for real paths with their digests.
fn commit_of(files: Vec<(PathBuf, String)>) -> Option<Commit> {
    let repository = Repository::above(&files.first()?.0)?;
    let mut written = Vec::new();
    for (path, sha256) in files {
        if Repository::above(&path)?.root != repository.root {
            return None;
        }
        let inside = path.strip_prefix(&repository.root).ok()?;
        let names: Option<Vec<_>> = inside.iter().map(|name| name.to_str()).collect();
        written.push(Written { path: names?.join("/"), sha256 });
    }
    let id = repository.commit("HEAD").ok()?;
    let dirty = !repository.holds(&id, &written).ok()?;
    Some(Commit { id, dirty })
}

#[cfg(test)]
mod tests {
    use super::{Pipeline, without_credentials};

    fn told(variables: &[(&str, &str)]) -> Option<(&'static str, Option<String>, Option<String>)> {
        let var = |name: &str| variables.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
        Pipeline::of(&var).map(|it| (it.name, it.by, it.url))
    }

    #[test]
    fn pipelines_are_known_by_what_they_set() {
        let github = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_ACTOR", "alice"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "shop/rules"),
            ("GITHUB_RUN_ID", "42"),
        ];
        let some = |text: &str| Some(text.to_owned());
        let url = some("https://github.com/shop/rules/actions/runs/42");
        assert_eq!(told(&github), Some(("GitHub Actions", some("alice"), url)));
        assert_eq!(told(&github[..4]), Some(("GitHub Actions", some("alice"), None)));
        let gitlab = [("GITLAB_CI", "true"), ("GITLAB_USER_LOGIN", "bob"), ("CI_JOB_URL", "https://g/-/jobs/1")];
        assert_eq!(told(&gitlab), Some(("GitLab CI", some("bob"), some("https://g/-/jobs/1"))));
        let jenkins = [("JENKINS_URL", "https://j/"), ("BUILD_URL", "https://j/job/x/1/")];
        assert_eq!(told(&jenkins), Some(("Jenkins", None, some("https://j/job/x/1/"))));
        assert_eq!(told(&[("CI", "true"), ("CI_JOB_URL", "https://g"), ("GITHUB_ACTOR", "alice")]), None);
    }

    #[test]
    fn an_address_loses_what_only_some_may_know() {
        let cases = [
            ("https://ci.example.com/job/1/", Some("https://ci.example.com/job/1/")),
            ("https://bot:s3cret@ci.example.com:8443/job", Some("https://ci.example.com:8443/job")),
            ("http://s3cret@ci/job?token=s3cret&x=1#s3cret", Some("http://ci/job")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("not an address s3cret", None),
        ];
        for (url, expected) in cases {
            assert_eq!(without_credentials(url).as_deref(), expected, "{url}");
        }
    }
}
