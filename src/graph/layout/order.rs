//! The order of the instances in a column, with few crossing arrows.

use std::collections::BTreeMap;

use super::layers::Flows;

/// An item of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// An instance.
    Card(usize),
    /// The way of the arrows from one instance to another past a column between them: the two, and the column.
    Lane(usize, usize, usize),
}

/// The number of sweeps over the columns.
const SWEEPS: usize = 12;

/// The columns, each from top to bottom. `shown` are the instances to be drawn, in the order to begin with.
pub(super) fn columns(shown: &[usize], layers: &[usize], flows: &Flows) -> Vec<Vec<Item>> {
    let mut columns = vec![
        Vec::new();
        shown
            .iter()
            .map(|it| layers[*it] + 1)
            .max()
            .unwrap_or_default()
    ];
    for &instance in shown {
        columns[layers[instance]].push(Item::Card(instance));
    }
    let mut beside: BTreeMap<Item, Vec<(Item, usize)>> = BTreeMap::new();
    for (&(from, to), rules) in flows {
        let way = way(from, to, layers);
        for (column, item) in way
            .iter()
            .filter(|(_, item)| matches!(item, Item::Lane(..)))
        {
            columns[*column].push(*item);
        }
        for pair in way.windows(2) {
            let [(_, one), (_, other)] = pair else {
                continue;
            };
            beside.entry(*one).or_default().push((*other, *rules));
            beside.entry(*other).or_default().push((*one, *rules));
        }
    }
    let mut best = columns.clone();
    let mut fewest = crossings(&best, &beside);
    for sweep in 0..SWEEPS {
        let last = columns.len().saturating_sub(1);
        for step in 1..=last {
            // From left to right each column looks at the one before it, and then the other way round.
            let (column, seen) = if sweep % 2 == 0 {
                (step, step - 1)
            } else {
                (last - step, last - step + 1)
            };
            let place: BTreeMap<Item, usize> = columns[seen]
                .iter()
                .enumerate()
                .map(|(at, it)| (*it, at))
                .collect();
            let current: BTreeMap<Item, usize> = columns[column]
                .iter()
                .enumerate()
                .map(|(at, it)| (*it, at))
                .collect();
            columns[column].sort_by_cached_key(|item| {
                let seen = beside
                    .get(item)
                    .into_iter()
                    .flatten()
                    .filter_map(|(it, rules)| Some((place.get(it)?, rules)));
                let (sum, weight) = seen.fold((0, 0), |(sum, all), (at, rules)| {
                    (sum + 1_000 * at * rules, all + rules)
                });
                // An item without neighbours there keeps its position.
                sum.checked_div(weight).unwrap_or(1_000 * current[item])
            });
        }
        let crossing = crossings(&columns, &beside);
        if crossing < fewest {
            (best, fewest) = (columns.clone(), crossing);
        }
    }
    best
}

/// The items on the way from one instance to another, each with its column.
pub(super) fn way(from: usize, to: usize, layers: &[usize]) -> Vec<(usize, Item)> {
    let (start, end) = (layers[from], layers[to]);
    let between: Vec<usize> = if start < end {
        (start + 1..end).collect()
    } else {
        (end + 1..start).rev().collect()
    };
    let lanes = between
        .into_iter()
        .map(|column| (column, Item::Lane(from, to, column)));
    std::iter::once((start, Item::Card(from)))
        .chain(lanes)
        .chain([(end, Item::Card(to))])
        .collect()
}

/// Returns the number of crossings, each weighted by its rules; of many columns the first few thousand ways.
fn crossings(columns: &[Vec<Item>], beside: &BTreeMap<Item, Vec<(Item, usize)>>) -> usize {
    let mut crossing = 0;
    for pair in columns.windows(2) {
        let [one, other] = pair else { continue };
        let place: BTreeMap<Item, usize> =
            other.iter().enumerate().map(|(at, it)| (*it, at)).collect();
        let mut ways: Vec<(usize, usize, usize)> = Vec::new();
        for (at, item) in one.iter().enumerate() {
            let next = beside.get(item).into_iter().flatten();
            ways.extend(next.filter_map(|(it, rules)| Some((at, *place.get(it)?, *rules))));
        }
        ways.sort_unstable();
        ways.truncate(MOST_WAYS);
        for (index, (at, to, rules)) in ways.iter().enumerate() {
            let behind = ways[index + 1..]
                .iter()
                .filter(|(other_at, other_to, _)| other_at > at && other_to < to);
            crossing += behind.map(|(_, _, others)| rules * others).sum::<usize>();
        }
    }
    crossing
}

/// The maximum number of ways between two columns checked for crossings.
const MOST_WAYS: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::super::layers::{Flows, layers};
    use super::{Item, columns};

    #[test]
    fn who_sends_to_whom_stands_beside_whom() {
        // Two chains, numbered so that in order of number they would cross.
        let flows: Flows = [
            ((0, 3), 1),
            ((1, 2), 1),
            ((0, 4), 1),
            ((4, 5), 1),
            ((1, 5), 1),
        ]
        .into();
        let layers = layers(6, &flows);
        let columns = columns(&[0, 1, 2, 3, 4, 5], &layers, &flows);
        assert_eq!(columns.len(), 3);
        let place = |column: usize, item: Item| {
            columns[column]
                .iter()
                .position(|it| *it == item)
                .expect("it is there")
        };
        let above = place(0, Item::Card(0)) < place(0, Item::Card(1));
        assert_eq!(place(1, Item::Card(3)) < place(1, Item::Card(2)), above);
        assert_eq!(
            place(1, Item::Card(4)) < place(1, Item::Lane(1, 5, 1)),
            above
        );
    }
}
