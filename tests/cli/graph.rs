use quick_xml::Reader;
use quick_xml::events::Event;

use crate::support::{Crdrift, RunOutput, crdrift, read};

const RULES: &str = "examples/quickstart/rules.yaml";
const LIVE: &str = "examples/quickstart/live.json";

/// A run over the quick start's files.
fn graph() -> Crdrift {
    crdrift()
        .file("rules.yaml", read(RULES))
        .file("live.json", read(LIVE))
        .args(["graph"])
}

/// The arrows by state and the texts of an SVG.
struct Picture {
    classes: Vec<String>,
    texts: Vec<String>,
}

impl Picture {
    fn of(svg: &str) -> Self {
        let mut reader = Reader::from_str(svg);
        let (mut classes, mut texts) = (Vec::new(), Vec::new());
        let mut root = None;
        loop {
            match reader
                .read_event()
                .unwrap_or_else(|error| panic!("{error}: {svg}"))
            {
                Event::Start(it) | Event::Empty(it) => {
                    root.get_or_insert(it.name().as_ref().to_vec());
                    for attribute in it.attributes() {
                        let attribute = attribute.expect("an attribute");
                        if attribute.key.as_ref() == b"class" {
                            classes
                                .push(String::from_utf8(attribute.value.to_vec()).expect("UTF-8"));
                        }
                    }
                }
                Event::Text(it) => texts.push(it.decode().expect("UTF-8").into_owned()),
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(root.as_deref(), Some(&b"svg"[..]));
        Self { classes, texts }
    }

    fn has(&self, text: &str) -> bool {
        self.texts.iter().any(|it| it.contains(text))
    }

    /// Returns the number of arrows of a state, without the legend.
    fn arrows(&self, state: &str) -> usize {
        let class = format!("arrow s-{state}");
        self.classes
            .iter()
            .filter(|it| it.as_str() == class || it.starts_with(&format!("{class} ")))
            .count()
            - 1
    }
}

#[test]
fn a_graph_has_both_sides() {
    let ran = graph().args(["--live", "live.json"]).run();
    let picture = Picture::of(&ran.stdout);
    for (state, arrows) in [
        ("in_sync", 3),
        ("missing", 1),
        ("changed", 2),
        ("unmanaged", 1),
        ("ignored", 1),
    ] {
        assert_eq!(picture.arrows(state), arrows, "{state}");
    }
    for text in [
        "shanghai",
        "cn-shenzhen",
        "shop/hotfix",
        "undeclared",
        "in sync (3)",
        "+ shop-hotfix",
    ] {
        assert!(picture.has(text), "{text}");
    }
    assert_eq!(
        (ran.code, ran.reason()),
        (
            0,
            "crdrift: drew 8 rules between 4 instances, by repository (exit code 0)"
        )
    );
    assert!(!ran.stdout.contains("<script"));
}

#[test]
fn a_graph_is_independent_of_the_live_source() {
    let arrows = |ran: &RunOutput| {
        let json = ran.json();
        (json["arrows"].clone(), json["complete"].clone(), ran.code)
    };
    let file = graph().args(["--live", "live.json", "-o", "json"]).run();
    let emulated = graph().args(["--emulate", "live.json", "-o", "json"]).run();
    assert_eq!(arrows(&file), arrows(&emulated));
    let desired = graph().args(["--side", "desired", "-o", "json"]).run();
    let states = desired.json()["arrows"]
        .as_array()
        .expect("arrows")
        .iter()
        .map(|it| it["state"].clone())
        .collect::<Vec<_>>();
    assert_eq!(
        (desired.code, states),
        (0, vec![serde_json::json!("plain"); 6])
    );
    let live = graph()
        .args(["--side", "live", "--live", "live.json", "-o", "json"])
        .run();
    assert!(live.stdout.contains("cri-partner000000009") && !live.stdout.contains("shop-hotfix"));
}

#[test]
fn unread_instances_are_in_the_graph_and_the_exit_code() {
    let ran = crdrift()
        .file("rules.yaml", read(RULES))
        .file(
            "live.json",
            read(LIVE).replace("cri-shanghai00000001", "cri-another"),
        )
        .args([
            "graph",
            "--live",
            "live.json",
            "-o",
            "svg",
            "-o",
            "dot=g.dot",
            "-o",
            "mermaid=g.mmd",
        ])
        .run();
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.reason()
            .starts_with("crdrift: \"shanghai\" (skipped) is incomplete"),
        "{}",
        ran.stderr
    );
    let picture = Picture::of(&ran.stdout);
    assert!(picture.has("Incomplete: shanghai") && picture.has("incomplete: skipped"));
    for file in ["g.dot", "g.mmd"] {
        let text = std::fs::read_to_string(ran.folder.path().join(file)).expect("it is written");
        assert!(
            text.contains("incomplete") && text.contains("shanghai"),
            "{text}"
        );
    }
}

#[test]
fn selection_and_detail_reduce_the_graph() {
    let ran = graph()
        .args([
            "--live",
            "live.json",
            "--rule",
            "shop-*",
            "--detail",
            "instance",
            "-o",
            "json",
        ])
        .run();
    let json = ran.json();
    let rules: Vec<_> = json["arrows"]
        .as_array()
        .expect("arrows")
        .iter()
        .flat_map(|it| it["rules"].as_array().expect("rules"))
        .collect();
    assert_eq!(rules, ["shop-web", "shop-api", "shop-hotfix"]);
    assert_eq!(json["detail"], "instance");
    let nothing = graph()
        .args(["--live", "live.json", "--rule", "shop-"])
        .run();
    assert_eq!((nothing.code, nothing.stdout.as_str()), (1, ""));
    let stranger = graph()
        .args(["--live", "live.json", "--instance", "mars"])
        .run();
    assert_eq!(stranger.code, 1);
}

#[test]
fn contradictory_options_are_rejected() {
    for args in [
        &["--side", "desired", "--live", "live.json"][..],
        &["--side", "left"],
        &["-o", "png"],
        &["-o", "svg", "-o", "dot"],
        &["--detail", "tag"],
    ] {
        let ran = graph().args(args.iter().copied()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{args:?}");
    }
    let unwritable = graph()
        .args([
            "--side",
            "desired",
            "-o",
            "svg=rules.yaml/where.svg",
            "-o",
            "dot",
        ])
        .run();
    assert_eq!(unwritable.code, 1);
    assert!(
        unwritable.stdout.starts_with("digraph"),
        "the other one is written"
    );
}
