//! Graphs of rules: merging and formats.

mod proptests;

use std::collections::BTreeMap;

use super::{
    Caption, DetailLevel, Format, Graph, GraphBounds, GraphEnd, GraphRule, InstanceNode,
    OmittedCounts, Options, RuleState, render,
};
use crate::i18n::Language;

const SVG: Format = Format::Svg(Language::English);

fn rule(from: &str, to: &str, state: RuleState, name: &str) -> GraphRule<'static> {
    let end = |text: &str| {
        let mut parts = text.split('/').map(|it| it.to_owned().into());
        GraphEnd {
            instance: parts.next().unwrap_or_default(),
            namespace: parts.next(),
            repo: parts.next(),
        }
    };
    GraphRule {
        from: end(from),
        to: end(to),
        state,
        rule: name.to_owned().into(),
        is_repeated: false,
    }
}

fn instance(name: &str) -> InstanceNode {
    InstanceNode {
        name: name.to_owned(),
        region: Some(format!("cn-{name}")),
        incomplete: None,
        declared: true,
        rows: Vec::new(),
    }
}

fn options(caption: Caption, detail: Option<DetailLevel>) -> Options {
    Options {
        caption,
        detail,
        bounds: GraphBounds::NONE,
    }
}

fn graph(rules: &[GraphRule<'_>], detail: Option<DetailLevel>) -> Graph {
    let caption = Caption {
        title: "Sync rules".to_owned(),
        subtitle: "of a test.".to_owned(),
    };
    Graph::new(
        vec![instance("a"), instance("b"), instance("lonely")],
        rules,
        options(caption, detail),
    )
}

fn written(graph: &Graph, format: Format) -> String {
    let mut bytes = Vec::new();
    render(graph, format, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

/// A graph in a line for each arrow.
fn summaries(graph: &Graph) -> Vec<String> {
    let end = |(at, row): (usize, usize)| {
        let instance = &graph.instances[at];
        format!("{}/{}", instance.name, graph.row_label(&instance.rows[row]))
    };
    let arrows = graph.arrows.iter();
    arrows
        .map(|arrow| {
            format!(
                "{} {} {} {}",
                end(arrow.from),
                end(arrow.to),
                arrow.state.as_str(),
                arrow.rules.join(",")
            )
        })
        .collect()
}

#[test]
fn rules_of_one_state_between_two_rows_are_one_arrow() {
    let rules = [
        rule("a/n/x", "b/n/x", RuleState::InSync, "two"),
        rule("a/n/x", "b/n/x", RuleState::InSync, "one"),
        rule("a/n/x", "b/n/x", RuleState::Missing, "three"),
        rule("a/n/y", "b/n/y", RuleState::InSync, "four"),
        rule("a/n", "c/n", RuleState::Unmanaged, "five"),
        rule("a", "b", RuleState::InSync, "six"),
    ];
    let cases: [(DetailLevel, &[&str]); 3] = [
        (
            DetailLevel::Repository,
            &[
                "a/* b/* in_sync six",
                "a/n/* c/n/* unmanaged five",
                "a/n/x b/n/x in_sync one,two",
                "a/n/x b/n/x missing three",
                "a/n/y b/n/y in_sync four",
            ],
        ),
        (
            DetailLevel::Namespace,
            &[
                "a/* b/* in_sync six",
                "a/n b/n in_sync four,one,two",
                "a/n b/n missing three",
                "a/n c/n unmanaged five",
            ],
        ),
        (
            DetailLevel::Instance,
            &[
                "a/ b/ in_sync four,one,six,two",
                "a/ b/ missing three",
                "a/ c/ unmanaged five",
            ],
        ),
    ];
    for (detail, expected) in cases {
        let graph = graph(&rules, Some(detail));
        assert_eq!(summaries(&graph), expected, "{detail:?}");
        let names: Vec<_> = graph
            .instances
            .iter()
            .map(|it| (it.name.as_str(), it.declared))
            .collect();
        assert_eq!(
            names,
            [("a", true), ("b", true), ("c", false), ("lonely", true)]
        );
        assert_eq!(
            graph.counts,
            BTreeMap::from([
                (RuleState::InSync, 4),
                (RuleState::Missing, 1),
                (RuleState::Unmanaged, 1)
            ])
        );
        assert_eq!(graph.without_rules().collect::<Vec<_>>(), ["lonely"]);
    }
}

#[test]
fn a_bounded_graph_keeps_what_is_to_be_looked_at_first() {
    let rules = [
        rule("a/n/x", "b/n/x", RuleState::InSync, "three"),
        rule("a/n/x", "b/n/x", RuleState::InSync, "one"),
        rule("a/n/x", "b/n/x", RuleState::InSync, "two"),
        rule("a/n/x", "b/n/x", RuleState::InSync, "four"),
        rule("a/n/y", "b/n/y", RuleState::InSync, "few"),
        rule("a/n/z", "b/n/z", RuleState::Missing, "gone"),
        rule("d/n", "e/n", RuleState::InSync, "of strangers"),
        rule("a/n", "c/n", RuleState::Unmanaged, "stray"),
    ];
    let bounded = |rules: &[GraphRule<'_>]| {
        let instances = vec![instance("a"), instance("b"), instance("lonely")];
        let bounds = GraphBounds {
            names: 2,
            arrows: 3,
        };
        let options = Options {
            caption: Caption::default(),
            detail: Some(DetailLevel::Repository),
            bounds,
        };
        Graph::new(instances, rules, options)
    };
    let graph = bounded(&rules);
    let expected = [
        "a/n/* c/n/* unmanaged stray",
        "a/n/x b/n/x in_sync four,one",
        "a/n/z b/n/z missing gone",
    ];
    assert_eq!(summaries(&graph), expected);
    let counts: Vec<_> = graph.arrows.iter().map(|it| it.count).collect();
    assert_eq!(
        (counts, graph.omitted),
        (
            vec![1, 4, 1],
            OmittedCounts {
                arrows: 2,
                rules: 2
            }
        )
    );
    // Undeclared instances appear only with an arrow, declared ones always.
    let names: Vec<_> = graph
        .instances
        .iter()
        .map(|it| (it.name.as_str(), it.rows.len()))
        .collect();
    assert_eq!(names, [("a", 4), ("b", 3), ("c", 1), ("lonely", 0)]);
    assert_eq!(graph.counts[&RuleState::InSync], 6);
    let mut reversed = rules;
    reversed.reverse();
    assert_eq!(bounded(&reversed), graph);
    for (language, word) in [
        (Language::English, "2 more arrows"),
        (Language::Chinese, "另有 2 个箭头"),
    ] {
        assert!(written(&graph, Format::Svg(language)).contains(word));
    }
}

#[test]
fn without_a_detail_the_finest_with_few_arrows_is_chosen() {
    let many = |namespaces: usize, repos: usize| {
        let rules = (0..namespaces * repos).map(|index| {
            let end = |instance: &str| format!("{instance}/n{}/r{index}", index % namespaces);
            rule(&end("a"), &end("b"), RuleState::Plain, &index.to_string())
        });
        graph(&rules.collect::<Vec<_>>(), None).detail
    };
    assert_eq!(many(2, 30), DetailLevel::Repository);
    assert_eq!(many(2, 31), DetailLevel::Namespace);
    assert_eq!(many(80, 3), DetailLevel::Namespace);
    assert_eq!(many(81, 2), DetailLevel::Instance);
    // Few arrows between many pairs of instances are a matrix, and so have no rows.
    assert_eq!(mesh(7).detail, DetailLevel::Instance);
    assert_eq!(mesh(6).detail, DetailLevel::Repository);
}

/// A graph with a rule from each instance to each other one.
fn mesh(instances: usize) -> Graph {
    let mut rules = Vec::new();
    for from in 0..instances {
        for to in (0..instances).filter(|to| *to != from) {
            let end = |instance: usize| format!("i{instance}/n/r");
            let state = match (from, to) {
                (0, 1) => RuleState::Missing,
                (1, 0) => RuleState::Changed,
                _ => RuleState::InSync,
            };
            rules.push(rule(&end(from), &end(to), state, &format!("{from}-{to}")));
        }
    }
    rules.push(rule("i0/m/r", "i1/m/r", RuleState::InSync, "another"));
    Graph::new(Vec::new(), &rules, options(Caption::default(), None))
}

#[test]
fn many_pairs_of_instances_are_a_matrix() {
    let svg = written(&mesh(12), SVG);
    let cells = svg.matches("class=\"cell\"").count();
    // Three of them are those of the legend.
    assert_eq!(
        (cells, svg.matches("class=\"way\"").count()),
        (12 * 11 + 3, 0)
    );
    // A cell shows its worst state, and all rules if there are others.
    let cell = |state: &str, number: &str| {
        let (_, cell) = svg
            .split_once(&format!("<g class=\"s-{state}\">\n<title>"))
            .expect("a cell");
        let (cell, _) = cell.split_once("</g>").expect("its end");
        assert!(cell.contains(&format!(">{number}</text>")), "{cell}");
        cell.to_owned()
    };
    let missing = cell("missing", "+1");
    assert!(
        missing.contains(">of 2</text>")
            && missing.starts_with(
                "i0 to i1, missing: desired, not live: 0-1; i0 to i1, in sync: another<"
            ),
        "{missing}"
    );
    assert!(!cell("changed", "~1").contains("total"));
    // Numbers in names are ordered by value.
    let names = ["i2", "i10"].map(|name| svg.find(&format!(">{name}</text>")));
    assert!(names[0] < names[1]);
    // Arrows that fan out do not cover each other.
    let fan: Vec<_> = (0..60)
        .map(|to| rule("a/n", &format!("t{to}/n"), RuleState::InSync, "fan"))
        .collect();
    let svg = written(&graph(&fan, Some(DetailLevel::Instance)), SVG);
    assert!(!svg.contains("class=\"cell\"") && svg.contains("class=\"way\""));
}

#[test]
fn a_graph_of_too_many_arrows_keeps_the_most_relevant() {
    let mut rules: Vec<_> = (0..600)
        .map(|n| {
            rule(
                &format!("a/n/{n}"),
                &format!("b/n/{n}"),
                RuleState::InSync,
                "rule",
            )
        })
        .collect();
    rules.push(rule("a/n/z", "b/n/z", RuleState::Missing, "gone"));
    let graph = graph(&rules, Some(DetailLevel::Repository));
    let mermaid = written(&graph, Format::Mermaid);
    let edges = mermaid.lines().filter(|line| line.contains("->")).count();
    // Two of them are those of the legend.
    assert_eq!(edges, 490 + 2);
    assert!(mermaid.contains("gone") && mermaid.contains("not drawn: 111 more arrows"));
}

/// A graph with every state.
fn sample() -> Graph {
    let mut rules = vec![
        rule("a/n/x", "b/n/x", RuleState::InSync, "one"),
        rule("a/n/x", "b/n/x", RuleState::InSync, "two"),
        rule("a/n/y", "b/n/y", RuleState::Changed, "changed"),
        rule("b/n/y", "a/n/y", RuleState::Missing, "back"),
        rule("b/n/y", "c/n/y", RuleState::Unmanaged, "stranger"),
        rule("a/n/y", "c/n/y", RuleState::Unverified, "far"),
        rule("a/m", "a/n", RuleState::Ignored, "round"),
    ];
    rules.sort_by(|a, b| b.rule.cmp(&a.rule));
    let mut graph = graph(&rules, None);
    graph.instances[1].incomplete = Some("denied".to_owned());
    graph
}

#[test]
fn every_format_of_the_sample() {
    for (name, format) in [
        ("svg", SVG),
        ("dot", Format::Dot),
        ("mermaid", Format::Mermaid),
        ("json", Format::Json),
    ] {
        insta::assert_snapshot!(name, written(&sample(), format));
    }
}

#[test]
fn every_format_marks_an_incomplete_graph() {
    for format in [SVG, Format::Dot, Format::Mermaid] {
        let text = written(&sample(), format);
        assert!(
            text.to_lowercase().contains("incomplete") && text.contains("denied"),
            "{format:?}: {text}"
        );
    }
    let json: serde_json::Value =
        serde_json::from_str(&written(&sample(), Format::Json)).expect("JSON");
    assert_eq!(
        (&json["complete"], &json["instances"][1]["incomplete"]),
        (&false.into(), &"denied".into())
    );
}

/// Names that mean harm, each in its own way.
fn hostile_texts() -> Vec<String> {
    serde_json::from_str(include_str!("../../../tests/hostile.json")).expect("a list of texts")
}

#[test]
fn no_name_leaves_its_place_in_any_format() {
    for name in hostile_texts() {
        let graph = Graph::new(
            vec![InstanceNode {
                incomplete: Some(name.clone()),
                region: Some(name.clone()),
                ..instance(&name)
            }],
            &[GraphRule {
                from: GraphEnd {
                    instance: (&name).into(),
                    namespace: Some((&name).into()),
                    repo: Some((&name).into()),
                },
                ..rule("x", "y/n", RuleState::Missing, &name)
            }],
            options(
                Caption {
                    title: name.clone(),
                    subtitle: name.clone(),
                },
                Some(DetailLevel::Repository),
            ),
        );
        let svg = written(&graph, SVG);
        let elements = |text: &str| {
            let mut reader = quick_xml::Reader::from_str(text);
            let mut names = Vec::new();
            loop {
                match reader
                    .read_event()
                    .unwrap_or_else(|error| panic!("{name:?}: {error}\n{text}"))
                {
                    quick_xml::events::Event::Start(element)
                    | quick_xml::events::Event::Empty(element) => {
                        names.push(
                            String::from_utf8(element.name().as_ref().to_vec()).expect("UTF-8"),
                        );
                    }
                    quick_xml::events::Event::Eof => return names,
                    _ => {}
                }
            }
        };
        let allowed = ["svg", "title", "desc", "style", "rect", "g", "path", "text"];
        assert!(
            elements(&svg)
                .iter()
                .all(|it| allowed.contains(&it.as_str())),
            "{name:?}: {svg}"
        );
        let dot = written(&graph, Format::Dot);
        let mermaid = written(&graph, Format::Mermaid);
        for text in [&svg, &dot, &mermaid] {
            assert!(
                text.chars().all(|it| it == '\n' || !it.is_control()),
                "{name:?}: {text:?}"
            );
        }
        // The same lines as with names that mean no harm, so nothing has become a statement.
        let plain = written(&harmless(), Format::Dot).lines().count();
        assert_eq!(dot.lines().count(), plain, "{name:?}: {dot}");
        assert!(
            dot.lines()
                .all(|line| unescaped_quotes(line).is_multiple_of(2)),
            "{name:?}: {dot}"
        );
        assert_eq!(
            mermaid.lines().count(),
            written(&harmless(), Format::Mermaid).lines().count(),
            "{name:?}: {mermaid}"
        );
        let (_, statements) = mermaid.split_once("flowchart LR").expect("a flowchart");
        assert!(
            !statements.contains(['<', '`']) && statements.matches('[').count() == 6,
            "{name:?}: {mermaid}"
        );
        serde_json::from_str::<serde_json::Value>(&written(&graph, Format::Json)).expect("JSON");
    }
}

fn harmless() -> Graph {
    Graph::new(
        vec![InstanceNode {
            incomplete: Some("x".to_owned()),
            ..instance("x")
        }],
        &[rule("x/n/r", "y/n", RuleState::Missing, "r")],
        options(
            Caption {
                title: "x".to_owned(),
                subtitle: "x".to_owned(),
            },
            Some(DetailLevel::Repository),
        ),
    )
}

fn unescaped_quotes(line: &str) -> usize {
    let mut escaped = false;
    let mut quotes = 0;
    for character in line.chars() {
        quotes += usize::from(character == '"' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    quotes
}
