//! Lines → graph: rules that stand alike between the same two rows become one arrow.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{
    Arrow, Bounds, Caption, Detail, End, Graph, Instance, Line, Omitted, Row, State,
};

/// A row before it is one: an instance, and what of a namespace and a repository is drawn.
type Node<'l> = (&'l str, Option<&'l str>, Option<&'l str>);

impl Graph {
    /// Puts rules together. `instances` are those that are declared; others follow from the rules. Without a `detail`, it
    /// is the finest that leaves few enough rows to look at.
    #[must_use]
    pub fn new(
        caption: Caption,
        instances: Vec<Instance>,
        lines: &[Line<'_>],
        detail: Option<Detail>,
        bounds: Bounds,
    ) -> Self {
        let finest = || Detail::ALL.into_iter().find(|detail| detail.fits(lines));
        let detail = detail.or_else(finest).unwrap_or(Detail::Instance);
        let mut nodes: Vec<Node<'_>> = Vec::new();
        let mut arrows = aggregate(lines, detail, bounds.names, &mut nodes);
        let omitted = leave_out(&mut arrows, &nodes, bounds.arrows);
        let mut known: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut named = vec![false; nodes.len()];
        arrows
            .iter()
            .flat_map(|it| [it.from, it.to])
            .for_each(|node| named[node] = true);
        let declared: FxHashSet<&str> = instances.iter().map(|it| it.name.as_str()).collect();
        for (node, (instance, ..)) in nodes.iter().enumerate() {
            if named[node] || declared.contains(instance) {
                known.entry(instance).or_default().push(node);
            }
        }
        let mut all: BTreeMap<String, Instance> = instances
            .into_iter()
            .map(|it| (it.name.clone(), it))
            .collect();
        for name in known.keys() {
            all.entry((*name).to_owned())
                .or_insert_with(|| Instance::undeclared(name));
        }
        let mut places = vec![(0, 0); nodes.len()];
        let mut placed = Vec::with_capacity(all.len());
        for (name, mut instance) in all {
            let mut rows = known.remove(name.as_str()).unwrap_or_default();
            rows.sort_unstable_by_key(|node| nodes[*node]);
            for (row, node) in rows.into_iter().enumerate() {
                places[node] = (placed.len(), row);
                let (_, namespace, repo) = nodes[node];
                instance.rows.push(Row {
                    namespace: namespace.map(str::to_owned),
                    repo: repo.map(str::to_owned),
                });
            }
            placed.push(instance);
        }
        let arrow = |it: Gathered<'_>| Arrow {
            from: places[it.from],
            to: places[it.to],
            state: it.state,
            count: it.count,
            rules: it.names.into_iter().map(str::to_owned).collect(),
        };
        let mut arrows: Vec<Arrow> = arrows.into_iter().map(arrow).collect();
        arrows.sort_unstable_by_key(|it| (it.from, it.to, it.state));
        let mut counts = BTreeMap::new();
        for line in lines.iter().filter(|it| !it.again) {
            *counts.entry(line.state).or_default() += 1;
        }
        Self {
            caption,
            detail,
            instances: placed,
            arrows,
            counts,
            omitted,
        }
    }
}

/// An arrow between two nodes.
struct Gathered<'l> {
    from: usize,
    to: usize,
    state: State,
    count: usize,
    /// The first names, sorted.
    names: Vec<&'l str>,
}

impl<'l> Gathered<'l> {
    fn take(&mut self, name: &'l str, most: usize) {
        self.count += 1;
        if most == usize::MAX {
            self.names.push(name);
            return;
        }
        let at = self.names.partition_point(|it| *it <= name);
        if at < most {
            self.names.truncate(most - 1);
            self.names.insert(at, name);
        }
    }
}

/// The arrows of all lines, and the nodes that they are between.
fn aggregate<'l>(
    lines: &'l [Line<'_>],
    detail: Detail,
    names: usize,
    nodes: &mut Vec<Node<'l>>,
) -> Vec<Gathered<'l>> {
    let mut numbers: FxHashMap<Node<'l>, usize> = FxHashMap::default();
    let mut number = |end: &'l End<'_>| {
        *numbers.entry(detail.node(end)).or_insert_with_key(|node| {
            nodes.push(*node);
            nodes.len() - 1
        })
    };
    let mut known: FxHashMap<(usize, usize, State), usize> = FxHashMap::default();
    let mut arrows: Vec<Gathered<'l>> = Vec::new();
    for line in lines {
        let (from, to, state) = (number(&line.from), number(&line.to), line.state);
        let at = *known.entry((from, to, state)).or_insert_with(|| {
            arrows.push(Gathered {
                from,
                to,
                state,
                count: 0,
                names: Vec::new(),
            });
            arrows.len() - 1
        });
        arrows[at].take(&line.rule, names);
    }
    if names == usize::MAX {
        for arrow in &mut arrows {
            arrow.names.sort_unstable();
        }
    }
    arrows
}

/// Leaves out what is more than so many arrows.
fn leave_out(arrows: &mut Vec<Gathered<'_>>, nodes: &[Node<'_>], most: usize) -> Omitted {
    if arrows.len() <= most {
        return Omitted::default();
    }
    arrows.sort_unstable_by_key(|it| {
        (
            Reverse(it.state),
            Reverse(it.count),
            nodes[it.from],
            nodes[it.to],
        )
    });
    let rules = arrows[most..].iter().map(|it| it.count).sum();
    let omitted = Omitted {
        arrows: arrows.len() - most,
        rules,
    };
    arrows.truncate(most);
    omitted
}

impl Detail {
    /// Returns the node that an end belongs to.
    fn node<'l>(self, end: &'l End<'_>) -> Node<'l> {
        let End {
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

    /// Returns whether lines have few enough rows to look at. It stops as soon as they do not.
    fn fits(self, lines: &[Line<'_>]) -> bool {
        let mut rows = FxHashSet::default();
        self.most_rows() == usize::MAX
            || lines
                .iter()
                .flat_map(|line| [&line.from, &line.to])
                .all(|end| {
                    rows.insert(self.node(end));
                    rows.len() <= self.most_rows()
                })
    }
}
