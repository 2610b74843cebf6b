use crate::support::{crdrift, read};

const UNTIDY: &str = "rules:\n- tag_filter: 'v.*' # releases\n  name: a\n  from: {instance: x,namespace: base}\n  to:\n    \
    namespace: base\n    instance: z\nversion: 1 # one\n";

const TIDY: &str = "\
version: 1  # one

rules:
  - name: a
    from: { instance: x, namespace: base }
    to:   { instance: z, namespace: base }
    tag_filter: \"v.*\"  # releases
";

#[test]
fn formatting_is_idempotent() {
    let run = crdrift()
        .file("rules.yaml", UNTIDY)
        .file("more/b.yml", TIDY)
        .args(["fmt", "rules.yaml", "more"]);
    let ran = run.run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert_eq!(
        ran.stderr,
        "formatted rules.yaml\ncrdrift: 1 of 2 files formatted (exit code 0)\n"
    );
    assert_eq!(
        std::fs::read_to_string(ran.folder.path().join("rules.yaml")).expect("a file"),
        TIDY
    );
}

#[test]
fn check_prints_the_difference_and_writes_nothing() {
    let ran = crdrift()
        .file("rules.yaml", UNTIDY)
        .args(["fmt", "--check"])
        .run();
    assert_eq!(
        (ran.code, ran.reason()),
        (
            2,
            "crdrift: 1 of 1 file not in canonical layout (exit code 2)"
        )
    );
    assert!(
        ran.stdout
            .starts_with("--- rules.yaml\n+++ rules.yaml\n@@ "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("-- tag_filter: 'v.*' # releases\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("+    tag_filter: \"v.*\"  # releases\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        std::fs::read_to_string(ran.folder.path().join("rules.yaml")).expect("a file"),
        UNTIDY
    );
    let ran = crdrift()
        .file("rules.yaml", TIDY)
        .args(["fmt", "--check"])
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
}

#[test]
fn standard_input_goes_to_standard_output() {
    let ran = crdrift().args(["fmt", "-"]).stdin(UNTIDY).run();
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, TIDY, "")
    );
    let ran = crdrift().args(["fmt", "-", "--check"]).stdin(UNTIDY).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout.starts_with("--- standard input\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(crdrift().args(["fmt", "-", "rules.yaml"]).run().code, 64);
}

#[test]
fn unformattable_files_are_kept_and_others_are_formatted() {
    let broken = "version: 1\nrules: [\n";
    let odd = "version: 1\n? rules\n: []\n";
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("version: 1\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let run = crdrift()
        .file("1.yaml", broken)
        .file("2.yaml", UNTIDY)
        .file("3.yaml", odd)
        .file("4.yaml", &utf16);
    let ran = run.args(["fmt", "."]).run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("yaml/syntax"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("3.yaml:2:3: a key with an anchor"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("cannot rewrite ./4.yaml: it is UTF-16"),
        "{}",
        ran.stderr
    );
    let now = |name: &str| std::fs::read(ran.folder.path().join(name)).expect("a file");
    assert_eq!(now("1.yaml"), broken.as_bytes());
    assert_eq!(now("2.yaml"), TIDY.as_bytes());
    assert_eq!(now("3.yaml"), odd.as_bytes());
    assert_eq!(now("4.yaml"), utf16);
    assert_eq!(crdrift().args(["fmt", "none.yaml"]).run().code, 1);
}

#[test]
fn byte_order_marks_and_line_breaks_are_kept() {
    let text = format!("\u{feff}{}", UNTIDY.replace('\n', "\r\n"));
    let ran = crdrift().file("rules.yaml", text).args(["fmt"]).run();
    let now = std::fs::read_to_string(ran.folder.path().join("rules.yaml")).expect("a file");
    assert_eq!(now, format!("\u{feff}{}", TIDY.replace('\n', "\r\n")));
}

#[test]
fn the_examples_are_formatted() {
    for name in [
        "base-images",
        "instances",
        "policies",
        "teams",
        "waivers",
        "quickstart/rules",
    ] {
        let path = format!("examples/{name}.yaml");
        let ran = crdrift()
            .args(["fmt", "-", "--check"])
            .stdin(read(&path))
            .run();
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{path}");
    }
}
