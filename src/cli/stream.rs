//! A result that begins while instances are still asked: `-o ndjson` on standard output.
//!
//! What is sent early is how the result begins, so the rest goes on from there: the stream has the same bytes as a result
//! that is written in one go.

use std::collections::VecDeque;
use std::io::{self, Write};

use acr_client::Done;

use crate::report::answered;

/// The beginning of a result.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The instances whose turn has not come, in the order of the result: alias and id.
    waiting: VecDeque<(String, String)>,
    /// What has been sent.
    pub(super) sent: Vec<u8>,
}

impl Stream {
    /// Says which instances are asked.
    pub(super) fn expect(&mut self, instances: impl Iterator<Item = (String, String)>) {
        self.waiting = instances.collect();
    }

    /// What is to be sent now that these are done: an instance has its turn when those before it had theirs.
    pub(super) fn next(&mut self, done: &[Done], masked: impl Fn(&str) -> String) -> Vec<u8> {
        let mut lines = Vec::new();
        while let Some((alias, id)) = self.waiting.front() {
            let Some(it) = done.iter().find(|it| *it.instance_id == **id) else {
                break;
            };
            if it.was_asked {
                // Writing into memory cannot fail.
                let _ = answered(alias, &masked(id), &mut lines);
            }
            self.waiting.pop_front();
        }
        lines
    }
}

/// Writes what has not been sent. Where the result begins otherwise than it was sent, as that of a run that failed in
/// the middle, it goes on with the first line that is another.
pub(super) struct Rest<'a> {
    sent: &'a [u8],
    to: &'a mut dyn Write,
    at: usize,
}

impl<'a> Rest<'a> {
    pub(super) fn new(sent: &'a [u8], to: &'a mut dyn Write) -> Self {
        Self { sent, to, at: 0 }
    }
}

impl Write for Rest<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.sent.get(self.at..).unwrap_or_default();
        let same = left
            .iter()
            .zip(bytes)
            .take_while(|(sent, byte)| sent == byte)
            .count();
        let (known, new) = bytes.split_at(same);
        self.at += known.len();
        if new.is_empty() {
            return Ok(bytes.len());
        }
        if self.at < self.sent.len() {
            let before = self.sent.get(..self.at).unwrap_or_default();
            self.to.write_all(
                before
                    .rsplit(|byte| *byte == b'\n')
                    .next()
                    .unwrap_or_default(),
            )?;
        }
        (self.sent, self.at) = (&[], 0);
        self.to.write_all(new)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::{Rest, Stream};
    use acr_client::Done;
    use std::io::Write;

    #[test]
    fn the_rest_goes_on_where_what_was_sent_ends() {
        for (sent, result, expected) in [
            ("", "a\nb\n", "a\nb\n"),
            ("a\n", "a\nb\n", "b\n"),
            ("a\nb\n", "a\nb\n", ""),
            ("a\nbc\n", "a\nbd\n", "bd\n"),
            ("a\nb\n", "x\ny\n", "x\ny\n"),
        ] {
            for size in 1..=result.len() {
                let mut rest = Vec::new();
                let mut to = Rest::new(sent.as_bytes(), &mut rest);
                result
                    .as_bytes()
                    .chunks(size)
                    .for_each(|it| to.write_all(it).expect("memory"));
                assert_eq!(
                    String::from_utf8_lossy(&rest),
                    expected,
                    "{sent:?} {result:?} {size}"
                );
            }
        }
    }

    #[test]
    fn an_instance_waits_for_those_before_it() {
        let done = |id: &str, was_asked| Done {
            instance_id: id.into(),
            was_asked,
        };
        let mut stream = Stream::default();
        stream.expect(
            ["a", "b", "c"]
                .map(|it| (it.to_owned(), format!("cri-{it}")))
                .into_iter(),
        );
        let mut next =
            |done: &[Done]| String::from_utf8(stream.next(done, str::to_uppercase)).expect("UTF-8");
        assert_eq!(next(&[done("cri-b", false), done("cri-c", true)]), "");
        let all = [
            done("cri-b", false),
            done("cri-c", true),
            done("cri-a", true),
        ];
        let line = |alias: &str, id: &str| {
            format!("{{\"type\":\"answered\",\"alias\":\"{alias}\",\"id\":\"{id}\"}}\n")
        };
        assert_eq!(next(&all), line("a", "CRI-A") + &line("c", "CRI-C"));
        assert_eq!(next(&all), "");
    }
}
