//! The target of an import: the rules files that exist, and the files to write.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::args::ImportArgs;
use crate::cli::context::Context;
use crate::cli::editable_file::{EditableFile, is_same};
use crate::cli::failure::Failure;
use crate::cli::load::{load, rules_failure};
use crate::import::{ExistingFile, ImportedFile, Split};
use crate::model::Aliases;
use crate::rules::{Options, RuleSet, load_texts};

/// The target of an import.
pub(super) struct ImportTarget {
    /// The rules that are declared already, in the target and in `--rules`.
    pub(super) loaded: RuleSet,
    /// The folder of the files.
    folder: PathBuf,
    /// The name of the one file; empty with `--split`.
    pub(super) single: String,
    pub(super) to_stdout: bool,
    split: Split,
    files: Vec<TargetFile>,
}

/// A file of the target that exists.
struct TargetFile {
    name: String,
    file: EditableFile,
    /// Its index in the loaded files.
    source_index: usize,
}

impl ImportTarget {
    /// Loads the rules files of the target.
    pub(super) fn load(
        args: &ImportArgs,
        split: Split,
        context: &mut Context,
    ) -> Result<Self, Failure> {
        let mut inputs = args.rules.clone();
        let to_stdout = args.out.as_os_str() == "-";
        if !to_stdout && args.out.exists() && (split == Split::None || has_rules_files(&args.out)) {
            inputs.push(args.out.display().to_string());
        }
        let loaded = if inputs.is_empty() {
            load_texts([], &Options::without_variables())
                .map_err(|errors| rules_failure(&errors, context))?
        } else {
            load(&inputs, context)?
        };
        let (folder, single) = match split {
            Split::Namespace => (args.out.clone(), String::new()),
            Split::None => {
                let folder = args.out.parent().map(Path::to_path_buf);
                (folder.unwrap_or_default(), file_name(&args.out))
            }
        };
        let mut target = Self {
            loaded,
            folder,
            single,
            to_stdout,
            split,
            files: Vec::new(),
        };
        target.files = target.find_files(&args.out)?;
        Ok(target)
    }

    /// Returns the loaded files that the import may extend.
    fn find_files(&self, out: &Path) -> Result<Vec<TargetFile>, Failure> {
        let mut files = Vec::new();
        for (source_index, source) in self.loaded.sources.files().iter().enumerate() {
            let path = Path::new(&*source.path);
            let name = match self.split {
                Split::None if is_same(path, out) => self.single.clone(),
                Split::Namespace if path.parent().is_some_and(|folder| is_same(folder, out)) => {
                    file_name(path)
                }
                Split::None | Split::Namespace => continue,
            };
            let file = EditableFile::read(path)?;
            if file.text() != source.text {
                let reason = format!("{} has changed since it was read", source.path);
                return Err(Failure::new(reason).help("rerun crdrift"));
            }
            files.push(TargetFile {
                name,
                file,
                source_index,
            });
        }
        Ok(files)
    }

    /// Returns the existing files with the rules of each.
    pub(super) fn existing(&self) -> Vec<ExistingFile<'_>> {
        let RuleSet {
            desired, sources, ..
        } = &self.loaded;
        let aliases = Aliases::from_desired(desired);
        let mut existing = Vec::new();
        for file in &self.files {
            let Some(source) = sources.files().get(file.source_index) else {
                continue;
            };
            let mut rules = Vec::new();
            for rule in &desired.rules {
                if Arc::ptr_eq(sources.file(rule.place.file), source) {
                    let alias = aliases.name(rule.rule.source.instance.as_str());
                    rules.push((rule, alias.to_owned()));
                }
            }
            existing.push(ExistingFile {
                name: &file.name,
                text: file.file.text(),
                rules,
            });
        }
        existing
    }

    /// Returns whether any file exists.
    pub(super) fn exists(&self) -> bool {
        !self.files.is_empty()
    }

    /// Returns the path of the file or folder, for messages.
    pub(super) fn display_path(&self) -> String {
        match self.split {
            Split::None => self.folder.join(&self.single).display().to_string(),
            Split::Namespace => self.folder.display().to_string(),
        }
    }

    /// Returns the path of a file.
    pub(super) fn path(&self, file: &ImportedFile) -> PathBuf {
        self.folder.join(&file.name)
    }

    /// Writes new files; prints the changes of existing ones, and writes those with `--write`. Returns whether the files
    /// were written.
    pub(super) fn write(
        &self,
        files: &[ImportedFile],
        write: bool,
        context: &mut Context,
    ) -> Result<bool, Failure> {
        if self.to_stdout {
            for file in files {
                context.print_document("the rules", file.text.as_bytes())?;
            }
            return Ok(true);
        }
        let mut before = Vec::new();
        for file in files {
            let existing = EditableFile::read_or_new(&self.path(file))?;
            existing.refuse_new_secrets(&file.text, context)?;
            before.push(existing);
        }
        if before.iter().any(EditableFile::exists) {
            for (before, after) in before.iter().zip(files) {
                context.print_difference(&before.difference(&after.text))?;
            }
            if !write {
                return Ok(false);
            }
        }
        for (before, after) in before.iter().zip(files) {
            before.write(&after.text)?;
        }
        Ok(true)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn has_rules_files(folder: &Path) -> bool {
    let is_rules_file = |path: PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml")
    };
    fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| is_rules_file(entry.path())))
}
