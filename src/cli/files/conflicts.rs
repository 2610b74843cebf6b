//! The conflicts that are refused: an output that is an input, two outputs to one place, a link out of the repository.

use std::path::Path;

use clap::Command;

use super::roles::FileRole;
use super::{RunFile, RunFiles};
use crate::cli::failure::Failure;
use crate::links::{EscapingLink, escaping_link};
use crate::rules;
use crate::source::sanitize;

impl RunFiles {
    /// Refuses outputs that leave their repository through a link: the repository chose the link, and no person did.
    pub(super) fn refuse_links_out(&self) -> Result<(), Failure> {
        let outputs = self
            .outputs
            .iter()
            .filter_map(|output| Some((&output.label, output.path.as_ref()?)));
        let rewritten = self.rewritten.iter().map(|(label, path)| (label, path));
        for (label, path) in outputs.chain(rewritten) {
            if let Some(link) = escaping_output(path) {
                let target = link.target.display().to_string();
                let (label, target) = (sanitize(label), sanitize(&target));
                let crossed = link.bound.crossed();
                return Err(Failure::usage(format!(
                    "`{label}`: a symbolic link leads {crossed}, to {target}"
                ))
                .help("use the path that the link leads to, or replace the link"));
            }
        }
        Ok(())
    }

    /// Refuses folders as outputs, except for `import --split`.
    pub(super) fn refuse_folders(&self, command: &Command) -> Result<(), Failure> {
        for output in &self.outputs {
            let Some(path) = &output.path else { continue };
            let names_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
            if names_folder && command.get_name() != "import" {
                return Err(Failure::usage(format!(
                    "`{}` names a folder",
                    sanitize(&output.label)
                ))
                .help("use the path of a file, without a `/` at the end"));
            }
        }
        Ok(())
    }

    /// Refuses outputs in an input folder or glob of the same command line: the next run would read them.
    pub(super) fn refuse_later_inputs(&self) -> Result<(), Failure> {
        for output in self.outputs.iter().filter(|it| it.role != FileRole::Edited) {
            let Some(path) = &output.path else { continue };
            let mut searched = self.searched.iter();
            let input = searched.find(|it| rules::leads_to(&it.input, it.kind, path));
            if let Some(input) = input {
                let (written, read) = (sanitize(&output.label), sanitize(&input.label));
                return Err(Failure::usage(format!(
                    "`{written}` would be an input of the next run: `{read}` leads to it"
                ))
                .help("write the output to another folder, or with another ending"));
            }
        }
        Ok(())
    }

    /// Refuses two outputs to one place.
    pub(super) fn refuse_shared_outputs(&self) -> Result<(), Failure> {
        for (index, output) in self.outputs.iter().enumerate() {
            let Some(identity) = &output.identity else {
                continue;
            };
            let earlier = self
                .outputs
                .iter()
                .take(index)
                .find(|it| it.identity.as_ref() == Some(identity));
            if let Some(earlier) = earlier.filter(|earlier| !may_follow(earlier, output)) {
                let labels = format!(
                    "`{}` and `{}`",
                    sanitize(&earlier.label),
                    sanitize(&output.label)
                );
                return Err(
                    Failure::usage(format!("two outputs go to one place: {labels}"))
                        .help("give each output its own path, such as -o json=result.json"),
                );
            }
        }
        Ok(())
    }

    /// Refuses outputs that are inputs, except for a rules file that is edited.
    pub(super) fn refuse_shared_inputs(&self) -> Result<(), Failure> {
        for output in &self.outputs {
            let Some(identity) = &output.identity else {
                continue;
            };
            let is_edited = |input: &&RunFile| {
                output.role == FileRole::Edited && input.role == FileRole::Desired
            };
            let mut shared = self
                .inputs
                .iter()
                .filter(|it| it.identity.as_ref() == Some(identity));
            if let Some(input) = shared.find(|input| !is_edited(input)) {
                let (written, read) = (sanitize(&output.label), sanitize(&input.label));
                return Err(Failure::usage(format!(
                    "`{written}` would overwrite an input of this run: `{read}`"
                ))
                .help("write the output to another path"));
            }
        }
        Ok(())
    }
}

/// Returns the link by which an output leaves its repository. Links to a device, a FIFO or a socket are allowed: nothing
/// is replaced there.
pub(super) fn escaping_output(path: &Path) -> Option<EscapingLink> {
    escaping_link(path, None).filter(|_| !is_stream(path))
}

/// Returns `true` if a path leads to a character device, a FIFO or a socket.
#[cfg(unix)]
fn is_stream(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|metadata| {
        let kind = metadata.file_type();
        kind.is_char_device() || kind.is_fifo() || kind.is_socket()
    })
}

#[cfg(not(unix))]
fn is_stream(_path: &Path) -> bool {
    false
}

/// Returns whether the second output may be printed after the first: remedies as text, after a plan as text.
fn may_follow(first: &RunFile, second: &RunFile) -> bool {
    let labels = [first.label.as_str(), second.label.as_str()];
    labels
        .iter()
        .any(|it| matches!(*it, "--output text" | "--output text=-"))
        && labels
            .iter()
            .any(|it| matches!(*it, "--remedy text" | "--remedy text=-"))
}
