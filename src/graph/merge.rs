//! Merges rules: those of one state between the same two rows become one arrow.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{
    Arrow, DetailLevel, Graph, GraphEnd, GraphRule, InstanceNode, InstanceRow, OmittedCounts,
    Options, RuleState, is_dense,
};

/// An instance, and the namespace and repository of one of its rows.
type GraphRowKey<'r> = (&'r str, Option<&'r str>, Option<&'r str>);

impl Graph {
    /// Merges rules into arrows. `instances` are the declared ones; undeclared ones follow from the rules.
    #[must_use]
    pub fn new(instances: Vec<InstanceNode>, rules: &[GraphRule<'_>], options: Options) -> Self {
        let Options {
            caption,
            detail,
            bounds,
        } = options;
        let finest = || {
            DetailLevel::ALL
                .into_iter()
                .find(|detail| detail.fits(rules))
        };
        let detail = detail.or_else(finest).unwrap_or(DetailLevel::Instance);
        let mut keys: Vec<GraphRowKey<'_>> = Vec::new();
        let mut merged = merge(rules, detail, bounds.names, &mut keys);
        let omitted = omit_arrows(&mut merged, &keys, bounds.arrows);
        let mut has_arrow = vec![false; keys.len()];
        for arrow in &merged {
            has_arrow[arrow.from] = true;
            has_arrow[arrow.to] = true;
        }
        let declared: FxHashSet<&str> = instances.iter().map(|it| it.name.as_str()).collect();
        let mut rows_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, (instance, ..)) in keys.iter().enumerate() {
            if has_arrow[index] || declared.contains(instance) {
                rows_of.entry(instance).or_default().push(index);
            }
        }
        let mut by_name: BTreeMap<String, InstanceNode> = BTreeMap::new();
        for instance in instances {
            by_name.insert(instance.name.clone(), instance);
        }
        for name in rows_of.keys() {
            by_name
                .entry((*name).to_owned())
                .or_insert_with(|| InstanceNode::undeclared(name));
        }
        let mut positions = vec![(0, 0); keys.len()];
        let mut nodes = Vec::with_capacity(by_name.len());
        for (name, mut instance) in by_name {
            let mut rows = rows_of.remove(name.as_str()).unwrap_or_default();
            rows.sort_unstable_by_key(|index| keys[*index]);
            for (row, index) in rows.into_iter().enumerate() {
                positions[index] = (nodes.len(), row);
                let (_, namespace, repo) = keys[index];
                instance.rows.push(InstanceRow {
                    namespace: namespace.map(str::to_owned),
                    repo: repo.map(str::to_owned),
                });
            }
            nodes.push(instance);
        }
        let mut arrows: Vec<Arrow> = merged
            .into_iter()
            .map(|arrow| arrow.build(&positions))
            .collect();
        arrows.sort_unstable_by_key(|it| (it.from, it.to, it.state));
        let mut counts = BTreeMap::new();
        for rule in rules.iter().filter(|it| !it.is_repeated) {
            *counts.entry(rule.state).or_default() += 1;
        }
        Self {
            caption,
            detail,
            instances: nodes,
            arrows,
            counts,
            omitted,
        }
    }
}

/// Builds an arrow. Its ends are indices of [`GraphRowKey`]s.
struct ArrowBuilder<'r> {
    from: usize,
    to: usize,
    state: RuleState,
    count: usize,
    /// The first names, sorted.
    names: Vec<&'r str>,
}

impl<'r> ArrowBuilder<'r> {
    /// Adds a rule, and keeps at most `max_names` names.
    fn add(&mut self, name: &'r str, max_names: usize) {
        self.count += 1;
        if max_names == usize::MAX {
            self.names.push(name);
            return;
        }
        let at = self.names.partition_point(|it| *it <= name);
        if at < max_names {
            self.names.truncate(max_names - 1);
            self.names.insert(at, name);
        }
    }

    fn build(self, positions: &[(usize, usize)]) -> Arrow {
        Arrow {
            from: positions[self.from],
            to: positions[self.to],
            state: self.state,
            count: self.count,
            rules: self.names.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// Returns the arrows of all rules, and adds the rows at their ends to `keys`.
fn merge<'r>(
    rules: &'r [GraphRule<'_>],
    detail: DetailLevel,
    max_names: usize,
    keys: &mut Vec<GraphRowKey<'r>>,
) -> Vec<ArrowBuilder<'r>> {
    let mut indices: FxHashMap<GraphRowKey<'r>, usize> = FxHashMap::default();
    let mut index = |end: &'r GraphEnd<'_>| {
        *indices
            .entry(detail.row_key(end))
            .or_insert_with_key(|key| {
                keys.push(*key);
                keys.len() - 1
            })
    };
    let mut known: FxHashMap<(usize, usize, RuleState), usize> = FxHashMap::default();
    let mut arrows: Vec<ArrowBuilder<'r>> = Vec::new();
    for rule in rules {
        let from = index(&rule.from);
        let to = index(&rule.to);
        let state = rule.state;
        let at = *known.entry((from, to, state)).or_insert_with(|| {
            arrows.push(ArrowBuilder {
                from,
                to,
                state,
                count: 0,
                names: Vec::new(),
            });
            arrows.len() - 1
        });
        arrows[at].add(&rule.rule, max_names);
    }
    if max_names == usize::MAX {
        for arrow in &mut arrows {
            arrow.names.sort_unstable();
        }
    }
    arrows
}

/// Removes all but the first `max` arrows, by state and number of rules, and returns the number of those removed.
fn omit_arrows(
    arrows: &mut Vec<ArrowBuilder<'_>>,
    keys: &[GraphRowKey<'_>],
    max: usize,
) -> OmittedCounts {
    if arrows.len() <= max {
        return OmittedCounts::default();
    }
    arrows.sort_unstable_by_key(|arrow| {
        (
            Reverse(arrow.state),
            Reverse(arrow.count),
            keys[arrow.from],
            keys[arrow.to],
        )
    });
    let omitted = OmittedCounts {
        arrows: arrows.len() - max,
        rules: arrows[max..].iter().map(|it| it.count).sum(),
    };
    arrows.truncate(max);
    omitted
}

impl DetailLevel {
    /// Returns the row that an end belongs to.
    fn row_key<'r>(self, end: &'r GraphEnd<'_>) -> GraphRowKey<'r> {
        let GraphEnd {
            instance,
            namespace,
            repo,
        } = end;
        match self {
            Self::Repository => (instance, namespace.as_deref(), repo.as_deref()),
            Self::Namespace => (instance, namespace.as_deref(), None),
            Self::Instance => (instance, None, None),
        }
    }

    /// Returns true if rules have few enough arrows, between few enough pairs of instances. It stops counting as soon as
    /// they do not.
    fn fits(self, rules: &[GraphRule<'_>]) -> bool {
        if self.max_arrows() == usize::MAX {
            return true;
        }
        let mut arrows = FxHashSet::default();
        for rule in rules {
            arrows.insert((self.row_key(&rule.from), self.row_key(&rule.to), rule.state));
            if arrows.len() > self.max_arrows() {
                return false;
            }
        }
        !is_dense(arrows.into_iter().map(|(from, to, _)| (from.0, to.0)))
    }
}
