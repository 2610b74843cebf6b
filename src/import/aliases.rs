//! The aliases of new instances: their names, reduced to the characters of aliases, or else their regions.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Alias, Instance, InstanceId, RegionId, Unmanaged};
use crate::source::Place;

/// The most characters of a name that become an alias.
const MAX_LENGTH: usize = 40;

/// An instance to declare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewInstance {
    /// The `InstanceId`.
    pub id: InstanceId,
    /// The `InstanceName`, if known.
    pub name: Option<Box<str>>,
    /// The region.
    pub region: RegionId,
    /// True if the credentials can read it.
    pub read: bool,
    /// The endpoint, if it is not the one of the region.
    pub endpoint: Option<Box<str>>,
    /// The credentials profile, if a rules file names one.
    pub profile: Option<Box<str>>,
    /// The role to assume, if a rules file names one.
    pub role_arn: Option<Box<str>>,
}

impl NewInstance {
    /// Returns a readable instance of a region.
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

/// Declares instances beside the declared ones. Instances of the same name have their regions in their aliases, and
/// numbers if that is not enough.
#[must_use]
pub fn assign_aliases(declared: &[Instance], new: &[NewInstance], place: Place) -> Vec<Instance> {
    let mut taken: BTreeSet<Alias> = declared
        .iter()
        .map(|instance| instance.alias.clone())
        .collect();
    let mut by_base: BTreeMap<String, Vec<&NewInstance>> = BTreeMap::new();
    for instance in new {
        by_base.entry(base(instance)).or_default().push(instance);
    }
    let mut instances = Vec::with_capacity(new.len());
    for (base, mut namesakes) in by_base {
        namesakes.sort();
        let is_free = namesakes.len() == 1 && !taken.contains(base.as_str());
        for namesake in namesakes {
            let region = region(namesake);
            let alias = if is_free || region == base {
                base.clone()
            } else {
                slug(&format!("{base}-{region}"))
            };
            let alias = add_number(&alias, &taken);
            taken.insert(alias.clone());
            instances.push(instance(alias, namesake, place));
        }
    }
    instances.sort_by(|one, other| one.alias.cmp(&other.alias));
    instances
}

/// Returns an alias with the first number that makes it unique, if it is taken.
fn add_number(alias: &str, taken: &BTreeSet<Alias>) -> Alias {
    let mut unique = alias.to_owned();
    let mut number = 2;
    while taken.contains(unique.as_str()) {
        unique = format!("{alias}-{number}");
        number += 1;
    }
    unique.into()
}

fn instance(alias: Alias, new: &NewInstance, place: Place) -> Instance {
    Instance {
        alias,
        id: new.id.clone(),
        region: new.region.clone(),
        account: None,
        profile: new.profile.clone(),
        role_arn: new.role_arn.clone(),
        endpoint: new.endpoint.clone(),
        read: new.read,
        unmanaged: Unmanaged::default(),
        place,
    }
}

/// Returns the alias of an instance before it is made unique: its name, else its region.
fn base(instance: &NewInstance) -> String {
    // A name that repeats the id adds no information.
    let name = instance.name.as_deref().unwrap_or_default();
    let is_informative = !name.is_empty() && !instance.id.as_str().ends_with(name);
    let mut base = if is_informative {
        slug(name)
    } else {
        String::new()
    };
    if base.is_empty() {
        base = region(instance);
    }
    if base.is_empty() {
        return "instance".to_owned();
    }
    base
}

/// Returns the region of an instance without the prefix `cn-`.
fn region(instance: &NewInstance) -> String {
    let region = instance.region.as_str();
    slug(region.strip_prefix("cn-").unwrap_or(region))
}

/// Returns a text with a dash for every run of characters that an alias cannot have.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().take(MAX_LENGTH) {
        if character.is_alphanumeric() || matches!(character, '_' | '.') {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{NewInstance, assign_aliases};
    use crate::testing::place;

    fn aliases(found: &[(&str, Option<&str>, &str)]) -> Vec<String> {
        let found: Vec<_> = found
            .iter()
            .map(|(id, name, region)| NewInstance {
                name: name.map(Into::into),
                ..NewInstance::new((*id).into(), (*region).into())
            })
            .collect();
        let declared = assign_aliases(
            &[],
            &[NewInstance::new("cri-0".into(), "x".into())],
            place(),
        );
        assign_aliases(&declared, &found, place())
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
