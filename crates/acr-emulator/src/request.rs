//! A request as it came in, with query and form taken apart.

use axum::http::request::Parts;

/// The content type of a form body; a `charset` may follow it.
const FORM: &str = "application/x-www-form-urlencoded";

/// A request. Everything in it is the client's.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// The method, upper case.
    pub(super) method: String,
    /// The path, without the query.
    pub(super) path: String,
    /// Header names, lower case, with their values.
    pub(super) headers: Vec<(String, String)>,
    /// The decoded parameters of the query.
    pub(super) query: Vec<(String, String)>,
    /// The decoded parameters of a form body.
    pub(super) form: Vec<(String, String)>,
    /// The body as it came.
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Takes a request apart.
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

    /// The first value of a header; `name` in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.trim())
    }

    /// A parameter of query or form. An empty one is as good as none: SDKs send those for what was left out.
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

/// Form decoding, for the query too: Python's SDKs send a space as `+`, Node's as `%20`.
fn decode(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::Request;
    use axum::http;

    #[test]
    fn query_and_form_are_read_alike() {
        let uri = "/?InstanceId=cri-x&NamespaceName=a+b%2Bc%2Ad~e%2Ff%27%28g%29%21_.-%C3%A9&RepoName=&Raw=*'()!&Space=%20";
        let request = http::Request::post(uri).header(
            "Content-Type",
            "Application/X-WWW-form-urlencoded; charset=UTF-8",
        );
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let request = Request::new(&parts, b"PageNo=2&InstanceId=second&RepoName=app".to_vec());
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
    fn a_body_that_is_no_form_has_no_parameters() {
        let (parts, ()) = http::Request::post("/")
            .header("Content-Type", "application/json")
            .body(())
            .unwrap()
            .into_parts();
        assert_eq!(
            Request::new(&parts, b"PageNo=2".to_vec()).parameter("PageNo"),
            None
        );
    }
}
