//! Parsed requests.

use axum::http::request::Parts;

/// The content type of a form. A `charset` may follow.
const FORM: &str = "application/x-www-form-urlencoded";

/// A parsed request. The client controls every part.
#[derive(Debug, Default)]
pub(super) struct HttpRequest {
    /// The method, in upper case.
    pub(super) method: String,
    /// The path without the query.
    pub(super) path: String,
    /// The headers, with names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// The decoded parameters of the query.
    pub(super) query: Vec<(String, String)>,
    /// The decoded parameters of a form body.
    pub(super) form: Vec<(String, String)>,
    /// The raw body.
    pub(super) body: Vec<u8>,
}

impl HttpRequest {
    /// Parses a request.
    pub(super) fn new(parts: &Parts, body: Vec<u8>) -> Self {
        let headers: Vec<_> = parts
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        let mut request = Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            headers,
            query: decode(parts.uri.query().unwrap_or_default().as_bytes()),
            form: Vec::new(),
            body,
        };
        if request.header("content-type").is_some_and(is_form) {
            request.form = decode(&request.body);
        }
        request
    }

    /// Returns the first value of a header. `name` is in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.trim())
    }

    /// Returns a parameter of query or form. An empty value counts as missing: SDKs send one for an unset parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut given = self.query.iter().chain(&self.form);
        given
            .find(|(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }
}

fn is_form(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(FORM)
}

/// Decodes a form or a query. Python's SDKs send a space as `+`, Node's as `%20`.
fn decode(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::HttpRequest;
    use axum::http;

    #[test]
    fn query_and_form_decode_alike() {
        let uri = "/?InstanceId=cri-x&NamespaceName=a+b%2Bc%2Ad~e%2Ff%27%28g%29%21_.-%C3%A9&RepoName=&Raw=*'()!&Space=%20";
        let request = http::Request::post(uri).header(
            "Content-Type",
            "Application/X-WWW-form-urlencoded; charset=UTF-8",
        );
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let request = HttpRequest::new(&parts, b"PageNo=2&InstanceId=second&RepoName=app".to_vec());
        let expected = [
            ("InstanceId", Some("cri-x")),
            ("NamespaceName", Some("a b+c*d~e/f'(g)!_.-é")),
            ("RepoName", Some("app")),
            ("Raw", Some("*'()!")),
            ("Space", Some(" ")),
            ("PageNo", Some("2")),
            ("PageSize", None),
        ];
        for (name, value) in expected {
            assert_eq!(request.parameter(name), value, "{name}");
        }
    }

    #[test]
    fn other_bodies_have_no_parameters() {
        let (parts, ()) = http::Request::post("/")
            .header("Content-Type", "application/json")
            .body(())
            .unwrap()
            .into_parts();
        assert_eq!(
            HttpRequest::new(&parts, b"PageNo=2".to_vec()).parameter("PageNo"),
            None
        );
    }
}
