//! The aliases of new instances: the names their owners gave them, as far as an alias may look like that; those that
//! have none by their region.

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
    /// True if it is read.
    pub read: bool,
    /// The endpoint it was found at, where that is not its region's.
    pub endpoint: Option<Box<str>>,
    /// The credentials profile it was found with, where a rules file names one.
    pub profile: Option<Box<str>>,
    /// The role it was found with, where a rules file names one.
    pub role_arn: Option<Box<str>>,
}

impl Found {
    /// An instance in a region, to be read as any other.
    #[must_use]
    pub fn new(id: InstanceId, region: RegionId) -> Self {
        Self {
            id,
            name: None,
            region,
            read: true,
            endpoint: None,
            profile: None,
            role_arn: None,
        }
    }
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
            let region = region(it);
            let alias = if is_free || region == base {
                base.clone()
            } else {
                word(&format!("{base}-{region}"))
            };
            let numbered = (2..).map(|number| format!("{alias}-{number}"));
            let free = std::iter::once(alias.clone())
                .chain(numbered)
                .find(|it| !taken.contains(it.as_str()));
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
        profile: found.profile.clone(),
        role_arn: found.role_arn.clone(),
        endpoint: found.endpoint.clone(),
        read: found.read,
        unmanaged: Unmanaged::default(),
        place,
    }
}

/// The alias an instance would have if it were the only one.
fn base(found: &Found) -> String {
    // A name that repeats the id adds no information.
    let is_telling = |name: &&str| !name.is_empty() && !found.id.as_str().ends_with(name);
    let name = found
        .name
        .as_deref()
        .filter(is_telling)
        .map(word)
        .filter(|name| !name.is_empty());
    Some(name.unwrap_or_else(|| region(found)))
        .filter(|base| !base.is_empty())
        .unwrap_or_else(|| "instance".to_owned())
}

/// The region, as people say it.
fn region(found: &Found) -> String {
    let region = found.region.as_str();
    word(region.strip_prefix("cn-").unwrap_or(region))
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
    use crate::testing::place;

    fn aliases(found: &[(&str, Option<&str>, &str)]) -> Vec<String> {
        let found: Vec<_> = found
            .iter()
            .map(|(id, name, region)| Found {
                name: name.map(Into::into),
                ..Found::new((*id).into(), (*region).into())
            })
            .collect();
        let declared = name(&[], &[Found::new("cri-0".into(), "x".into())], place());
        name(&declared, &found, place())
            .iter()
            .map(|it| format!("{} {}", it.alias, it.id))
            .collect()
    }

    #[test]
    fn aliases_are_names_as_far_as_they_can_be() {
        for (found, expected) in [
            (&[("cri-1", Some("prod"), "cn-a")][..], &["prod cri-1"][..]),
            (
                &[("cri-1", None, "cn-a"), ("odd", Some(""), "cn-a")],
                &["a cri-1", "a-2 odd"],
            ),
            (
                &[("cri-ab1", Some("ab1"), "cn-shanghai")],
                &["shanghai cri-ab1"],
            ),
            (
                &[("cri-1", Some(" Prod (EU)\n#1! "), "cn-a")],
                &["Prod-EU-1 cri-1"],
            ),
            (
                &[("cri-1", Some("上海 镜像"), "cn-a")],
                &["上海-镜像 cri-1"],
            ),
            (&[("cri-!", Some("!"), "!")], &["instance cri-!"]),
            (
                &[
                    ("cri-2", Some("prod"), "cn-b"),
                    ("cri-1", Some("prod"), "us-a"),
                    ("cri-3", Some("prod"), "cn-b"),
                ],
                &["prod-b cri-2", "prod-b-2 cri-3", "prod-us-a cri-1"],
            ),
            (&[("cri-1", Some("x"), "cn-a")], &["x-a cri-1"]),
        ] {
            assert_eq!(aliases(found), expected);
        }
    }
}
