//! A repository layout in a merge request: git runs, fetches and reads nothing of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Crdrift, crdrift, read};

fn quickstart() -> Crdrift {
    let run = crdrift().file("rules/rules.yaml", read("examples/quickstart/rules.yaml"));
    run.file("live.json", read("examples/quickstart/live.json"))
}

fn git(folder: &Path, args: &[&str]) {
    let identity = [
        "-c",
        "user.name=n",
        "-c",
        "user.email=e@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(identity)
        .args(args)
        .output()
        .expect("git");
    assert!(status.status.success(), "git {args:?}: {status:?}");
}

/// The quick start in a repository with one commit.
fn repository() -> Crdrift {
    commit(quickstart())
}

fn commit(run: Crdrift) -> Crdrift {
    git(run.path(), &["init", "-q", "-b", "main"]);
    git(run.path(), &["add", "-f", "."]);
    git(run.path(), &["commit", "-q", "-m", "rules"]);
    run
}

/// Adds tracked files that git takes for a bare repository, whose configuration runs a command.
fn with_attack(run: Crdrift, folder: &str, marker: &Path) -> Crdrift {
    let marker = marker.display();
    let run_marker = format!("sh -c 'env > {marker}; exit 1'");
    let config = format!(
        "[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = ..\n\tfsmonitor = \"{run_marker}\"\n\
         \tsshCommand = \"{run_marker}\"\n\tpager = \"{run_marker}\"\n\thooksPath = hooks\n\
         \talternateRefsCommand = \"{run_marker}\"\n[pager]\n\trev-parse = \"{run_marker}\"\n\
         [extensions]\n\tpartialClone = origin\n\
         [remote \"origin\"]\n\turl = .\n\tpromisor = true\n\tuploadpack = \"{run_marker}\"\n\
         [protocol]\n\tallow = always\n[diff]\n\texternal = \"{run_marker}\"\n"
    );
    let id = "1".repeat(40);
    let name = |file: &str| format!("{folder}/{file}");
    run.file(&name("HEAD"), "ref: refs/heads/main\n")
        .file(&name("config"), config)
        .file(&name("objects/info/packs"), "")
        .file(&name("refs/heads/main"), format!("{id}\n"))
        .file(&name("refs/remotes/origin/main"), format!("{id}\n"))
        .file(&name("packed-refs"), format!("{id} refs/heads/base\n"))
}

const SECRET: (&str, &str) = ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cret");

#[test]
fn tracked_files_with_a_repository_layout_are_not_used() {
    let outside = tempfile::tempdir().expect("a folder");
    let marker = outside.path().join("ran");
    let commands: [&[&str]; 6] = [
        &["plan", "rules", "--live", "live.json", "--base", "main"],
        &[
            "plan",
            "rules",
            "--live",
            "live.json",
            "--base",
            "main",
            "-o",
            "json",
        ],
        &[
            "plan",
            "rules/rules.yaml",
            "--live",
            "live.json",
            "-o",
            "json",
        ],
        &["plan", "rules", "--live", "live.json", "-o", "html"],
        &[
            "baseline",
            "rules",
            "--live",
            "live.json",
            "--out",
            "baseline.json",
        ],
        &["validate", "rules"],
    ];
    for args in commands {
        let run = with_attack(repository(), "rules", &marker);
        let ran = run.args(args.iter().copied()).env(SECRET.0, SECRET.1).run();
        assert!(matches!(ran.code, 0 | 2), "{args:?}: {}", ran.stderr);
        assert!(
            !marker.exists(),
            "{args:?} ran a command of the rules folder"
        );
    }
}

#[test]
fn a_working_directory_with_a_repository_layout_is_rejected() {
    let outside = tempfile::tempdir().expect("a folder");
    let marker = outside.path().join("ran");
    let tries: [(&str, &[&str]); 3] = [
        (
            "rules",
            &[
                "plan",
                ".",
                "--live",
                "../live.json",
                "--base",
                "origin/main",
            ],
        ),
        (
            "rules",
            &[
                "plan",
                "rules.yaml",
                "--live",
                "../live.json",
                "--base",
                "HEAD",
            ],
        ),
        (
            "rules/deep",
            &[
                "plan",
                "../rules.yaml",
                "--live",
                "../../live.json",
                "--base",
                "HEAD",
            ],
        ),
    ];
    for (folder, args) in tries {
        let run = with_attack(repository(), "rules", &marker).file("rules/deep/x.txt", "");
        let ran = run
            .working_in(folder)
            .args(args.iter().copied())
            .env(SECRET.0, SECRET.1)
            .run();
        assert_eq!(ran.code, 1, "{folder} {args:?}: {}", ran.stderr);
        assert!(
            ran.reason()
                .contains("has the layout of a bare git repository"),
            "{}",
            ran.reason()
        );
        assert!(
            !marker.exists(),
            "{folder} {args:?} ran a command of the rules folder"
        );
    }
    // Without a base the result only lacks its commit, and has the reason.
    let run = with_attack(repository(), "rules", &marker).working_in("rules");
    let ran = run
        .args(["plan", ".", "--live", "../live.json", "-o", "json"])
        .env(SECRET.0, SECRET.1)
        .run();
    let reason = ran.json()["run"]["no_commit_reason"]
        .as_str()
        .expect("a reason")
        .to_owned();
    assert!(reason.contains("bare git repository"), "{reason}");
    assert!(
        !marker.exists(),
        "provenance ran a command of the rules folder"
    );
}

/// The same with a layout whose objects are elsewhere, which git follows by `commondir`.
#[test]
fn a_repository_layout_with_remote_objects_is_rejected() {
    let run = repository()
        .file("rules/HEAD", "ref: refs/heads/main\n")
        .file("rules/commondir", "../other\n");
    let ran = run
        .working_in("rules")
        .args(["plan", ".", "--live", "../live.json", "--base", "main"])
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.reason()
            .contains("has the layout of a bare git repository"),
        "{}",
        ran.reason()
    );
}

/// A replacement of git: records its environment and arguments, then runs git.
#[cfg(unix)]
fn noting_git(run: &Crdrift) -> (tempfile::TempDir, std::path::PathBuf) {
    let _ = run;
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("notes");
    let script = format!(
        "#!/bin/sh\n{{ echo \"args $*\"; env; }} >> {}\nexec /usr/bin/env -u PWD git-real \"$@\"\n",
        notes.display()
    );
    let real = ["/usr/bin/git", "/usr/local/bin/git", "/bin/git"]
        .into_iter()
        .find(|path| Path::new(path).exists());
    let script = script.replace("git-real", real.expect("git"));
    write_program(&folder.path().join("git"), &script);
    (folder, notes)
}

#[cfg(unix)]
fn write_program(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, script).expect("a program");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
}

#[cfg(unix)]
#[test]
fn git_commands_have_no_secrets_and_the_same_options() {
    let run = repository();
    let (folder, notes) = noting_git(&run);
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let hostile = [
        ("GIT_DIR", "/nowhere"),
        ("GIT_WORK_TREE", "/nowhere"),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", "/nowhere"),
        ("GIT_OBJECT_DIRECTORY", "/nowhere"),
        ("GIT_EXTERNAL_DIFF", "/nowhere"),
        ("GIT_SSH_COMMAND", "/nowhere"),
        ("GIT_CONFIG_PARAMETERS", "'core.bare'='true'"),
        ("GIT_TRACE", "2"),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "id-s3cret"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "token-s3cret"),
        ("HTTPS_PROXY", "http://u:p-s3cret@proxy.example"),
        SECRET,
    ];
    let run = hostile
        .iter()
        .fold(run, |run, (name, value)| run.env(name, value))
        .env("PATH", &path);
    let ran = run
        .args([
            "plan",
            "rules",
            "--live",
            "live.json",
            "--base",
            "main",
            "-o",
            "json",
        ])
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(
        ran.json()["run"]["commit"]["dirty"],
        false,
        "{}",
        ran.json()["run"]
    );
    let notes = fs::read_to_string(notes).expect("notes");
    assert!(
        !notes.contains("s3cret") && !notes.contains("/nowhere") && !notes.contains("GIT_TRACE"),
        "{notes}"
    );
    let commands = notes.matches("args ").count();
    assert!(commands > 3, "{notes}");
    for setting in [
        "safe.bareRepository=explicit",
        "protocol.allow=never",
        "core.fsmonitor=false",
    ] {
        assert_eq!(
            notes.matches(&format!("-c {setting}")).count(),
            commands,
            "{setting}"
        );
    }
    for variable in [
        "GIT_NO_LAZY_FETCH=1",
        "GIT_NO_REPLACE_OBJECTS=1",
        "GIT_TERMINAL_PROMPT=0",
    ] {
        assert_eq!(notes.matches(variable).count(), commands, "{variable}");
    }
    // One command finds the repository; every other is given it.
    assert_eq!(notes.matches("--show-toplevel").count(), 1);
    assert_eq!(notes.matches("\nGIT_DIR=").count(), commands - 1, "{notes}");
    assert_eq!(
        notes.matches("GIT_CONFIG_GLOBAL=/dev/null").count(),
        commands - 1
    );
}

#[cfg(unix)]
#[test]
fn a_git_program_in_the_working_directory_is_not_run() {
    let outside = tempfile::tempdir().expect("a folder");
    let marker = outside.path().join("ran");
    for path in [
        ".:/usr/bin:/bin",
        ":/usr/bin:/bin",
        "rules:/usr/bin:/bin",
        "/usr/bin:/bin:",
    ] {
        let run = repository();
        for name in ["git", "rules/git"] {
            write_program(
                &run.path().join(name),
                &format!("#!/bin/sh\ntouch {}\nexit 1\n", marker.display()),
            );
        }
        let ran = run
            .env("PATH", path)
            .args(["plan", "rules", "--live", "live.json", "--base", "main"])
            .run();
        assert_eq!(ran.code, 2, "{path}: {}", ran.stderr);
        assert!(!marker.exists(), "PATH={path}");
    }
}

#[test]
fn an_ambiguous_base_is_rejected_with_both_spellings() {
    let branches = ["feature", "origin/main", "release.yaml", "x.yml"];
    for name in branches {
        let run = repository();
        git(run.path(), &["branch", name]);
        let file = if name.contains(".y") {
            name.to_owned()
        } else {
            format!("{name}/rules.yaml")
        };
        let run = run.file(&file, read("examples/quickstart/rules.yaml"));
        let ran = run
            .args(["plan", "rules", "--live", "live.json", "--base", name])
            .run();
        assert_eq!(ran.code, 64, "{name}: {}", ran.stderr);
        assert!(
            ran.reason().contains("is both a git reference and a path"),
            "{}",
            ran.reason()
        );
        for spelling in [
            format!("--base 'refs/heads/{name}'"),
            format!("--base './{name}'"),
        ] {
            assert!(ran.stderr.contains(&spelling), "{spelling}: {}", ran.stderr);
        }
    }
    for base in ["HEAD", "main~0"] {
        let run = repository().file(base, "version: 1\n");
        let ran = run
            .args(["plan", "rules", "--live", "live.json", "--base", base])
            .run();
        assert_eq!(ran.code, 64, "{}", ran.stderr);
        let spelling = format!("{base}^{{commit}}");
        assert!(ran.stderr.contains(&spelling), "{}", ran.stderr);
    }
}

#[test]
fn unambiguous_spellings_ignore_added_paths() {
    let prepared = || {
        let run = repository();
        git(run.path(), &["branch", "feature.yaml"]);
        git(run.path(), &["branch", "old"]);
        let rules = read("examples/quickstart/rules.yaml");
        let run = run
            .file("feature.yaml", &rules)
            .file("old/rules.yaml", &rules)
            .file("HEAD", &rules);
        run.file("refs/heads/old/rules.yaml", "version: 1\n")
            .file("refs/heads/feature.yaml", "version: 1\n")
    };
    let cases = [
        ("refs/heads/feature.yaml", true),
        ("refs/heads/old", true),
        ("HEAD^{commit}", true),
        ("./feature.yaml", false),
        ("./old", false),
        ("old/", false),
        ("old/rules.yaml", false),
    ];
    for (base, is_reference) in cases {
        let ran = prepared()
            .args([
                "plan",
                "rules",
                "--live",
                "live.json",
                "-o",
                "json",
                "--base",
                base,
            ])
            .run();
        assert_eq!(ran.code, 2, "{base}: {}", ran.stderr);
        assert_eq!(
            ran.json()["base"]["commit"].is_string(),
            is_reference,
            "{base}"
        );
    }
}

/// A folder with the name of a reference that is not there is not the base, though nothing else has that name.
#[test]
fn a_folder_name_without_a_slash_is_not_a_base() {
    let run = repository().file(
        "origin/main/rules.yaml",
        read("examples/quickstart/rules.yaml"),
    );
    let ran = run
        .args([
            "plan",
            "rules",
            "--live",
            "live.json",
            "--base",
            "origin/main",
        ])
        .run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("use --base './origin/main'"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_tag_with_the_branch_name_is_not_the_base() {
    let run = repository();
    git(
        run.path(),
        &["commit", "-q", "--allow-empty", "-m", "later"],
    );
    git(run.path(), &["tag", "-a", "-m", "tag", "main", "HEAD~1"]);
    let ran = run
        .args(["plan", "rules", "--live", "live.json", "--base", "main"])
        .run();
    assert_eq!(ran.code, 64, "{}", ran.stderr);
    assert!(
        ran.reason()
            .contains("the name is ambiguous: refs/tags/main, refs/heads/main"),
        "{}",
        ran.reason()
    );
}

/// A link in the place of the rules folder must not make the base empty, and everything introduced.
#[cfg(unix)]
#[test]
fn a_changed_symlink_does_not_change_the_base() {
    let run = repository();
    fs::rename(run.path().join("rules"), run.path().join("other")).expect("moved");
    std::os::unix::fs::symlink("other", run.path().join("rules")).expect("a link");
    let ran = run
        .args([
            "plan",
            "rules",
            "--live",
            "live.json",
            "--base",
            "main",
            "-o",
            "json",
        ])
        .run();
    assert_eq!(
        ran.json()["base"]["files"][0]["path"],
        "main:rules/rules.yaml",
        "{}",
        ran.stderr
    );
    // A link that the base has is followed there.
    let linked = quickstart();
    std::os::unix::fs::symlink("rules", linked.path().join("linked")).expect("a link");
    for input in ["linked", "linked/rules.yaml"] {
        let linked = crdrift().files_of(linked.path());
        std::os::unix::fs::symlink("rules", linked.path().join("linked")).ok();
        let _ = fs::remove_dir_all(linked.path().join("linked"));
        std::os::unix::fs::symlink("rules", linked.path().join("linked")).expect("a link");
        let ran = commit(linked)
            .args([
                "plan",
                input,
                "--live",
                "live.json",
                "--base",
                "main",
                "-o",
                "json",
            ])
            .run();
        assert_eq!(
            ran.json()["base"]["files"][0]["path"],
            "main:rules/rules.yaml",
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn replaced_git_objects_are_not_read() {
    let run = repository().file("other.yaml", "version: 1\n");
    let output = |args: &[&str]| {
        let output = Command::new("git")
            .arg("-C")
            .arg(run.path())
            .args(args)
            .output()
            .expect("git");
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .trim()
            .to_owned()
    };
    let original = output(&["rev-parse", "HEAD:rules/rules.yaml"]);
    let other = output(&["hash-object", "-w", "other.yaml"]);
    git(run.path(), &["replace", &original, &other]);
    let ran = run
        .args([
            "plan",
            "rules",
            "--live",
            "live.json",
            "--base",
            "main",
            "-o",
            "json",
        ])
        .run();
    assert_eq!(
        (&ran.json()["base"]["introduced"], ran.code),
        (&0.into(), 2),
        "{}",
        ran.stderr
    );
}
