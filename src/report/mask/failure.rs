//! The errors of a failed run.

use super::Mask;
use crate::report::ReportedError;

impl Mask {
    /// Masks an error of a run that failed. Its location stays: it is a path of the repository.
    pub(super) fn mask_error(&self, error: &mut ReportedError) {
        let ReportedError {
            code: _,
            message,
            parts,
            help,
            location: _,
        } = error;
        self.mask_message(message);
        for part in parts {
            self.mask_message(part);
        }
        if let Some(help) = help {
            self.mask_message(help);
        }
    }
}
