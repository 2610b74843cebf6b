//! What the emulator serves: an estate of instances and rules, indexed once.

use std::collections::{BTreeMap, HashMap};

use acr_api::ReadStatus;
use acr_api::{Listing, WireField, WireRule};

use super::ends::Listed;
use super::paging::Paging;

/// Which ends of a rule list it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ends {
    /// Both, as the service does: a rule that only one end's listing has is served from the other end too, with
    /// the sides swapped, even where the other end has no listing of its own.
    #[default]
    Both,
    /// Those whose listings have it: a seed with one-sided rules stays one.
    AsListed,
}

/// The estate. Rules are kept once, whatever the number of requests; an end that a listing lacks is a row that
/// points at the rule, not a copy.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    rules: Vec<WireRule>,
    instances: BTreeMap<Box<str>, Instance>,
}

/// An instance of the estate.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    /// The region, where the seed tells.
    pub(super) region: Option<Box<str>>,
    /// `InstanceName`.
    pub(super) name: Box<str>,
    /// How the seed's reading of it went, which is how the emulator answers for it.
    pub(super) status: ReadStatus,
    rows: Vec<Row>,
    /// The rows of each local namespace: what the filter for one of many findings is answered from.
    namespaces: HashMap<Box<str>, Vec<Row>>,
}

/// A rule as one instance lists it.
#[derive(Debug, Clone, Copy)]
struct Row {
    rule: usize,
    /// Whether the instance is the rule's other end, so that the sides are swapped.
    turned: bool,
}

/// The filters of `ListRepoSyncRule`; all of them match exactly.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Filters<'a> {
    pub(super) namespace: Option<&'a str>,
    pub(super) repo: Option<&'a str>,
    pub(super) target_instance: Option<&'a str>,
    pub(super) target_region: Option<&'a str>,
}

impl Seed {
    /// An estate from listings. Listings of one instance are joined; the first one's status counts. Rows keep the
    /// order of their listing, and what [`Ends::Both`] adds comes after it, in the order of the listings.
    #[must_use]
    pub fn new(listings: Vec<Listing>, ends: Ends) -> Self {
        let mut seed = Self::default();
        for listing in listings {
            seed.add(listing);
        }
        if ends == Ends::Both {
            seed.add_other_ends();
        }
        seed.index_namespaces();
        seed
    }

    /// Names an instance; without it, an instance's name is its id less the `cri-`.
    #[must_use]
    pub fn with_name(mut self, instance_id: &str, name: impl Into<Box<str>>) -> Self {
        if let Some(instance) = self.instances.get_mut(instance_id) {
            instance.name = name.into();
        }
        self
    }

    /// How many rows the instances list, all together.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.instances
            .values()
            .map(|instance| instance.rows.len())
            .sum()
    }

    /// The instances, by id.
    pub(super) fn instances(&self) -> impl Iterator<Item = (&str, &Instance)> {
        self.instances
            .iter()
            .map(|(id, instance)| (&**id, instance))
    }

    /// An instance; one that was not asked, or was not found, is none.
    pub(super) fn instance(&self, id: &str) -> Option<&Instance> {
        let exists = |instance: &&Instance| {
            !matches!(instance.status, ReadStatus::Skipped | ReadStatus::NotFound)
        };
        self.instances.get(id).filter(exists)
    }

    /// The rules of an instance that pass the filters: how many there are, and those of one page.
    pub(super) fn page(
        &self,
        instance: &Instance,
        filters: Filters<'_>,
        paging: Paging,
    ) -> (usize, Vec<WireRule>) {
        let rows = match filters.namespace {
            Some(namespace) => instance
                .namespaces
                .get(namespace)
                .map_or(&[][..], Vec::as_slice),
            None => &instance.rows,
        };
        let rules = |rows: &[Row]| paging.of(rows).iter().map(|row| self.rule(*row)).collect();
        if filters.repo.is_none()
            && filters.target_instance.is_none()
            && filters.target_region.is_none()
        {
            return (rows.len(), rules(rows));
        }
        let passing: Vec<_> = rows
            .iter()
            .copied()
            .filter(|row| self.passes(*row, filters))
            .collect();
        (passing.len(), rules(&passing))
    }

    /// Takes a rule out, at both ends.
    pub(super) fn delete(&mut self, rule_id: &str) {
        let rules = &self.rules;
        let stays = |row: &Row| rules[row.rule].get(WireField::SyncRuleId) != Some(rule_id);
        for instance in self.instances.values_mut() {
            instance.rows.retain(stays);
            instance
                .namespaces
                .values_mut()
                .for_each(|rows| rows.retain(stays));
        }
    }

    /// Puts a rule in, last, at both ends. The ends have to be instances of the estate; at others it is not seen.
    pub(super) fn insert(&mut self, rule: WireRule) {
        for (field, turned) in [
            (WireField::LocalInstanceId, false),
            (WireField::TargetInstanceId, true),
        ] {
            let Some(instance) = rule.get(field).and_then(|id| self.instances.get_mut(id)) else {
                continue;
            };
            instance.push(
                Row {
                    rule: self.rules.len(),
                    turned,
                },
                &rule,
            );
        }
        self.rules.push(rule);
    }

    /// The oldest `CreateTime` of an instance's rules, epoch milliseconds.
    pub(super) fn oldest(&self, instance: &Instance) -> Option<i64> {
        let times = instance.rows.iter().filter_map(|row| {
            self.rules[row.rule]
                .get(WireField::CreateTime)?
                .parse()
                .ok()
        });
        times.min()
    }

    fn add(&mut self, listing: Listing) {
        let first = self.rules.len();
        let entry = self
            .instances
            .entry(listing.instance_id)
            .or_insert_with_key(|id| Instance::new(id, listing.region_id, listing.status));
        entry
            .rows
            .extend((first..first + listing.rules.len()).map(|rule| Row {
                rule,
                turned: false,
            }));
        self.rules.extend(listing.rules);
    }

    fn add_other_ends(&mut self) {
        let instances = self.instances.iter();
        let rows = instances.flat_map(|(id, instance)| {
            instance
                .rows
                .iter()
                .map(|row| (&**id, &self.rules[row.rule]))
        });
        let mut listed = Listed::new(rows);
        let mut missing: Vec<(Box<str>, Option<Box<str>>, usize)> = Vec::new();
        for (id, instance) in &self.instances {
            for row in &instance.rows {
                let rule = &self.rules[row.rule];
                let Some(peer) = rule
                    .get(WireField::TargetInstanceId)
                    .filter(|peer| *peer != &**id)
                else {
                    continue;
                };
                if !listed.take(peer, rule) {
                    missing.push((
                        peer.into(),
                        rule.get(WireField::TargetRegionId).map(Into::into),
                        row.rule,
                    ));
                }
            }
        }
        for (peer, region, rule) in missing {
            let instance = self
                .instances
                .entry(peer)
                .or_insert_with_key(|id| Instance::new(id, region, ReadStatus::Complete));
            instance.rows.push(Row { rule, turned: true });
        }
    }

    fn index_namespaces(&mut self) {
        for instance in self.instances.values_mut() {
            for row in std::mem::take(&mut instance.rows) {
                instance.push(row, &self.rules[row.rule]);
            }
        }
    }

    fn passes(&self, row: Row, filters: Filters<'_>) -> bool {
        let rule = &self.rules[row.rule];
        let fits = |wanted: Option<&str>, field| {
            wanted.is_none() || seen(rule, row.turned, field) == wanted
        };
        fits(filters.repo, WireField::LocalRepoName)
            && fits(filters.target_instance, WireField::TargetInstanceId)
            && fits(filters.target_region, WireField::TargetRegionId)
    }

    fn rule(&self, row: Row) -> WireRule {
        let rule = &self.rules[row.rule];
        if row.turned {
            rule.mirrored()
        } else {
            rule.clone()
        }
    }
}

impl Instance {
    fn new(id: &str, region: Option<Box<str>>, status: ReadStatus) -> Self {
        let name = id.strip_prefix("cri-").unwrap_or(id).into();
        Self {
            region,
            name,
            status,
            rows: Vec::new(),
            namespaces: HashMap::new(),
        }
    }

    /// Lists a rule last, under its namespace too.
    fn push(&mut self, row: Row, rule: &WireRule) {
        self.rows.push(row);
        let Some(namespace) = seen(rule, row.turned, WireField::LocalNamespaceName) else {
            return;
        };
        match self.namespaces.get_mut(namespace) {
            Some(rows) => rows.push(row),
            None => {
                self.namespaces.insert(namespace.into(), vec![row]);
            }
        }
    }
}

/// A field as the instance sees it that lists the row.
fn seen(rule: &WireRule, turned: bool, field: WireField) -> Option<&str> {
    let field = match (turned, field) {
        (true, WireField::LocalNamespaceName) => WireField::TargetNamespaceName,
        (true, WireField::LocalRepoName) => WireField::TargetRepoName,
        (true, WireField::TargetInstanceId) => WireField::LocalInstanceId,
        (true, WireField::TargetRegionId) => WireField::LocalRegionId,
        (_, field) => field,
    };
    rule.get(field)
}

#[cfg(test)]
mod tests {
    use super::{Ends, Filters, Seed};
    use crate::paging::Paging;
    use acr_api::ReadStatus;
    use acr_api::{Listing, WireField, WireRule};

    fn listing(id: &str, rules: &[&str]) -> Listing {
        let rules = rules
            .iter()
            .map(|rule| serde_json::from_str::<WireRule>(rule).unwrap())
            .collect();
        Listing {
            status: ReadStatus::Complete,
            rules,
            ..Listing::skipped(id, None)
        }
    }

    fn rule(id: &str, name: &str, local: &str, direction: &str, target: &str) -> String {
        format!(
            r#"{{"SyncRuleId":"{id}","SyncRuleName":"{name}","LocalInstanceId":"{local}","LocalNamespaceName":"{local}-ns",
            "LocalRegionId":"{local}-region","TargetInstanceId":"{target}","TargetNamespaceName":"{target}-ns",
            "TargetRegionId":"{target}-region","SyncDirection":"{direction}","CreateTime":{}}}"#,
            1_000 + id.len()
        )
    }

    /// A name, listings, and what `a` and `b` then list.
    type Case = (
        &'static str,
        Vec<Listing>,
        &'static [&'static str],
        &'static [&'static str],
    );

    /// The ids and directions an instance lists.
    fn rows(seed: &Seed, instance: &str) -> Vec<String> {
        let instance = seed.instance(instance).unwrap();
        let (total, rules) = seed.page(
            instance,
            Filters::default(),
            Paging {
                number: 1,
                size: 100,
                shift: 0,
            },
        );
        assert_eq!(total, rules.len());
        let text = |rule: &WireRule, field| rule.get(field).unwrap_or("-").to_owned();
        rules
            .iter()
            .map(|rule| {
                text(rule, WireField::SyncRuleId) + " " + &text(rule, WireField::SyncDirection)
            })
            .collect()
    }

    #[test]
    fn an_end_that_no_listing_has_is_added_once() {
        let (from, to) = (
            rule("r1", "one", "a", "FROM", "b"),
            rule("r1", "one", "b", "TO", "a"),
        );
        let other_id = rule("r1-b", "one", "b", "TO", "a");
        let twin = rule("r2", "one", "a", "FROM", "b");
        let own = rule("r3", "self", "a", "FROM", "a");
        let cases: [Case; 6] = [
            (
                "no listing",
                vec![listing("a", &[&from])],
                &["r1 FROM"],
                &["r1 TO"],
            ),
            (
                "empty listing",
                vec![listing("a", &[&from]), listing("b", &[])],
                &["r1 FROM"],
                &["r1 TO"],
            ),
            (
                "both listed",
                vec![listing("a", &[&from]), listing("b", &[&to])],
                &["r1 FROM"],
                &["r1 TO"],
            ),
            (
                "another id",
                vec![listing("a", &[&from]), listing("b", &[&other_id])],
                &["r1 FROM"],
                &["r1-b TO"],
            ),
            (
                "twins, one listed",
                vec![listing("b", &[&other_id]), listing("a", &[&from, &twin])],
                &["r1 FROM", "r2 FROM"],
                &["r1-b TO", "r2 TO"],
            ),
            (
                "to itself",
                vec![listing("b", &[]), listing("a", &[&own])],
                &["r3 FROM"],
                &[],
            ),
        ];
        for (name, listings, a, b) in cases {
            let seed = Seed::new(listings, Ends::Both);
            assert_eq!(
                (rows(&seed, "a"), rows(&seed, "b")),
                (
                    a.iter().map(ToString::to_string).collect(),
                    b.iter().map(ToString::to_string).collect()
                ),
                "{name}"
            );
        }
        let seed = Seed::new(
            vec![listing("a", &[&from]), listing("b", &[])],
            Ends::AsListed,
        );
        assert_eq!(
            (rows(&seed, "a").len(), rows(&seed, "b").len(), seed.rows()),
            (1, 0, 1)
        );
    }

    #[test]
    fn filters_look_at_the_side_that_lists() {
        let rules = [
            rule("r1", "one", "a", "FROM", "b"),
            rule("r2", "two", "a", "FROM", "c"),
        ];
        let seed = Seed::new(vec![listing("a", &[&rules[0], &rules[1]])], Ends::Both);
        let cases = [
            (
                "a",
                Filters {
                    namespace: Some("a-ns"),
                    ..Filters::default()
                },
                2,
            ),
            (
                "a",
                Filters {
                    namespace: Some("b-ns"),
                    ..Filters::default()
                },
                0,
            ),
            (
                "a",
                Filters {
                    namespace: Some("a-n"),
                    ..Filters::default()
                },
                0,
            ),
            (
                "a",
                Filters {
                    target_instance: Some("b"),
                    ..Filters::default()
                },
                1,
            ),
            (
                "a",
                Filters {
                    target_region: Some("c-region"),
                    namespace: Some("a-ns"),
                    ..Filters::default()
                },
                1,
            ),
            (
                "a",
                Filters {
                    repo: Some("app"),
                    ..Filters::default()
                },
                0,
            ),
            (
                "b",
                Filters {
                    namespace: Some("b-ns"),
                    target_instance: Some("a"),
                    ..Filters::default()
                },
                1,
            ),
            (
                "b",
                Filters {
                    namespace: Some("a-ns"),
                    ..Filters::default()
                },
                0,
            ),
            (
                "b",
                Filters {
                    target_region: Some("a-region"),
                    ..Filters::default()
                },
                1,
            ),
        ];
        for (id, filters, expected) in cases {
            let instance = seed.instance(id).unwrap();
            let (total, rules) = seed.page(
                instance,
                filters,
                Paging {
                    number: 1,
                    size: 1,
                    shift: 0,
                },
            );
            assert_eq!(
                (total, rules.len()),
                (expected, expected.min(1)),
                "{id} {filters:?}"
            );
        }
    }

    #[test]
    fn rules_come_and_go_at_both_ends() {
        let rules = [
            rule("r1", "one", "a", "FROM", "b"),
            rule("r2", "two", "a", "FROM", "b"),
        ];
        let mut seed = Seed::new(vec![listing("a", &[&rules[0], &rules[1]])], Ends::Both);
        seed.delete("r1");
        seed.insert(serde_json::from_str(&rule("r3", "three", "b", "FROM", "a")).unwrap());
        assert_eq!(
            (rows(&seed, "a"), rows(&seed, "b")),
            (
                vec!["r2 FROM".to_owned(), "r3 TO".to_owned()],
                vec!["r2 TO".to_owned(), "r3 FROM".to_owned()],
            )
        );
        let filters = Filters {
            namespace: Some("a-ns"),
            ..Filters::default()
        };
        let (total, _) = seed.page(
            seed.instance("a").unwrap(),
            filters,
            Paging {
                number: 1,
                size: 9,
                shift: 0,
            },
        );
        assert_eq!(total, 2);
    }

    #[test]
    fn what_was_not_read_is_not_served() {
        let unread = |status| {
            Seed::new(
                vec![Listing {
                    status,
                    ..listing("a", &[])
                }],
                Ends::Both,
            )
        };
        for (status, served) in [
            (ReadStatus::Complete, true),
            (ReadStatus::Denied, true),
            (ReadStatus::NotFound, false),
            (ReadStatus::Skipped, false),
        ] {
            assert_eq!(unread(status).instance("a").is_some(), served, "{status:?}");
        }
        assert!(Seed::default().instance("a").is_none());
    }

    #[test]
    fn an_instance_is_as_old_as_its_oldest_rule() {
        let rules = [
            rule("r22", "two", "a", "FROM", "b"),
            rule("r1", "one", "a", "FROM", "b"),
        ];
        let seed = Seed::new(vec![listing("a", &[&rules[0], &rules[1]])], Ends::Both)
            .with_name("a", "prod");
        let instance = seed.instance("a").unwrap();
        assert_eq!(
            (seed.oldest(instance), &*instance.name),
            (Some(1_002), "prod")
        );
    }
}
