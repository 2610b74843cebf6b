//! No output of a run overwrites an input of it, or another output.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Crdrift, PROGRAM, crdrift, read, repository};

/// A folder with a file for everything that a run can read.
fn inputs() -> Crdrift {
    let rules = read("examples/quickstart/rules.yaml");
    let live = read("examples/quickstart/live.json");
    let result = crdrift().args(["plan", "-o", "json", "--live", "live.json"]);
    let result = result
        .file("rules.yaml", &rules)
        .file("live.json", &live)
        .run()
        .stdout;
    crdrift()
        .file("rules.yaml", &rules)
        .file("rules/shop.yaml", &rules)
        .file("live.json", &live)
        .file("faults.yaml", "version: 1\nfaults: []\n")
        .file("baseline.json", "{}")
        .file("previous.json", &result)
        .file("expected.json", &result)
        .file("base.yaml", &rules)
        .file("ca.pem", "no certificate")
        .file("main.tf", "")
        .file(".aliyun/config.json", "{}")
        .file("token", "secret")
}

/// Every file below a folder with its bytes, or where the link leads.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(within) = folders.pop() {
        for entry in fs::read_dir(within).expect("a folder") {
            let path = entry.expect("an entry").path();
            if let Ok(target) = fs::read_link(&path) {
                found.push((path, target.as_os_str().as_encoded_bytes().to_vec()));
            } else if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).expect("a file");
                found.push((path, bytes));
            }
        }
    }
    found.sort();
    found
}

/// Runs it, and demands that it is refused with both names and without a change on the disk.
fn refused(run: Crdrift, args: &str, names: &[&str]) {
    let run = run.args(args.split(' '));
    let before = contents(run.path());
    let ran = run.run();
    assert_eq!(ran.code, 64, "{args}: {}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout, "", "{args}");
    for name in names {
        assert!(
            ran.stderr.contains(name),
            "{args}: no {name} in {}",
            ran.stderr
        );
    }
    assert!(
        contents(ran.folder.path()) == before,
        "{args} changed a file"
    );
}

#[test]
fn an_output_that_is_an_input_is_rejected_before_the_run() {
    let plan = "plan rules.yaml --live live.json";
    for (args, names) in [
        (format!("{plan} -o json=rules.yaml"), ["--output json=rules.yaml", "`rules.yaml`"]),
        (format!("{plan} -o json=./rules.yaml"), ["--output json=./rules.yaml", "`rules.yaml`"]),
        (format!("{plan} -o text -o json=rules/../rules.yaml"), ["json=rules/../rules.yaml", "`rules.yaml`"]),
        (format!("{plan} -o json=live.json"), ["json=live.json", "--live live.json"]),
        ("plan rules.yaml --live - -o json=live.json --previous live.json".into(), ["json=live.json", "--previous"]),
        ("plan rules --live live.json -o json=rules/shop.yaml".into(), ["json=rules/shop.yaml", "rules/shop.yaml of"]),
        ("plan rules/*.yaml --live live.json -o csv=rules/shop.yaml".into(), ["csv=rules/shop.yaml", "rules/*.yaml"]),
        ("plan --live live.json -o json=rules.yaml".into(), ["json=rules.yaml", "`rules.yaml`"]),
        ("plan rules.yaml --emulate live.json -o html=live.json".into(), ["html=live.json", "--emulate live.json"]),
        (
            "plan --emulate live.json --faults faults.yaml -o sarif=faults.yaml".into(),
            ["sarif=faults.yaml", "--faults faults.yaml"],
        ),
        (format!("{plan} --baseline baseline.json -o json=baseline.json"), ["json=baseline.json", "--baseline"]),
        (format!("{plan} --previous previous.json -o json=previous.json"), ["json=previous.json", "--previous"]),
        (format!("{plan} --expect expected.json -o json=expected.json"), ["json=expected.json", "--expect"]),
        (format!("{plan} --base base.yaml -o json=base.yaml"), ["json=base.yaml", "--base base.yaml"]),
        ("plan rules.yaml --ca-file ca.pem -o json=ca.pem".into(), ["json=ca.pem", "--ca-file ca.pem"]),
        (format!("{plan} --remedy=script=rules.yaml"), ["--remedy script=rules.yaml", "`rules.yaml`"]),
        (format!("{plan} --remedy=text=live.json"), ["--remedy text=live.json", "--live live.json"]),
        (
            "plan --desired-from terraform main.tf --live live.json -o json=main.tf".into(),
            ["json=main.tf", "`main.tf`"],
        ),
        ("plan --desired-from terraform . --live live.json -o json=main.tf".into(), ["json=main.tf", "main.tf of ."]),
        ("snapshot rules.yaml --out rules.yaml --emulate live.json".into(), ["--out rules.yaml", "`rules.yaml`"]),
        ("snapshot rules.yaml --out live.json --emulate live.json".into(), ["--out live.json", "--emulate live.json"]),
        ("export --to ros rules.yaml --out rules.yaml".into(), ["--out rules.yaml", "`rules.yaml`"]),
        ("export --to terraform --live live.json --out live.json".into(), ["--out live.json", "--live live.json"]),
        ("graph rules.yaml --side desired -o svg=rules.yaml".into(), ["svg=rules.yaml", "`rules.yaml`"]),
        ("list shanghai --emulate live.json -o json=live.json".into(), ["json=live.json", "--emulate live.json"]),
        ("list shanghai --emulate live.json -o json=rules.yaml".into(), ["json=rules.yaml", "`rules.yaml`"]),
        ("list shanghai --rules base.yaml -o json=base.yaml".into(), ["json=base.yaml", "--rules base.yaml"]),
        ("doctor -o json=rules.yaml".into(), ["json=rules.yaml", "`rules.yaml`"]),
        ("render previous.json -o html=previous.json".into(), ["html=previous.json", "`previous.json`"]),
        ("report previous.json expected.json -o html=expected.json".into(), ["html=expected.json", "`expected.json`"]),
        ("report *.json -o html=expected.json".into(), ["html=expected.json", "*.json"]),
        ("baseline rules.yaml --live live.json --out live.json".into(), ["--out live.json", "--live live.json"]),
        ("baseline rules.yaml --live live.json --out rules.yaml".into(), ["--out rules.yaml", "`rules.yaml`"]),
        ("import --live live.json --out live.json".into(), ["--out live.json", "--live live.json"]),
        (
            "waive rules.yaml --owner a --reason b --result previous.json --into previous.json --write".into(),
            ["--into previous.json", "--result previous.json"],
        ),
    ] {
        refused(inputs(), &args, &names);
    }
}

#[test]
fn credentials_files_are_inputs() {
    for (variable, file) in [
        ("ALIBABA_CLOUD_CONFIG_FILE", "ca.pem"),
        ("ALIBABA_CLOUD_CREDENTIALS_FILE", "ca.pem"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "token"),
        ("SSL_CERT_FILE", "ca.pem"),
        ("CRDRIFT_LIVE", "live.json"),
    ] {
        let args = format!("plan rules.yaml -o json={file}");
        refused(
            inputs().env(variable, file),
            &args,
            &[&format!("json={file}"), file],
        );
    }
    let run = inputs();
    let home = run.path().display().to_string();
    refused(
        run.env("HOME", &home),
        "plan -o json=.aliyun/config.json",
        &["config.json", "~/.aliyun/config.json"],
    );
}

#[cfg(unix)]
#[test]
fn symlinks_are_resolved_before_comparison() {
    use std::os::unix::fs::symlink;
    for link in ["soft", "hard", "folder", "chain"] {
        let run = inputs();
        let at = |name: &str| run.path().join(name);
        match link {
            "soft" => symlink("rules.yaml", at("out.json")).unwrap(),
            "hard" => fs::hard_link(at("rules.yaml"), at("out.json")).unwrap(),
            "folder" => symlink(".", at("there")).unwrap(),
            _ => {
                symlink("rules.yaml", at("second")).unwrap();
                symlink("second", at("out.json")).unwrap();
            }
        }
        let out = if link == "folder" {
            "json=there/rules.yaml"
        } else {
            "json=out.json"
        };
        refused(
            run,
            &format!("plan rules.yaml --live live.json -o {out}"),
            &[out, "`rules.yaml`"],
        );
    }
}

#[cfg(unix)]
#[test]
fn redirected_streams_are_compared_as_files() {
    let run = inputs();
    let folder = run.path();
    let start = |args: &str, stdout: Stdio| {
        let stdin = File::open(folder.join("live.json")).unwrap();
        let mut command = Command::new(PROGRAM);
        command
            .env_clear()
            .current_dir(folder)
            .stdin(stdin)
            .stdout(stdout)
            .args(args.split(' '));
        command.output().unwrap()
    };
    let before = contents(folder);
    for out in ["json=live.json", "json=/dev/stdin", "json=/dev/fd/0"] {
        let ran = start(
            &format!("plan rules.yaml --live - -o {out}"),
            Stdio::piped(),
        );
        assert_eq!(
            ran.status.code(),
            Some(64),
            "{out}: {}",
            String::from_utf8_lossy(&ran.stderr)
        );
    }
    let appending = || {
        Stdio::from(
            File::options()
                .append(true)
                .open(folder.join("live.json"))
                .unwrap(),
        )
    };
    for args in [
        "plan rules.yaml --live - -o json",
        "validate live.json",
        "plan rules.yaml --live live.json",
    ] {
        let ran = start(args, appending());
        assert_eq!(
            ran.status.code(),
            Some(64),
            "{args}: {}",
            String::from_utf8_lossy(&ran.stderr)
        );
    }
    assert!(contents(folder) == before);
}

#[test]
fn two_outputs_with_one_path_are_rejected() {
    let plan = "plan rules.yaml --live live.json";
    for (args, names) in [
        (
            format!("{plan} -o text -o json"),
            ["--output text", "--output json"],
        ),
        (
            format!("{plan} -o json=a -o csv=./a"),
            ["json=a", "csv=./a"],
        ),
        (
            format!("{plan} -o json=new/a -o csv=new/b/../a"),
            ["json=new/a", "csv=new/b/../a"],
        ),
        (
            format!("{plan} -o json=a --remedy=script=a"),
            ["json=a", "--remedy script=a"],
        ),
        (
            format!("{plan} -o json --remedy=text"),
            ["--output json", "--remedy text"],
        ),
        (
            format!("{plan} --remedy=script"),
            ["--output text", "--remedy script"],
        ),
        (
            "graph --side desired -o svg=a -o dot=a".into(),
            ["svg=a", "dot=a"],
        ),
        (
            "report previous.json -o html=a -o csv=a".into(),
            ["html=a", "csv=a"],
        ),
    ] {
        refused(inputs(), &args, &names);
    }
    #[cfg(unix)]
    {
        refused(
            inputs(),
            &format!("{plan} -o text -o json=/dev/stdout"),
            &["--output text", "json=/dev/stdout"],
        );
        let run = inputs();
        std::os::unix::fs::symlink("new.json", run.path().join("link.json")).unwrap();
        refused(
            run,
            &format!("{plan} -o json=new.json -o csv=link.json"),
            &["json=new.json", "csv=link.json"],
        );
        let ran = inputs()
            .args(format!("{plan} -o json=/dev/null -o csv=/dev/null").split(' '))
            .run();
        assert_eq!(ran.code, 2, "{}", ran.stderr);
    }
}

#[test]
fn edited_files_can_be_inputs() {
    let ran = inputs().args(
        "waive rules.yaml --owner a --reason b --live live.json --into rules.yaml".split(' '),
    );
    let ran = ran.args(["--code", "drift/missing-rule", "--write"]).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = inputs()
        .args("import --live live.json --rules rules.yaml --out rules.yaml --write".split(' '))
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(inputs().args(["fmt", "rules.yaml"]).run().code, 0);
}

#[test]
fn output_folders_are_created() {
    let examples = repository("examples/quickstart");
    let examples = examples.display().to_string();
    let (rules, live) = (
        format!("{examples}/rules.yaml"),
        format!("{examples}/live.json"),
    );
    for (args, path) in [
        (
            vec![
                "plan",
                &rules,
                "--live",
                &live,
                "-o",
                "json=results/today/x.json",
            ],
            "results/today/x.json",
        ),
        (
            vec![
                "plan",
                &rules,
                "--live",
                &live,
                "--remedy=script=out/fix.sh",
            ],
            "out/fix.sh",
        ),
        (
            vec![
                "snapshot",
                &rules,
                "--emulate",
                &live,
                "--out",
                "out/live.json",
            ],
            "out/live.json",
        ),
        (
            vec!["export", "--to", "ros", &rules, "--out", "out/ros.yaml"],
            "out/ros.yaml",
        ),
        (
            vec!["graph", &rules, "--side", "desired", "-o", "svg=out/a.svg"],
            "out/a.svg",
        ),
        (
            vec![
                "list",
                "shanghai",
                "--rules",
                &rules,
                "--emulate",
                &live,
                "-o",
                "csv=out/a.csv",
            ],
            "out/a.csv",
        ),
        (
            vec![
                "baseline",
                &rules,
                "--live",
                &live,
                "--out",
                "out/baseline.json",
            ],
            "out/baseline.json",
        ),
        (
            vec!["import", "--live", &live, "--out", "out/rules.yaml"],
            "out/rules.yaml",
        ),
        (
            vec![
                "import",
                "--live",
                &live,
                "--out",
                "out/rules",
                "--split",
                "namespace",
            ],
            "out/rules",
        ),
        (vec!["man", "--out", "out/man"], "out/man/crdrift.1"),
        (
            vec![
                "doctor",
                &rules,
                "--emulate",
                &live,
                "-o",
                "json=out/a.json",
            ],
            "out/a.json",
        ),
    ] {
        let ran = crdrift().args(args.iter().copied()).run();
        assert!(
            ran.folder.path().join(path).exists(),
            "{args:?}: {} {}",
            ran.code,
            ran.stderr
        );
    }
}

#[test]
fn an_output_that_is_a_folder_is_rejected() {
    for (args, name) in [
        ("plan rules.yaml --live live.json -o json=out/", "json=out/"),
        (
            "plan rules.yaml --live live.json --remedy=script=out/",
            "script=out/",
        ),
        ("validate rules.yaml -o sarif=out/", "sarif=out/"),
        (
            "snapshot rules.yaml --emulate live.json --out out/",
            "--out out/",
        ),
        ("baseline rules.yaml --live live.json --out out/", "out/"),
        ("export rules.yaml --to ros --out out/", "--out out/"),
    ] {
        refused(inputs(), args, &[name, "names a folder"]);
    }
}

#[test]
fn an_output_within_the_inputs_of_the_next_run_is_rejected() {
    for (args, input) in [
        (
            "plan rules --live live.json -o json=rules/new.yaml",
            "`rules`",
        ),
        (
            "plan ./rules/ --live live.json -o json=rules/../rules/new.yml",
            "`./rules/`",
        ),
        (
            "plan rules/*.yaml --live live.json -o json=rules/new.yaml",
            "`rules/*.yaml`",
        ),
        (
            "plan **/*.yaml --live live.json -o json=new/new.yaml",
            "`**/*.yaml`",
        ),
        ("export rules --to ros --out rules/ros.yml", "`rules`"),
        ("validate --desired-from terraform . -o json=new.tf", "`.`"),
        ("report . -o html=report.json", "`.`"),
    ] {
        refused(inputs(), args, &[input, "the next run"]);
    }
    for args in [
        "plan rules --live live.json -o json=rules/new.json",
        "plan rules --live live.json -o json=rules/.new.yaml",
        "plan rules --live live.json -o json=rules/below/new.yaml",
        "plan rules/*.yaml --live live.json -o json=new.yaml",
    ] {
        let ran = inputs().args(args.split(' ')).run();
        assert_eq!(ran.code, 2, "{args}: {}", ran.stderr);
    }
}
