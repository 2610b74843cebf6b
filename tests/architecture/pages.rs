//! Pages name only files that exist.

use std::fs;
use std::path::Path;

#[test]
fn every_source_file_and_folder_that_a_page_names_exists() {
    let mut files = Vec::new();
    for folder in ["src", "crates", "tests", "benches", "fuzz/fuzz_targets"] {
        collect_files(Path::new(folder), &mut files);
    }
    let mut missing = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page is text");
        for name in text.split('`').skip(1).step_by(2) {
            let is_file = Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "rs")
                && !name.contains([' ', '…', '*', '<']);
            let is_folder = name.ends_with('/')
                && !name.starts_with('/')
                && name.len() > 1
                && !name.contains([' ', '…', '*', '<', ':', '.', '$', '"']);
            if !is_file && !is_folder {
                continue;
            }
            let is_known = Path::new(name).exists()
                || files.iter().any(|file| {
                    file.ends_with(&format!("/{name}"))
                        || (is_folder && file.contains(&format!("/{name}")))
                });
            if !is_known {
                missing.push(format!("{page}: `{name}`"));
            }
        }
    }
    assert!(missing.is_empty(), "no such file:\n{}", missing.join("\n"));
}

/// The pages for people who change the code.
fn pages() -> Vec<String> {
    let mut pages = vec![
        "CONTRIBUTING.md".to_owned(),
        "README.md".to_owned(),
        "src/lib.rs".to_owned(),
    ];
    for entry in fs::read_dir("docs").expect("docs") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path.display().to_string());
        }
    }
    pages
}

fn collect_files(folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            collect_files(&path, files);
        } else {
            files.push(path.display().to_string());
        }
    }
}
