//! Where an import goes: the rules files there are, and how they are written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::is_stdout;
use crate::cli::args::ImportArgs;
use crate::cli::context::Context;
use crate::cli::editable_file::{EditableFile, is_same};
use crate::cli::failure::Failure;
use crate::cli::load::{load, rules_failure};
use crate::import::{ExistingFile, ImportedFile, Split};
use crate::model::{Aliases, DesiredRule};
use crate::rules::{Options, RuleSet, load_texts};

/// Where an import goes.
pub(super) struct Target {
    /// What is declared already, there and elsewhere.
    pub(super) loaded: RuleSet,
    /// The folder that files are in; that of the one file, where it is one.
    folder: PathBuf,
    /// The name of the one file.
    pub(super) single: String,
    pub(super) to_stdout: bool,
    split: Split,
    files: Vec<There>,
}

/// A file that is there.
struct There {
    name: String,
    file: EditableFile,
    /// Which of the texts that were loaded it is.
    loaded_at: usize,
}

impl Target {
    pub(super) fn load(
        args: &ImportArgs,
        split: Split,
        context: &mut Context,
    ) -> Result<Self, Failure> {
        let mut inputs = args.rules.clone();
        let out = args.out.display().to_string();
        let to_stdout = is_stdout(&args.out);
        if !to_stdout && args.out.exists() && (split == Split::None || has_rules_files(&args.out)) {
            inputs.push(out);
        }
        let loaded = match inputs.as_slice() {
            [] => load_texts([], &Options::without_variables())
                .map_err(|errors| rules_failure(&errors, context))?,
            inputs => load(inputs, context)?,
        };
        let (folder, single) = match split {
            Split::Namespace => (args.out.clone(), String::new()),
            Split::None => (
                args.out.parent().map(Path::to_path_buf).unwrap_or_default(),
                args.out
                    .file_name()
                    .map(|it| it.to_string_lossy().into_owned())
                    .unwrap_or_default(),
            ),
        };
        let mut target = Self {
            loaded,
            folder,
            single,
            to_stdout,
            split,
            files: Vec::new(),
        };
        target.find_files(&args.out)?;
        Ok(target)
    }

    /// The loaded files that the import may put more into.
    fn find_files(&mut self, out: &Path) -> Result<(), Failure> {
        for (loaded_at, source) in self.loaded.sources.files().iter().enumerate() {
            let path = Path::new(&source.path);
            let name = match self.split {
                Split::None if is_same(path, out) => self.single.clone(),
                Split::Namespace if path.parent().is_some_and(|folder| is_same(folder, out)) => {
                    path.file_name()
                        .map(|it| it.to_string_lossy().into_owned())
                        .unwrap_or_default()
                }
                _ => continue,
            };
            let file = EditableFile::read(path)?;
            if file.text() != source.text {
                return Err(
                    Failure::new(format!("{} has changed since it was read", source.path))
                        .help("run it again"),
                );
            }
            self.files.push(There {
                name,
                file,
                loaded_at,
            });
        }
        Ok(())
    }

    /// The files that are there, as the import sees them.
    pub(super) fn existing(&self) -> Vec<ExistingFile<'_>> {
        let RuleSet {
            desired, sources, ..
        } = &self.loaded;
        let aliases = Aliases::from_desired(desired);
        let existing = self.files.iter().map(|there| {
            let source = sources.files().get(there.loaded_at);
            let is_in = |it: &&DesiredRule| {
                source.is_some_and(|source| Arc::ptr_eq(sources.file(it.place.file), source))
            };
            let rules = desired.rules.iter().filter(is_in);
            let rules = rules.map(|it| {
                (
                    it,
                    aliases.name(it.rule.source.instance.as_str()).to_owned(),
                )
            });
            ExistingFile {
                name: &there.name,
                text: there.file.text(),
                rules: rules.collect(),
            }
        });
        existing.collect()
    }

    /// Whether any file is there.
    pub(super) fn exists(&self) -> bool {
        !self.files.is_empty()
    }

    /// What it is called.
    pub(super) fn shown(&self) -> String {
        match self.split {
            Split::None => self.folder.join(&self.single).display().to_string(),
            Split::Namespace => self.folder.display().to_string(),
        }
    }

    /// The path of a file.
    pub(super) fn path(&self, file: &ImportedFile) -> PathBuf {
        self.folder.join(&file.name)
    }

    /// Writes new files; shows what changes in those that are there, and writes that where it is asked for. Tells
    /// whether it was written.
    pub(super) fn deliver(
        &self,
        files: &[ImportedFile],
        write: bool,
        context: &mut Context,
    ) -> Result<bool, Failure> {
        if self.to_stdout {
            files
                .iter()
                .try_for_each(|file| context.print_document("the rules", file.text.as_bytes()))?;
            return Ok(true);
        }
        let there: Result<Vec<_>, _> = files
            .iter()
            .map(|file| EditableFile::read_or_new(&self.path(file)))
            .collect();
        let there = there?;
        for (before, after) in there.iter().zip(files) {
            before.refuse_new_secrets(&after.text, context)?;
        }
        let asks = there.iter().any(EditableFile::exists);
        if asks {
            for (before, after) in there.iter().zip(files) {
                context.print_difference(&before.difference(&after.text))?;
            }
        }
        if asks && !write {
            return Ok(false);
        }
        there
            .iter()
            .zip(files)
            .try_for_each(|(before, after)| before.write(&after.text))?;
        Ok(true)
    }
}

fn has_rules_files(folder: &Path) -> bool {
    let is_rules_file = |path: PathBuf| {
        path.extension()
            .is_some_and(|it| it == "yaml" || it == "yml")
    };
    fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| is_rules_file(entry.path())))
}
