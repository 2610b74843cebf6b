//! Errors of the operating system.

use std::io::{self, ErrorKind};

use super::Message;

impl Message {
    /// Returns the message of an error of the operating system.
    #[must_use]
    pub fn from_io(error: &io::Error) -> Self {
        Self::from_system(&error.to_string(), error.raw_os_error())
    }

    /// Returns the message of an error with its number and the words of the system, which are quoted where no other text
    /// is known.
    #[must_use]
    pub fn from_system(text: &str, number: Option<i32>) -> Self {
        let Some(number) = number else {
            return text.into();
        };
        let message = match io::Error::from_raw_os_error(number).kind() {
            ErrorKind::NotFound => Self::system_not_found(number),
            ErrorKind::PermissionDenied => Self::system_denied(number),
            ErrorKind::IsADirectory => Self::system_folder(number),
            ErrorKind::NotADirectory => Self::system_not_a_folder(number),
            ErrorKind::StorageFull => Self::system_full(number),
            ErrorKind::ReadOnlyFilesystem => Self::system_read_only(number),
            ErrorKind::BrokenPipe => Self::system_broken_pipe(number),
            ErrorKind::AddrInUse => Self::system_in_use(number),
            ErrorKind::ConnectionRefused => Self::system_refused(number),
            ErrorKind::ConnectionReset => Self::system_reset(number),
            ErrorKind::NetworkUnreachable => Self::system_unreachable(number),
            ErrorKind::HostUnreachable => Self::system_no_route(number),
            _ => return text.into(),
        };
        message.with_text(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use crate::i18n::{Language, Message};

    #[test]
    fn a_known_error_has_the_words_of_the_system_and_a_translation() {
        let error = io::Error::from_raw_os_error(2);
        let message = Message::from_io(&error);
        assert_eq!(*message, *error.to_string());
        assert!(message.to_language(Language::Chinese).starts_with("没有"));
        let error = io::Error::other("as it is");
        assert_eq!(Message::from_io(&error).source(), None);
    }
}
