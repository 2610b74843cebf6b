//! Graphs at the level of lines: what is put together, what is written, and what never overlaps.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::layout::{Layout, Leg, Widths, layout};
use super::{Bounds, Caption, Detail, End, Format, Graph, Instance, Line, Omitted, State, render};
use crate::i18n::Language;

const SVG: Format = Format::Svg(Language::English);

fn line(from: &str, to: &str, state: State, rule: &str) -> Line<'static> {
    let end = |text: &str| {
        let mut parts = text.split('/').map(|it| it.to_owned().into());
        End {
            instance: parts.next().unwrap_or_default(),
            namespace: parts.next(),
            repo: parts.next(),
        }
    };
    Line {
        from: end(from),
        to: end(to),
        state,
        rule: rule.to_owned().into(),
        again: false,
    }
}

fn instance(name: &str) -> Instance {
    Instance {
        name: name.to_owned(),
        region: Some(format!("cn-{name}")),
        incomplete: None,
        declared: true,
        rows: Vec::new(),
    }
}

fn drawn(lines: &[Line<'_>], detail: Option<Detail>) -> Graph {
    let caption = Caption {
        title: "Sync rules".to_owned(),
        subtitle: "of a test.".to_owned(),
    };
    Graph::new(
        caption,
        vec![instance("a"), instance("b"), instance("lonely")],
        lines,
        detail,
        Bounds::NONE,
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
        let it = &graph.instances[at];
        format!("{}/{}", it.name, graph.label(&it.rows[row]))
    };
    let arrows = graph.arrows.iter();
    arrows
        .map(|it| {
            format!(
                "{} {} {} {}",
                end(it.from),
                end(it.to),
                it.state.as_str(),
                it.rules.join(",")
            )
        })
        .collect()
}

#[test]
fn rules_that_stand_alike_between_two_rows_are_one_arrow() {
    let lines = [
        line("a/n/x", "b/n/x", State::InSync, "two"),
        line("a/n/x", "b/n/x", State::InSync, "one"),
        line("a/n/x", "b/n/x", State::Missing, "three"),
        line("a/n/y", "b/n/y", State::InSync, "four"),
        line("a/n", "c/n", State::Unmanaged, "five"),
        line("a", "b", State::InSync, "six"),
    ];
    let cases: [(Detail, &[&str]); 3] = [
        (
            Detail::Repository,
            &[
                "a/* b/* in_sync six",
                "a/n/* c/n/* unmanaged five",
                "a/n/x b/n/x in_sync one,two",
                "a/n/x b/n/x missing three",
                "a/n/y b/n/y in_sync four",
            ],
        ),
        (
            Detail::Namespace,
            &[
                "a/* b/* in_sync six",
                "a/n b/n in_sync four,one,two",
                "a/n b/n missing three",
                "a/n c/n unmanaged five",
            ],
        ),
        (
            Detail::Instance,
            &[
                "a/ b/ in_sync four,one,six,two",
                "a/ b/ missing three",
                "a/ c/ unmanaged five",
            ],
        ),
    ];
    for (detail, expected) in cases {
        let graph = drawn(&lines, Some(detail));
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
                (State::InSync, 4),
                (State::Missing, 1),
                (State::Unmanaged, 1)
            ])
        );
        assert_eq!(graph.apart().collect::<Vec<_>>(), ["lonely"]);
    }
}

#[test]
fn a_bounded_graph_keeps_what_is_to_be_looked_at_first() {
    let lines = [
        line("a/n/x", "b/n/x", State::InSync, "three"),
        line("a/n/x", "b/n/x", State::InSync, "one"),
        line("a/n/x", "b/n/x", State::InSync, "two"),
        line("a/n/x", "b/n/x", State::InSync, "four"),
        line("a/n/y", "b/n/y", State::InSync, "few"),
        line("a/n/z", "b/n/z", State::Missing, "gone"),
        line("d/n", "e/n", State::InSync, "of strangers"),
        line("a/n", "c/n", State::Unmanaged, "stray"),
    ];
    let of = |lines: &[Line<'_>]| {
        let instances = vec![instance("a"), instance("b"), instance("lonely")];
        let bounds = Bounds {
            names: 2,
            arrows: 3,
        };
        Graph::new(
            Caption::default(),
            instances,
            lines,
            Some(Detail::Repository),
            bounds,
        )
    };
    let graph = of(&lines);
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
            Omitted {
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
    assert_eq!(graph.counts[&State::InSync], 6);
    let mut turned = lines;
    turned.reverse();
    assert_eq!(of(&turned), graph);
    for (language, word) in [
        (Language::English, "2 more arrows"),
        (Language::Chinese, "另有 2 个箭头"),
    ] {
        assert!(written(&graph, Format::Svg(language)).contains(word));
    }
}

#[test]
fn without_a_detail_it_is_the_finest_that_can_be_looked_at() {
    let many = |namespaces: usize, repos: usize| {
        let lines = (0..namespaces * repos).map(|it| {
            let end = |instance: &str| format!("{instance}/n{}/r{it}", it % namespaces);
            line(&end("a"), &end("b"), State::Plain, &it.to_string())
        });
        drawn(&lines.collect::<Vec<_>>(), None).detail
    };
    assert_eq!(many(2, 10), Detail::Repository);
    assert_eq!(many(10, 30), Detail::Namespace);
    assert_eq!(many(300, 2), Detail::Instance);
}

/// The snapshot of what has a bit of everything.
fn sample() -> Graph {
    let mut lines = vec![
        line("a/n/x", "b/n/x", State::InSync, "one"),
        line("a/n/x", "b/n/x", State::InSync, "two"),
        line("a/n/y", "b/n/y", State::Changed, "changed"),
        line("b/n/y", "a/n/y", State::Missing, "back"),
        line("b/n/y", "c/n/y", State::Unmanaged, "stranger"),
        line("a/n/y", "c/n/y", State::Unverified, "far"),
        line("a/m", "a/n", State::Ignored, "round"),
    ];
    lines.sort_by(|a, b| b.rule.cmp(&a.rule));
    let mut graph = drawn(&lines, None);
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
fn an_incomplete_picture_says_so_in_every_format() {
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
    serde_json::from_str(include_str!("../../tests/hostile.json")).expect("a list of texts")
}

#[test]
fn no_name_leaves_its_place_in_any_format() {
    for name in hostile_texts() {
        let graph = Graph::new(
            Caption {
                title: name.clone(),
                subtitle: name.clone(),
            },
            vec![Instance {
                incomplete: Some(name.clone()),
                region: Some(name.clone()),
                ..instance(&name)
            }],
            &[Line {
                from: End {
                    instance: (&name).into(),
                    namespace: Some((&name).into()),
                    repo: Some((&name).into()),
                },
                ..line("x", "y/n", State::Missing, &name)
            }],
            Some(Detail::Repository),
            Bounds::NONE,
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
                    quick_xml::events::Event::Start(it) | quick_xml::events::Event::Empty(it) => {
                        names.push(String::from_utf8(it.name().as_ref().to_vec()).expect("UTF-8"));
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
            !statements.contains(['<', '`']) && statements.matches('[').count() == 4,
            "{name:?}: {mermaid}"
        );
        serde_json::from_str::<serde_json::Value>(&written(&graph, Format::Json)).expect("JSON");
    }
}

fn harmless() -> Graph {
    Graph::new(
        Caption {
            title: "x".to_owned(),
            subtitle: "x".to_owned(),
        },
        vec![Instance {
            incomplete: Some("x".to_owned()),
            ..instance("x")
        }],
        &[line("x/n/r", "y/n", State::Missing, "r")],
        Some(Detail::Repository),
        Bounds::NONE,
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

/// Lines among a few instances, in all directions.
fn lines() -> impl Strategy<Value = Vec<Line<'static>>> {
    let end =
        (0..6_u8, 0..3_u8, prop::option::of(0..3_u8)).prop_map(|(instance, namespace, repo)| End {
            instance: format!("i{instance}").into(),
            namespace: Some(format!("n{namespace}").into()),
            repo: repo.map(|it| format!("r{it}").into()),
        });
    let one = (
        end.clone(),
        end,
        prop::sample::select(&State::ALL[..]),
        0..9_u8,
    )
        .prop_map(|(from, to, state, rule)| Line {
            from,
            to,
            state,
            rule: format!("rule-{rule}").into(),
            again: false,
        });
    prop::collection::vec(one, 0..40)
}

/// A rectangle: left, top, right, bottom.
type Area = (i32, i32, i32, i32);

fn apart(one: Area, other: Area) -> bool {
    one.2 <= other.0 || other.2 <= one.0 || one.3 <= other.1 || other.3 <= one.1
}

fn areas(layout: &Layout, widths: &Widths) -> (Vec<Area>, Vec<Area>) {
    let cards = layout
        .cards
        .iter()
        .map(|it| (it.x, it.y, it.x + it.width, it.y + it.height))
        .collect();
    let names = layout
        .routes
        .iter()
        .zip(&widths.arrows)
        .map(|(route, width)| {
            let label = &route.label;
            let left = if label.ends { label.x - width } else { label.x };
            (left, label.y - 12, left + width, label.y + 2)
        });
    (cards, names.collect())
}

proptest! {
    #[test]
    fn cards_and_names_never_overlap_and_arrows_start_and_end_at_their_cards(lines in lines()) {
        let graph = drawn(&lines, Some(Detail::Repository));
        let widths = Widths {
            cards: vec![120; graph.instances.len()],
            arrows: (0..).step_by(7).map(|it| 30 + it % 160).take(graph.arrows.len()).collect(),
        };
        let layout = layout(&graph, &widths);
        let (cards, names) = areas(&layout, &widths);
        let all: Vec<Area> = cards.iter().chain(&names).copied().collect();
        for (index, one) in all.iter().enumerate() {
            prop_assert!(one.0 >= 0 && one.1 >= -20 && one.2 <= layout.width && one.3 <= layout.height, "{one:?} is outside");
            for other in &all[index + 1..] {
                prop_assert!(apart(*one, *other), "{one:?} and {other:?}");
            }
        }
        for (arrow, route) in graph.arrows.iter().zip(&layout.routes) {
            let card = |instance: usize| layout.cards.iter().find(|it| it.instance == instance).expect("it is drawn");
            let (from, to) = (card(arrow.from.0), card(arrow.to.0));
            prop_assert!([from.x, from.x + from.width].contains(&route.start.0));
            let end = route.legs.iter().rev().find_map(|leg| match leg {
                Leg::Bend(_, y) | Leg::Loop(_, _, y) => Some(*y),
                Leg::Straight(_) => None,
            });
            let heights = route.legs.iter().filter_map(|leg| match leg {
                Leg::Bend(_, y) | Leg::Loop(_, _, y) => Some(*y),
                Leg::Straight(_) => None,
            });
            prop_assert!(heights.into_iter().all(|y| (0..=layout.height).contains(&y)), "{:?} is outside", route.legs);
            let row = to.rows.iter().find(|(row, ..)| *row == arrow.to.1).expect("it has the row");
            prop_assert!(end.is_some_and(|y| row.1 <= y && y <= row.1 + row.2), "{end:?} is not in {row:?}");
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter((lines, shuffled) in lines().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle()))) {
        for format in [SVG, Format::Dot, Format::Mermaid, Format::Json] {
            prop_assert_eq!(written(&drawn(&lines, None), format), written(&drawn(&shuffled, None), format));
        }
    }
}
