//! Several files as one snapshot: the parts that shards of a reading wrote, or files of different instances.

use std::collections::BTreeMap;

use acr_api::Listing;

use super::{LiveListings, Snapshot};
use crate::model::{ReadFailure, ReadStatus};
use crate::shard::Shard;

/// The part of the instances that a snapshot has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotPart {
    /// The shard that was read.
    pub shard: Shard,
    /// The SHA-256 of the rules files that named the instances.
    pub rules_sha256: Box<str>,
}

/// A snapshot of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedSnapshot {
    /// The name of the file.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// The snapshot.
    pub snapshot: Snapshot,
}

/// A file with a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}

/// One snapshot of several files. `L` is the type of its listings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MergedSnapshot<L = Snapshot> {
    /// The files, in their order.
    pub files: Vec<SnapshotFile>,
    /// The listings of all files, with the time of the oldest ones.
    pub snapshot: L,
    /// The shards of which no part was given. Their instances are incomplete.
    pub missing: Vec<Shard>,
}

impl From<MergedSnapshot> for MergedSnapshot<LiveListings> {
    fn from(merged: MergedSnapshot) -> Self {
        Self {
            files: merged.files,
            snapshot: merged.snapshot.into(),
            missing: merged.missing,
        }
    }
}

/// The reason why files are not one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// One file is a part, and another is not.
    #[error("{part} is a part of a snapshot, and {other} is not")]
    Mixed {
        /// The file with a part.
        part: String,
        /// The file without.
        other: String,
    },
    /// The parts were read for different rules files.
    #[error("{first} and {second} are parts of snapshots for different rules files")]
    OtherRules {
        /// The first file.
        first: String,
        /// The file with other rules.
        second: String,
    },
    /// The parts are of different numbers of shards.
    #[error("{first} is part {first_shard}, and {second} is part {second_shard}")]
    OtherCount {
        /// The first file.
        first: String,
        /// Its shard.
        first_shard: Shard,
        /// The file of another count.
        second: String,
        /// Its shard.
        second_shard: Shard,
    },
    /// A part was given twice.
    #[error("{first} and {second} are both part {shard}")]
    RepeatedPart {
        /// The first file.
        first: String,
        /// The second file.
        second: String,
        /// The shard.
        shard: Shard,
    },
    /// An instance has a listing in two files.
    #[error("{first} and {second} both have a listing of {instance}")]
    RepeatedInstance {
        /// The first file.
        first: String,
        /// The second file.
        second: String,
        /// The id of the instance.
        instance: String,
    },
}

impl PartError {
    /// Returns the remedy.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Mixed { .. } => "give either a snapshot or the parts of one",
            Self::OtherRules { .. } | Self::OtherCount { .. } => {
                "take all parts with the same rules files and number of shards: \
                 crdrift snapshot rules/ --shard 1/2 --out part-1.json"
            }
            Self::RepeatedPart { .. } => "give each part once",
            Self::RepeatedInstance { .. } => {
                "give each instance once; the pages of one listing belong into one file"
            }
        }
    }
}

/// Merges the snapshots of several files.
///
/// A file without any listing merges with all others: a snapshot that failed leaves one, and its instances are incomplete.
///
/// # Errors
///
/// A [`PartError`]: the files are no parts of one snapshot, or repeat an instance.
pub fn merge(mut files: Vec<NamedSnapshot>) -> Result<MergedSnapshot, PartError> {
    let read = files.iter().map(|file| SnapshotFile {
        name: file.name.clone(),
        sha256: file.sha256.clone(),
    });
    let read = read.collect();
    if files.len() > 1 {
        files.retain(|file| file.snapshot.part.is_some() || !file.snapshot.listings.is_empty());
    }
    let missing = check_parts(&files)?;
    let taken_ms = files.iter().map(|file| file.snapshot.taken_ms).min();
    let mut listings = Vec::new();
    let mut anonymous: Option<Listing<ReadFailure>> = None;
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (number, file) in files.into_iter().enumerate() {
        for listing in file.snapshot.listings {
            if listing.instance_id.is_empty() {
                add_anonymous(&mut anonymous, listing);
                continue;
            }
            let id = listing.instance_id.trim().to_lowercase();
            let first = *known.entry(id).or_insert(number);
            // Within a file, a repeated listing is inconsistent already.
            if first != number {
                let name = |number: usize| names.get(number).cloned().unwrap_or_default();
                return Err(PartError::RepeatedInstance {
                    first: name(first),
                    second: name(number),
                    instance: listing.instance_id.into(),
                });
            }
            listings.push(listing);
        }
    }
    listings.extend(anonymous);
    Ok(MergedSnapshot {
        files: read,
        snapshot: Snapshot {
            taken_ms: taken_ms.flatten(),
            part: None,
            listings,
        },
        missing,
    })
}

/// Refuses parts that do not belong together, and returns the missing ones.
fn check_parts(files: &[NamedSnapshot]) -> Result<Vec<Shard>, PartError> {
    let mut given: BTreeMap<Shard, &str> = BTreeMap::new();
    let mut first: Option<(&str, &SnapshotPart)> = None;
    for file in files {
        let name = file.name.as_str();
        let Some(part) = &file.snapshot.part else {
            continue;
        };
        let (first_name, first_part) = *first.get_or_insert((name, part));
        if part.rules_sha256 != first_part.rules_sha256 {
            return Err(PartError::OtherRules {
                first: first_name.to_owned(),
                second: name.to_owned(),
            });
        }
        if part.shard.count() != first_part.shard.count() {
            return Err(PartError::OtherCount {
                first: first_name.to_owned(),
                first_shard: first_part.shard,
                second: name.to_owned(),
                second_shard: part.shard,
            });
        }
        if let Some(earlier) = given.insert(part.shard, name) {
            return Err(PartError::RepeatedPart {
                first: earlier.to_owned(),
                second: name.to_owned(),
                shard: part.shard,
            });
        }
    }
    let Some((name, part)) = first else {
        return Ok(Vec::new());
    };
    if let Some(other) = files.iter().find(|file| file.snapshot.part.is_none()) {
        return Err(PartError::Mixed {
            part: name.to_owned(),
            other: other.name.clone(),
        });
    }
    let shards = part.shard.siblings();
    Ok(shards.filter(|shard| !given.contains_key(shard)).collect())
}

/// Adds the responses of a file that name no instance to those of the others, as if they were in one file.
fn add_anonymous(all: &mut Option<Listing<ReadFailure>>, mut listing: Listing<ReadFailure>) {
    let Some(all) = all else {
        *all = Some(listing);
        return;
    };
    if all.status == ReadStatus::Complete {
        all.status = listing.status;
        all.failure = listing.failure;
    }
    all.rules.append(&mut listing.rules);
    all.request_ids.append(&mut listing.request_ids);
    all.pages = all.pages.saturating_add(listing.pages);
    all.requests = all.requests.saturating_add(listing.requests);
}

#[cfg(test)]
mod tests {
    use super::{MergedSnapshot, NamedSnapshot, PartError, merge};
    use crate::snapshot::read;

    fn answer(request: &str, rules: &str) -> String {
        let total = u32::from(!rules.is_empty());
        format!(
            r#"{{"RequestId":"{request}","IsSuccess":true,"Code":"success","TotalCount":{total},"SyncRules":[{rules}]}}"#
        )
    }

    fn merge_texts(texts: &[&str]) -> Result<MergedSnapshot, PartError> {
        let files = texts
            .iter()
            .enumerate()
            .map(|(number, text)| NamedSnapshot {
                name: format!("{number}.json"),
                sha256: String::new(),
                snapshot: read(text.as_bytes()).expect("a snapshot"),
            });
        merge(files.collect())
    }

    fn document(time: &str, listings: &str) -> String {
        format!(r#"{{"format_version":"1.0","taken_at":{time},"listings":[{listings}]}}"#)
    }

    #[test]
    fn responses_in_several_files_are_as_those_in_one() {
        let rule = r#"{"LocalInstanceId":"a","SyncRuleId":"1","SyncDirection":"FROM"}"#;
        let texts = [answer("R1", ""), answer("R2", rule), answer("R3", "")];
        let [one, two, three] = texts.each_ref().map(String::as_str);
        let several = merge_texts(&[one, two, three]).expect("different instances");
        let together = merge_texts(&[&texts.concat()]).expect("one file");
        let sorted = |merged: MergedSnapshot| {
            let mut listings = merged.snapshot.listings;
            listings.sort_by(|one, other| one.instance_id.cmp(&other.instance_id));
            listings
        };
        assert_eq!(sorted(several), sorted(together));
    }

    #[test]
    fn the_oldest_listings_date_them_all() {
        let times = |times: &[&str]| {
            let texts: Vec<_> = times
                .iter()
                .enumerate()
                .map(|(number, time)| {
                    document(time, &format!(r#"{{"instance_id":"cri-{number}"}}"#))
                })
                .collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            merge_texts(&texts)
                .expect("different instances")
                .snapshot
                .taken_ms
        };
        let (early, late) = (r#""1970-01-01T00:00:01Z""#, r#""1970-01-01T00:00:09Z""#);
        assert_eq!(times(&[late, early, late]), Some(1_000));
        assert_eq!(times(&[late, "null"]), None, "one is as old as can be");
        assert_eq!(times(&[]), None);
    }

    #[test]
    fn a_file_that_is_given_twice_is_refused() {
        let text = document("null", r#"{"instance_id":"a"}"#);
        let error = merge_texts(&[&text, &text.replace("\"a\"", "\" A\"")]).expect_err("twice");
        assert_eq!(
            error.to_string(),
            "0.json and 1.json both have a listing of  A"
        );
        // A snapshot that failed leaves a file without listings.
        let empty = document("null", "");
        let merged = merge_texts(&[&empty, &text, &empty]).expect("one listing");
        assert_eq!(merged.snapshot.listings.len(), 1);
    }
}
