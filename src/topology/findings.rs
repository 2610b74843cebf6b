//! Findings of detections: a message and a help text for each.

use rustc_hash::{FxHashMap, FxHashSet};

use super::analysis::{Analysis, Detection, Evidence};
use super::flow::Image;
use super::rule_graph::{RuleEdge, RuleGraph, SideSet};
use crate::finding::{Code, Finding, Fingerprint, Severity};
use crate::model::{
    Aliases, DesiredState, Endpoint, Instance, LiveState, NamespaceName, RepoName, Selection,
};

/// The most findings of one code that are listed; the rest is counted.
const MAX_LISTED: usize = 1_000;
/// How many places of a way, and names of rules, are counts.
const MAX_NAMED: usize = 12;

/// The findings of what was found within a selection: what one of the selected rules has a part in.
pub(super) fn findings(
    analysis: &Analysis<'_, '_>,
    desired: &DesiredState,
    live: &LiveState,
) -> Vec<Finding> {
    let selection = &desired.selection;
    let context = Context::new(analysis.network, desired, live);
    let mut counts: FxHashMap<Code, usize> = FxHashMap::default();
    let mut findings = Vec::new();
    for detection in merged(analysis) {
        if !context.is_selected(&detection, selection) || context.is_ignored(&detection) {
            continue;
        }
        let count = counts.entry(detection.code.clone()).or_default();
        *count += 1;
        if *count <= MAX_LISTED {
            findings.push(context.finding(&detection));
        }
    }
    let mut more: Vec<_> = counts
        .into_iter()
        .filter(|(_, count)| *count > MAX_LISTED)
        .collect();
    more.sort_unstable();
    findings.extend(
        more.into_iter()
            .map(|(code, count)| omitted(code, count - MAX_LISTED)),
    );
    if selection.is_everything() {
        let mut incomplete: Vec<_> = analysis.incomplete.iter().collect();
        incomplete.sort_unstable_by_key(|(code, _)| (*code).clone());
        findings.extend(
            incomplete
                .into_iter()
                .map(|(code, sides)| cut_short(code, *sides)),
        );
    }
    findings
}

/// What was found, each once: rules that changed are other rules under the same names, and the same finding.
fn merged(analysis: &Analysis<'_, '_>) -> Vec<Detection> {
    let mut known: FxHashMap<(Code, Vec<[u32; 2]>), usize> = FxHashMap::default();
    let mut merged: Vec<Detection> = Vec::new();
    let rank = |it: &Detection| {
        (
            SideSet::EACH
                .iter()
                .position(|side| it.sides.includes(*side)),
            it.routes.clone(),
        )
    };
    let mut found: Vec<&Detection> = analysis.found.iter().collect();
    found.sort_by_cached_key(|it| rank(it));
    for Detection {
        code,
        routes,
        sides,
        evidence,
    } in found
    {
        let name = |it: &usize| {
            [
                analysis.network.route(*it).hop.from[0],
                analysis.network.route(*it).name,
            ]
        };
        let at = *known
            .entry((code.clone(), routes.iter().map(name).collect()))
            .or_insert(merged.len());
        match merged.get_mut(at) {
            Some(first) => {
                first.sides = first.sides.or(*sides);
                if matches!(first.evidence, Evidence::Doubt(_)) {
                    first.evidence = evidence.clone();
                }
            }
            None => merged.push(Detection {
                code: code.clone(),
                routes: routes.clone(),
                sides: *sides,
                evidence: evidence.clone(),
            }),
        }
    }
    merged
}

fn omitted(code: Code, count: usize) -> Finding {
    let message = {
        let findings = if count == 1 { "finding" } else { "findings" };
        format!("{count} more {code} {findings} not listed")
    };
    let help = "narrow the run with --instance, --rule or --namespace";
    Finding {
        help: help.to_owned(),
        ..Finding::bare(code, "", message, &["more"])
    }
}

fn cut_short(code: &Code, sides: SideSet) -> Finding {
    let search = match code {
        Code::SyncLoop => "loop detection",
        Code::LongChain => "chain detection",
        Code::Overlap | Code::ShadowedRule => "overlap detection",
        Code::FanIn => "fan-in detection",
        _ => "detection",
    };
    let side = if sides.includes(SideSet::DESIRED) {
        "the declared rules"
    } else {
        "the live rules"
    };
    let message = format!("{search} was cut short for {side}: too many of them feed each other");
    let help = "name namespaces in some of the rules that cover whole instances";
    Finding {
        severity: Severity::Warning,
        help: help.to_owned(),
        ..Finding::bare(code.clone(), "", message, &["given up"])
    }
}

struct Context<'n, 'a> {
    network: &'n RuleGraph<'a>,
    aliases: Aliases<'a>,
    declared: FxHashMap<&'a str, &'a Instance>,
    read: FxHashSet<&'a str>,
}

impl<'n, 'a> Context<'n, 'a> {
    fn new(network: &'n RuleGraph<'a>, desired: &'a DesiredState, live: &'a LiveState) -> Self {
        let read = live
            .instances
            .iter()
            .filter(|it| it.is_complete())
            .map(|it| it.id.as_str())
            .collect();
        let declared = desired
            .instances
            .iter()
            .map(|it| (it.id.as_str(), it))
            .collect();
        Self {
            network,
            aliases: Aliases::from_desired(desired),
            declared,
            read,
        }
    }

    fn routes(&self, detection: &Detection) -> impl Iterator<Item = &'n RuleEdge<'a>> {
        detection.routes.iter().map(|it| self.network.route(*it))
    }

    fn is_selected(&self, detection: &Detection, selection: &Selection) -> bool {
        self.routes(detection).any(|it| {
            selection.has_rule(self.aliases.name(it.rule.source.instance.as_str()), it.rule)
        })
    }

    /// Whether all of the rules are live ones that the rules files say nothing of, and that stay.
    fn is_ignored(&self, detection: &Detection) -> bool {
        let mut routes = self.routes(detection);
        detection.sides.includes(SideSet::PLANNED) && routes.all(|it| it.declared.is_none())
    }

    fn finding(&self, detection: &Detection) -> Finding {
        let code = &detection.code;
        let Some(first) = self.routes(detection).next() else {
            return Finding::bare(code.clone(), "", code.title().to_owned(), &[]);
        };
        // A finding of a chain is about its last rule, which is the one to remove.
        let about = if *code == Code::LongChain {
            self.routes(detection).last().unwrap_or(first)
        } else {
            first
        };
        let instance = self
            .declared
            .get(about.rule.source.instance.as_str())
            .copied();
        let ids = self
            .routes(detection)
            .flat_map(|it| [it.rule.source.instance.as_str(), it.rule.name.as_str()]);
        let key = (
            about.rule.source.instance.as_str(),
            about.rule.name.as_str(),
        );
        let (message, severity) = match &detection.evidence {
            Evidence::Doubt(why) => (
                format!(
                    "could not determine whether {}: {why}",
                    self.describe_undecided(detection)
                ),
                Severity::Info,
            ),
            evidence => (self.describe(detection, evidence), code.default_severity()),
        };
        Finding {
            severity,
            message,
            help: help(code).to_owned(),
            instance: instance.map(|it| it.alias.clone()),
            rule: Some(about.rule.name.clone()),
            field: None,
            fingerprint: Fingerprint::new(code, key, None, ids.map(Some)),
            place: about
                .declared
                .map(|it| it.place)
                .or(instance.map(|it| it.place)),
            change: None,
            code: code.clone(),
        }
    }

    fn describe_undecided(&self, detection: &Detection) -> String {
        let what = match detection.code {
            Code::SyncLoop => "form a loop",
            Code::LongChain => "form a long chain",
            Code::FanIn => "copy one image name from two sources to one target",
            _ => "copy the same images",
        };
        format!(
            "rules {} {what} ({})",
            self.names(detection),
            self.sides(detection)
        )
    }

    fn describe(&self, detection: &Detection, evidence: &Evidence) -> String {
        let (names, sides) = (self.names(detection), self.sides(detection));
        let way = self.way(detection, evidence);
        let image = match evidence {
            Evidence::Image(image) => self.image_at_target(detection, image),
            _ => String::new(),
        };
        match detection.code {
            Code::SyncLoop => {
                format!("rules {names} form a loop ({sides}): {way}, and starts over")
            }
            Code::LongChain => {
                let hops = detection.routes.len();
                format!("{hops} automatic rules, {names}, form a chain ({sides}): {way}")
            }
            Code::FanIn => {
                let sources: Vec<String> = self
                    .routes(detection)
                    .map(|it| self.source(it, detection, evidence))
                    .collect();
                let sources = sources.join(" and from ");
                format!(
                    "rules {names} copy from two sources to one target ({sides}): {image} comes from {sources}"
                )
            }
            Code::Overlap => {
                format!("rules {names} both copy {image} from the same source ({sides})")
            }
            Code::ShadowedRule => {
                let [covered, by] = [0, 1].map(|at| self.quoted(detection, at));
                format!(
                    "rule {covered} copies only images that {by} copies too ({sides}), such as {image}"
                )
            }
            Code::SelfSync => format!(
                "rule {names} copies {} onto itself ({sides})",
                self.first_source(detection)
            ),
            _ => names,
        }
    }

    fn quoted(&self, detection: &Detection, at: usize) -> String {
        self.routes(detection)
            .nth(at)
            .map_or_else(String::new, |it| format!("\"{}\"", it.rule.name))
    }

    fn names(&self, detection: &Detection) -> String {
        let names: Vec<String> = self
            .routes(detection)
            .map(|it| format!("\"{}\"", it.rule.name))
            .collect();
        match names.as_slice() {
            [one, other] => format!("{one} and {other}"),
            names => shortened(names, ", "),
        }
    }

    /// On which sides it is so, in words.
    fn sides(&self, detection: &Detection) -> &'static str {
        let has = |side: SideSet| detection.sides.includes(side);
        let read = || {
            self.routes(detection)
                .all(|it| self.read.contains(it.rule.source.instance.as_str()))
        };
        match (
            has(SideSet::DESIRED),
            has(SideSet::LIVE),
            has(SideSet::PLANNED),
        ) {
            (true, true, _) => "desired and live",
            (true, false, _) if read() => "desired, not live",
            (true, false, _) => "desired",
            (false, true, true) => "live, with unmanaged rules; unchanged by the plan",
            (false, true, false) => "live, not desired; resolved by the plan",
            (false, false, _) => "only after applying the plan",
        }
    }

    /// The way of an image, or of names where there is none to show.
    fn way(&self, detection: &Detection, evidence: &Evidence) -> String {
        let Some(first) = self.routes(detection).next() else {
            return String::new();
        };
        let Evidence::Image(image) = evidence else {
            let ends = self
                .routes(detection)
                .map(|it| self.aliases.end(&it.rule.target));
            let places: Vec<String> = std::iter::once(self.aliases.end(&first.rule.source))
                .chain(ends)
                .collect();
            return shortened(&places, " -> ");
        };
        let mut places = vec![self.place(first.rule.source.instance.as_str(), image)];
        let mut image = image.clone();
        for route in self.routes(detection) {
            image = image.carried(&route.rule.target);
            places.push(self.place(route.rule.target.instance.as_str(), &image));
        }
        format!("tag \"{}\" goes {}", image.tag, shortened(&places, " -> "))
    }

    fn image_at_target(&self, detection: &Detection, image: &Image) -> String {
        let Some(first) = self.routes(detection).next() else {
            return String::new();
        };
        let target = &first.rule.target;
        format!(
            "{}:{}",
            self.place(target.instance.as_str(), &image.carried(target)),
            image.tag
        )
    }

    fn first_source(&self, detection: &Detection) -> String {
        self.routes(detection)
            .next()
            .map_or_else(String::new, |it| self.aliases.end(&it.rule.source))
    }

    /// Where a rule takes an image from that it and the first rule leave at one place.
    fn source(&self, route: &RuleEdge<'_>, detection: &Detection, evidence: &Evidence) -> String {
        let (Evidence::Image(image), Some(first)) = (evidence, self.routes(detection).next())
        else {
            return self.aliases.end(&route.rule.source);
        };
        let left = image.carried(&first.rule.target);
        let Endpoint {
            instance,
            namespace,
            repo,
            ..
        } = &route.rule.source;
        // What the source names is replaced where the target names it, and the same where it does not.
        let namespace = namespace
            .as_ref()
            .map_or(&*left.namespace, NamespaceName::as_str);
        let repo = repo.as_ref().map_or(&*left.repo, RepoName::as_str);
        format!(
            "{}/{namespace}/{repo}",
            self.aliases.name(instance.as_str())
        )
    }

    fn place(&self, instance: &str, image: &Image) -> String {
        format!(
            "{}/{}/{}",
            self.aliases.name(instance),
            image.namespace,
            image.repo
        )
    }
}

fn shortened(parts: &[String], between: &str) -> String {
    let shown = parts.get(..MAX_NAMED).unwrap_or(parts).join(between);
    match parts.len().saturating_sub(MAX_NAMED) {
        0 => shown,
        more => format!("{shown}{between}… ({more} more)"),
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
