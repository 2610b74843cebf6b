//! `waivers:`: accepted findings, each with a reason, an owner and a last day.

use jiff::civil::Date;

use super::codes;
use super::decode::decode;
use super::instances::Instances;
use super::problem::{Problem, WaiverProblem};
use super::reader::{Entry, FileReader, MappingNode, RequiredKey};
use super::schema::RawWaiver;
use crate::finding::{Fingerprint, PolicyCode};
use crate::i18n::{Argument, Message, Phrase};
use crate::model::{Field, NameGlob};
use crate::source::{NodeId, quote};
use crate::waiver::Waiver;

/// The name of a date in messages.
const DATE: Phrase = Phrase::date_such_as();

/// Reads the waivers of `waivers:`.
pub(super) fn read_all<'a>(
    reader: &mut FileReader<'a>,
    instances: &Instances,
    policies: &[PolicyCode],
    entry: &Entry<'a>,
) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for node in reader.list(entry) {
        if let Some(mapping) = reader.mapping(node, Phrase::waiver()) {
            waivers.extend(read(reader, instances, policies, &mapping));
        }
    }
    waivers
}

fn read<'a>(
    reader: &mut FileReader<'a>,
    instances: &Instances,
    policies: &[PolicyCode],
    mapping: &MappingNode<'a>,
) -> Option<Waiver> {
    let raw: RawWaiver = decode(reader, mapping, &["codes", "fields", "expires"]).value;
    let required: [RequiredKey; 4] = [
        ("codes", || {
            Message::help_add_codes("`codes: [drift/changed-rule]`")
        }),
        ("reason", || Message::help_add_reason("`reason: \"…\"`")),
        ("owner", || Message::help_add_owner("`owner: \"…\"`")),
        ("expires", || {
            Message::help_add_last_day("`expires: 2026-12-31`")
        }),
    ];
    for (key, help) in required {
        reader.require(mapping, Phrase::waiver(), key, help);
    }
    let codes = read_codes(reader, policies, mapping);
    let fields = read_fields(reader, mapping);
    let expires = mapping
        .get("expires")
        .copied()
        .and_then(|entry| Some((read_date(reader, &entry)?, entry.value)));
    let no_value = Message::help_value_or_remove_key;
    let reason = reader.not_blank(mapping, "reason", raw.reason, no_value);
    let owner = reader.not_blank(mapping, "owner", raw.owner, no_value);
    let ticket = reader.not_blank(mapping, "ticket", raw.ticket, no_value);
    let fingerprint = reader.checked(mapping, "fingerprint", raw.fingerprint, check_fingerprint);
    let rules = read_glob(reader, mapping, "rules", raw.rules);
    let instance = read_glob(reader, mapping, "instance", raw.instance);
    if let Some((glob, node)) = &instance {
        instances.has_match(reader, glob, *node);
    }
    let place = mapping.value_or_head("codes");
    let (expires, expires_node) = expires?;
    // An invalid optional key is omitted: the load fails, so the waiver accepts nothing.
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
        place: reader.place(place),
        expires_place: reader.place(expires_node),
    })
}

fn read_codes<'a>(
    reader: &mut FileReader<'a>,
    policies: &[PolicyCode],
    mapping: &MappingNode<'a>,
) -> Option<Box<[Box<str>]>> {
    let texts = reader.texts(mapping, "codes")?;
    let mut codes = Vec::with_capacity(texts.len());
    for (text, node) in texts {
        match codes::parse_waivable(&text, policies) {
            Ok(code) => codes.push(code.as_str().into()),
            Err(problem) => reader.report(problem, node),
        }
    }
    Some(codes.into())
}

/// Returns the fields that a waiver is limited to; an empty list for all fields.
fn read_fields<'a>(reader: &mut FileReader<'a>, mapping: &MappingNode<'a>) -> Box<[Field]> {
    let mut fields = Vec::new();
    for (text, node) in reader.texts(mapping, "fields").unwrap_or_default() {
        let field = Field::ALL.into_iter().find(|field| field.as_str() == text);
        if let Some(field) = field {
            fields.push(field);
            continue;
        }
        let names = || Field::ALL.into_iter().map(Field::as_str);
        let help = Message::from_nearest(&text, names())
            .unwrap_or_else(|| Message::help_fields(Argument::from_words(names())));
        let field = quote(&text);
        reader.report(WaiverProblem::UnknownField { field, help }, node);
    }
    fields.into()
}

fn read_date<'a>(reader: &mut FileReader<'a>, entry: &Entry<'a>) -> Option<Date> {
    let text = reader.text_of(entry, DATE)?;
    let date = parse_date(&text);
    if date.is_none() {
        let given = quote(&text);
        reader.report(WaiverProblem::InvalidDate { given }, entry.value);
    }
    date
}

/// Parses a date of the form `YYYY-MM-DD`, and of no other.
fn parse_date(text: &str) -> Option<Date> {
    let has_form = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if has_form { text.parse().ok() } else { None }
}

/// Returns a glob and its node; `None` where the waiver has none, or it was reported.
fn read_glob<'a>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    key: &str,
    pattern: Option<String>,
) -> Option<(NameGlob, NodeId)> {
    let node = mapping.get(key)?.value;
    Some((reader.glob(&pattern?, node)?, node))
}

fn check_fingerprint(text: &str) -> Result<(), Problem> {
    if Fingerprint::from_hex(text).is_some() {
        return Ok(());
    }
    let given = quote(text);
    Err(WaiverProblem::InvalidFingerprint { given }.into())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::parse_date;

    #[test]
    fn dates_have_one_form() {
        assert_eq!(parse_date("2026-12-31"), Some(date(2026, 12, 31)));
        assert_eq!(parse_date("2028-02-29"), Some(date(2028, 2, 29)));
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
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
