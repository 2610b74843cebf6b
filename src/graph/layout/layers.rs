//! Layer assignment: the column of each instance. Images flow from left to right, except in cycles.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The number of rules from one instance to another; never from one to itself.
pub(super) type EdgeWeights = BTreeMap<(usize, usize), usize>;

/// Returns the layer of each of `count` instances.
pub(super) fn assign_layers(count: usize, weights: &EdgeWeights) -> Vec<usize> {
    let mut place = vec![0; count];
    for (position, instance) in sequence(count, weights).into_iter().enumerate() {
        place[instance] = position;
    }
    // An edge that leads backwards in the sequence is reversed, so that no cycle is left.
    let mut after = vec![Vec::new(); count];
    let mut before = vec![0_usize; count];
    for &(from, to) in weights.keys() {
        let (first, second) = if place[from] < place[to] {
            (from, to)
        } else {
            (to, from)
        };
        after[first].push(second);
        before[second] += 1;
    }
    let mut in_sequence: Vec<usize> = (0..count).collect();
    in_sequence.sort_by_key(|instance| place[*instance]);
    let mut layers = vec![0; count];
    for &instance in &in_sequence {
        for &next in &after[instance] {
            layers[next] = layers[next].max(layers[instance] + 1);
        }
    }
    // A source is next to its nearest target.
    for &instance in in_sequence.iter().rev().filter(|it| before[**it] == 0) {
        if let Some(next) = after[instance].iter().map(|it| layers[*it]).min() {
            layers[instance] = next - 1;
        }
    }
    layers
}

/// Returns the instances in a sequence in which few rules lead backwards: P. Eades, X. Lin, W. F. Smyth, "A fast and effective
/// heuristic for the feedback arc set problem" (1993).
fn sequence(count: usize, weights: &EdgeWeights) -> Vec<usize> {
    let mut neighbours = vec![Vec::new(); count];
    let mut out = vec![0_i64; count];
    let mut into = vec![0_i64; count];
    for (&(from, to), rules) in weights {
        let rules = i64::try_from(*rules).unwrap_or(i64::MAX / 2);
        neighbours[from].push((to, rules));
        neighbours[to].push((from, -rules));
        out[from] += rules;
        into[to] += rules;
    }
    let mut left: Vec<usize> = (0..count).collect();
    let (mut first, mut last) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        let gain = |at: &usize| (out[left[*at]] - into[left[*at]], Reverse(*at));
        let (at, ends) = if let Some(sink) = left.iter().position(|it| out[*it] == 0) {
            (sink, &mut last)
        } else if let Some(source) = left.iter().position(|it| into[*it] == 0) {
            (source, &mut first)
        } else {
            (
                (0..left.len()).max_by_key(gain).unwrap_or_default(),
                &mut first,
            )
        };
        let taken = left.remove(at);
        ends.push(taken);
        for &(other, rules) in &neighbours[taken] {
            if rules > 0 {
                into[other] -= rules;
            } else {
                out[other] += rules;
            }
        }
    }
    first.extend(last.into_iter().rev());
    first
}

#[cfg(test)]
mod tests {
    use super::{EdgeWeights, assign_layers};

    #[test]
    fn images_flow_to_the_right_and_cycles_are_cut_at_the_fewest_rules() {
        /// A name, the edges with their number of rules, and the layer of each instance.
        type Case<'a> = (&'a str, &'a [(usize, usize, usize)], &'a [usize]);
        let cases: [Case<'_>; 6] = [
            ("apart", &[], &[0, 0, 0, 0]),
            ("a chain", &[(0, 1, 1), (1, 2, 1), (2, 3, 1)], &[0, 1, 2, 3]),
            (
                "a short cut",
                &[(0, 1, 1), (1, 2, 1), (0, 2, 1), (0, 3, 1)],
                &[0, 1, 2, 1],
            ),
            ("there and back", &[(0, 1, 9), (1, 0, 1)], &[0, 1, 0, 0]),
            ("back and there", &[(0, 1, 1), (1, 0, 9)], &[1, 0, 0, 0]),
            (
                "a source beside a later stage",
                &[(0, 1, 1), (1, 2, 1), (3, 2, 1)],
                &[0, 1, 2, 1],
            ),
        ];
        for (name, weights, expected) in cases {
            let weights: EdgeWeights = weights
                .iter()
                .map(|(from, to, rules)| ((*from, *to), *rules))
                .collect();
            assert_eq!(assign_layers(4, &weights), expected, "{name}");
        }
    }
}
