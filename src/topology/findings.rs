//! The findings of detections: each with its message, help text and fingerprint.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::analysis::{Analysis, Detection, DetectionEvidence};
use super::flow::Image;
use super::merge::{group_by_cycle, is_undecided, merge_sides};
use super::rule_graph::{RuleEdge, RuleGraph, SideSet};
use crate::finding::{Code, Finding, Fingerprint, PathRule, RulePath, Severity};
use crate::i18n::Message;
use crate::model::{
    Aliases, DesiredState, Endpoint, Instance, LiveState, NamespaceName, RepoName, Selection,
};

/// The maximum number of listed findings of one code. The others are counted.
const MAX_LISTED: usize = 1_000;
/// The maximum number of locations of a path, and of names of rules, in a message. The others are counted.
const MAX_NAMED: usize = 12;

/// Returns the findings of all detections that involve a selected rule.
pub(super) fn findings(
    analysis: Analysis<'_, '_>,
    desired: &DesiredState,
    live: &LiveState,
) -> Vec<Finding> {
    let selection = &desired.selection;
    let builder = FindingBuilder::new(analysis.graph, desired, live);
    let mut counts: FxHashMap<Code, usize> = FxHashMap::default();
    let mut findings = Vec::new();
    let mut detections = merge_sides(analysis.graph, analysis.detections);
    detections.retain(|detection| !builder.is_ignored(detection));
    for group in group_by_cycle(analysis.graph, detections) {
        let Some((main, others)) = group.split_first() else {
            continue;
        };
        if !group.iter().any(|it| builder.is_selected(it, selection)) {
            continue;
        }
        let count = counts.entry(main.code.clone()).or_default();
        *count += 1;
        if *count <= MAX_LISTED {
            findings.push(builder.build(main, others));
        }
    }
    counts.retain(|_, count| *count > MAX_LISTED);
    let mut unlisted: Vec<_> = counts.into_iter().collect();
    unlisted.sort_unstable();
    for (code, count) in unlisted {
        findings.push(unlisted_finding(code, count - MAX_LISTED));
    }
    if selection.is_everything() {
        let mut incomplete: Vec<_> = analysis.incomplete.iter().collect();
        incomplete.sort_unstable_by_key(|(code, _)| (*code).clone());
        for (code, sides) in incomplete {
            findings.push(incomplete_finding(code, *sides));
        }
    }
    findings
}

fn unlisted_finding(code: Code, count: usize) -> Finding {
    let message = Message::findings_not_listed(count, code.as_str());
    Finding {
        help: Message::narrow_run_help(),
        ..Finding::bare(code, "", message, &["more"])
    }
}

fn incomplete_finding(code: &Code, sides: SideSet) -> Finding {
    let search = match code {
        Code::SyncLoop => Message::loop_detection(),
        Code::LongChain => Message::chain_detection(),
        Code::Overlap | Code::ShadowedRule => Message::overlap_detection(),
        Code::FanIn => Message::fan_in_detection(),
        _ => Message::detection(),
    };
    let rules = if sides.includes(SideSet::DESIRED) {
        Message::the_declared_rules()
    } else {
        Message::the_live_rules()
    };
    let message = Message::detection_cut_short(search, rules);
    Finding {
        severity: Severity::Warning,
        help: Message::name_namespaces_help(),
        ..Finding::bare(code.clone(), "", message, &["given up"])
    }
}

/// Turns detections into findings.
struct FindingBuilder<'g, 'a> {
    graph: &'g RuleGraph<'a>,
    aliases: Aliases<'a>,
    /// The declared instances by id.
    instances: FxHashMap<&'a str, &'a Instance>,
    /// The ids of the instances that were read completely.
    complete: FxHashSet<&'a str>,
}

impl<'g, 'a> FindingBuilder<'g, 'a> {
    fn new(graph: &'g RuleGraph<'a>, desired: &'a DesiredState, live: &'a LiveState) -> Self {
        Self {
            graph,
            aliases: Aliases::from_desired(desired),
            instances: desired
                .instances
                .iter()
                .map(|instance| (instance.id.as_str(), instance))
                .collect(),
            complete: live
                .instances
                .iter()
                .filter(|listing| listing.is_complete())
                .map(|listing| listing.id.as_str())
                .collect(),
        }
    }

    fn edges(&self, detection: &Detection) -> impl Iterator<Item = &'g RuleEdge<'a>> {
        detection.edges.iter().map(|edge| self.graph.edge(*edge))
    }

    fn is_selected(&self, detection: &Detection, selection: &Selection) -> bool {
        self.edges(detection).any(|edge| {
            let instance = self.aliases.name(edge.rule.source.instance.as_str());
            selection.has_rule(instance, edge.rule)
        })
    }

    /// Returns true if all of the rules are live, not declared, and left as they are by the plan.
    fn is_ignored(&self, detection: &Detection) -> bool {
        let mut edges = self.edges(detection);
        detection.sides.includes(SideSet::PLANNED) && edges.all(|edge| edge.declared.is_none())
    }

    /// Builds the finding of a detection. `others` are the other paths of its cycle.
    fn build(&self, detection: &Detection, others: &[Detection]) -> Finding {
        let code = &detection.code;
        let Some(edge) = self.main_edge(detection) else {
            return Finding::bare(code.clone(), "", code.title().into(), &[]);
        };
        let (message, severity) = match &detection.evidence {
            DetectionEvidence::Undecided(reason) => (
                self.describe_undecided(detection, others, reason),
                Severity::Info,
            ),
            _ => (self.describe(detection, others), code.default_severity()),
        };
        let instance_id = edge.rule.source.instance.as_str();
        let instance = self.instances.get(instance_id).copied();
        let key = (instance_id, edge.rule.name.as_str());
        // Every rule is part of the identity: who accepted the finding has not accepted a path over another rule.
        let main_rules = self.edges(detection).map(rule_id);
        let content = main_rules
            .chain(self.other_rules(detection, others))
            .flat_map(|(instance, name)| [instance, name]);
        Finding {
            severity,
            message,
            help: help(code),
            instance: instance.map(|instance| instance.alias.clone()),
            rule: Some(edge.rule.name.clone()),
            field: None,
            fingerprint: Fingerprint::new(code, key, None, content.map(Some)),
            place: edge
                .declared
                .map(|declared| declared.place)
                .or(instance.map(|instance| instance.place)),
            change: None,
            paths: self.paths(detection, others),
            code: code.clone(),
        }
    }

    /// Returns the paths of a loop; none of other detections.
    fn paths(&self, detection: &Detection, others: &[Detection]) -> Vec<RulePath> {
        if detection.code != Code::SyncLoop {
            return Vec::new();
        }
        let detections = std::iter::once(detection).chain(others);
        let paths = detections.map(|detection| RulePath {
            rules: self
                .edges(detection)
                .map(|edge| PathRule {
                    instance: self.aliases.name(edge.rule.source.instance.as_str()).into(),
                    name: edge.rule.name.as_str().into(),
                })
                .collect(),
            sides: self.describe_sides(detection).to_string(),
            undecided: is_undecided(detection),
        });
        paths.collect()
    }

    /// Returns the rules of other paths that a path does not have.
    fn other_rules(
        &self,
        detection: &Detection,
        others: &[Detection],
    ) -> BTreeSet<(&'g str, &'g str)> {
        let edges = others.iter().flat_map(|other| self.edges(other));
        let mut rules: BTreeSet<_> = edges.map(rule_id).collect();
        for edge in self.edges(detection) {
            rules.remove(&rule_id(edge));
        }
        rules
    }

    /// Returns the edge whose rule a finding names: the last one of a chain, which is the one to remove, else the first.
    fn main_edge(&self, detection: &Detection) -> Option<&'g RuleEdge<'a>> {
        let mut edges = self.edges(detection);
        match detection.code {
            Code::LongChain => edges.last(),
            _ => edges.next(),
        }
    }

    fn describe_undecided(
        &self,
        detection: &Detection,
        others: &[Detection],
        reason: &Message,
    ) -> Message {
        let reason = reason.clone();
        let (rules, sides) = (self.names(detection), self.describe_sides(detection));
        match detection.code {
            Code::SyncLoop if others.is_empty() => Message::undecided_loop(rules, sides, reason),
            Code::SyncLoop => {
                let (count, paths) = (self.count_rules(detection, others), 1 + others.len());
                Message::undecided_loop_on_paths(count, paths, rules, sides, reason)
            }
            Code::LongChain => Message::undecided_chain(rules, sides, reason),
            Code::FanIn => Message::undecided_fan_in(rules, sides, reason),
            _ => Message::undecided_overlap(rules, sides, reason),
        }
    }

    /// Returns the number of rules on all paths of a cycle.
    fn count_rules(&self, detection: &Detection, others: &[Detection]) -> usize {
        let own: BTreeSet<_> = self.edges(detection).map(rule_id).collect();
        own.len() + self.other_rules(detection, others).len()
    }

    fn describe(&self, detection: &Detection, others: &[Detection]) -> Message {
        let names = self.names(detection);
        let sides = self.describe_sides(detection);
        match detection.code {
            Code::SyncLoop => {
                let path = self.describe_path(detection);
                if others.is_empty() {
                    return Message::sync_loop(names, sides, path);
                }
                let (count, paths) = (self.count_rules(detection, others), 1 + others.len());
                Message::sync_loop_on_paths(count, paths, names, sides, path)
            }
            Code::LongChain => {
                let hops = detection.edges.len();
                let path = self.describe_path(detection);
                Message::long_chain(hops, names, sides, path)
            }
            Code::FanIn => {
                let image = self.image_at_target(detection);
                let sources = self
                    .edges(detection)
                    .map(|edge| self.source(edge, detection));
                let sources = sources
                    .map(Message::from)
                    .reduce(Message::and_from)
                    .unwrap_or_default();
                Message::fan_in(names, sides, image, sources)
            }
            Code::Overlap => {
                let image = self.image_at_target(detection);
                Message::overlap(names, image, sides)
            }
            Code::ShadowedRule => {
                let image = self.image_at_target(detection);
                let [covered, covering] = [0, 1].map(|position| self.name(detection, position));
                Message::shadowed_rule(covered, covering, sides, image)
            }
            Code::SelfSync => {
                let source = self.first_source(detection);
                Message::self_sync(names, source, sides)
            }
            _ => names,
        }
    }

    /// Returns the name of one of the rules, in quotes.
    fn name(&self, detection: &Detection, position: usize) -> Message {
        let edge = self.edges(detection).nth(position);
        edge.map_or_else(Message::default, |edge| {
            Message::quoted(edge.rule.name.as_str())
        })
    }

    /// Returns the names of the rules, in quotes.
    fn names(&self, detection: &Detection) -> Message {
        let edges = self.edges(detection);
        let mut names: Vec<Message> = edges
            .map(|edge| Message::quoted(edge.rule.name.as_str()))
            .collect();
        if let [one, other] = names.as_slice() {
            Message::both(one.clone(), other.clone())
        } else {
            let more = names.len().saturating_sub(MAX_NAMED);
            names.truncate(MAX_NAMED);
            match more {
                0 => Message::list(names),
                _ => Message::list_and_more(Message::list(names), more),
            }
        }
    }

    fn describe_sides(&self, detection: &Detection) -> Message {
        let is_read = || {
            self.edges(detection)
                .all(|edge| self.complete.contains(edge.rule.source.instance.as_str()))
        };
        let [desired, live, planned] = SideSet::EACH.map(|side| detection.sides.includes(side));
        match (desired, live, planned) {
            (true, true, _) => Message::desired_and_live(),
            (true, false, _) if is_read() => Message::desired_not_live(),
            (true, false, _) => Message::desired_side(),
            (false, true, true) => Message::live_unchanged_by_plan(),
            (false, true, false) => Message::live_resolved_by_plan(),
            (false, false, _) => Message::after_plan(),
        }
    }

    /// Returns the path of an image over the rules; without an image, the locations of the rules.
    fn describe_path(&self, detection: &Detection) -> Message {
        let Some(first) = self.edges(detection).next() else {
            return Message::default();
        };
        let DetectionEvidence::Image(image) = &detection.evidence else {
            let mut locations = vec![self.aliases.end(&first.rule.source)];
            for edge in self.edges(detection) {
                locations.push(self.aliases.end(&edge.rule.target));
            }
            return join_path(&locations);
        };
        let mut image = image.clone();
        let mut locations = vec![self.repository(&first.rule.source, &image)];
        for edge in self.edges(detection) {
            image = image.carried(&edge.rule.target);
            locations.push(self.repository(&edge.rule.target, &image));
        }
        Message::tag_goes(&*image.tag, join_path(&locations))
    }

    /// Returns the image of the evidence at the target of the first rule.
    fn image_at_target(&self, detection: &Detection) -> String {
        let first = self.edges(detection).next();
        let (DetectionEvidence::Image(image), Some(first)) = (&detection.evidence, first) else {
            return String::new();
        };
        let target = &first.rule.target;
        let repository = self.repository(target, &image.carried(target));
        format!("{repository}:{}", image.tag)
    }

    fn first_source(&self, detection: &Detection) -> String {
        let first = self.edges(detection).next();
        first.map_or_else(String::new, |edge| self.aliases.end(&edge.rule.source))
    }

    /// Returns the repository from which a rule copies the image that the first rule copies to the same target.
    fn source(&self, edge: &RuleEdge<'_>, detection: &Detection) -> String {
        let source = &edge.rule.source;
        let first = self.edges(detection).next();
        let (DetectionEvidence::Image(image), Some(first)) = (&detection.evidence, first) else {
            return self.aliases.end(source);
        };
        let copy = image.carried(&first.rule.target);
        // A name that the source leaves open is kept.
        let namespace = source.namespace.as_ref().map(NamespaceName::as_str);
        let repo = source.repo.as_ref().map(RepoName::as_str);
        let original = Image {
            namespace: namespace.unwrap_or(&copy.namespace).into(),
            repo: repo.unwrap_or(&copy.repo).into(),
            tag: copy.tag,
        };
        self.repository(source, &original)
    }

    /// Returns the repository of an image on the instance of an endpoint.
    fn repository(&self, endpoint: &Endpoint, image: &Image) -> String {
        let instance = self.aliases.name(endpoint.instance.as_str());
        format!("{instance}/{}/{}", image.namespace, image.repo)
    }
}

/// Returns the identity of the rule of an edge: its source instance and its name.
fn rule_id<'g>(edge: &'g RuleEdge<'_>) -> (&'g str, &'g str) {
    (edge.rule.source.instance.as_str(), edge.rule.name.as_str())
}

/// Joins the first few locations, and counts the others.
fn join_path(locations: &[String]) -> Message {
    let shown = locations.get(..MAX_NAMED).unwrap_or(locations).join(" -> ");
    match locations.len().saturating_sub(MAX_NAMED) {
        0 => shown.into(),
        more => Message::path_and_more(shown, more),
    }
}

fn help(code: &Code) -> Message {
    match code {
        Code::SyncLoop => Message::sync_loop_help(),
        Code::LongChain => Message::long_chain_help(),
        Code::FanIn => Message::fan_in_help(),
        Code::Overlap => Message::overlap_help(),
        Code::ShadowedRule => Message::shadowed_rule_help(),
        Code::SelfSync => Message::self_sync_help(),
        _ => Message::default(),
    }
}
