//! From files to desired rules, or to every error of every file.

use super::builder::RulesBuilder;
use super::discover::{FileKind, discover};
use super::error::{LoadErrors, LoadWarnings};
use super::header::{self, FileHeader};
use super::options::{Options, Variables, WaiverLimit};
use super::problem::WaiverProblem;
use super::problems::Problems;
use super::reader::FileReader;
use super::{ignores, policies, read, resources, rule, waivers};
use crate::finding::Severities;
use crate::i18n::Message;
use crate::model::DesiredState;
use crate::parallel::join;
use crate::policy::Policy;
use crate::source::{FileId, Parsed, Place, SourceMap, Tree};
use crate::terraform::Resource;
use crate::waiver::Waiver;

/// Everything that rules files declare.
#[derive(Debug)]
pub struct RuleSet {
    /// The name of the estate, if the files set one.
    pub estate: Option<String>,
    /// The desired rules and instances.
    pub desired: DesiredState,
    /// The policies.
    pub policies: Vec<Policy>,
    /// The waivers.
    pub waivers: Vec<Waiver>,
    /// The severities that differ from the defaults.
    pub severities: Severities,
    /// The texts of the files, which every place points into.
    pub sources: SourceMap,
    /// The warnings of the files.
    pub warnings: LoadWarnings,
}

/// Loads files, folders (their `*.yaml` and `*.yml`, sorted) and globs as one set of rules. A file that several inputs
/// lead to is read once.
///
/// # Errors
///
/// Every error of all files.
pub fn load(inputs: &[String], options: &Options<'_>) -> Result<RuleSet, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let rules = read_all(inputs, &mut sources, &mut problems);
    load_files(Files::new(rules, sources), options, problems)
}

/// Loads a text, with its name in errors, and the files behind the inputs, as [`load`] does.
///
/// # Errors
///
/// Every error of the text and the files.
pub fn load_with_text(
    (name, bytes): (&str, Vec<u8>),
    inputs: &[String],
    options: &Options<'_>,
) -> Result<RuleSet, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let mut rules = add_texts([(name, bytes)], &mut sources, &mut problems);
    if !inputs.is_empty() {
        rules.extend(read_all(inputs, &mut sources, &mut problems));
    }
    load_files(Files::new(rules, sources), options, problems)
}

/// Loads texts, each with its name in errors, as [`load`] does files.
///
/// # Errors
///
/// Every error of all texts.
pub fn load_texts<'a>(
    texts: impl IntoIterator<Item = (&'a str, Vec<u8>)>,
    options: &Options<'_>,
) -> Result<RuleSet, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let rules = add_texts(texts, &mut sources, &mut problems);
    load_files(Files::new(rules, sources), options, problems)
}

/// Parses a text as YAML, and does not interpret it. Returns the decoded text.
///
/// # Errors
///
/// Every error for which [`load`] would not interpret it either.
pub fn parse_text(name: &str, bytes: Vec<u8>) -> Result<String, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let text = match read::add_text(name, bytes, &mut sources) {
        Err(errors) => {
            problems.extend(errors);
            String::new()
        }
        Ok(file) => {
            parse(file, &sources, &mut problems);
            sources.file(file).text.clone()
        }
    };
    problems.into_result(&sources)?;
    Ok(text)
}

/// Reads the rules files behind the inputs into the map.
pub(super) fn read_all(
    inputs: &[String],
    sources: &mut SourceMap,
    problems: &mut Problems,
) -> Vec<FileId> {
    let mut files = Vec::new();
    for path in discover(inputs, FileKind::Rules, problems) {
        match read::read(&path, sources) {
            Ok(file) => files.push(file),
            Err(errors) => problems.extend(errors),
        }
    }
    files
}

/// Adds texts to the map.
fn add_texts<'a>(
    texts: impl IntoIterator<Item = (&'a str, Vec<u8>)>,
    sources: &mut SourceMap,
    problems: &mut Problems,
) -> Vec<FileId> {
    let mut files = Vec::new();
    for (name, bytes) in texts {
        match read::add_text(name, bytes, sources) {
            Ok(file) => files.push(file),
            Err(errors) => problems.extend(errors),
        }
    }
    files
}

/// The files of a run.
pub(super) struct Files {
    /// The rules files.
    pub(super) rules: Vec<FileId>,
    /// The resources of Terraform's files.
    pub(super) resources: Vec<Resource>,
    /// The texts of all files.
    pub(super) sources: SourceMap,
}

impl Files {
    fn new(rules: Vec<FileId>, sources: SourceMap) -> Self {
        Self {
            rules,
            resources: Vec::new(),
            sources,
        }
    }
}

/// Interprets the files of a run; `problems` has those of reading them.
pub(super) fn load_files(
    files: Files,
    options: &Options<'_>,
    mut problems: Problems,
) -> Result<RuleSet, LoadErrors> {
    let mut builder = interpret(&files, options.variables, &mut problems);
    let policies = std::mem::take(&mut builder.policies);
    let estate = builder.estate().map(str::to_owned);
    if let Some(allowed) = options.allowed_hosts {
        for endpoint in &builder.instances.endpoints {
            endpoint.check(allowed, &mut problems);
        }
    }
    let (desired, waivers, severities) = builder.build(&mut problems);
    if let Some(limit) = options.waiver_limit {
        for waiver in &waivers {
            check_waiver_limit(limit, waiver, &mut problems);
        }
    }
    let sources = files.sources;
    let warnings = problems.take_warnings(&sources);
    if let Err(errors) = problems.into_result(&sources) {
        return Err(errors.with_estate(estate));
    }
    Ok(RuleSet {
        estate,
        desired,
        policies,
        waivers,
        severities,
        sources,
        warnings,
    })
}

/// Reads the files together: first the instances of all of them, then the rules that use them.
fn interpret(files: &Files, variables: Variables<'_>, problems: &mut Problems) -> RulesBuilder {
    let texts: Vec<&str> = files
        .rules
        .iter()
        .map(|file| files.sources.file(*file).text.as_str())
        .collect();
    let parsed = files.rules.iter().zip(parse_all(&texts));
    let trees: Vec<(FileId, Option<Tree<'_>>)> = parsed
        .map(|(file, parsed)| (*file, report_errors(*file, parsed, problems)))
        .collect();
    let mut builder = RulesBuilder::default();
    // A file that could not be read may declare any instance.
    builder.instances.is_incomplete = problems.has_errors();
    let mut readers = Vec::with_capacity(trees.len());
    for (file, tree) in &trees {
        let Some(tree) = tree else {
            builder.instances.is_incomplete = true;
            continue;
        };
        let mut reader = FileReader::new(tree, *file, variables);
        let header = header::read(&mut reader, &mut builder);
        builder.instances.is_incomplete |= header.is_none() || reader.is_exhausted;
        readers.push((reader, header));
    }
    resources::declare(&files.resources, &mut builder.instances, problems);
    for (reader, header) in &mut readers {
        if let Some(header) = header
            && !reader.is_exhausted
        {
            interpret_lists(reader, &mut builder, header);
        }
    }
    // A waiver may name a policy of any file.
    let policies = builder.policy_codes();
    for (mut reader, header) in readers {
        let waivers = header.and_then(|header| header.waivers);
        if let Some(waivers) = waivers.filter(|_| !reader.is_exhausted) {
            let waivers = waivers::read_all(&mut reader, &builder.instances, &policies, &waivers);
            builder.waivers.extend(waivers);
        }
        problems.merge(reader.problems);
    }
    resources::add_rules(&files.resources, &mut builder, problems);
    builder
}

/// Reads the lists of a file, except its waivers.
fn interpret_lists<'a>(
    reader: &mut FileReader<'a>,
    builder: &mut RulesBuilder,
    header: &FileHeader<'a>,
) {
    let FileHeader {
        defaults,
        rules,
        ignore,
        policies,
        waivers: _,
    } = header;
    if let Some(rules) = rules {
        rule::read_all(reader, builder, defaults, rules);
    }
    if let Some(policies) = policies {
        policies::read_all(reader, builder, defaults, policies);
    }
    if let Some(ignore) = ignore {
        ignores::read_all(reader, builder, ignore);
    }
}

/// Parses a file, and reports every problem of its YAML.
pub(super) fn parse<'t>(
    file: FileId,
    sources: &'t SourceMap,
    problems: &mut Problems,
) -> Option<Tree<'t>> {
    report_errors(file, Tree::parse(&sources.file(file).text), problems)
}

/// Parses texts, the two halves of large ones at the same time.
fn parse_all<'t>(texts: &[&'t str]) -> Vec<Parsed<'t>> {
    /// The fewest bytes of text for which a thread is worth its start.
    const MIN_BYTES: usize = 1 << 20;
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let mut first_bytes = 0;
    let first_half = texts.iter().take_while(|text| {
        first_bytes += text.len();
        first_bytes <= bytes / 2
    });
    let first_count = first_half.count().max(1).min(texts.len());
    let (first, second) = texts.split_at(first_count);
    let parse = |texts: &[&'t str]| texts.iter().map(|text| Tree::parse(text)).collect();
    let (mut parsed, others): (Vec<_>, Vec<_>) = join(
        bytes >= MIN_BYTES && !second.is_empty(),
        || parse(first),
        || parse(second),
    );
    parsed.extend(others);
    parsed
}

/// Reports the errors of a text. Returns its tree.
fn report_errors<'t>(
    file: FileId,
    parsed: Parsed<'t>,
    problems: &mut Problems,
) -> Option<Tree<'t>> {
    let Parsed {
        tree,
        errors,
        omitted,
    } = parsed;
    let place = |span| Place { file, span };
    for error in errors {
        match error.first {
            Some(first) => {
                problems.push_related(error.problem, place(error.span), place(first));
            }
            None => problems.push(error.problem, place(error.span)),
        }
    }
    problems.omit(omitted);
    tree
}

/// Reports a waiver that expires too late, at its date.
fn check_waiver_limit(limit: WaiverLimit, waiver: &Waiver, problems: &mut Problems) {
    let days = (waiver.expires - limit.today).get_days();
    if days > limit.days {
        let problem = WaiverProblem::TooLong {
            expires: waiver.expires.to_string(),
            days: Message::days_counted(days),
            limit: Message::days_counted(limit.days),
        };
        problems.push(problem, waiver.expires_place);
    }
}

#[cfg(test)]
mod tests {
    use super::parse_all;

    #[test]
    fn texts_are_parsed_in_their_order() {
        let large = format!("0 # {}", "-".repeat(1 << 20));
        for count in 0..5 {
            for position in 0..count {
                let mut texts: Vec<String> = (0..count).map(|it| it.to_string()).collect();
                texts[position] = large.replacen('0', &position.to_string(), 1);
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                let parsed = parse_all(&texts);
                let trees = parsed
                    .iter()
                    .map(|it| it.tree.as_ref().expect("valid YAML"));
                let values: Vec<&str> = trees
                    .map(|tree| {
                        tree.scalar(tree.root().expect("a scalar"))
                            .expect("a scalar")
                    })
                    .collect();
                let numbers: Vec<&str> = texts.iter().map(|text| &text[..1]).collect();
                assert_eq!(values, numbers);
            }
        }
        assert!(parse_all(&[]).is_empty());
    }
}
