//! Equal parts of a list, for processes that share its work.
//!
//! Each process computes its part from the list alone. Items are ordered by group, then by the SHA-256 of their id, and
//! item `k` belongs to part `k mod N`: parts differ by one item at most, in total and in each group that an interface
//! throttles, and no id decides its neighbours.

use std::fmt;

use crate::report::Digest;

/// The index of a pod of an indexed Job, from 0.
const JOB_INDEX: &str = "JOB_COMPLETION_INDEX";

/// The number of shards of an indexed Job, which Kubernetes does not tell its pods.
pub const JOB_SHARDS: &str = "CRDRIFT_SHARDS";

/// The number of a job of a parallel pipeline, from 1.
const CI_NODE: &str = "CI_NODE_INDEX";

/// The number of jobs of a parallel pipeline.
const CI_NODES: &str = "CI_NODE_TOTAL";

/// One of `count` equal parts. It prints as `2/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// Less than the count.
    index: u32,
    count: u32,
}

/// A text or a variable that names no shard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// The text is no shard.
    #[error("expected a shard from 1/N to N/N, such as 1/16, found {found:?}")]
    Text {
        /// The text.
        found: String,
    },
    /// Neither Kubernetes nor a pipeline names a shard.
    #[error("{JOB_INDEX} and {CI_NODE} are not set, so there is no shard to take")]
    Unset,
    /// The other variable of a pair is not set.
    #[error("{set} is set, and {unset} is not")]
    Half {
        /// The variable that is set.
        set: &'static str,
        /// The one that is not.
        unset: &'static str,
    },
    /// A variable is no number, or out of range.
    #[error("expected a number from {least} to {most} in {variable}, found {found:?}")]
    Variable {
        /// The variable.
        variable: &'static str,
        /// The least number.
        least: u32,
        /// The greatest number.
        most: u32,
        /// The value.
        found: String,
    },
}

impl ShardError {
    /// Returns the remedy.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Half { unset, .. } if *unset == JOB_SHARDS => {
                "set CRDRIFT_SHARDS to the completions of the Job"
            }
            _ => "give the shard: --shard 1/16",
        }
    }
}

impl Shard {
    /// Parses `2/16`: the second one of 16 shards.
    ///
    /// # Errors
    ///
    /// [`ShardError::Text`].
    pub fn parse(text: &str) -> Result<Self, ShardError> {
        let shard = text.split_once('/').and_then(|(number, count)| {
            let (number, count) = (positive(number)?, positive(count)?);
            (number <= count).then_some(Self {
                index: number - 1,
                count,
            })
        });
        shard.ok_or_else(|| ShardError::Text {
            found: text.to_owned(),
        })
    }

    /// Returns the shard of this pod of an indexed Job (`JOB_COMPLETION_INDEX`, from 0, and `CRDRIFT_SHARDS`), else that of
    /// this job of a pipeline (`CI_NODE_INDEX`, from 1, and `CI_NODE_TOTAL`).
    ///
    /// # Errors
    ///
    /// A [`ShardError`] that names the variable.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ShardError> {
        for (index_name, count_name, first) in [(JOB_INDEX, JOB_SHARDS, 0), (CI_NODE, CI_NODES, 1)]
        {
            let Some(index) = variable(index_name) else {
                continue;
            };
            let count = variable(count_name).ok_or(ShardError::Half {
                set: index_name,
                unset: count_name,
            })?;
            let count = number_within(count_name, &count, 1, u32::MAX)?;
            let index = number_within(index_name, &index, first, count - 1 + first)?;
            return Ok(Self {
                index: index - first,
                count,
            });
        }
        Err(ShardError::Unset)
    }

    /// Returns the number of shards.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// Returns the part of one shard in the whole.
    #[must_use]
    pub fn fraction(self) -> f64 {
        1.0 / f64::from(self.count)
    }

    /// Returns all shards of the same number of shards, in order.
    pub fn siblings(self) -> impl Iterator<Item = Self> {
        (0..self.count).map(move |index| Self { index, ..self })
    }

    /// Returns `true` if an item belongs to this shard. `position` is its place in the order of all items, from 0.
    #[must_use]
    pub const fn contains_nth(self, position: usize) -> bool {
        position % self.count as usize == self.index as usize
    }

    /// Returns the items of this shard, in their order. Ids are unique; the items of a group are spread evenly.
    pub fn select<T, G: Ord>(
        self,
        items: &[T],
        group: impl Fn(&T) -> G,
        id: impl Fn(&T) -> &str,
    ) -> Vec<&T> {
        let mut order: Vec<(usize, &T)> = items.iter().enumerate().collect();
        order.sort_by_cached_key(|(_, item)| {
            let digest = Digest::hash(id(item).as_bytes());
            (group(item), digest.to_string())
        });
        let mut selected: Vec<(usize, &T)> = order
            .into_iter()
            .enumerate()
            .filter(|(nth, _)| self.contains_nth(*nth))
            .map(|(_, item)| item)
            .collect();
        selected.sort_unstable_by_key(|(position, _)| *position);
        selected.into_iter().map(|(_, item)| item).collect()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.count)
    }
}

/// Returns a number from 1 on, in digits alone.
fn positive(text: &str) -> Option<u32> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_plain && *number > 0)
}

fn number_within(
    variable: &'static str,
    text: &str,
    least: u32,
    most: u32,
) -> Result<u32, ShardError> {
    match text.trim().parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(ShardError::Variable {
            variable,
            least,
            most,
            found: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::{Shard, ShardError};

    fn shards(count: u32) -> impl Iterator<Item = Shard> {
        let first = Shard::parse(&format!("1/{count}")).expect("a shard");
        first.siblings()
    }

    #[test]
    fn a_shard_is_a_number_of_a_count() {
        for text in ["1/1", "1/16", "16/16", "7/4294967295"] {
            assert_eq!(Shard::parse(text).expect(text).to_string(), text);
        }
        for text in [
            "",
            "1",
            "/",
            "0/4",
            "5/4",
            "1/0",
            "-1/4",
            "+1/4",
            "1/4/4",
            " 1/4",
            "1/ 4",
            "a/b",
            "1/4294967296",
            "auto",
        ] {
            let error = Shard::parse(text).expect_err(text);
            assert_eq!(
                error.to_string(),
                format!("expected a shard from 1/N to N/N, such as 1/16, found {text:?}")
            );
        }
    }

    #[test]
    fn kubernetes_and_pipelines_name_the_shard() {
        let from = |variables: &[(&str, &str)]| {
            let variables: BTreeMap<_, _> = variables.iter().copied().collect();
            Shard::from_environment(|name| variables.get(name).map(|it| (*it).to_owned()))
                .map_or_else(|error| error.to_string(), |shard| shard.to_string())
        };
        let job =
            |index, count| from(&[("JOB_COMPLETION_INDEX", index), ("CRDRIFT_SHARDS", count)]);
        let pipeline = |index, count| from(&[("CI_NODE_INDEX", index), ("CI_NODE_TOTAL", count)]);
        assert_eq!(job("0", "16"), "1/16");
        assert_eq!(job("15", "16"), "16/16");
        assert_eq!(pipeline("1", "4"), "1/4");
        assert_eq!(pipeline("4", "4"), "4/4");
        // The variables of the pod come first: a job of a pipeline that starts one passes its own on.
        let both = [
            ("JOB_COMPLETION_INDEX", "2"),
            ("CRDRIFT_SHARDS", "3"),
            ("CI_NODE_INDEX", "1"),
            ("CI_NODE_TOTAL", "4"),
        ];
        assert_eq!(from(&both), "3/3");
        assert_eq!(
            job("16", "16"),
            "expected a number from 0 to 15 in JOB_COMPLETION_INDEX, found \"16\""
        );
        assert_eq!(
            pipeline("0", "4"),
            "expected a number from 1 to 4 in CI_NODE_INDEX, found \"0\""
        );
        assert_eq!(
            job("0", "many"),
            "expected a number from 1 to 4294967295 in CRDRIFT_SHARDS, found \"many\""
        );
        assert_eq!(
            from(&both[..1]),
            "JOB_COMPLETION_INDEX is set, and CRDRIFT_SHARDS is not"
        );
        assert_eq!(
            from(&both[2..3]),
            "CI_NODE_INDEX is set, and CI_NODE_TOTAL is not"
        );
        assert_eq!(from(&both[1..2]), ShardError::Unset.to_string());
    }

    #[test]
    fn the_parts_of_a_known_list_stay_the_same() {
        let items = ["a", "b", "c", "d", "e"];
        let parts: Vec<_> = shards(2)
            .map(|shard| shard.select(&items, |_| (), |item| item))
            .collect();
        assert_eq!(parts, [vec![&"a", &"b", &"d"], vec![&"c", &"e"]]);
    }

    proptest! {
        #[test]
        fn parts_are_disjoint_complete_and_even(
            items in prop::collection::btree_map("[a-z0-9-]{1,12}", 0..4_u8, 0..80),
            count in 1..20_u32,
        ) {
            let items: Vec<(String, u8)> = items.into_iter().collect();
            let mut union = BTreeSet::new();
            let (mut sizes, mut groups) = (Vec::new(), BTreeMap::<u8, Vec<usize>>::new());
            for shard in shards(count) {
                let part = shard.select(&items, |item| item.1, |item| &item.0);
                sizes.push(part.len());
                for group in 0..4 {
                    let size = part.iter().filter(|item| item.1 == group).count();
                    groups.entry(group).or_default().push(size);
                }
                for item in part {
                    prop_assert!(union.insert(item), "{item:?} is in two parts");
                }
            }
            prop_assert_eq!(union.len(), items.len());
            for sizes in groups.values().chain([&sizes]) {
                let (least, most) = (sizes.iter().min(), sizes.iter().max());
                prop_assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "{sizes:?}");
            }
        }

        #[test]
        fn the_order_of_a_list_does_not_matter(
            items in prop::collection::btree_set("[a-z]{1,6}", 0..40),
            count in 1..8_u32,
        ) {
            let forwards: Vec<&String> = items.iter().collect();
            let backwards: Vec<&String> = items.iter().rev().collect();
            for shard in shards(count) {
                let part = shard.select(&forwards, |_| (), |item| item);
                let mut other = shard.select(&backwards, |_| (), |item| item);
                other.reverse();
                prop_assert_eq!(part, other);
            }
        }
    }
}
