//! Invalid git references: each has a specific error, and the command in its help works.

use std::path::Path;
use std::process::Command;

use crate::support::{Crdrift, RunOutput, crdrift, read};

fn git(folder: &Path, args: &[&str]) {
    let settings = [
        "-c",
        "user.name=n",
        "-c",
        "user.email=e@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "init.defaultBranch=main",
    ];
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(settings)
        .args(args)
        .output()
        .expect("git");
    assert!(output.status.success(), "git {args:?}: {output:?}");
}

/// Returns the id of a commit.
fn id_of(folder: &Path, reference: &str) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["rev-parse", reference]);
    let output = command.output().expect("git");
    let id = String::from_utf8(output.stdout).expect("UTF-8");
    id.trim().to_owned()
}

/// A repository with three commits on `main`, and a branch `feature`.
fn upstream() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("a file");
    write("rules.yaml", read("examples/quickstart/rules.yaml"));
    write("live.json", read("examples/quickstart/live.json"));
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "one"]);
    git(
        folder.path(),
        &["commit", "-q", "--allow-empty", "-m", "two"],
    );
    git(folder.path(), &["branch", "feature"]);
    git(
        folder.path(),
        &["commit", "-q", "--allow-empty", "-m", "three"],
    );
    folder
}

/// A run in a clone, made with these options.
fn clone(upstream: &Path, options: &[&str]) -> Crdrift {
    let run = crdrift();
    let url = format!("file://{}", upstream.display());
    let args: Vec<&str> = ["clone", "-q"]
        .into_iter()
        .chain(options.iter().copied())
        .chain([url.as_str(), "."])
        .collect();
    git(run.path(), &args);
    run
}

fn plan(run: Crdrift, base: &str) -> RunOutput {
    run.args(["plan", "rules.yaml", "--live", "live.json", "--base", base])
        .run()
}

/// Runs the command that the help has between backquotes.
fn run_advice(ran: &RunOutput) {
    let command = ran
        .stderr
        .split('`')
        .nth(1)
        .unwrap_or_else(|| panic!("no command: {}", ran.stderr));
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[0], "git", "{command}");
    git(ran.folder.path(), &words[1..]);
}

fn again(ran: &RunOutput, base: &str) -> RunOutput {
    let run = crdrift();
    let files = ran.folder.path().display().to_string();
    git(run.path(), &["clone", "-q", "--mirror", &files, ".git"]);
    git(run.path(), &["config", "core.bare", "false"]);
    git(run.path(), &["checkout", "-q", "-f", "HEAD"]);
    plan(run, base)
}

#[test]
fn the_advice_for_an_unfetched_branch_works() {
    let upstream = upstream();
    let clones: [&[&str]; 3] = [
        &["--single-branch", "-b", "feature"],
        &["--depth=1", "-b", "feature"],
        &["--depth=1", "--single-branch", "-b", "feature"],
    ];
    for options in clones {
        let ran = plan(clone(upstream.path(), options), "origin/main");
        assert_eq!(ran.code, 1, "{options:?}: {}", ran.stderr);
        run_advice(&ran);
        let ran = again(&ran, "origin/main");
        assert_eq!(ran.code, 2, "{options:?}: {}", ran.stderr);
    }
}

#[test]
fn a_remote_branch_is_suggested_by_its_full_name() {
    let upstream = upstream();
    let ran = plan(clone(upstream.path(), &["-b", "feature"]), "main");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.reason()
            .contains("there is no local branch main, but there is origin/main"),
        "{}",
        ran.reason()
    );
    assert!(
        ran.stderr.contains("help: use --base origin/main\n"),
        "{}",
        ran.stderr
    );
    let ran = plan(clone(upstream.path(), &["-b", "feature"]), "main~1");
    assert!(
        ran.stderr.contains("help: use --base origin/main~1\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_reference_before_the_history_reports_its_length() {
    let upstream = upstream();
    let ran = plan(clone(upstream.path(), &[]), "HEAD~5");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.reason()
            .contains("the history of HEAD has 2 commits before it"),
        "{}",
        ran.reason()
    );
    assert!(!ran.stderr.contains("git fetch"), "{}", ran.stderr);
    let ran = plan(clone(upstream.path(), &["--depth=1"]), "HEAD~1");
    assert!(
        ran.reason()
            .contains("the history of HEAD has 0 commits before it in this shallow clone"),
        "{}",
        ran.reason()
    );
    run_advice(&ran);
    assert_eq!(again(&ran, "HEAD~1").code, 2);
}

#[test]
fn a_short_commit_id_in_a_shallow_clone_needs_the_history() {
    let upstream = upstream();
    let id = id_of(upstream.path(), "main~1");
    let (id, _) = id.split_at(12);
    let ran = plan(clone(upstream.path(), &["--depth=1"]), id);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(!ran.stderr.contains("refs/heads"), "{}", ran.stderr);
    run_advice(&ran);
    assert_eq!(again(&ran, id).code, 2);
}

#[test]
fn the_zero_id_and_an_empty_repository_have_specific_errors() {
    let upstream = upstream();
    for zeros in [40, 64] {
        let ran = plan(clone(upstream.path(), &[]), &"0".repeat(zeros));
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(
            ran.reason().contains("the zero id names no commit"),
            "{}",
            ran.reason()
        );
        assert!(!ran.stderr.contains("git fetch"), "{}", ran.stderr);
    }
    let run = crdrift().file("rules.yaml", read("examples/quickstart/rules.yaml"));
    git(run.path(), &["init", "-q"]);
    let ran = plan(
        run.file("live.json", read("examples/quickstart/live.json")),
        "HEAD",
    );
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.reason().contains("the repository has no commit yet"),
        "{}",
        ran.reason()
    );
}

#[test]
fn an_unfetched_commit_id_is_fetched_by_id() {
    let upstream = upstream();
    let id = id_of(upstream.path(), "main");
    let ran = plan(clone(upstream.path(), &["--depth=1", "-b", "feature"]), &id);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(&format!("`git fetch origin {id}`")),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_branch_behind_its_base_gets_a_note() {
    let upstream = upstream();
    let ran = plan(clone(upstream.path(), &["-b", "feature"]), "origin/main");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("note: this branch is 1 commit behind origin/main"),
        "{}",
        ran.stderr
    );
    for base in ["origin/feature", "HEAD~1", "HEAD"] {
        let ran = plan(clone(upstream.path(), &[]), base);
        assert!(!ran.stderr.contains("behind"), "{base}: {}", ran.stderr);
    }
}

/// Git refuses a repository of another user; its own remedy is printed, and a trusted folder is read.
#[cfg(unix)]
#[test]
fn dubious_ownership_is_reported_with_the_remedy_of_git() {
    use std::os::unix::fs::PermissionsExt as _;
    let upstream = upstream();
    let wrapped = |home: Option<&Path>| {
        let run = clone(upstream.path(), &[]);
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("git");
        let script = "#!/bin/sh\nexport GIT_TEST_ASSUME_DIFFERENT_OWNER=1\nexport PATH=/usr/bin:/bin\nexec git \"$@\"\n";
        std::fs::write(&program, script).expect("a program");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))
            .expect("executable");
        let run = run.env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()));
        let run = match home {
            Some(home) => run.env("HOME", home.display().to_string()),
            None => run,
        };
        (run, folder)
    };
    let (run, _folder) = wrapped(None);
    let ran = plan(run, "main");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.reason().contains("dubious ownership"),
        "{}",
        ran.reason()
    );
    assert!(
        ran.stderr
            .contains("`git config --global --add safe.directory "),
        "{}",
        ran.stderr
    );
    let (run, _folder) = wrapped(None);
    let ran = run
        .args(["plan", "rules.yaml", "--live", "live.json", "-o", "json"])
        .run();
    let reason = ran.json()["run"]["no_commit_reason"].to_string();
    assert!(
        reason.contains("dubious ownership") && reason.contains("safe.directory"),
        "{reason}"
    );
    assert!(
        ran.stderr.contains("the result has no commit") && ran.stderr.contains("safe.directory"),
        "{}",
        ran.stderr
    );
    // What the operator trusts is read.
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join(".gitconfig"), "[safe]\n\tdirectory = *\n").expect("a file");
    let (run, _folder) = wrapped(Some(home.path()));
    assert_eq!(plan(run, "main").code, 2);
    let (run, _folder) = wrapped(None);
    let run = run
        .env("GIT_CONFIG_COUNT", "2")
        .env("GIT_CONFIG_KEY_0", "http.extraHeader")
        .env("GIT_CONFIG_VALUE_0", "x");
    let run = run
        .env("GIT_CONFIG_KEY_1", "safe.directory")
        .env("GIT_CONFIG_VALUE_1", "*");
    assert_eq!(plan(run, "main").code, 2);
}

#[test]
fn a_partial_clone_reports_missing_objects() {
    let upstream = upstream();
    git(
        upstream.path(),
        &["config", "uploadpack.allowFilter", "true"],
    );
    std::fs::write(
        upstream.path().join("rules.yaml"),
        "version: 1\n# another\n",
    )
    .expect("a file");
    git(upstream.path(), &["commit", "-q", "-a", "-m", "four"]);
    let ran = plan(
        clone(upstream.path(), &["--filter=blob:none", "-b", "feature"]),
        "origin/main",
    );
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.reason()
            .contains("the content of rules.yaml is not in this repository"),
        "{}",
        ran.reason()
    );
    run_advice(&ran);
}
