//! The findings of detections: a message and a help text for each.

use rustc_hash::{FxHashMap, FxHashSet};

use super::analysis::{Analysis, Detection, DetectionEvidence};
use super::flow::Image;
use super::interner::TextId;
use super::rule_graph::{RuleEdge, RuleGraph, SideSet};
use crate::finding::{Code, Finding, Fingerprint, Severity};
use crate::model::{
    Aliases, DesiredState, Endpoint, Instance, LiveState, NamespaceName, RepoName, Selection,
};

/// The most findings of one code that are listed. The others are counted.
const MAX_LISTED: usize = 1_000;
/// The most locations of a way, and names of rules, that are listed. The others are counted.
const MAX_NAMED: usize = 12;

/// Returns the findings of all detections that involve a selected rule.
pub(super) fn findings(
    analysis: &Analysis<'_, '_>,
    desired: &DesiredState,
    live: &LiveState,
) -> Vec<Finding> {
    let selection = &desired.selection;
    let builder = FindingBuilder::new(analysis.graph, desired, live);
    let mut counts: FxHashMap<Code, usize> = FxHashMap::default();
    let mut findings = Vec::new();
    for detection in merged_detections(analysis) {
        if !builder.is_selected(&detection, selection) || builder.is_ignored(&detection) {
            continue;
        }
        let count = counts.entry(detection.code.clone()).or_default();
        *count += 1;
        if *count <= MAX_LISTED {
            findings.push(builder.build(&detection));
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

/// Returns each detection once: of detections that differ only in the values of rules with the same names, the one on
/// the first side, with all of their sides.
fn merged_detections(analysis: &Analysis<'_, '_>) -> Vec<Detection> {
    let rule_id = |edge: &usize| {
        let edge = analysis.graph.edge(*edge);
        (edge.locations.source.instance, edge.name)
    };
    let mut detections: Vec<&Detection> = analysis.detections.iter().collect();
    detections.sort_by_cached_key(|it| (first_side(it.sides), it.edges.clone()));
    let mut indices: FxHashMap<(Code, Vec<(TextId, TextId)>), usize> = FxHashMap::default();
    let mut merged: Vec<Detection> = Vec::new();
    for detection in detections {
        let rules = detection.edges.iter().map(rule_id).collect();
        let index = *indices
            .entry((detection.code.clone(), rules))
            .or_insert(merged.len());
        match merged.get_mut(index) {
            Some(first) => {
                first.sides = first.sides.union(detection.sides);
                if matches!(first.evidence, DetectionEvidence::Undecided(_)) {
                    first.evidence = detection.evidence.clone();
                }
            }
            None => merged.push(detection.clone()),
        }
    }
    merged
}

/// Returns the position of the first side of a set.
fn first_side(sides: SideSet) -> Option<usize> {
    SideSet::EACH.iter().position(|side| sides.includes(*side))
}

fn unlisted_finding(code: Code, count: usize) -> Finding {
    let findings = if count == 1 { "finding" } else { "findings" };
    let message = format!("{count} more {code} {findings} not listed");
    let help = "narrow the run with --instance, --rule or --namespace";
    Finding {
        help: help.to_owned(),
        ..Finding::bare(code, "", message, &["more"])
    }
}

fn incomplete_finding(code: &Code, sides: SideSet) -> Finding {
    let search = match code {
        Code::SyncLoop => "loop detection",
        Code::LongChain => "chain detection",
        Code::Overlap | Code::ShadowedRule => "overlap detection",
        Code::FanIn => "fan-in detection",
        _ => "detection",
    };
    let rules = if sides.includes(SideSet::DESIRED) {
        "the declared rules"
    } else {
        "the live rules"
    };
    let message = format!("{search} was cut short for {rules}: too many of them feed each other");
    let help = "name namespaces in some of the rules that cover whole instances";
    Finding {
        severity: Severity::Warning,
        help: help.to_owned(),
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

    fn build(&self, detection: &Detection) -> Finding {
        let code = &detection.code;
        let Some(edge) = self.main_edge(detection) else {
            return Finding::bare(code.clone(), "", code.title().to_owned(), &[]);
        };
        let (message, severity) = match &detection.evidence {
            DetectionEvidence::Undecided(reason) => (
                format!(
                    "could not determine whether {}: {reason}",
                    self.describe_undecided(detection)
                ),
                Severity::Info,
            ),
            _ => (self.describe(detection), code.default_severity()),
        };
        let instance_id = edge.rule.source.instance.as_str();
        let instance = self.instances.get(instance_id).copied();
        let key = (instance_id, edge.rule.name.as_str());
        let content = self
            .edges(detection)
            .flat_map(|edge| [edge.rule.source.instance.as_str(), edge.rule.name.as_str()]);
        Finding {
            severity,
            message,
            help: help(code).to_owned(),
            instance: instance.map(|instance| instance.alias.clone()),
            rule: Some(edge.rule.name.clone()),
            field: None,
            fingerprint: Fingerprint::new(code, key, None, content.map(Some)),
            place: edge
                .declared
                .map(|declared| declared.place)
                .or(instance.map(|instance| instance.place)),
            change: None,
            code: code.clone(),
        }
    }

    /// Returns the edge whose rule a finding names: the last one of a chain, which is the one to remove, else the first.
    fn main_edge(&self, detection: &Detection) -> Option<&'g RuleEdge<'a>> {
        let mut edges = self.edges(detection);
        match detection.code {
            Code::LongChain => edges.last(),
            _ => edges.next(),
        }
    }

    fn describe_undecided(&self, detection: &Detection) -> String {
        let conflict = match detection.code {
            Code::SyncLoop => "form a loop",
            Code::LongChain => "form a long chain",
            Code::FanIn => "copy one image name from two sources to one target",
            _ => "copy the same images",
        };
        let names = self.names(detection);
        let sides = self.describe_sides(detection);
        format!("rules {names} {conflict} ({sides})")
    }

    fn describe(&self, detection: &Detection) -> String {
        let names = self.names(detection);
        let sides = self.describe_sides(detection);
        match detection.code {
            Code::SyncLoop => {
                let way = self.way(detection);
                format!("rules {names} form a loop ({sides}): {way}, and starts over")
            }
            Code::LongChain => {
                let hops = detection.edges.len();
                let way = self.way(detection);
                format!("{hops} automatic rules, {names}, form a chain ({sides}): {way}")
            }
            Code::FanIn => {
                let image = self.image_at_target(detection);
                let sources: Vec<String> = self
                    .edges(detection)
                    .map(|edge| self.source(edge, detection))
                    .collect();
                let sources = sources.join(" and from ");
                format!(
                    "rules {names} copy from two sources to one target ({sides}): {image} comes from {sources}"
                )
            }
            Code::Overlap => {
                let image = self.image_at_target(detection);
                format!("rules {names} both copy {image} from the same source ({sides})")
            }
            Code::ShadowedRule => {
                let image = self.image_at_target(detection);
                let [covered, covering] = [0, 1].map(|position| self.name(detection, position));
                format!(
                    "rule {covered} copies only images that {covering} copies too ({sides}), such as {image}"
                )
            }
            Code::SelfSync => {
                let source = self.first_source(detection);
                format!("rule {names} copies {source} onto itself ({sides})")
            }
            _ => names,
        }
    }

    /// Returns the name of one of the rules, in quotes.
    fn name(&self, detection: &Detection, position: usize) -> String {
        let edge = self.edges(detection).nth(position);
        edge.map_or_else(String::new, |edge| format!("\"{}\"", edge.rule.name))
    }

    /// Returns the names of the rules, in quotes.
    fn names(&self, detection: &Detection) -> String {
        let names: Vec<String> = self
            .edges(detection)
            .map(|edge| format!("\"{}\"", edge.rule.name))
            .collect();
        match names.as_slice() {
            [one, other] => format!("{one} and {other}"),
            names => join(names, ", "),
        }
    }

    fn describe_sides(&self, detection: &Detection) -> &'static str {
        let is_read = || {
            self.edges(detection)
                .all(|edge| self.complete.contains(edge.rule.source.instance.as_str()))
        };
        let [desired, live, planned] = SideSet::EACH.map(|side| detection.sides.includes(side));
        match (desired, live, planned) {
            (true, true, _) => "desired and live",
            (true, false, _) if is_read() => "desired, not live",
            (true, false, _) => "desired",
            (false, true, true) => "live, with unmanaged rules; unchanged by the plan",
            (false, true, false) => "live, not desired; resolved by the plan",
            (false, false, _) => "only after applying the plan",
        }
    }

    /// Returns the way of an image over the rules; without an image, the locations of the rules.
    fn way(&self, detection: &Detection) -> String {
        let Some(first) = self.edges(detection).next() else {
            return String::new();
        };
        let DetectionEvidence::Image(image) = &detection.evidence else {
            let mut locations = vec![self.aliases.end(&first.rule.source)];
            for edge in self.edges(detection) {
                locations.push(self.aliases.end(&edge.rule.target));
            }
            return join(&locations, " -> ");
        };
        let mut image = image.clone();
        let mut locations = vec![self.path(&first.rule.source, &image)];
        for edge in self.edges(detection) {
            image = image.carried(&edge.rule.target);
            locations.push(self.path(&edge.rule.target, &image));
        }
        format!("tag \"{}\" goes {}", image.tag, join(&locations, " -> "))
    }

    /// Returns the image of the evidence at the target of the first rule.
    fn image_at_target(&self, detection: &Detection) -> String {
        let first = self.edges(detection).next();
        let (DetectionEvidence::Image(image), Some(first)) = (&detection.evidence, first) else {
            return String::new();
        };
        let target = &first.rule.target;
        let path = self.path(target, &image.carried(target));
        format!("{path}:{}", image.tag)
    }

    fn first_source(&self, detection: &Detection) -> String {
        let first = self.edges(detection).next();
        first.map_or_else(String::new, |edge| self.aliases.end(&edge.rule.source))
    }

    /// Returns the path from which a rule copies the image that the first rule copies to the same target.
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
        self.path(source, &original)
    }

    /// Returns the path of an image on the instance of an endpoint.
    fn path(&self, endpoint: &Endpoint, image: &Image) -> String {
        let instance = self.aliases.name(endpoint.instance.as_str());
        format!("{instance}/{}/{}", image.namespace, image.repo)
    }
}

/// Joins the first few parts, and counts the others.
fn join(parts: &[String], separator: &str) -> String {
    let shown = parts.get(..MAX_NAMED).unwrap_or(parts).join(separator);
    match parts.len().saturating_sub(MAX_NAMED) {
        0 => shown,
        more => format!("{shown}{separator}… ({more} more)"),
    }
}

const fn help(code: &Code) -> &'static str {
    match code {
        Code::SyncLoop => {
            "narrow a filter so that arrived images are not sent back, or make one of the rules manual"
        }
        Code::LongChain => "copy directly from the first instance; each hop can fail unnoticed",
        Code::FanIn => {
            "copy other tags or to another repository in one of the two: the rule that runs last wins"
        }
        Code::Overlap => "narrow one of the filters: images that both match are copied twice",
        Code::ShadowedRule => "remove this rule, or narrow the other one",
        Code::SelfSync => "correct the target, or delete the rule",
        _ => "",
    }
}
