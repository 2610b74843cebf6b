//! The evidence in a result: its provenance, rules files, accounts and policies.

use std::fs;
use std::path::Path;
use std::process::Command;

use crdrift::report::Digest;
use serde_json::{Value, json};

use crate::support::{Crdrift, EmulatorGuard, RunOutput, crdrift, read};

fn quickstart() -> Crdrift {
    let run = crdrift().file("rules.yaml", read("examples/quickstart/rules.yaml"));
    run.file("live.json", read("examples/quickstart/live.json"))
}

fn plan(run: Crdrift) -> Crdrift {
    run.args(["plan", "--live", "live.json", "-o", "json"])
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
        .status()
        .expect("git");
    assert!(status.success(), "git {args:?}");
}

fn text(ran: &RunOutput, name: &str) -> String {
    fs::read_to_string(ran.folder.path().join(name)).expect("it was written")
}

#[test]
fn the_provenance_comes_from_the_environment() {
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_ACTOR", "alice"),
        (
            "GITHUB_SERVER_URL",
            "https://token:s3cret@github.example.com",
        ),
        ("GITHUB_REPOSITORY", "shop/rules"),
        ("GITHUB_RUN_ID", "42"),
        ("USER", "runner"),
    ];
    let ci = json!({ "name": "GitHub Actions", "url": "https://github.example.com/shop/rules/actions/runs/42" });
    let provenance = |by: Option<&str>, host: Option<&str>, ci: &Value| {
        let reason = "the working directory is in no git repository";
        json!({ "by": by, "host": host, "ci": ci, "commit": null, "no_commit_reason": reason })
    };
    let host = Some("host.example");
    let cases = [
        (&github[..0], &[][..], provenance(None, host, &Value::Null)),
        (
            &github[5..],
            &[],
            provenance(Some("runner"), host, &Value::Null),
        ),
        (&github, &[], provenance(Some("alice"), host, &ci)),
        (
            &github,
            &["--ran-by", "Carol"],
            provenance(Some("Carol"), host, &ci),
        ),
        (&github, &["--mask-ids"], provenance(None, None, &ci)),
    ];
    for (variables, args, expected) in cases {
        let run = variables
            .iter()
            .fold(plan(quickstart()), |run, (name, value)| {
                run.env(name, value)
            });
        let ran = run.args(args.iter().copied()).run();
        assert_eq!(ran.json()["run"], expected, "{variables:?} {args:?}");
        assert!(!ran.stdout.contains("s3cret"));
    }
    let ran = plan(quickstart()).args(["--ran-by", ""]).run();
    assert_eq!(ran.code, 64, "{ran:?}");
}

#[test]
fn the_commit_belongs_to_the_repository_of_the_rules_files() {
    let run_of = |run: Crdrift, files: &[&str]| {
        plan(run).args(files.iter().copied()).run().json()["run"].clone()
    };
    let commit = |run: Crdrift, files: &[&str]| run_of(run, files)["commit"].clone();
    let repository = || {
        let run = quickstart();
        git(run.path(), &["init", "-q"]);
        git(run.path(), &["config", "core.autocrlf", "false"]);
        git(run.path(), &["add", "."]);
        git(run.path(), &["commit", "-q", "-m", "rules"]);
        run
    };
    assert_eq!(
        commit(quickstart(), &["rules.yaml"]),
        Value::Null,
        "no repository"
    );
    let clean = commit(repository(), &["rules.yaml"]);
    assert_eq!(
        (clean["id"].as_str().map(str::len), &clean["dirty"]),
        (Some(40), &false.into())
    );
    let beside = repository().file("live.json", read("examples/quickstart/live.json") + "\n");
    assert_eq!(
        commit(beside, &["rules.yaml"])["dirty"],
        false,
        "only rules files matter"
    );
    let windows = repository().file(
        "rules.yaml",
        read("examples/quickstart/rules.yaml").replace('\n', "\r\n"),
    );
    assert_eq!(
        commit(windows, &["rules.yaml"])["dirty"],
        false,
        "line ends are git's"
    );
    let edited = repository().file(
        "rules.yaml",
        read("examples/quickstart/rules.yaml") + "# more\n",
    );
    assert_eq!(commit(edited, &["rules.yaml"])["dirty"], true);
    let new = repository().file("more.yaml", "version: 1\n");
    assert_eq!(
        commit(new, &["rules.yaml", "more.yaml"])["dirty"],
        true,
        "a file that no commit holds"
    );
    let several = repository().file("other/more.yaml", "version: 1\n");
    git(&several.path().join("other"), &["init", "-q"]);
    let no_commit = |run: Crdrift, files: &[&str]| {
        let run = run_of(run, files);
        assert_eq!(run["commit"], Value::Null, "{run}");
        run["no_commit_reason"]
            .as_str()
            .expect("a reason")
            .to_owned()
    };
    let outside = "a rules file is outside of the git repository of the working directory";
    assert_eq!(no_commit(several, &["rules.yaml", "other"]), outside);
    let unborn = quickstart();
    git(unborn.path(), &["init", "-q"]);
    assert_eq!(
        no_commit(unborn, &["rules.yaml"]),
        "the repository has no commit yet"
    );
    let without_git = repository();
    let nothing = without_git.path().join("nothing").display().to_string();
    assert_eq!(
        no_commit(without_git.env("PATH", &nothing), &["rules.yaml"]),
        "git was not found"
    );
}

#[test]
fn accounts_are_declared_and_of_the_credentials() {
    let accounts = |result: &Value| -> Vec<Value> {
        let instances = result["live"]["instances"].as_array().expect("instances");
        instances.iter().map(|it| it["account"].clone()).collect()
    };
    let account = |credentials: Option<&str>| json!({ "declared": "1234567890123456", "credentials": credentials });
    let ran = plan(quickstart()).run();
    assert_eq!(
        accounts(&ran.json()),
        vec![account(None); 3],
        "a file does not tell whose it is"
    );
    for (script, credentials) in [
        ("version: 1", "1234567890123456"),
        (
            "version: 1\naccounts: [{ uid: \"9999999999999999\" }]\n",
            "9999999999999999",
        ),
    ] {
        let served = EmulatorGuard::quickstart(script);
        let rules = served.with_endpoints(&read("examples/quickstart/rules.yaml"));
        let run = served.keys(crdrift().file("rules.yaml", rules).args([
            "plan",
            "-o",
            "json",
            "-o",
            "html=page.html",
        ]));
        let ran = run.run();
        assert_eq!(accounts(&ran.json()), vec![account(Some(credentials)); 3]);
        assert!(text(&ran, "page.html").contains(credentials));
    }
}

#[test]
fn a_page_has_the_digest_of_its_result() {
    for more in [&[][..], &["--mask-ids"], &["--all"], &["--lang", "zh"]] {
        let run = plan(quickstart()).args(["-o", "html=page.html", "-o", "json=result.json"]);
        // Standard output has the same document: twice is no clash, since the paths differ.
        let ran = run.args(more.iter().copied()).run();
        let result = text(&ran, "result.json");
        assert_eq!(result, ran.stdout);
        let digest = Digest::hash(result.as_bytes());
        assert!(
            text(&ran, "page.html").contains(&format!("<code>{digest}</code>")),
            "{more:?}"
        );
    }
}

#[test]
fn a_page_of_a_reformatted_document_has_the_digest_of_that_document() {
    let mut older = plan(quickstart()).run().json();
    for key in ["run", "policies", "topology"] {
        older
            .as_object_mut()
            .expect("an object")
            .remove(key)
            .expect(key);
    }
    let older = older.to_string();
    let digest = Digest::hash(older.as_bytes()).to_string();
    let ran = crdrift()
        .file("result.json", &older)
        .args(["render", "result.json", "-o", "html"])
        .run();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout.contains(&digest) && !ran.stdout.contains("<svg"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_result_has_the_topology_of_its_page() {
    let ran = plan(quickstart()).args(["-o", "html=page.html"]).run();
    let topology = &ran.json()["topology"];
    assert_eq!(topology["detail"], "repository");
    assert_eq!(
        topology["rules"],
        json!({ "changed": 2, "ignored": 1, "in_sync": 3, "missing": 1, "unmanaged": 1 })
    );
    let arrows = topology["arrows"].as_array().expect("arrows");
    // The legend has an arrow for each of the five states.
    assert_eq!(
        text(&ran, "page.html").matches("<g class=\"arrow ").count(),
        arrows.len() + 5
    );
    for arrow in arrows {
        for end in [&arrow["from"], &arrow["to"]] {
            let row = topology.pointer(&format!(
                "/instances/{}/rows/{}",
                end["instance"], end["row"]
            ));
            assert!(row.is_some(), "{arrow}");
        }
    }
    assert_eq!(topology["omitted"], json!({ "arrows": 0, "rules": 0 }));
}
