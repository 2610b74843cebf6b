//! Which routes can be part of a loop, and how far images could travel over each, as far as names tell.
//!
//! One pass over the strongly connected components (Tarjan 1972, without recursion) that costs milliseconds for
//! 100,000 routes. It looks at no filter, so it rules out and never finds: what is left is looked at closely.

use std::ops::Range;

use super::location::{LocationIndex, LocationKey};
use super::rule_graph::{RuleGraph, SideSet};

/// The length of a way through routes that lead in circles: any.
const UNBOUNDED: u32 = 1 << 20;

/// The automatic routes of one side, from above.
#[derive(Debug)]
pub(super) struct Components {
    /// Of each route: the component in which it leads in circles.
    cycle_id: Vec<Option<u32>>,
    /// Of each route: how many routes the longest way over it has, at most.
    longest: Vec<u32>,
}

impl Components {
    pub(super) fn new(network: &RuleGraph<'_>, places: &NodeTable, side: SideSet) -> Self {
        let graph = Graph::new(network, places, side);
        let components = graph.components();
        let count = components.iter().max().map_or(0, |last| *last as usize + 1);
        let mut order: Vec<usize> = (0..network.routes.len())
            .filter(|it| graph.used[*it])
            .collect();
        let ends = |route: usize| {
            (
                components[places.departure[route]],
                components[places.arrival[route]],
            )
        };
        // Components are numbered from the end of all ways.
        order.sort_unstable_by_key(|route| ends(*route));
        let mut inside = vec![0_u32; count];
        for route in &order {
            let (from, to) = ends(*route);
            inside[from as usize] =
                inside[from as usize].max(if from == to { UNBOUNDED } else { 0 });
        }
        let (before, after) = graph.lengths(&components, &inside);
        let mut found = Self {
            cycle_id: vec![None; network.routes.len()],
            longest: vec![0; network.routes.len()],
        };
        for route in order {
            let (from, to) = ends(route);
            found.cycle_id[route] = (from == to).then_some(from);
            found.longest[route] = before[from as usize]
                .saturating_add(after[to as usize])
                .saturating_add(1);
        }
        found
    }

    /// The component in which an automatic route leads in circles.
    pub(super) fn cycle_id(&self, route: usize) -> Option<u32> {
        self.cycle_id.get(route).copied().flatten()
    }

    /// How many automatic routes the longest way over this one has, at most; 0 for one that is not automatic.
    pub(super) fn longest(&self, route: usize) -> u32 {
        self.longest.get(route).copied().unwrap_or_default()
    }
}

/// Where the routes of a network begin and end, as nodes: the same for every side.
#[derive(Debug)]
pub(super) struct NodeTable {
    /// Of each route: where it begins.
    departure: Vec<usize>,
    /// Of each route: where it ends. These nodes come after all departures.
    arrival: Vec<usize>,
    /// How many departures there are.
    departures: usize,
    /// The departures that may be the same place as an arrival.
    same: Vec<[Option<Range<usize>>; 3]>,
}

impl NodeTable {
    pub(super) fn new(network: &RuleGraph<'_>) -> Self {
        let routes = &network.routes;
        let (departures, departure) = distinct(routes.iter().map(|it| it.hop.from));
        let (arrivals, arrival) = distinct(routes.iter().map(|it| it.hop.carry(it.hop.from)));
        let starts = LocationIndex::new(departures.iter().copied());
        Self {
            arrival: arrival.iter().map(|it| departures.len() + it).collect(),
            departure,
            departures: departures.len(),
            same: arrivals.iter().map(|spot| starts.ranges(*spot)).collect(),
        }
    }
}

/// Places where routes begin, and places where they end, as nodes. From the former, routes lead to the latter; from
/// those, what may be the same place leads to the former.
struct Graph<'p> {
    /// Of each route: whether it is looked at.
    used: Vec<bool>,
    places: &'p NodeTable,
    /// The arrivals that a departure leads to, where there are any: ranges into `targets`.
    onward: Vec<Range<usize>>,
    targets: Vec<usize>,
}

impl<'p> Graph<'p> {
    fn new(network: &RuleGraph<'_>, places: &'p NodeTable, side: SideSet) -> Self {
        let routes = &network.routes;
        let used: Vec<bool> = routes
            .iter()
            .map(|it| it.sides.includes(side) && it.is_automatic() && !it.hop.is_self_loop())
            .collect();
        let mut edges: Vec<(usize, usize)> = (0..routes.len())
            .filter(|it| used[*it])
            .map(|it| (places.departure[it], places.arrival[it]))
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let mut onward = vec![0..0; places.departures];
        for (at, (from, _)) in edges.iter().enumerate() {
            if onward[*from].is_empty() {
                onward[*from] = at..at;
            }
            onward[*from].end = at + 1;
        }
        Self {
            used,
            places,
            onward,
            targets: edges.into_iter().map(|(_, to)| to).collect(),
        }
    }

    /// The nodes that a node leads to.
    fn next(&self, node: usize) -> impl Iterator<Item = usize> {
        let (targets, same) = match node.checked_sub(self.onward.len()) {
            None => (&self.targets[self.onward[node].clone()], None),
            Some(arrival) => (&[] as &[usize], Some(self.places.same[arrival].clone())),
        };
        targets
            .iter()
            .copied()
            .chain(same.into_iter().flatten().flatten().flatten())
    }

    /// The component of each node; none leads to one with a greater number.
    fn components(&self) -> Vec<u32> {
        const NEW: u32 = u32::MAX;
        let nodes = self.onward.len() + self.places.same.len();
        let (mut low, mut component) = (vec![NEW; nodes], vec![NEW; nodes]);
        let (mut met, mut finished) = (0, 0);
        let mut open = Vec::new();
        for root in 0..nodes {
            if low[root] != NEW {
                continue;
            }
            let mut path = Vec::new();
            let mut enter =
                |node: usize, low: &mut Vec<u32>, open: &mut Vec<usize>, path: &mut Vec<_>| {
                    low[node] = met;
                    open.push(node);
                    path.push((node, met, self.next(node)));
                    met += 1;
                };
            enter(root, &mut low, &mut open, &mut path);
            while let Some((node, number, next)) = path.last_mut() {
                let (node, number) = (*node, *number);
                match next.next() {
                    Some(to) if low[to] == NEW => enter(to, &mut low, &mut open, &mut path),
                    Some(to) => {
                        if component[to] == NEW {
                            low[node] = low[node].min(low[to]);
                        }
                    }
                    None => {
                        path.pop();
                        if let Some((before, ..)) = path.last() {
                            low[*before] = low[*before].min(low[node]);
                        }
                        if low[node] == number {
                            while let Some(member) = open.pop() {
                                component[member] = finished;
                                if member == node {
                                    break;
                                }
                            }
                            finished += 1;
                        }
                    }
                }
            }
        }
        component
    }

    /// For each component: how many routes can lie before it, and after it, those inside of it included.
    fn lengths(&self, components: &[u32], inside: &[u32]) -> (Vec<u32>, Vec<u32>) {
        let mut nodes: Vec<usize> = (0..components.len()).collect();
        nodes.sort_unstable_by_key(|node| components[*node]);
        let (mut before, mut after) = (inside.to_vec(), inside.to_vec());
        let weight = |node: usize| u32::from(node < self.onward.len());
        for node in &nodes {
            let from = components[*node] as usize;
            for to in self
                .next(*node)
                .map(|to| components[to] as usize)
                .filter(|to| *to != from)
            {
                let length = after[to]
                    .saturating_add(weight(*node))
                    .saturating_add(inside[from]);
                after[from] = after[from].max(length);
            }
        }
        for node in nodes.iter().rev() {
            let from = components[*node] as usize;
            for to in self
                .next(*node)
                .map(|to| components[to] as usize)
                .filter(|to| *to != from)
            {
                let length = before[from]
                    .saturating_add(weight(*node))
                    .saturating_add(inside[to]);
                before[to] = before[to].max(length);
            }
        }
        (before, after)
    }
}

/// The different spots in order, and for each given one which of them it is.
fn distinct(spots: impl Iterator<Item = LocationKey>) -> (Vec<LocationKey>, Vec<usize>) {
    let spots: Vec<LocationKey> = spots.collect();
    let mut different = spots.clone();
    different.sort_unstable();
    different.dedup();
    let which = spots
        .iter()
        .map(|spot| different.binary_search(spot).unwrap_or_default())
        .collect();
    (different, which)
}
