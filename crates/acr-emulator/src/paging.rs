//! The parameters `PageNo` and `PageSize` of list actions.

use super::error::ErrorResponse;
use super::request::HttpRequest;

/// The default page number.
const DEFAULT_NUMBER: usize = 1;

/// The default page size: the one in the sample on the API page, and in the SDKs' documentation of `ListInstance`.
const DEFAULT_SIZE: usize = 30;

/// The maximum page size, and the treatment of requests beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit {
    /// The maximum number of entries on a page.
    pub size: u32,
    /// The treatment of larger requests. The SDKs document both for the service.
    pub oversize: OversizeHandling,
}

/// The treatment of a request that exceeds the maximum page size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OversizeHandling {
    /// The maximum is used, and reported as the `PageSize` of the response.
    Cap,
    /// HTTP 400 `InvalidPageSize`.
    Refuse,
}

impl Default for PageLimit {
    /// Returns a maximum of 100 entries, as the SDKs document for `ListRepository`, with a cap.
    fn default() -> Self {
        Self {
            size: 100,
            oversize: OversizeHandling::Cap,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    /// The number of the page, from 1.
    pub(super) number: usize,
    /// The number of entries on a full page.
    pub(super) size: usize,
    /// The offset of the window by a fault, in entries.
    pub(super) shift: isize,
}

impl Paging {
    /// Reads the page that a request selects.
    pub(super) fn read(request: &HttpRequest, limit: PageLimit) -> Result<Self, ErrorResponse> {
        let number = positive(request, "PageNo", DEFAULT_NUMBER)?;
        let size = positive(request, "PageSize", DEFAULT_SIZE)?;
        let most = usize::try_from(limit.size).unwrap_or(usize::MAX).max(1);
        match limit.oversize {
            OversizeHandling::Refuse if size > most => Err(ErrorResponse::invalid("PageSize")),
            OversizeHandling::Refuse | OversizeHandling::Cap => Ok(Self {
                number,
                size: size.min(most),
                shift: 0,
            }),
        }
    }

    /// Returns the entries of the page; none past the end.
    pub(super) fn slice<T>(self, entries: &[T]) -> &[T] {
        let start = self.number.saturating_sub(1).saturating_mul(self.size);
        let start = start.saturating_add_signed(self.shift).min(entries.len());
        let end = start.saturating_add(self.size).min(entries.len());
        &entries[start..end]
    }
}

/// Reads a parameter that the API declares as int32 and that must be positive.
fn positive(request: &HttpRequest, name: &str, default: usize) -> Result<usize, ErrorResponse> {
    let Some(text) = request.parameter(name) else {
        return Ok(default);
    };
    let number = text.parse::<i32>().ok().filter(|number| *number > 0);
    number
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| ErrorResponse::invalid(name))
}

#[cfg(test)]
mod tests {
    use super::{OversizeHandling, PageLimit, Paging};
    use crate::request::HttpRequest;

    fn read(query: &str, oversize: OversizeHandling) -> Result<(usize, usize), String> {
        let query = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let request = HttpRequest {
            query,
            ..HttpRequest::default()
        };
        let paging = Paging::read(
            &request,
            PageLimit {
                size: 100,
                oversize,
            },
        );
        paging
            .map(|paging| (paging.number, paging.size))
            .map_err(|error| error.code.into_owned())
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
            assert_eq!(read(query, OversizeHandling::Cap), expected, "{query}");
        }
        assert_eq!(read("PageSize=100", OversizeHandling::Refuse), Ok((1, 100)));
        assert_eq!(
            read("PageSize=101", OversizeHandling::Refuse),
            bad("PageSize")
        );
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
            .slice(&list)
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
            .slice(&list)
        };
        assert_eq!(
            (shifted(2, 1), shifted(2, -1), shifted(1, -1)),
            (&[4, 5, 6][..], &[2, 3, 4][..], &[0, 1, 2][..])
        );
    }
}
