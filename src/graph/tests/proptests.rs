//! Properties of graphs of any rules: layouts without overlaps, and no dependence on the order of rules.

use proptest::prelude::*;

use super::{SVG, graph, written};
use crate::graph::layout::{ArrowPath, Layout, PathSegment, TextWidths, layout};
use crate::graph::{Arrow, DetailLevel, Format, GraphEnd, GraphRule, RuleState};

/// Rules among a few instances, in all directions.
fn rules() -> impl Strategy<Value = Vec<GraphRule<'static>>> {
    let end =
        (0..6_u8, 0..3_u8, prop::option::of(0..3_u8)).prop_map(|(instance, namespace, repo)| {
            GraphEnd {
                instance: format!("i{instance}").into(),
                namespace: Some(format!("n{namespace}").into()),
                repo: repo.map(|it| format!("r{it}").into()),
            }
        });
    let one = (
        end.clone(),
        end,
        prop::sample::select(&RuleState::ALL[..]),
        0..9_u8,
    )
        .prop_map(|(from, to, state, rule)| GraphRule {
            from,
            to,
            state,
            rule: format!("rule-{rule}").into(),
            is_repeated: false,
        });
    prop::collection::vec(one, 0..40)
}

/// A rectangle: left, top, right, bottom.
type Area = (i32, i32, i32, i32);

fn apart(one: Area, other: Area) -> bool {
    one.2 <= other.0 || other.2 <= one.0 || one.3 <= other.1 || other.3 <= one.1
}

fn areas(layout: &Layout, widths: &TextWidths) -> (Vec<Area>, Vec<Area>) {
    let cards = layout
        .cards
        .iter()
        .map(|it| (it.x, it.y, it.x + it.width, it.y + it.height))
        .collect();
    let names = layout
        .paths
        .iter()
        .zip(&widths.arrows)
        .map(|(path, width)| {
            let label = &path.label;
            let left = if label.ends { label.x - width } else { label.x };
            (left, label.y - 12, left + width, label.y + 2)
        });
    (cards, names.collect())
}

/// Returns the heights of an arrow, from its start to its end.
fn heights(path: &ArrowPath) -> Vec<i32> {
    let bends = path.segments.iter().filter_map(|segment| match segment {
        PathSegment::Curve(_, y) | PathSegment::Loop(_, _, y) => Some(*y),
        PathSegment::Horizontal(_) => None,
    });
    std::iter::once(path.start.1).chain(bends).collect()
}

proptest! {
    #[test]
    fn cards_and_names_never_overlap_and_arrows_start_and_end_at_their_cards(rules in rules()) {
        let graph = graph(&rules, Some(DetailLevel::Repository));
        let widths = TextWidths {
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
        for (arrow, path) in graph.arrows.iter().zip(&layout.paths) {
            let card = |instance: usize| layout.cards.iter().find(|it| it.instance == instance).expect("it is drawn");
            let (from, to) = (card(arrow.from.0), card(arrow.to.0));
            prop_assert!([from.x, from.x + from.width].contains(&path.start.0));
            let end = path.segments.iter().rev().find_map(|segment| match segment {
                PathSegment::Curve(_, y) | PathSegment::Loop(_, _, y) => Some(*y),
                PathSegment::Horizontal(_) => None,
            });
            let heights = path.segments.iter().filter_map(|segment| match segment {
                PathSegment::Curve(_, y) | PathSegment::Loop(_, _, y) => Some(*y),
                PathSegment::Horizontal(_) => None,
            });
            prop_assert!(heights.into_iter().all(|y| (0..=layout.height).contains(&y)), "{:?} is outside", path.segments);
            let row = to.rows.iter().find(|(row, ..)| *row == arrow.to.1).expect("it has the row");
            prop_assert!(end.is_some_and(|y| row.1 <= y && y <= row.1 + row.2), "{end:?} is not in {row:?}");
        }
    }

    #[test]
    fn arrows_between_two_rows_in_both_directions_do_not_cross(rules in rules()) {
        let graph = graph(&rules, Some(DetailLevel::Repository));
        let widths = TextWidths {
            cards: vec![120; graph.instances.len()],
            arrows: vec![60; graph.arrows.len()],
        };
        let layout = layout(&graph, &widths);
        let arrows: Vec<_> = graph.arrows.iter().zip(&layout.paths).collect();
        for (arrow, path) in &arrows {
            let is_opposite = |other: &&(&Arrow, &ArrowPath)| {
                (other.0.from, other.0.to) == (arrow.to, arrow.from) && arrow.from.0 != arrow.to.0
            };
            for (_, other) in arrows.iter().filter(is_opposite) {
                let (heights, mut others) = (heights(path), heights(other));
                others.reverse();
                prop_assert_eq!(heights.len(), others.len());
                let is_above = heights[0] < others[0];
                let pairs = heights.iter().zip(&others);
                prop_assert!(
                    pairs.into_iter().all(|(one, other)| one != other && (one < other) == is_above),
                    "{heights:?} and {others:?}"
                );
            }
        }
    }

    #[test]
    fn the_order_of_rules_does_not_matter((rules, shuffled) in rules().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle()))) {
        for format in [SVG, Format::Dot, Format::Mermaid, Format::Json] {
            prop_assert_eq!(written(&graph(&rules, None), format), written(&graph(&shuffled, None), format));
        }
    }
}
