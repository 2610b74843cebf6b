//! Waivers: each needs a reason, an owner and a day, and is checked against what the rules files declare.

use jiff::civil::Date;

use super::codes;
use super::decode::decode;
use super::document::{Document, Entry, Record};
use super::instances::Instances;
use super::problem::Problem;
use super::schema::RawWaiver;
use crate::finding::Fingerprint;
use crate::model::{Field, NameGlob};
use crate::source::{NodeId, did_you_mean, list_words, quote};
use crate::waiver::Waiver;

/// What a day is called.
const DAY: &str = "a day such as 2026-12-31";

/// Reads every waiver of `waivers:`.
pub(super) fn read_all<'a>(
    document: &mut Document<'a>,
    instances: &Instances,
    entry: &Entry<'a>,
) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for node in document.list(entry) {
        if let Some(record) = document.record(node, "the waiver") {
            waivers.extend(read(document, instances, &record));
        }
    }
    waivers
}

fn read<'a>(
    document: &mut Document<'a>,
    instances: &Instances,
    record: &Record<'a>,
) -> Option<Waiver> {
    let raw: RawWaiver = decode(document, record, &["codes", "fields", "expires"]).value;
    let what = "the waiver";
    document.require(
        record,
        what,
        "codes",
        "which findings it accepts: `codes: [drift/changed-rule]`",
    );
    document.require(
        record,
        what,
        "reason",
        "whoever reads this next wants to know: `reason: \"…\"`",
    );
    document.require(
        record,
        what,
        "owner",
        "somebody has to answer for it: `owner: \"…\"`",
    );
    document.require(
        record,
        what,
        "expires",
        "nothing is accepted for ever: `expires: 2026-12-31`",
    );
    let codes = read_codes(document, record);
    let fields = read_fields(document, record);
    let expires = record
        .get("expires")
        .copied()
        .and_then(|entry| Some((read_date(document, &entry)?, entry.value)));
    let reason = document.checked(record, "reason", raw.reason, |it| given("reason", it));
    let owner = document.checked(record, "owner", raw.owner, |it| given("owner", it));
    let ticket = document.checked(record, "ticket", raw.ticket, |it| given("ticket", it));
    let fingerprint = document.checked(record, "fingerprint", raw.fingerprint, fingerprint);
    let rules = glob(document, record, "rules", raw.rules);
    let instance = glob(document, record, "instance", raw.instance);
    if let Some((glob, node)) = &instance {
        instances.find_any(document, glob, *node);
    }
    let place = record
        .get("codes")
        .map_or(record.head(), |entry| entry.value);
    let (expires, expires_node) = expires?;
    // An optional key that was reported is as if it were not given: then the load fails, and nothing is waived.
    Some(Waiver {
        codes: codes?,
        rules: rules.map(|(glob, _)| glob),
        instance: instance.map(|(glob, _)| glob),
        fields,
        fingerprint: fingerprint.as_deref().and_then(Fingerprint::from_hex),
        reason: reason?.into(),
        owner: owner?.into(),
        expires,
        ticket: ticket.map(Into::into),
        place: document.place(place),
        expires_place: document.place(expires_node),
    })
}

fn read_codes<'a>(document: &mut Document<'a>, record: &Record<'a>) -> Option<Box<[Box<str>]>> {
    let texts = texts(document, record, "codes")?;
    let mut codes = Vec::with_capacity(texts.len());
    for (text, node) in texts {
        match codes::waivable(&text, &[]) {
            Ok(code) => codes.push(code.as_str().into()),
            Err(problem) => document.report(problem, node),
        }
    }
    Some(codes.into())
}

/// The fields; none where all are meant.
fn read_fields<'a>(document: &mut Document<'a>, record: &Record<'a>) -> Box<[Field]> {
    let mut fields = Vec::new();
    for (text, node) in texts(document, record, "fields").unwrap_or_default() {
        let known = Field::ALL.into_iter().find(|field| field.as_str() == text);
        fields.extend(known);
        if known.is_none() {
            let names = || Field::ALL.into_iter().map(Field::as_str);
            let help = did_you_mean(&text, names())
                .unwrap_or_else(|| format!("there are {}", list_words(names())));
            document.report(
                Problem::UnknownField {
                    field: quote(&text),
                    help,
                },
                node,
            );
        }
    }
    fields.into()
}

/// The texts of a list that must not be empty; `None` where it is missing, or was reported.
fn texts<'a>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    key: &str,
) -> Option<Vec<(String, NodeId)>> {
    let entry = *record.get(key)?;
    let nodes = document.list(&entry);
    if nodes.is_empty() && document.is_list(&entry) {
        let problem = Problem::EmptyValue {
            what: quote(key),
            help: "name at least one, or remove it".to_owned(),
        };
        document.report(problem, entry.value);
        return None;
    }
    let what = format!("an item of {}", quote(key));
    Some(
        nodes
            .into_iter()
            .filter_map(|node| Some((document.text(node, &what)?, node)))
            .collect(),
    )
}

fn read_date<'a>(document: &mut Document<'a>, entry: &Entry<'a>) -> Option<Date> {
    let text = document.text_of(entry, DAY)?;
    let date = day(&text);
    if date.is_none() {
        document.report(
            Problem::InvalidDate {
                given: quote(&text),
            },
            entry.value,
        );
    }
    date
}

/// A day in the one form that everybody reads the same.
fn day(text: &str) -> Option<Date> {
    let digits = |at: usize| !matches!(at, 4 | 7);
    let form = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if digits(at) {
                byte.is_ascii_digit()
            } else {
                byte == b'-'
            }
        });
    if form { text.parse().ok() } else { None }
}

/// A glob and where it stands; `None` where none is given, or it was reported.
fn glob<'a>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    key: &str,
    pattern: Option<String>,
) -> Option<(NameGlob, NodeId)> {
    let (pattern, node) = (pattern?, record.get(key)?.value);
    Some((document.glob(&pattern, node)?, node))
}

fn fingerprint(text: &str) -> Result<(), Problem> {
    match Fingerprint::from_hex(text) {
        Some(_) => Ok(()),
        None => Err(Problem::InvalidFingerprint { given: quote(text) }),
    }
}

fn given(key: &str, text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        let help = "give it a value, or remove it".to_owned();
        return Err(Problem::EmptyValue {
            what: quote(key),
            help,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::day;

    #[test]
    fn a_day_has_one_form() {
        assert_eq!(day("2026-12-31"), Some(date(2026, 12, 31)));
        assert_eq!(day("2028-02-29"), Some(date(2028, 2, 29)));
        for text in [
            "",
            "next friday",
            "2026-12-32",
            "2026-02-29",
            "20261231",
            "2026-1-1",
            "31.12.2026",
            "2026/12/31",
            "2026-12-31T00:00:00",
            "+002026-12-31",
            "２026-12-3",
            " 2026-12-31",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
