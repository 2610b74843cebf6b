//! Which pairs of a group are told: those without which everything would fit clearly worse.

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;
use rustc_hash::FxHashMap;

use super::{MARGIN, RenameCandidate};

/// The largest group that is solved as a whole: by its smaller side, and by how many pairs it could have. The time
/// grows with the fourth power of the one.
const LARGEST: (usize, usize) = (8, 256);

/// The pairs of a group that cannot be mistaken for others. `value` is what telling a pair is worth, and more than 0.
///
/// The best way to pair the group is the one of the greatest value in all. A pair is told where every way without it
/// is worth less by [`MARGIN`] or more: then it is in all of the best ways, and in the nearly best ones too. In
/// a group that is too large for that, a pair is told where each of the two is the other's best by as much.
pub(super) fn unambiguous(
    group: Vec<RenameCandidate>,
    value: impl Fn(&RenameCandidate) -> i64,
) -> Vec<RenameCandidate> {
    if let [only] = group.as_slice() {
        return if value(only) >= MARGIN {
            group
        } else {
            Vec::new()
        };
    }
    let (rows, columns) = (
        numbered(&group, |it| it.desired),
        numbered(&group, |it| it.live),
    );
    let (smaller, larger) = (rows.len().min(columns.len()), rows.len().max(columns.len()));
    if smaller > LARGEST.0 || smaller * larger > LARGEST.1 {
        return best_of_each_other(&group, value);
    }
    // The library wants no more rows than columns.
    let wide = rows.len() <= columns.len();
    let at = |it: &RenameCandidate| {
        let (row, column) = (rows[&it.desired], columns[&it.live]);
        if wide { (row, column) } else { (column, row) }
    };
    let mut worth = Matrix::new(smaller, larger, 0);
    for it in &group {
        worth[at(it)] = value(it);
    }
    let (best, chosen) = kuhn_munkres(&worth);
    let is_clear = |it: &RenameCandidate| {
        let (row, column) = at(it);
        if chosen.get(row) != Some(&column) {
            return false;
        }
        let mut without = worth.clone();
        without[(row, column)] = 0;
        kuhn_munkres(&without).0 + MARGIN <= best
    };
    group.iter().filter(|it| is_clear(it)).copied().collect()
}

fn numbered(
    group: &[RenameCandidate],
    side: impl Fn(&RenameCandidate) -> usize,
) -> FxHashMap<usize, usize> {
    let mut numbers = FxHashMap::default();
    for it in group {
        let next = numbers.len();
        numbers.entry(side(it)).or_insert(next);
    }
    numbers
}

fn best_of_each_other(
    group: &[RenameCandidate],
    value: impl Fn(&RenameCandidate) -> i64,
) -> Vec<RenameCandidate> {
    // For each rule the two best values that it has.
    let best = |side: fn(&RenameCandidate) -> usize| {
        let mut best: FxHashMap<usize, [i64; 2]> = FxHashMap::default();
        for it in group {
            let [first, second] = best.entry(side(it)).or_default();
            let value = value(it);
            *second = (*second).max(value.min(*first));
            *first = (*first).max(value);
        }
        best
    };
    let (ours, theirs) = (best(|it| it.desired), best(|it| it.live));
    let is_clear = |it: &&RenameCandidate| {
        [ours[&it.desired], theirs[&it.live]]
            .into_iter()
            .all(|[first, second]| first == value(it) && first >= second + MARGIN)
    };
    group.iter().filter(is_clear).copied().collect()
}
