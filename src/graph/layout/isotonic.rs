//! Positions of boxes in a row: as near as possible to the wished ones, without an overlap.

/// Returns the positions of boxes, each given as its wished position, the weight of the wish, and its size. The weighted
/// sum of the squared distances from the wishes is minimal (isotonic regression by pooling adjacent violators).
pub(super) fn separate(wished: &[(i64, i64, i64)]) -> Vec<i64> {
    // Pools of neighbours that touch: the sum of their wishes, their weight, and how many they are. A wish counts from
    // where the first would be, so the room of all before is taken away.
    let mut pools: Vec<(i64, i64, usize)> = Vec::new();
    let mut room = 0;
    for (wish, weight, takes) in wished {
        pools.push(((wish - room) * weight, *weight, 1));
        room += takes;
        while let [.., (sum, weight, number), (next, more, others)] = pools.as_slice()
            && sum / weight > next / more
        {
            let merged = (sum + next, weight + more, number + others);
            pools.truncate(pools.len() - 2);
            pools.push(merged);
        }
    }
    let mut room = 0;
    let bases = pools
        .into_iter()
        .flat_map(|(sum, weight, number)| std::iter::repeat_n(sum / weight, number));
    bases
        .zip(wished)
        .map(|(base, (_, _, takes))| {
            let y = base + room;
            room += takes;
            y
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::separate;

    #[test]
    fn things_go_where_they_wish_and_never_overlap() {
        /// The wishes, and where everything goes.
        type Case<'a> = (&'a [(i64, i64, i64)], &'a [i64]);
        let cases: [Case<'_>; 4] = [
            (&[], &[]),
            (&[(0, 1, 10), (50, 1, 10)], &[0, 50]),
            (&[(0, 1, 10), (0, 1, 10)], &[-5, 5]),
            (&[(0, 3, 10), (2, 1, 10), (100, 1, 10)], &[-2, 8, 100]),
        ];
        for (wished, expected) in cases {
            assert_eq!(separate(wished), expected, "{wished:?}");
        }
    }
}
