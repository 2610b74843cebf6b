//! The coordinates of cards, rows and arrows.

use std::collections::BTreeMap;

use super::columns::{BESIDE, ColumnLayout, POINT};
use super::isotonic::separate;
use super::order::{Item, way};
use super::ports::{RowPorts, Side, in_lane, lane, ports, sides};
use super::{Card, Label, Layout, Leg, Placed, Px, Route, Widths, mean};
use crate::graph::model::{Arrow, Graph};

/// The height of a card's head, and the room below its rows.
const HEAD: Px = 44;
const FOOT: Px = 6;

/// The room between two cards of a column, and between a card and a lane.
const GAP: Px = 26;

/// The number of alignment rounds.
const ROUNDS: usize = 4;

/// The position of an item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    column: usize,
    y: Px,
    height: Px,
}

pub(super) fn place(
    graph: &Graph,
    widths: &Widths,
    layers: &[usize],
    columns: &[Vec<Item>],
) -> Layout {
    let mut layouter = Layouter::new(graph, layers, columns);
    for _ in 0..ROUNDS {
        layouter.sort_rows();
        layouter.align();
    }
    layouter.sort_slots();
    layouter.move_to_top();
    layouter.draw(widths)
}

/// A drawing being made.
struct Layouter<'a> {
    graph: &'a Graph,
    layers: &'a [usize],
    columns: &'a [Vec<Item>],
    ports: Vec<Vec<RowPorts>>,
    /// For each instance its rows from top to bottom.
    rows: Vec<Vec<usize>>,
    placed: Placed,
    /// The arrows between two instances, from top to bottom, as they pass columns in between.
    lanes: BTreeMap<(usize, usize), Vec<usize>>,
    /// For each column but the last, the arrows that go on to the next: each with what it leaves on the left, and
    /// what it reaches on the right.
    links: Vec<Vec<(usize, Item, Item)>>,
    /// The offset of each row from the top of its card.
    tops: Vec<Vec<Px>>,
}

impl<'a> Layouter<'a> {
    fn new(graph: &'a Graph, layers: &'a [usize], columns: &'a [Vec<Item>]) -> Self {
        let ports = ports(graph, layers);
        let mut lanes: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        let mut links = vec![Vec::new(); columns.len().saturating_sub(1)];
        for (number, arrow) in graph
            .arrows
            .iter()
            .enumerate()
            .filter(|(_, it)| it.from.0 != it.to.0)
        {
            lanes
                .entry((arrow.from.0, arrow.to.0))
                .or_default()
                .push(number);
            for pair in way(arrow.from.0, arrow.to.0, layers).windows(2) {
                let [one, other] = pair else { continue };
                let (left, right) = if one.0 < other.0 {
                    (one, other)
                } else {
                    (other, one)
                };
                links[left.0].push((number, left.1, right.1));
            }
        }
        let rows = graph
            .instances
            .iter()
            .map(|it| (0..it.rows.len()).collect())
            .collect();
        let tops = graph
            .instances
            .iter()
            .map(|it| vec![0; it.rows.len()])
            .collect();
        let mut layouter = Self {
            graph,
            layers,
            columns,
            ports,
            rows,
            placed: Placed::new(),
            lanes,
            links,
            tops,
        };
        layouter.stack();
        layouter.set_tops();
        layouter
    }

    /// Stacks the items of each column, and centres the columns.
    fn stack(&mut self) {
        for (column, items) in self.columns.iter().enumerate() {
            let mut y = 0;
            for item in items {
                let height = match item {
                    Item::Card(instance) => {
                        let rows = self.ports[*instance]
                            .iter()
                            .map(RowPorts::height)
                            .fold(0, Px::saturating_add);
                        (HEAD + FOOT).saturating_add(rows)
                    }
                    Item::Lane(from, to, _) => {
                        lane(self.lanes.get(&(*from, *to)).map_or(0, Vec::len))
                    }
                };
                self.placed.insert(*item, Spot { column, y, height });
                y = y.saturating_add(height + GAP);
            }
        }
        for items in self.columns {
            let all: Px = items
                .iter()
                .map(|it| self.placed[it].height + GAP)
                .fold(0, Px::saturating_add);
            for item in items {
                if let Some(spot) = self.placed.get_mut(item) {
                    spot.y -= all / 2;
                }
            }
        }
    }

    fn set_tops(&mut self) {
        for (instance, rows) in self.rows.iter().enumerate() {
            let mut y = HEAD;
            for &row in rows {
                self.tops[instance][row] = y;
                y = y.saturating_add(self.ports[instance][row].height());
            }
        }
    }

    /// The middle of a row.
    fn row_y(&self, (instance, row): (usize, usize)) -> Px {
        let card = self.placed.get(&Item::Card(instance)).map_or(0, |it| it.y);
        card + self.tops[instance][row] + self.ports[instance][row].height() / 2
    }

    /// The rows of each card: namespaces together, and everything about as high as what it is connected with.
    fn sort_rows(&mut self) {
        let mut seen: Vec<Vec<Vec<Px>>> = self
            .rows
            .iter()
            .map(|it| vec![Vec::new(); it.len()])
            .collect();
        for Arrow { from, to, .. } in self.graph.arrows.iter().filter(|it| it.from.0 != it.to.0) {
            seen[from.0][from.1].push(self.row_y(*to));
            seen[to.0][to.1].push(self.row_y(*from));
        }
        for (instance, rows) in self.rows.iter_mut().enumerate() {
            let known = &self.graph.instances[instance].rows;
            let mut namespaces: BTreeMap<_, Vec<Px>> = BTreeMap::new();
            for row in 0..known.len() {
                namespaces
                    .entry(&known[row].namespace)
                    .or_default()
                    .extend(&seen[instance][row]);
            }
            let namespaces: BTreeMap<_, _> = namespaces
                .into_iter()
                .map(|(name, seen)| (name, mean(seen.into_iter())))
                .collect();
            rows.sort_by_cached_key(|row| {
                let it = &known[*row];
                (
                    namespaces[&it.namespace],
                    &it.namespace,
                    mean(seen[instance][*row].iter().copied()),
                    &it.repo,
                )
            });
        }
        self.set_tops();
    }

    /// Moves the columns, one after the other, to where their neighbours are.
    fn align(&mut self) {
        let columns = 0..self.columns.len();
        let forth = columns.clone().skip(1).map(|it| (it, it - 1));
        let back = columns.rev().skip(1).map(|it| (it, it + 1));
        for (column, neighbour) in forth.chain(back) {
            let mut wishes: BTreeMap<Item, (i64, i64)> = BTreeMap::new();
            for (number, left, right) in &self.links[column.min(neighbour)] {
                let (mine, theirs) = if column < neighbour {
                    (left, right)
                } else {
                    (right, left)
                };
                let arrow = &self.graph.arrows[*number];
                let wish = self.item_y(arrow, *theirs) - self.item_y(arrow, *mine);
                let (sum, all) = wishes.entry(*mine).or_default();
                (*sum, *all) = (*sum + i64::from(wish), *all + 1);
            }
            let items = &self.columns[column];
            let wished = items.iter().map(|item| {
                let spot = self.placed[item];
                let (sum, all) = wishes.get(item).copied().unwrap_or_default();
                (
                    i64::from(spot.y) + sum.checked_div(all).unwrap_or_default(),
                    all.max(1),
                    i64::from(spot.height + GAP),
                )
            });
            for (item, y) in items.iter().zip(separate(&wished.collect::<Vec<_>>())) {
                if let Some(spot) = self.placed.get_mut(item) {
                    spot.y = Px::try_from(y).unwrap_or(spot.y);
                }
            }
        }
    }

    /// Returns the approximate height at which an arrow passes an item.
    fn item_y(&self, arrow: &Arrow, item: Item) -> Px {
        match item {
            Item::Card(instance) if instance == arrow.from.0 => self.row_y(arrow.from),
            Item::Card(_) => self.row_y(arrow.to),
            Item::Lane(..) => self.placed.get(&item).map_or(0, |it| it.y + it.height / 2),
        }
    }

    /// The slots of every row, and the arrows of every lane, in the order in which they go on.
    fn sort_slots(&mut self) {
        let mut lanes = std::mem::take(&mut self.lanes);
        for arrows in lanes.values_mut() {
            arrows.sort_by_cached_key(|it| {
                let arrow = &self.graph.arrows[*it];
                (self.row_y(arrow.from), self.row_y(arrow.to), *it)
            });
        }
        self.lanes = lanes;
        let mut ports = std::mem::take(&mut self.ports);
        // The heights of rows stay, so that what was aligned stays aligned; they are looked up in a copy.
        self.ports.clone_from(&ports);
        for (instance, rows) in ports.iter_mut().enumerate() {
            for it in rows {
                for side in [Side::Left, Side::Right] {
                    it.side(side).sort_by_cached_key(|slot| {
                        let far = slot
                            .arrows()
                            .iter()
                            .map(|number| self.next_y(*number, instance));
                        (mean(far), slot.clone())
                    });
                }
            }
        }
        self.ports = ports;
    }

    /// Returns the height of the next item on the way of an arrow, seen from one of its ends.
    fn next_y(&self, number: usize, instance: usize) -> Px {
        let arrow = &self.graph.arrows[number];
        let way = way(arrow.from.0, arrow.to.0, self.layers);
        let next = if arrow.from.0 == instance {
            way.get(1)
        } else {
            way.iter().rev().nth(1)
        };
        match next {
            Some((_, item @ Item::Lane(..))) => self.lane_y(*item, number),
            _ if arrow.from.0 == instance => self.row_y(arrow.to),
            _ => self.row_y(arrow.from),
        }
    }

    fn lane_y(&self, item: Item, number: usize) -> Px {
        let top = self.placed.get(&item).map_or(0, |it| it.y);
        let arrow = &self.graph.arrows[number];
        let arrows = self.lanes.get(&(arrow.from.0, arrow.to.0));
        let at = arrows.and_then(|arrows| arrows.iter().position(|it| *it == number));
        top + in_lane(at.unwrap_or_default())
    }

    fn move_to_top(&mut self) {
        let top = self
            .placed
            .values()
            .map(|it| it.y)
            .min()
            .unwrap_or_default();
        self.placed.values_mut().for_each(|it| it.y -= top);
    }

    fn draw(&self, widths: &Widths) -> Layout {
        let across = ColumnLayout::new(self.graph, widths, self.layers, self.columns.len());
        let mut at = BTreeMap::new();
        let mut cards = Vec::new();
        for (item, spot) in &self.placed {
            let Item::Card(instance) = *item else {
                continue;
            };
            let rows = self.rows[instance].iter().map(|row| {
                let (top, height) = (
                    spot.y + self.tops[instance][*row],
                    self.ports[instance][*row].height(),
                );
                let ports = &self.ports[instance][*row];
                for (side, slots) in [(Side::Left, &ports.left), (Side::Right, &ports.right)] {
                    for (slot, middle) in slots.iter().zip(RowPorts::middles(slots, height)) {
                        let leaves = matches!(slot, super::ports::Slot::Out(_));
                        at.extend(
                            slot.arrows()
                                .iter()
                                .map(|number| ((*number, leaves), (side, top + middle))),
                        );
                    }
                }
                (*row, top, height)
            });
            let rows = rows.collect();
            let (x, width) = across.columns[spot.column];
            cards.push(Card {
                instance,
                x,
                y: spot.y,
                width,
                height: spot.height,
                rows,
            });
        }
        let mut loops = 0;
        let routes = self.graph.arrows.iter().enumerate().map(|(number, arrow)| {
            let start = at.get(&(number, true)).copied().unwrap_or((Side::Right, 0));
            let end = at.get(&(number, false)).copied().unwrap_or((Side::Left, 0));
            if arrow.from.0 == arrow.to.0 {
                loops += 1;
            }
            self.route(number, arrow, &across, (start, end), loops)
        });
        let routes = routes.collect();
        // A lane may be lower than every card.
        let height = self
            .placed
            .values()
            .map(|it| it.y + it.height)
            .max()
            .unwrap_or_default();
        Layout {
            width: across.width,
            height,
            cards,
            routes,
        }
    }

    fn route(
        &self,
        number: usize,
        arrow: &Arrow,
        across: &ColumnLayout,
        ends: ((Side, Px), (Side, Px)),
        loops: Px,
    ) -> Route {
        let ((leaves, y), (_, end)) = ends;
        let way = way(arrow.from.0, arrow.to.0, self.layers);
        let rightwards = sides(arrow.from.0, arrow.to.0, self.layers).1 == Side::Left;
        let start = across.edge(self.layers[arrow.from.0], leaves);
        let mut legs = Vec::new();
        if arrow.from.0 == arrow.to.0 {
            let bend = across.bends(self.layers[arrow.from.0]).0;
            let reach = bend + 14 + 5 * (loops % 6);
            legs.extend([
                Leg::Straight(bend),
                Leg::Loop(reach, bend, end),
                Leg::Straight(start + POINT),
            ]);
        } else {
            for pair in way.windows(2) {
                let [(one, _), (other, item)] = pair else {
                    continue;
                };
                let (left, right) = across.bends(*one.min(other));
                let (near, far) = if rightwards {
                    (left, right)
                } else {
                    (right, left)
                };
                let y = if matches!(item, Item::Lane(..)) {
                    self.lane_y(*item, number)
                } else {
                    end
                };
                legs.extend([Leg::Straight(near), Leg::Bend(far, y)]);
            }
            let arrives = across.edge(
                self.layers[arrow.to.0],
                if rightwards { Side::Left } else { Side::Right },
            );
            legs.push(Leg::Straight(
                arrives + if rightwards { -POINT } else { POINT },
            ));
        }
        let ends = leaves == Side::Left;
        let label = Label {
            x: start + if ends { -BESIDE } else { BESIDE },
            y: y - 4,
            ends,
        };
        Route {
            start: (start, y),
            legs,
            rightwards,
            label,
        }
    }
}
