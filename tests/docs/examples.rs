//! Runs the examples of every `--help` with the quick start, which the emulator serves instead of the API.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use clap::{Command, CommandFactory};
use crdrift::cli::Args;
use crdrift::store::{Store, StoreAccess, StoreUrl};
use tempfile::TempDir;

use super::console::run;
use super::pages::with_examples;
use crate::support::{crdrift, read, repository};

#[test]
fn the_examples_of_every_help_run() {
    let mut commands: Vec<Command> = Args::command().get_subcommands().cloned().collect();
    let mut ran = 0;
    let mut wrong = Vec::new();
    while let Some(command) = commands.pop() {
        let estate = estate();
        add_store(estate.path());
        let examples = examples(&command);
        assert!(
            !examples.is_empty(),
            "{} has no example",
            command.get_name()
        );
        let (short, long) = (command.get_after_help(), command.get_after_long_help());
        let begins = long
            .zip(short)
            .is_none_or(|(long, short)| long.to_string().starts_with(&short.to_string()));
        assert!(
            begins,
            "-h and --help of {} show different examples",
            command.get_name()
        );
        for line in example_lines(&command) {
            let fits = line.chars().count() <= 80 && !line.ends_with('\\');
            assert!(fits, "an example of 80 columns, on one line: {line}");
        }
        for example in examples {
            // They run until a signal; tests/cli/emulate.rs and tests/watch/ test them.
            let is_endless = match command.get_name() {
                "emulate" => true,
                "watch" => !example.contains("--once"),
                _ => false,
            };
            if is_endless {
                let understood = Args::command().try_get_matches_from(example.split(' '));
                assert!(understood.is_ok(), "{example}: {understood:?}");
                continue;
            }
            let (printed, code) = run(&offline(&command, &example), estate.path());
            // The store of the examples was filled long ago.
            let is_overdue = code == 3 && example.contains("--max-age");
            if !matches!(code, 0 | 2) && !is_overdue {
                wrong.push(format!("== {example}\nends with {code}:\n{printed}"));
            }
            ran += 1;
        }
        commands.extend(command.get_subcommands().cloned());
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
    assert!(ran >= 40, "{ran}");
}

/// Puts a store with results into a folder, with the newest schema.
fn add_store(folder: &Path) {
    let path = folder.join("history.db");
    std::fs::copy(repository("tests/store/schema-1.sqlite"), &path).expect("a store");
    let url = StoreUrl::parse(&format!("sqlite:{}", path.display())).expect("a URL");
    Store::open(&url, StoreAccess::Write, 1).expect("a store");
}

/// Returns the commands under `Examples:`.
fn examples(command: &Command) -> Vec<String> {
    let lines = example_lines(command).into_iter();
    lines.map(|line| line.trim().to_owned()).collect()
}

fn example_lines(command: &Command) -> Vec<String> {
    let help = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("  "));
    lines.map(str::to_owned).collect()
}

/// The example as it is run here: it asks the emulator where it would ask the API, and writes nothing outside.
fn offline(command: &Command, example: &str) -> String {
    let example = example.replace("/etc/bash_completion.d/", "");
    let asks = command
        .get_arguments()
        .any(|argument| argument.get_id() == "emulate");
    let has_source = [
        "--live",
        "--emulate",
        "--offline",
        "--result",
        "--side desired",
    ]
    .iter()
    .any(|it| example.contains(it));
    let emulate = if asks && !has_source {
        "export CRDRIFT_EMULATE=served/live.json\n"
    } else {
        ""
    };
    format!("PATH=$PWD/bin:$PATH\n{emulate}{example}")
}

/// A folder with every file that examples name, and stand-ins for other people's programs.
fn estate() -> TempDir {
    let rules = read("examples/quickstart/rules.yaml") + POLICIES;
    let live = read("examples/quickstart/live.json").replacen("\"listings\": [", UNDECLARED, 1);
    let planned = crdrift()
        .file("rules.yaml", &rules)
        .file("live.json", &live);
    let result = planned
        .args(["plan", "--live", "live.json", "-o", "json"])
        .run()
        .stdout;
    let listed = crdrift()
        .file("rules.yaml", &rules)
        .file("live.json", &live);
    let answer = listed
        .args(["list", "shanghai", "--raw", "--emulate", "live.json"])
        .run()
        .stdout;
    let folder = with_examples();
    for (path, text) in [
        ("rules.yaml", rules.as_str()),
        ("rules/rules.yaml", &rules),
        ("teams/shop/team.yaml", TEAM),
        (
            "policies/names.yaml",
            &format!("version: 1{}", POLICIES.replace("same-repo", "same")),
        ),
        ("infra/main.tf", &read("examples/terraform/main.tf")),
        ("live.json", &live),
        ("served/live.json", &live),
        ("responses.json", &answer),
        ("result.json", &result),
        ("results/2026-11-24.json", &result),
        (
            "bin/aliyun",
            &format!("#!/bin/sh\ncat <<'END'\n{answer}\nEND\n"),
        ),
        ("bin/jq", "#!/bin/sh\ncat\n"),
        ("watch.yaml", &watch_file(&accepting_webhook())),
    ] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
    }
    let (made, code) = run(BRANCH, folder.path());
    assert_eq!(code, 0, "{made}");
    folder
}

/// A watch file with one estate, and one target that notifies a URL.
fn watch_file(url: &str) -> String {
    format!(
        "version: 1\nestates: [{{ name: shop, rules: [rules.yaml], emulate: live.json }}]\n\
         notify: [{{ name: ops, kind: webhook, url: \"{url}\" }}]\n"
    )
}

/// Starts a service on this machine that takes every message, until the tests end. Returns its URL.
fn accepting_webhook() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            std::thread::spawn(move || answer_requests(&mut stream));
        }
    });
    format!("http://{address}/hook")
}

/// Answers each request of a connection with 200.
fn answer_requests(stream: &mut TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or_default() == 0 {
                return;
            }
            let header = line.trim_end().to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a number");
            }
            if header.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        if stream.write_all(answer).is_err() {
            return;
        }
    }
}

/// Makes the folder a working tree whose `origin/main` says the same.
const BRANCH: &str = "chmod +x bin/* && git init --quiet && git add rules &&
git -c user.name=A -c user.email=a@example.com commit --quiet --message Rules &&
git update-ref refs/remotes/origin/main HEAD";

/// The value of a placeholder for an id: an undeclared instance.
const UNDECLARED: &str = r#""listings": [
    { "instance_id": "cri-xxxxxxxxxxxxxxxx", "region_id": "cn-shanghai", "rules": [] },"#;

const TEAM: &str = "version: 1
rules:
  - name: team
    from: { instance: shanghai, namespace: team }
    to:   { instance: shenzhen, namespace: team }
    tag_filter: \"v.*\"
";

const POLICIES: &str = "
policies:
  - id: same-repo
    expr: rule.from.repo == rule.to.repo
    message: keep the name
";
