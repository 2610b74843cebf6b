//! `PageNo` and `PageSize`, for every action that lists.

use super::refusal::Refusal;
use super::request::Request;

/// The page of a request that names none.
const DEFAULT_NUMBER: usize = 1;

/// The page size of a request that names none: what the API page's sample echoes and the SDKs document for
/// `ListInstance`.
const DEFAULT_SIZE: usize = 30;

/// The largest page the emulator gives, and what becomes of a request for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit {
    /// The most entries of a page.
    pub size: u32,
    /// What becomes of a request for more. The SDKs say of the service that it does either.
    pub beyond: Beyond,
}

/// What becomes of a request for more entries than a page may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// The limit is used instead, and the answer says so in its `PageSize`.
    Cap,
    /// HTTP 400 `InvalidPageSize`.
    Refuse,
}

impl Default for PageLimit {
    /// 100 entries, the limit the SDKs document for `ListRepository`; more is capped.
    fn default() -> Self {
        Self {
            size: 100,
            beyond: Beyond::Cap,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    /// From 1.
    pub(super) number: usize,
    /// Entries on a full page.
    pub(super) size: usize,
    /// By how many entries the page is off, as a fault may have it.
    pub(super) shift: isize,
}

impl Paging {
    /// The page a request asks for, under the limit.
    pub(super) fn read(request: &Request, limit: PageLimit) -> Result<Self, Refusal> {
        let number = positive(request, "PageNo", DEFAULT_NUMBER)?;
        let size = positive(request, "PageSize", DEFAULT_SIZE)?;
        let most = usize::try_from(limit.size).unwrap_or(usize::MAX).max(1);
        match limit.beyond {
            Beyond::Refuse if size > most => Err(Refusal::invalid("PageSize")),
            Beyond::Refuse | Beyond::Cap => Ok(Self {
                number,
                size: size.min(most),
                shift: 0,
            }),
        }
    }

    /// This page of all entries; nothing past the end.
    pub(super) fn of<T>(self, entries: &[T]) -> &[T] {
        let start = self.number.saturating_sub(1).saturating_mul(self.size);
        let start = start.saturating_add_signed(self.shift).min(entries.len());
        let end = start.saturating_add(self.size).min(entries.len());
        &entries[start..end]
    }
}

/// A parameter the API declares as int32, of which only the positive half makes sense here.
fn positive(request: &Request, name: &str, default: usize) -> Result<usize, Refusal> {
    let Some(text) = request.parameter(name) else {
        return Ok(default);
    };
    let number = text.parse::<i32>().ok().filter(|number| *number > 0);
    number
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| Refusal::invalid(name))
}

#[cfg(test)]
mod tests {
    use super::{Beyond, PageLimit, Paging};
    use crate::request::Request;

    fn read(query: &str, beyond: Beyond) -> Result<(usize, usize), String> {
        let query = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let request = Request {
            query,
            ..Request::default()
        };
        let paging = Paging::read(&request, PageLimit { size: 100, beyond });
        paging
            .map(|paging| (paging.number, paging.size))
            .map_err(|refusal| refusal.code.into_owned())
    }

    #[test]
    fn pages_have_defaults_and_bounds() {
        let bad = |name: &str| Err(format!("Invalid{name}"));
        let cases = [
            ("", Ok((1, 30))),
            ("PageNo=&PageSize=", Ok((1, 30))),
            ("PageNo=7&PageSize=50", Ok((7, 50))),
            ("PageSize=100", Ok((1, 100))),
            ("PageSize=101", Ok((1, 100))),
            (
                "PageNo=2147483647&PageSize=2147483647",
                Ok((2_147_483_647, 100)),
            ),
            ("PageNo=0", bad("PageNo")),
            ("PageNo=-1", bad("PageNo")),
            ("PageNo=1.0", bad("PageNo")),
            ("PageNo=2147483648", bad("PageNo")),
            ("PageSize=0", bad("PageSize")),
            ("PageSize=many", bad("PageSize")),
        ];
        for (query, expected) in cases {
            assert_eq!(read(query, Beyond::Cap), expected, "{query}");
        }
        assert_eq!(read("PageSize=100", Beyond::Refuse), Ok((1, 100)));
        assert_eq!(read("PageSize=101", Beyond::Refuse), bad("PageSize"));
    }

    #[test]
    fn pages_tile_the_list() {
        let list: Vec<_> = (0..7).collect();
        let page = |number, size| {
            Paging {
                number,
                size,
                shift: 0,
            }
            .of(&list)
        };
        assert_eq!(
            (page(1, 3), page(2, 3), page(3, 3)),
            (&[0, 1, 2][..], &[3, 4, 5][..], &[6][..])
        );
        assert!(page(4, 3).is_empty() && page(usize::MAX, usize::MAX).is_empty());
        assert_eq!(page(1, 7).len(), 7);
        assert!(page(2, 7).is_empty());
        let shifted = |number, shift| {
            Paging {
                number,
                size: 3,
                shift,
            }
            .of(&list)
        };
        assert_eq!(
            (shifted(2, 1), shifted(2, -1), shifted(1, -1)),
            (&[4, 5, 6][..], &[2, 3, 4][..], &[0, 1, 2][..])
        );
    }
}
