//! The requirement of a policy: its kind with the values of its keys, or its expression.

use super::refuse_foreign_keys;
use super::schema::{KindKeys, RawField, RawKind, RawPolicy};
use crate::i18n::{Argument, Message, Phrase};
use crate::model::{Field, NameGlob};
use crate::policy::{
    Advice, AllowedTargetAccounts, AllowedTargetRegions, CoverageScope, DataResidency, Expression,
    ForbidCatchAllFilter, MaxHops, Naming, Pattern, Regions, RequireTrigger, RequiredCoverage,
    Requirement,
};
use crate::rules::names;
use crate::rules::problem::{PolicyProblem, StructureProblem};
use crate::rules::reader::{Entry, FileReader, MappingNode};
use crate::source::{NodeId, quote, truncate};

/// Reads the requirement; `None` where something is wrong, which is reported.
pub(super) fn read<'a>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    raw: &RawPolicy,
) -> Option<Requirement> {
    match (mapping.get("kind"), mapping.get("expr").copied()) {
        (Some(_), Some(expr)) => {
            let problem = StructureProblem::BothGiven {
                one: "kind",
                other: "expr",
                help: Message::help_two_policies(),
            };
            reader.report(problem, expr.key_node);
            None
        }
        (None, None) => {
            reader.require(mapping, Phrase::policy(), "kind", || {
                Message::help_add_requirement("`kind: naming`", "`expr`")
            });
            None
        }
        (None, Some(entry)) => {
            reader.require(mapping, Phrase::policy(), "message", || {
                Message::help_add_message("`message: …`")
            });
            let keys = KindKeys {
                kind: "expr",
                required: &[],
                optional: &[],
            };
            refuse_foreign_keys(reader, mapping, &keys);
            read_expression(reader, &entry, raw.expr.as_deref()?)
        }
        (Some(_), None) => {
            let kind = raw.kind?;
            let keys = kind.keys();
            refuse_foreign_keys(reader, mapping, &keys);
            for key in keys.required {
                reader.require(mapping, Phrase::policy(), key, || help_for(kind));
            }
            read_kind(reader, mapping, kind, raw)
        }
    }
}

/// Returns the help for a missing key of a kind.
fn help_for(kind: RawKind) -> Message {
    match kind {
        RawKind::AllowedTargetRegions => Message::help_add_regions("`regions: [\"cn-*\"]`"),
        RawKind::AllowedTargetAccounts => {
            Message::help_add_accounts("`accounts: [\"1234567890123456\"]`")
        }
        RawKind::RequireTrigger => Message::help_add_trigger(),
        RawKind::Naming => Message::help_add_pattern("`pattern: \"[a-z0-9-]+\"`"),
        RawKind::MaxHops => Message::help_add_hops("`hops: 2`"),
        RawKind::DataResidency => Message::help_add_residency("`regions: [\"cn-*\"]`"),
        RawKind::RequiredCoverage | RawKind::ForbidCrossAccount | RawKind::ForbidCatchAllFilter => {
            Message::help_add_coverage("`from: { instance: shanghai, namespace: \"prod-*\" }`")
        }
    }
}

fn read_kind<'a>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    kind: RawKind,
    raw: &RawPolicy,
) -> Option<Requirement> {
    Some(match kind {
        RawKind::AllowedTargetRegions => {
            Requirement::AllowedTargetRegions(AllowedTargetRegions(read_regions(reader, mapping)?))
        }
        RawKind::DataResidency => {
            Requirement::DataResidency(DataResidency(read_regions(reader, mapping)?))
        }
        RawKind::AllowedTargetAccounts => {
            let accounts = read_items(reader, mapping, "accounts", |reader, text, node| {
                match names::check_account(text) {
                    Ok(()) => Some(text.into()),
                    Err(problem) => {
                        reader.report(problem, node);
                        None
                    }
                }
            })?;
            Requirement::AllowedTargetAccounts(AllowedTargetAccounts(accounts))
        }
        RawKind::ForbidCrossAccount => Requirement::ForbidCrossAccount,
        RawKind::ForbidCatchAllFilter => {
            Requirement::ForbidCatchAllFilter(ForbidCatchAllFilter(read_filters(reader, mapping)?))
        }
        RawKind::RequireTrigger => Requirement::RequireTrigger(RequireTrigger(raw.trigger?.into())),
        RawKind::Naming => {
            let entry = mapping.get("pattern")?;
            let pattern = read_pattern(reader, entry, raw.pattern.as_deref()?)?;
            let field = raw.field.map_or(Field::Name, Into::into);
            Requirement::Naming(Naming { field, pattern })
        }
        RawKind::MaxHops => {
            let help = Message::help_forbid_chains;
            let hops = reader.in_range(mapping.get("hops")?, ("hops", raw.hops?), 1..=20, help)?;
            Requirement::MaxHops(MaxHops(hops))
        }
        RawKind::RequiredCoverage => {
            Requirement::RequiredCoverage(read_coverage(reader, mapping, raw)?)
        }
    })
}

/// Returns the items of a list of texts; `None` where the list is missing, empty or has an invalid item.
fn read_items<'a, T>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    key: &str,
    mut read: impl FnMut(&mut FileReader<'a>, &str, NodeId) -> Option<T>,
) -> Option<Vec<T>> {
    let entry = *mapping.get(key)?;
    let nodes = reader.list(&entry);
    if nodes.is_empty() {
        if reader.is_list(&entry) {
            let problem = StructureProblem::EmptyValue {
                what: quote(key).into(),
                help: Message::help_item_or_remove_key(),
            };
            reader.report(problem, entry.value);
        }
        return None;
    }
    let what = Message::item_of(quote(key));
    let mut items = Some(Vec::new());
    for node in nodes {
        let target = reader.resolve(node);
        let item = match reader.text(node, what.clone()) {
            Some(text) => read(reader, &text, target),
            None => None,
        };
        match (&mut items, item) {
            (Some(items), Some(item)) => items.push(item),
            _ => items = None,
        }
    }
    items
}

fn read_regions<'a>(reader: &mut FileReader<'a>, mapping: &MappingNode<'a>) -> Option<Regions> {
    let included: Option<Vec<NameGlob>> = read_items(reader, mapping, "regions", FileReader::glob);
    let except = match mapping.get("except") {
        Some(_) => read_items(reader, mapping, "except", FileReader::glob),
        None => Some(Vec::new()),
    };
    Some(Regions {
        included: included?,
        except: except?,
    })
}

fn read_filters<'a>(reader: &mut FileReader<'a>, mapping: &MappingNode<'a>) -> Option<Vec<Field>> {
    if mapping.get("filters").is_none() {
        return Some(vec![Field::TagFilter]);
    }
    let known = [
        Field::TagFilter,
        Field::RepoNameFilter,
        Field::NamespaceNameFilter,
    ];
    let names = known.map(Field::as_str);
    let mut filters = read_items(reader, mapping, "filters", |reader, text, node| {
        let filter = known.into_iter().find(|field| field.as_str() == text);
        if filter.is_none() {
            let help = Message::from_nearest(text, names)
                .unwrap_or_else(|| Message::help_values(Argument::from_words(names)));
            let problem = StructureProblem::UnknownWord {
                key: "filters".to_owned(),
                given: truncate(text),
                help,
            };
            reader.report(problem, node);
        }
        filter
    })?;
    filters.sort_unstable();
    filters.dedup();
    Some(filters)
}

fn read_pattern<'a>(reader: &mut FileReader<'a>, entry: &Entry<'a>, text: &str) -> Option<Pattern> {
    match Pattern::new(text) {
        Ok(pattern) => Some(pattern),
        Err(invalid) => {
            let place = reader.place_in_value(entry, text, invalid.span);
            let why = invalid.reason;
            reader
                .problems
                .push(PolicyProblem::InvalidPattern { why }, place);
            None
        }
    }
}

fn read_coverage<'a>(
    reader: &mut FileReader<'a>,
    mapping: &MappingNode<'a>,
    raw: &RawPolicy,
) -> Option<RequiredCoverage> {
    let from = mapping.get("from").copied();
    if let Some(from) = from.and_then(|entry| reader.mapping_of(&entry)) {
        let help = || Message::help_add_namespaces("`namespace: \"prod-*\"`");
        reader.require(&from, Phrase::from_of_policy(), "namespace", help);
    }
    let regions = mapping.get("other_regions");
    let instances = mapping.get("other_instances");
    let (entry, key, count, of) = match (regions, instances) {
        (Some(_), Some(entry)) => {
            let problem = StructureProblem::BothGiven {
                one: "other_regions",
                other: "other_instances",
                help: Message::help_two_policies(),
            };
            reader.report(problem, entry.key_node);
            return None;
        }
        (None, None) => {
            let help = || Message::help_add_number("`other_regions: 2`", "`other_instances: 1`");
            reader.require(mapping, Phrase::policy(), "other_regions", help);
            return None;
        }
        (Some(entry), None) => (
            entry,
            "other_regions",
            raw.other_regions,
            CoverageScope::Region,
        ),
        (None, Some(entry)) => (
            entry,
            "other_instances",
            raw.other_instances,
            CoverageScope::Instance,
        ),
    };
    let help = Message::help_other_places;
    let count = reader.in_range(entry, (key, count?), 1..=100, help)?;
    raw.from.as_ref()?.namespace.as_ref()?;
    Some(RequiredCoverage { count, of })
}

/// Reads an expression, and reports every error of it at its part.
fn read_expression<'a>(
    reader: &mut FileReader<'a>,
    entry: &Entry<'a>,
    text: &str,
) -> Option<Requirement> {
    let errors = match Expression::new(text) {
        Ok(expression) => return Some(Requirement::Expression(Box::new(expression))),
        Err(errors) => errors,
    };
    for error in errors {
        let place = reader.place_in_value(entry, text, error.span);
        let why = error.reason;
        let help = match error.advice {
            Advice::Text(help) => help,
            Advice::Word { found, expected } => {
                let expected = || expected.iter().map(String::as_str);
                Message::from_nearest(&found, expected())
                    .unwrap_or_else(|| Message::help_names_here(Argument::from_words(expected())))
            }
        };
        reader
            .problems
            .push(PolicyProblem::InvalidExpression { why, help }, place);
    }
    None
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
