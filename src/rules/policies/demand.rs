//! What a policy demands: its kind with the values of its keys, or its expression.

use super::refuse_foreign_keys;
use super::schema::{RawField, RawKind, RawPolicy};
use crate::model::{Field, NameGlob};
use crate::policy::{
    Advice, AllowedTargetAccounts, AllowedTargetRegions, CoverageScope, DataResidency, Expression,
    ForbidCatchAllFilter, ForbidCrossAccount, MaxHops, Naming, Pattern, Regions, RequireTrigger,
    RequiredCoverage, Requirement,
};
use crate::rules::document::{Document, Entry, Record};
use crate::rules::names;
use crate::rules::problem::Problem;
use crate::source::{did_you_mean, list_words, quote, truncate};

/// Reads it; `None` where something is wrong, which was reported.
pub(super) fn read<'a>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    raw: &RawPolicy,
) -> Option<Requirement> {
    match (record.get("kind"), record.get("expr").copied()) {
        (Some(_), Some(expr)) => {
            let help = "a policy demands one thing: make two policies of it";
            document.report(
                Problem::BothGiven {
                    one: "kind",
                    other: "expr",
                    help,
                },
                expr.key_node,
            );
            None
        }
        (None, None) => {
            document.require(
                record,
                "the policy",
                "kind",
                "what it demands: a `kind: naming` or the like, or an `expr`",
            );
            None
        }
        (None, Some(entry)) => {
            document.require(
                record,
                "the policy",
                "message",
                "only you know what to change: `message: …`",
            );
            refuse_foreign_keys(
                document,
                record,
                &super::Keys {
                    name: "expr",
                    required: &[],
                    optional: &[],
                },
            );
            expression(document, &entry, raw.expr.as_deref()?)
        }
        (Some(_), None) => {
            let kind = raw.kind?;
            let keys = kind.keys();
            refuse_foreign_keys(document, record, &keys);
            for key in keys.required {
                document.require(record, "the policy", key, help_for(kind, key));
            }
            of_kind(document, record, kind, raw)
        }
    }
}

/// What is said of a required key that is missing.
const fn help_for(kind: RawKind, key: &str) -> &'static str {
    match (kind, key.as_bytes()) {
        (RawKind::AllowedTargetRegions, _) => {
            "where images may go, as globs: `regions: [\"cn-*\"]`"
        }
        (RawKind::AllowedTargetAccounts, _) => {
            "whose instances images may go to: `accounts: [\"1234567890123456\"]`"
        }
        (RawKind::RequireTrigger, _) => {
            "`trigger: PASSIVE` is automatic, `trigger: INITIATIVE` manual"
        }
        (RawKind::Naming, _) => {
            "what names look like, as a regular expression: `pattern: \"[a-z0-9-]+\"`"
        }
        (RawKind::MaxHops, _) => "over how many rules images may travel: `hops: 2`",
        (RawKind::DataResidency, _) => "what images may not leave, as globs: `regions: [\"cn-*\"]`",
        _ => "what has to be covered: `from: { instance: shanghai, namespace: \"prod-*\" }`",
    }
}

fn of_kind<'a>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    kind: RawKind,
    raw: &RawPolicy,
) -> Option<Requirement> {
    Some(match kind {
        RawKind::AllowedTargetRegions => {
            Requirement::AllowedTargetRegions(AllowedTargetRegions(regions(document, record)?))
        }
        RawKind::DataResidency => {
            Requirement::DataResidency(DataResidency(regions(document, record)?))
        }
        RawKind::AllowedTargetAccounts => {
            let accounts = items(document, record, "accounts", |document, text, node| {
                names::account(text)
                    .map_err(|problem| document.report(problem, node))
                    .ok()?;
                Some(text.into())
            })?;
            Requirement::AllowedTargetAccounts(AllowedTargetAccounts(accounts))
        }
        RawKind::ForbidCrossAccount => Requirement::ForbidCrossAccount(ForbidCrossAccount),
        RawKind::ForbidCatchAllFilter => {
            Requirement::ForbidCatchAllFilter(ForbidCatchAllFilter(filters(document, record)?))
        }
        RawKind::RequireTrigger => Requirement::RequireTrigger(RequireTrigger(raw.trigger?.into())),
        RawKind::Naming => {
            let pattern = pattern(document, record.get("pattern")?, raw.pattern.as_deref()?)?;
            let field = raw.field.map_or(Field::Name, Into::into);
            Requirement::Naming(Naming { field, pattern })
        }
        RawKind::MaxHops => {
            let help = "1 allows no chains; more than 20 are none to speak of";
            let hops = document.in_range(record.get("hops")?, "hops", raw.hops?, 1..=20, help)?;
            Requirement::MaxHops(MaxHops(hops))
        }
        RawKind::RequiredCoverage => {
            Requirement::RequiredCoverage(coverage(document, record, raw)?)
        }
    })
}

/// The items of a list of text, each read on its own; `None` where there is none or one is wrong.
fn items<'a, T>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    key: &str,
    mut read: impl FnMut(&mut Document<'a>, &str, crate::source::NodeId) -> Option<T>,
) -> Option<Vec<T>> {
    let entry = *record.get(key)?;
    if !document.is_list(&entry) {
        document.list(&entry);
        return None;
    }
    let nodes = document.list(&entry);
    if nodes.is_empty() {
        let help = "give it items, or remove it".to_owned();
        document.report(
            Problem::EmptyValue {
                what: quote(key),
                help,
            },
            entry.value,
        );
        return None;
    }
    let mut items = Some(Vec::new());
    for node in nodes {
        let text = document.text(node, &format!("an item of {}", quote(key)));
        let target = document.resolve(node);
        let item = text.and_then(|text| read(document, &text, target));
        items = items.zip(item).map(|(mut items, item)| {
            items.push(item);
            items
        });
    }
    items
}

fn regions<'a>(document: &mut Document<'a>, record: &Record<'a>) -> Option<Regions> {
    let included: Option<Vec<NameGlob>> = items(document, record, "regions", Document::glob);
    let except = match record.get("except") {
        Some(_) => items(document, record, "except", Document::glob),
        None => Some(Vec::new()),
    };
    Some(Regions {
        included: included?,
        except: except?,
    })
}

fn filters<'a>(document: &mut Document<'a>, record: &Record<'a>) -> Option<Vec<Field>> {
    if record.get("filters").is_none() {
        return Some(vec![Field::TagFilter]);
    }
    let known = [
        Field::TagFilter,
        Field::RepoNameFilter,
        Field::NamespaceNameFilter,
    ];
    let mut filters = items(document, record, "filters", |document, text, node| {
        let found = known.into_iter().find(|field| field.as_str() == text);
        if found.is_none() {
            let choice = list_words(known.map(Field::as_str));
            let help = did_you_mean(text, known.map(Field::as_str))
                .unwrap_or(format!("it is one of {choice}"));
            let problem = Problem::UnknownWord {
                key: "filters".to_owned(),
                given: truncate(text),
                help,
            };
            document.report(problem, node);
        }
        found
    })?;
    filters.sort_unstable();
    filters.dedup();
    Some(filters)
}

fn pattern<'a>(document: &mut Document<'a>, entry: &Entry<'a>, text: &str) -> Option<Pattern> {
    Pattern::new(text)
        .map_err(|invalid| {
            let place = document.part_of_value(entry, text, invalid.part);
            document
                .problems
                .push(Problem::InvalidPattern { why: invalid.why }, place);
        })
        .ok()
}

fn coverage<'a>(
    document: &mut Document<'a>,
    record: &Record<'a>,
    raw: &RawPolicy,
) -> Option<RequiredCoverage> {
    if let Some(from) = record
        .get("from")
        .copied()
        .and_then(|entry| document.record_of(&entry))
    {
        let help = "which namespaces, as a glob: `namespace: \"prod-*\"`";
        document.require(
            &from,
            "the `from` of what has to be covered",
            "namespace",
            help,
        );
    }
    let regions = record.get("other_regions").map(|it| {
        (
            it,
            "other_regions",
            raw.other_regions,
            CoverageScope::Region,
        )
    });
    let instances = record.get("other_instances").map(|it| {
        (
            it,
            "other_instances",
            raw.other_instances,
            CoverageScope::Instance,
        )
    });
    let (entry, key, count, of) = match (regions, instances) {
        (Some(_), Some((entry, ..))) => {
            let help = "make two policies of it";
            document.report(
                Problem::BothGiven {
                    one: "other_regions",
                    other: "other_instances",
                    help,
                },
                entry.key_node,
            );
            return None;
        }
        (None, None) => {
            let help = "to how many other regions, `other_regions: 2`, or `other_instances: 1`";
            document.require(record, "the policy", "other_regions", help);
            return None;
        }
        (Some(it), None) | (None, Some(it)) => it,
    };
    let count = document.in_range(
        entry,
        key,
        count?,
        1..=100,
        "so many other places must exist",
    )?;
    raw.from.as_ref()?.namespace.as_ref()?;
    Some(RequiredCoverage { count, of })
}

/// Reads an expression, and reports everything that is wrong with it where it is.
fn expression<'a>(
    document: &mut Document<'a>,
    entry: &Entry<'a>,
    text: &str,
) -> Option<Requirement> {
    match Expression::new(text) {
        Ok(expression) => Some(Requirement::Expression(Box::new(expression))),
        Err(faults) => {
            for fault in faults {
                let place = document.part_of_value(entry, text, fault.part);
                let help = match fault.advice {
                    Advice::Do(what) => what,
                    Advice::Choose { given, among } => {
                        let among = || among.iter().map(String::as_str);
                        did_you_mean(&given, among())
                            .unwrap_or_else(|| format!("there are {}", list_words(among())))
                    }
                };
                document.problems.push(
                    Problem::InvalidExpression {
                        why: fault.why,
                        help,
                    },
                    place,
                );
            }
            None
        }
    }
}

impl From<RawField> for Field {
    fn from(raw: RawField) -> Self {
        match raw {
            RawField::Name => Self::Name,
            RawField::FromNamespace => Self::FromNamespace,
            RawField::FromRepo => Self::FromRepo,
            RawField::ToNamespace => Self::ToNamespace,
            RawField::ToRepo => Self::ToRepo,
        }
    }
}
