//! The state of files, to see a change without reading them.

use std::fmt::Write as _;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::report::Digest;
use crate::rules::discover_rules;

/// Returns a digest of the rules files behind inputs: their real paths, sizes and times. A folder of which a symbolic link
/// is exchanged, as Kubernetes does for a `ConfigMap`, has other real paths.
#[must_use]
pub fn files_signature(inputs: &[String]) -> Digest {
    let mut text = String::new();
    for path in discover_rules(inputs) {
        describe(&path, &mut text);
    }
    Digest::hash(text.as_bytes())
}

fn describe(path: &Path, text: &mut String) {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let Ok(metadata) = real.metadata() else {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}: unreadable", real.display());
        return;
    };
    let modified = metadata.modified().ok();
    let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let _ = writeln!(
        text,
        "{}: {} {} {}",
        real.display(),
        inode(&metadata),
        metadata.len(),
        modified.map_or(0, |time| time.as_nanos())
    );
}

#[cfg(unix)]
fn inode(metadata: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &std::fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::files_signature;

    #[test]
    fn every_way_of_replacing_a_file_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let rules = folder.path().join("rules");
        let write = |version: &str, text: &str| {
            let data = rules.join(version);
            fs::create_dir_all(&data).expect("a folder");
            fs::write(data.join("a.yaml"), text).expect("a file");
        };
        // A ConfigMap: files are links through `..data`, a link that is exchanged.
        write("..1", "one");
        write("..2", "two");
        symlink("..1", rules.join("..data")).expect("a link");
        symlink("..data/a.yaml", rules.join("a.yaml")).expect("a link");
        let inputs = [rules.to_str().expect("UTF-8").to_owned()];
        let first = files_signature(&inputs);
        assert_eq!(files_signature(&inputs), first);
        symlink("..2", rules.join("..new")).expect("a link");
        fs::rename(rules.join("..new"), rules.join("..data")).expect("a swap");
        let second = files_signature(&inputs);
        assert_ne!(second, first);
        fs::write(rules.join("b.yaml"), "three").expect("a file");
        assert_ne!(files_signature(&inputs), second);
        fs::remove_dir_all(&rules).expect("removed");
        let gone = files_signature(&inputs);
        assert!(gone != first && gone != second);
    }
}
