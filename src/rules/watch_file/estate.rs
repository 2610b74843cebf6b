//! The estates that are checked.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::raw::RawEstate;
use super::schedule::{CronSchedule, Schedule};
use super::values::WatchReader;
use crate::finding::Severity;
use crate::i18n::{Message, Phrase};
use crate::rules::decode::decode;
use crate::rules::names;
use crate::rules::problem::{StructureProblem, WatchProblem};
use crate::rules::reader::{MappingNode, RequiredKey};
use crate::source::{Place, quote};

/// The time between two checks, where an estate sets none.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The longest time of a check, where an estate sets none.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(30 * 60);

/// An estate that is checked.
#[derive(Debug, Clone)]
pub struct WatchedEstate {
    /// The name, unique in the file; its identity in the store.
    pub name: String,
    /// Rules files, folders and globs.
    pub rules: Vec<String>,
    /// The owner, as free text.
    pub owner: Option<String>,
    /// The schedule.
    pub schedule: Schedule,
    /// The longest time of a check; what is not read by then is incomplete.
    pub deadline: Duration,
    /// The credentials profile of instances that declare none.
    pub profile: Option<String>,
    /// The lowest severity of open findings that fail a check.
    pub fail_on: Severity,
    /// A snapshot in the place of the API.
    pub live: Option<PathBuf>,
    /// A snapshot that the embedded emulator serves.
    pub emulate: Option<PathBuf>,
    /// A script with faults of the emulator.
    pub faults: Option<PathBuf>,
}

impl WatchedEstate {
    /// Returns an estate with a name, rules files and a schedule, and the defaults of everything else.
    #[must_use]
    pub fn new(name: &str, rules: Vec<String>, schedule: Schedule) -> Self {
        Self {
            name: name.to_owned(),
            rules,
            owner: None,
            deadline: default_deadline(&schedule),
            schedule,
            profile: None,
            fail_on: Severity::Error,
            live: None,
            emulate: None,
            faults: None,
        }
    }
}

fn default_deadline(schedule: &Schedule) -> Duration {
    match schedule {
        Schedule::Every(interval) => DEFAULT_DEADLINE.min(*interval),
        Schedule::Cron(_) => DEFAULT_DEADLINE,
    }
}

/// Reads an item of `estates:`; returns it with the place of its name.
pub(super) fn read<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
) -> Option<(WatchedEstate, Place)> {
    let raw: RawEstate = decode(&mut reader.yaml, mapping, &["rules"]).value;
    let required: [RequiredKey; 2] = [
        ("name", || Message::help_add_name("`name: shop`")),
        ("rules", || {
            Message::help_add_rules_files("`rules: [rules/]`")
        }),
    ];
    for (key, help) in required {
        reader.yaml.require(mapping, Phrase::estate(), key, help);
    }
    let name = reader.name(mapping, raw.name.clone());
    let rules = reader.yaml.texts(mapping, "rules");
    let owner = raw.owner.clone();
    let owner = reader
        .yaml
        .checked(mapping, "owner", owner, names::check_owner);
    let profile = raw.profile.clone();
    let profile = reader
        .yaml
        .checked(mapping, "profile", profile, names::check_profile);
    let schedule = read_schedule(reader, mapping, &raw);
    let deadline = reader.duration(mapping, "deadline", raw.deadline.as_deref());
    check_live_side(reader, mapping, &raw);
    let rules = rules?.into_iter().map(|(text, _)| {
        let path = reader.path(&text);
        path.into_os_string().into_string().unwrap_or(text)
    });
    let rules = rules.collect();
    let schedule = schedule?;
    let path = |given: &Option<String>| given.as_deref().map(|path| reader.path(path));
    let (name, place) = name?;
    let estate = WatchedEstate {
        owner,
        deadline: deadline.unwrap_or_else(|| default_deadline(&schedule)),
        profile,
        fail_on: raw.fail_on.map_or(Severity::Error, Into::into),
        live: path(&raw.live),
        emulate: path(&raw.emulate),
        faults: path(&raw.faults),
        ..WatchedEstate::new(&name, rules, schedule)
    };
    Some((estate, place))
}

fn read_schedule<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    raw: &RawEstate,
) -> Option<Schedule> {
    let zone = read_time_zone(reader, mapping, raw.timezone.as_deref());
    let Some(expression) = &raw.cron else {
        if raw.timezone.is_some() {
            let node = mapping.value_or_head("timezone");
            reader.yaml.report(WatchProblem::TimeZoneWithoutCron, node);
        }
        return match &raw.every {
            None => Some(Schedule::Every(DEFAULT_INTERVAL)),
            every => Some(Schedule::Every(reader.duration(
                mapping,
                "every",
                every.as_deref(),
            )?)),
        };
    };
    if raw.every.is_some() {
        let problem = StructureProblem::BothGiven {
            one: "every",
            other: "cron",
            help: Message::help_remove_one(),
        };
        reader.yaml.report(problem, mapping.value_or_head("cron"));
    }
    match CronSchedule::parse(expression, zone?) {
        Ok(schedule) => Some(Schedule::Cron(Box::new(schedule))),
        Err(why) => {
            let given = quote(expression);
            let node = mapping.value_or_head("cron");
            reader
                .yaml
                .report(WatchProblem::InvalidCron { given, why }, node);
            None
        }
    }
}

/// Returns the time zone of a name, from the embedded database.
fn read_time_zone<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    name: Option<&str>,
) -> Option<TimeZone> {
    let Some(name) = name else {
        return Some(TimeZone::UTC);
    };
    let zone = TimeZone::get(name).ok();
    if zone.is_none() {
        let given = quote(name);
        let node = mapping.value_or_head("timezone");
        reader
            .yaml
            .report(WatchProblem::UnknownTimeZone { given }, node);
    }
    zone
}

/// Reports keys that exclude each other.
fn check_live_side<'a>(
    reader: &mut WatchReader<'a, '_>,
    mapping: &MappingNode<'a>,
    raw: &RawEstate,
) {
    if raw.live.is_some() && raw.emulate.is_some() {
        let problem = StructureProblem::BothGiven {
            one: "live",
            other: "emulate",
            help: Message::help_remove_one(),
        };
        reader
            .yaml
            .report(problem, mapping.value_or_head("emulate"));
    }
    if raw.faults.is_some() && raw.emulate.is_none() {
        let problem = StructureProblem::MissingKey {
            what: Phrase::estate_with_faults(),
            key: "emulate",
            help: Message::help_add_emulated("`emulate: live.json`"),
        };
        reader.yaml.report(problem, mapping.value_or_head("faults"));
    }
}
