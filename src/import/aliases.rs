//! What instances are called: by the names their owners gave them, as far as an alias may look like that.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Alias, Instance, InstanceId, RegionId, Unmanaged};
use crate::source::Place;

/// The longest alias made of a name, in characters.
const LONGEST: usize = 40;

/// An instance that is to be declared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// `InstanceId`.
    pub id: InstanceId,
    /// `InstanceName`, where it is known.
    pub name: Option<Box<str>>,
    /// Its region.
    pub region: RegionId,
    /// Whether it is read.
    pub read: bool,
}

/// Declares instances beside those that are declared already. Where two have one name, each has its region in its
/// alias; where that is not enough, a number.
#[must_use]
pub fn name(declared: &[Instance], found: &[Found], place: Place) -> Vec<Instance> {
    let mut taken: BTreeSet<Alias> = declared.iter().map(|it| it.alias.clone()).collect();
    let mut namesakes: BTreeMap<String, Vec<&Found>> = BTreeMap::new();
    for it in found {
        namesakes.entry(base(it)).or_default().push(it);
    }
    let mut instances = Vec::with_capacity(found.len());
    for (base, mut found) in namesakes {
        found.sort();
        let is_free = found.len() == 1 && !taken.contains(base.as_str());
        for it in found {
            let region = it.region.as_str();
            let region = region.strip_prefix("cn-").unwrap_or(region);
            let alias = if is_free { base.clone() } else { word(&format!("{base}-{region}")) };
            let numbered = (2..).map(|number| format!("{alias}-{number}"));
            let free = std::iter::once(alias.clone()).chain(numbered).find(|it| !taken.contains(it.as_str()));
            let alias = Alias::from(free.unwrap_or(alias));
            taken.insert(alias.clone());
            instances.push(instance(alias, it, place));
        }
    }
    instances.sort_by(|one, other| one.alias.cmp(&other.alias));
    instances
}

fn instance(alias: Alias, found: &Found, place: Place) -> Instance {
    Instance {
        alias,
        id: found.id.clone(),
        region: found.region.clone(),
        account: None,
        profile: None,
        role_arn: None,
        endpoint: None,
        read: found.read,
        unmanaged: Unmanaged::default(),
        place,
    }
}

/// The alias an instance would have if it were the only one.
fn base(found: &Found) -> String {
    let id = found.id.as_str();
    let of_id = || word(id.strip_prefix("cri-").unwrap_or(id));
    let of_name = found.name.as_deref().map(word).filter(|name| !name.is_empty());
    Some(of_name.unwrap_or_else(of_id)).filter(|base| !base.is_empty()).unwrap_or_else(|| "instance".to_owned())
}

/// A text with a dash in place of everything that an alias cannot have.
fn word(text: &str) -> String {
    let mut word = String::new();
    for character in text.chars().take(LONGEST) {
        if character.is_alphanumeric() || matches!(character, '_' | '.') {
            word.push(character);
        } else if !word.is_empty() && !word.ends_with('-') {
            word.push('-');
        }
    }
    word.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Found, name};
    use crate::source::{Place, SourceMap, Span};

    fn place() -> Place {
        let file = SourceMap::default().add(String::new(), String::new(), String::new());
        Place { file, span: Span::new(0..0) }
    }

    fn aliases(found: &[(&str, Option<&str>, &str)]) -> Vec<String> {
        let found: Vec<_> = found
            .iter()
            .map(|(id, name, region)| Found {
                id: (*id).into(),
                name: name.map(Into::into),
                region: (*region).into(),
                read: true,
            })
            .collect();
        let declared = name(&[], &[Found { id: "cri-0".into(), name: None, region: "x".into(), read: true }], place());
        name(&declared, &found, place()).iter().map(|it| format!("{} {}", it.alias, it.id)).collect()
    }

    #[test]
    fn aliases_are_names_as_far_as_they_can_be() {
        for (found, expected) in [
            (&[("cri-1", Some("prod"), "cn-a")][..], &["prod cri-1"][..]),
            (&[("cri-1", None, "cn-a"), ("odd", Some(""), "cn-a")], &["1 cri-1", "odd odd"]),
            (&[("cri-1", Some(" Prod (EU)\n#1! "), "cn-a")], &["Prod-EU-1 cri-1"]),
            (&[("cri-1", Some("上海 镜像"), "cn-a")], &["上海-镜像 cri-1"]),
            (&[("cri-!", Some("!"), "cn-a")], &["instance cri-!"]),
            (
                &[("cri-2", Some("prod"), "cn-b"), ("cri-1", Some("prod"), "us-a"), ("cri-3", Some("prod"), "cn-b")],
                &["prod-b cri-2", "prod-b-2 cri-3", "prod-us-a cri-1"],
            ),
            (&[("cri-1", Some("0"), "cn-a")], &["0-a cri-1"]),
        ] {
            assert_eq!(aliases(found), expected);
        }
    }
}
