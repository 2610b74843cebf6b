//! From a watch file to its values, or to every error of it.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::raw::{RawLanguage, RawWatchFile};
use super::values::{WatchFileOptions, WatchReader};
use super::{NotifyTarget, WatchedEstate, estate, target};
use crate::i18n::{Language, Message, Phrase};
use crate::rules::decode::decode;
use crate::rules::error::LoadErrors;
use crate::rules::load::parse;
use crate::rules::problem::{StructureProblem, WatchProblem};
use crate::rules::problems::Problems;
use crate::rules::read;
use crate::rules::reader::{FileReader, MappingNode, RequiredKey};
use crate::source::{Place, SourceMap, Span, quote};

/// The port of the page, where the file sets none.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(
    std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
    WatchFile::DEFAULT_PORT,
);

/// The number of incomplete checks in a row that are notified, where the file sets none.
const DEFAULT_INCOMPLETE_AFTER: u32 = 2;

/// Everything that a watch file declares.
#[derive(Clone)]
pub struct WatchFile {
    /// The URL of the store, with its password if it has one.
    pub store: SecretString,
    /// The address of the page, the API and the metrics.
    pub listen: SocketAddr,
    /// Another address for the metrics.
    pub metrics_listen: Option<SocketAddr>,
    /// The host names that requests may name.
    pub hosts: Vec<String>,
    /// The password of the page and the API.
    pub password: Option<SecretString>,
    /// The URL of the page, without a slash at its end.
    pub base_url: Option<String>,
    /// The language of the page and of messages.
    pub language: Language,
    /// True if ids are hidden.
    pub mask_ids: bool,
    /// The number of incomplete checks in a row that are notified.
    pub incomplete_after: u32,
    /// The most requests per second for each account, over all processes of this file; `None` for no limit.
    pub rate: Option<f64>,
    /// The estates, in the order of the file.
    pub estates: Vec<WatchedEstate>,
    /// The targets of notifications, in the order of the file.
    pub targets: Vec<NotifyTarget>,
}

impl fmt::Debug for WatchFile {
    /// Leaves the store and the password out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchFile")
            .field("listen", &self.listen)
            .field("estates", &self.estates)
            .field("targets", &self.targets)
            .finish_non_exhaustive()
    }
}

impl WatchFile {
    /// The port of the page, where nothing sets another one.
    pub const DEFAULT_PORT: u16 = 9464;

    /// The lowest and the highest value of `rate`.
    pub const RATES: std::ops::RangeInclusive<f64> = 0.001..=1_000.0;

    /// Returns the values without a file: a store, estates, and the defaults.
    #[must_use]
    pub fn new(store: SecretString, estates: Vec<WatchedEstate>) -> Self {
        Self {
            store,
            listen: DEFAULT_LISTEN,
            metrics_listen: None,
            hosts: Vec::new(),
            password: None,
            base_url: None,
            language: Language::English,
            mask_ids: false,
            incomplete_after: DEFAULT_INCOMPLETE_AFTER,
            rate: None,
            estates,
            targets: Vec::new(),
        }
    }
}

impl From<RawLanguage> for Language {
    fn from(raw: RawLanguage) -> Self {
        match raw {
            RawLanguage::English => Self::English,
            RawLanguage::Chinese => Self::Chinese,
        }
    }
}

/// Loads a watch file.
///
/// # Errors
///
/// Every error of the file.
pub fn load_watch_file(
    path: &Path,
    options: WatchFileOptions<'_>,
) -> Result<WatchFile, LoadErrors> {
    let mut problems = Problems::default();
    let mut sources = SourceMap::default();
    let mut loaded = None;
    match read::read(path, &mut sources) {
        Err(errors) => problems.extend(errors),
        Ok(file) => {
            if let Some(tree) = parse(file, &sources, &mut problems) {
                let mut reader = WatchReader {
                    yaml: FileReader::new(&tree, file, options.variables),
                    folder: path.parent().unwrap_or(Path::new("")),
                    options,
                };
                loaded = read_file(&mut reader);
                problems.merge(reader.yaml.problems);
            }
        }
    }
    match loaded {
        Some(loaded) if !problems.has_errors() => Ok(loaded),
        _ => Err(problems.into_errors(&sources)),
    }
}

fn read_file(reader: &mut WatchReader<'_, '_>) -> Option<WatchFile> {
    let tree = reader.yaml.tree;
    let Some(root) = tree.root().filter(|root| !tree.is_blank(*root)) else {
        let start = reader.yaml.place_of(Span::new(0..0));
        reader
            .yaml
            .problems
            .push(StructureProblem::EmptyFile, start);
        return None;
    };
    reader.check_variables(root);
    let mapping = reader.yaml.mapping(root, Phrase::watch_file())?;
    if let Some(entry) = mapping.get("version")
        && let Some(given) = reader
            .yaml
            .whole_number(entry)
            .filter(|version| *version != 1)
    {
        let problem = StructureProblem::UnsupportedVersion { given };
        reader.yaml.report(problem, entry.value);
        return None;
    }
    let lists = ["estates", "notify", "hosts"];
    let raw: RawWatchFile = decode(&mut reader.yaml, &mapping, &lists).value;
    let required: [RequiredKey; 2] = [
        ("version", Message::help_version),
        ("estates", || {
            Message::help_add_estate_such_as(
                "`estates: [{ name: shop, rules: [rules/], every: 15m }]`",
            )
        }),
    ];
    for (key, help) in required {
        reader.yaml.require(&mapping, Phrase::file(), key, help);
    }
    let listen = read_address(reader, &mapping, "listen", raw.listen.as_deref());
    let metrics_listen = read_address(
        reader,
        &mapping,
        "metrics_listen",
        raw.metrics_listen.as_deref(),
    );
    let hosts = reader.yaml.texts(&mapping, "hosts").unwrap_or_default();
    let password = raw.password_file.as_deref();
    let password = password.and_then(|file| read_password(reader, &mapping, file));
    let incomplete_after = read_incomplete_after(reader, &mapping, raw.incomplete_after);
    let rate = read_rate(reader, &mapping, raw.rate);
    let base_url = read_base_url(reader, &mapping, raw.base_url);
    let store = reader.secret(
        &mapping,
        ("store", "store_file"),
        (raw.store, raw.store_file),
    );
    let store = resolve_store(store, reader.folder);
    let estates = read_estates(reader, &mapping);
    let targets = read_targets(reader, &mapping);
    Some(WatchFile {
        listen: listen.unwrap_or(DEFAULT_LISTEN),
        metrics_listen,
        hosts: hosts.into_iter().map(|(host, _)| host).collect(),
        password,
        base_url,
        language: raw.lang.map_or(Language::English, Into::into),
        mask_ids: raw.mask_ids.unwrap_or(false),
        incomplete_after,
        rate,
        targets,
        ..WatchFile::new(store, estates)
    })
}

/// Returns the URL of the store: a file of SQLite is relative to the folder of the watch file.
fn resolve_store(store: Option<SecretString>, folder: &Path) -> SecretString {
    const DEFAULT_FILE: &str = "crdrift.db";
    let in_folder = |file: &str| {
        let path: PathBuf = folder.join(file);
        SecretString::from(format!("sqlite:{}", path.display()))
    };
    match store {
        None => in_folder(DEFAULT_FILE),
        Some(store) => match store.expose_secret().strip_prefix("sqlite:") {
            Some(file) if !file.is_empty() => in_folder(file),
            _ => store,
        },
    }
}

fn read_address<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    key: &'static str,
    given: Option<&str>,
) -> Option<SocketAddr> {
    let given = given?;
    let address = given.parse().ok();
    if address.is_none() {
        let given = quote(given);
        let node = mapping.value_or_head(key);
        reader
            .yaml
            .report(WatchProblem::InvalidAddress { key, given }, node);
    }
    address
}

fn read_password<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    file: &str,
) -> Option<SecretString> {
    let key = "password_file";
    let text = reader.read_secret(mapping, key, file)?;
    let password = text.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        let why = Message::from(Phrase::empty_file());
        let node = mapping.value_or_head(key);
        reader
            .yaml
            .report(WatchProblem::UnreadableFile { key, why }, node);
        return None;
    }
    (reader.options.register_secret)(key, password);
    Some(SecretString::from(password))
}

fn read_incomplete_after<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    given: Option<i64>,
) -> u32 {
    let key = "incomplete_after";
    let (Some(given), Some(entry)) = (given, mapping.get(key)) else {
        return DEFAULT_INCOMPLETE_AFTER;
    };
    let help = Message::help_checks_in_a_row;
    let number = reader.yaml.in_range(entry, (key, given), 1..=100_u32, help);
    number.unwrap_or(DEFAULT_INCOMPLETE_AFTER)
}

fn read_rate<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    given: Option<f64>,
) -> Option<f64> {
    let given = given?;
    if WatchFile::RATES.contains(&given) {
        return Some(given);
    }
    let key = "rate";
    let (low, high) = WatchFile::RATES.into_inner();
    let problem = WatchProblem::InvalidRate {
        key,
        low: low.to_string(),
        high: high.to_string(),
        given: given.to_string(),
    };
    reader.yaml.report(problem, mapping.value_or_head(key));
    None
}

fn read_base_url<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    given: Option<String>,
) -> Option<String> {
    let given = given?;
    let is_page = url::Url::parse(&given)
        .is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.query().is_none());
    if !is_page {
        let key = "base_url";
        let node = mapping.value_or_head(key);
        reader.yaml.report(WatchProblem::InvalidUrl { key }, node);
        return None;
    }
    Some(given.trim_end_matches('/').to_owned())
}

fn read_estates<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
) -> Vec<WatchedEstate> {
    let Some(entry) = mapping.get("estates").copied() else {
        return Vec::new();
    };
    let mut estates = Vec::new();
    let mut names = Vec::new();
    let nodes = reader.yaml.list(&entry);
    if nodes.is_empty() && reader.yaml.is_list(&entry) {
        let problem = StructureProblem::EmptyValue {
            what: "`estates`".into(),
            help: Message::help_add_estate(),
        };
        reader.yaml.report(problem, entry.value);
    }
    for node in nodes {
        let mapping = reader.yaml.mapping(node, Phrase::estate());
        let read = mapping.and_then(|mapping| estate::read(reader, &mapping));
        if let Some((estate, place)) = read {
            names.push((estate.name.clone(), place));
            estates.push(estate);
        }
    }
    report_duplicates(reader, Phrase::estates(), &names);
    estates
}

fn read_targets<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
) -> Vec<NotifyTarget> {
    let Some(entry) = mapping.get("notify").copied() else {
        return Vec::new();
    };
    let mut targets = Vec::new();
    let mut names = Vec::new();
    let nodes = reader.yaml.list(&entry);
    let count = nodes.len();
    for node in nodes {
        let mapping = reader.yaml.mapping(node, Phrase::target());
        let read = mapping.and_then(|mapping| target::read(reader, &mapping));
        if let Some((target, place)) = read {
            names.push((target.name.clone(), place));
            targets.push(target);
        }
    }
    report_duplicates(reader, Phrase::targets(), &names);
    // An invalid target may be the default.
    if targets.len() == count && count > 0 && !targets.iter().any(takes_everything) {
        let node = entry.key_node;
        reader.yaml.report(WatchProblem::NoDefaultTarget, node);
    }
    targets
}

/// Returns `true` if a target takes every event, or every event that no other target takes.
fn takes_everything(target: &NotifyTarget) -> bool {
    target.is_default
        || (target.owners.is_empty() && target.estates.is_empty() && target.codes.is_empty())
}

fn report_duplicates(reader: &mut WatchReader<'_, '_>, what: Phrase, names: &[(String, Place)]) {
    for (at, (name, place)) in names.iter().enumerate() {
        let first = names.iter().take(at).find(|(other, _)| other == name);
        if let Some((_, first)) = first {
            let problem = WatchProblem::DuplicateName {
                what,
                name: quote(name),
            };
            reader.yaml.problems.push_related(problem, *place, *first);
        }
    }
}
