//! A generator of estates: a rules file, and a snapshot that differs from it in chosen ways.

use serde_json::{Value, json};

/// The pattern in which rules connect the instances of an estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EstateShape {
    /// All instances copy into the namespaces of one.
    Hub,
    /// Neighbours copy whole instances to each other, and repositories across.
    Mesh,
    /// Of sixty rules two copy a namespace to two instances, the others copy its repositories on from one of those.
    Chains,
    /// Pairs of instances copy repositories to each other, one pair in a hundred in a loop.
    TwoWay,
    /// Rules of two scopes between all instances.
    Spread,
}

/// The characters in names of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum NameStyle {
    /// Letters, digits and dashes.
    Plain,
    /// Chinese characters, which are two columns wide.
    Cjk,
    /// Characters that mean something to YAML, HTML, Markdown, a spreadsheet or a terminal.
    Hostile,
}

/// The properties of an estate.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct EstateOptions {
    /// The pattern in which rules connect the instances
    #[arg(long, value_enum, default_value = "spread")]
    pub(crate) shape: EstateShape,
    /// The characters in names of rules
    #[arg(long, value_enum, default_value = "plain")]
    pub(crate) names: NameStyle,
    /// The number of instances
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(3..=1_000))]
    pub(crate) instances: u32,
    /// The number of desired rules
    #[arg(long, default_value_t = 100)]
    pub(crate) rules: usize,
    /// The number of rules with another tag filter, priority or trigger live
    #[arg(long, default_value_t = 0)]
    pub(crate) changed: usize,
    /// The number of desired rules that are not live
    #[arg(long, default_value_t = 0)]
    pub(crate) missing: usize,
    /// The number of rules with another name live
    #[arg(long, default_value_t = 0)]
    pub(crate) renamed: usize,
    /// The number of live rules that are not desired
    #[arg(long, default_value_t = 0)]
    pub(crate) unmanaged: usize,
    /// The number that chooses the rules that differ
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
}

impl Default for EstateOptions {
    fn default() -> Self {
        Self {
            shape: EstateShape::Spread,
            names: NameStyle::Plain,
            instances: 6,
            rules: 100,
            changed: 0,
            missing: 0,
            renamed: 0,
            unmanaged: 0,
            seed: 0,
        }
    }
}

/// The two inputs of a plan.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GeneratedEstate {
    /// The text of `rules.yaml`.
    pub(crate) rules_file: String,
    /// The text of `live.json`.
    pub(crate) snapshot: String,
}

/// Returns the estate of some options: the same for the same options.
pub(crate) fn generate(options: &EstateOptions) -> GeneratedEstate {
    let instances = options.instances as usize;
    let rules: Vec<_> = (0..options.rules)
        .map(|number| {
            let mut rule = options.shape.rule(number, instances);
            rule.name = options.names.decorate(&rule.name, number);
            rule
        })
        .collect();
    let mut rules_file = "version: 1\ninstances:\n".to_owned();
    for number in 0..instances {
        let (id, region) = (instance_id(number), region_id(number));
        let line = format!("  i{number}: {{ id: {id}, region: {region} }}\n");
        rules_file.push_str(&line);
    }
    rules_file.push_str("rules:\n");
    for rule in &rules {
        rules_file.push_str(&rule.as_yaml());
    }
    GeneratedEstate {
        rules_file,
        snapshot: snapshot(options, rules),
    }
}

/// Returns the snapshot in which the chosen numbers of rules differ.
fn snapshot(options: &EstateOptions, rules: Vec<GeneratedRule>) -> String {
    let instances = options.instances as usize;
    let order = shuffled(rules.len(), options.seed);
    let mut rank = vec![0; rules.len()];
    for (position, number) in order.into_iter().enumerate() {
        rank[number] = position;
    }
    let changed = options.changed;
    let missing = changed + options.missing;
    let renamed = missing + options.renamed;
    let mut listings = vec![Vec::new(); instances];
    for (number, mut rule) in rules.into_iter().enumerate() {
        let position = rank[number];
        if position < changed {
            rule.edit(position);
        } else if position < missing {
            continue;
        } else if position < renamed {
            rule.name.push_str("-renamed");
        }
        rule.list(number, &mut listings);
    }
    for number in 0..options.unmanaged {
        let mut rule = spread(number, instances);
        rule.name = options
            .names
            .decorate(&format!("unmanaged-{number}"), number);
        rule.namespace = Some(format!("unmanaged-{number}"));
        rule.list(options.rules + number, &mut listings);
    }
    let listings: Vec<_> = listings
        .into_iter()
        .enumerate()
        .map(|(number, rules)| {
            json!({
                "instance_id": instance_id(number), "region_id": region_id(number), "rules": rules,
            })
        })
        .collect();
    json!({ "format_version": "1.0", "taken_at": null, "listings": listings }).to_string()
}

/// Returns the numbers below `count` in an order that the seed decides.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut numbers: Vec<_> = (0..count).collect();
    numbers.sort_by_key(|number| (mix(seed ^ mix(*number as u64)), *number));
    numbers
}

/// Returns the output of `SplitMix64` for a state.
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

fn instance_id(number: usize) -> String {
    format!("cri-{number:016}")
}

fn region_id(number: usize) -> String {
    format!("cn-region-{number}")
}

impl NameStyle {
    /// Returns a name in this style. It stays unique.
    fn decorate(self, name: &str, number: usize) -> String {
        /// Ends of names that a rules file can hold, each with a meaning elsewhere.
        const HOSTILE: [&str; 12] = [
            "\"'`",
            "${x}",
            "# no comment",
            "a: b",
            "<script>alert(1)</script>",
            "|=1+1|",
            "::error::x",
            "@everyone",
            "[x](https://example.com)",
            "\\u001b[31m",
            "{{ x }}",
            "e\u{301}",
        ];
        match self {
            Self::Plain => name.to_owned(),
            Self::Cjk => format!("镜像同步-{name}-华东"),
            Self::Hostile => format!("{name}{}", HOSTILE[number % HOSTILE.len()]),
        }
    }
}

impl EstateShape {
    fn rule(self, number: usize, instances: usize) -> GeneratedRule {
        match self {
            Self::Hub => hub(number, instances),
            Self::Mesh => mesh(number, instances),
            Self::Chains => chains(number, instances),
            Self::TwoWay => two_way(number, instances),
            Self::Spread => spread(number, instances),
        }
    }
}

fn hub(number: usize, instances: usize) -> GeneratedRule {
    GeneratedRule {
        namespace: Some(format!("base-{}", number % 5)),
        repo_name_filter: format!("app-{}-.*", number / 5),
        ..GeneratedRule::new(format!("into-{number}"), 1 + number % (instances - 1), 0)
    }
}

fn mesh(number: usize, instances: usize) -> GeneratedRule {
    if number < 2 * instances {
        let (here, next) = (number % instances, (number + 1) % instances);
        let (source, target) = if number < instances {
            (here, next)
        } else {
            (next, here)
        };
        return GeneratedRule {
            namespace_name_filter: "ring-.*".to_owned(),
            ..GeneratedRule::new(format!("ring-{number}"), source, target)
        };
    }
    let source = number % instances;
    let target = (source + 1 + number / instances % (instances - 1)) % instances;
    GeneratedRule {
        namespace: Some(format!("ring-{}", number % 50)),
        repo: Some(format!("app-{number}")),
        tag_filter: "v[0-9.]+".to_owned(),
        ..GeneratedRule::new(format!("across-{number}"), source, target)
    }
}

fn chains(number: usize, instances: usize) -> GeneratedRule {
    let (team, position) = (number / 60, number % 60);
    let (source, target) = match position {
        0 => (0, 1),
        1 => (0, 2),
        _ => (1, 2 + position % (instances - 2)),
    };
    GeneratedRule {
        namespace: Some(format!("team-{team}")),
        repo: (position > 1).then(|| format!("service-{number}")),
        tag_filter: format!("release-[0-9]+\\.{}\\..*", number % 2_000),
        ..GeneratedRule::new(
            format!("team-{team}-{number}"),
            (source + team) % instances,
            (target + team) % instances,
        )
    }
}

fn two_way(number: usize, instances: usize) -> GeneratedRule {
    let (pair, is_back) = (number / 2, number % 2 == 1);
    let here = pair % instances;
    let there = (pair + 1 + pair % (instances - 1).min(7)) % instances;
    let (source, target) = if is_back {
        (there, here)
    } else {
        (here, there)
    };
    let tag_filter = if is_back && !pair.is_multiple_of(100) {
        "there-.*"
    } else {
        "(here|th.*)-[^t].*"
    };
    GeneratedRule {
        namespace: Some(format!("team-{}", pair % 100)),
        repo: Some(format!("app-{pair}")),
        tag_filter: tag_filter.to_owned(),
        ..GeneratedRule::new(format!("pair-{number}"), source, target)
    }
}

fn spread(number: usize, instances: usize) -> GeneratedRule {
    let source = number % instances;
    let target = (source + 1 + number / instances % (instances - 1)) % instances;
    GeneratedRule {
        namespace: Some(format!("namespace-{}", number / 50)),
        repo: (!number.is_multiple_of(3)).then(|| format!("repository-{number}")),
        tag_filter: format!("release-[0-9]+\\.{}\\..*", number % 100),
        ..GeneratedRule::new(format!("rule-{number}"), source, target)
    }
}

/// A rule of an estate. Instances are numbers; both ends have the same namespace and repository.
#[derive(Debug, Clone)]
struct GeneratedRule {
    name: String,
    source: usize,
    target: usize,
    namespace: Option<String>,
    repo: Option<String>,
    tag_filter: String,
    repo_name_filter: String,
    namespace_name_filter: String,
    trigger: &'static str,
    priority: u8,
}

impl GeneratedRule {
    fn new(name: String, source: usize, target: usize) -> Self {
        Self {
            name,
            source,
            target,
            namespace: None,
            repo: None,
            tag_filter: ".*".to_owned(),
            repo_name_filter: ".*".to_owned(),
            namespace_name_filter: ".*".to_owned(),
            trigger: "PASSIVE",
            priority: 3,
        }
    }

    fn scope(&self) -> &'static str {
        match (&self.namespace, &self.repo) {
            (None, _) => "INSTANCE",
            (_, None) => "NAMESPACE",
            _ => "REPO",
        }
    }

    /// Gives one field another value.
    fn edit(&mut self, kind: usize) {
        match kind % 3 {
            0 => "edited-.*".clone_into(&mut self.tag_filter),
            1 => self.priority = 5,
            _ => self.trigger = "INITIATIVE",
        }
    }

    /// Returns the rule as an item of `rules:`.
    fn as_yaml(&self) -> String {
        let mut lines = vec![
            format!("  - name: {}", quoted(&self.name)),
            format!("    from: {}", self.end_as_yaml(self.source)),
            format!("    to: {}", self.end_as_yaml(self.target)),
        ];
        for (key, filter) in [
            ("namespace_name_filter", &self.namespace_name_filter),
            ("repo_name_filter", &self.repo_name_filter),
        ] {
            if filter != ".*" {
                lines.push(format!("    {key}: {}", quoted(filter)));
            }
        }
        lines.push(format!("    tag_filter: {}", quoted(&self.tag_filter)));
        lines.push(format!("    trigger: {}", self.trigger));
        lines.push(format!("    priority: {}\n", self.priority));
        lines.join("\n")
    }

    fn end_as_yaml(&self, instance: usize) -> String {
        let mut entries = vec![format!("instance: i{instance}")];
        for (key, name) in [("namespace", &self.namespace), ("repo", &self.repo)] {
            if let Some(name) = name {
                entries.push(format!("{key}: {}", quoted(name)));
            }
        }
        format!("{{ {} }}", entries.join(", "))
    }

    /// Adds the rule to the listings of both its instances.
    fn list(&self, number: usize, listings: &mut [Vec<Value>]) {
        for (local, other, direction) in [
            (self.source, self.target, "FROM"),
            (self.target, self.source, "TO"),
        ] {
            let mut rule = json!({
                "SyncRuleId": format!("crsr-{number:016}"), "SyncRuleName": self.name,
                "LocalRegionId": region_id(local), "LocalInstanceId": instance_id(local),
                "TargetRegionId": region_id(other), "TargetInstanceId": instance_id(other),
                "TagFilter": self.tag_filter, "RepoNameFilter": self.repo_name_filter,
                "NamespaceNameFilter": self.namespace_name_filter, "SyncScope": self.scope(),
                "SyncDirection": direction, "SyncTrigger": self.trigger, "Priority": self.priority,
                "CreateTime": 1_767_225_600_000_u64, "ModifiedTime": 1_767_225_600_000_u64,
                "CrossUser": false,
            });
            for (key, name) in [("NamespaceName", &self.namespace), ("RepoName", &self.repo)] {
                if let Some(name) = name {
                    rule[format!("Local{key}")] = name.as_str().into();
                    rule[format!("Target{key}")] = name.as_str().into();
                }
            }
            listings[local].push(rule);
        }
    }
}

/// Returns a text in quotes, as YAML and the references of a rules file read it.
fn quoted(text: &str) -> String {
    Value::from(text.replace("${", "$${")).to_string()
}
