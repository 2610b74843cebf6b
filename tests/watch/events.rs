//! The stream of events.

use crdrift::watch::EstateView;

use super::client::{Stream, get, request};
use super::server::{NOW_MS, TestServer, options, state};

#[test]
fn a_change_is_an_event_without_names() {
    let server = TestServer::start(options(), state());
    let mut stream = Stream::open(server.address(), "/events", "");
    assert_eq!(stream.line().as_deref(), Some("retry: 5000"));
    let first = stream.event();
    assert_eq!(first.data["estates"], serde_json::Value::Null);
    server.state.change(|state| {
        let view = EstateView {
            owner: Some("team-of-strangers".to_owned()),
            ..EstateView::default()
        };
        state.estates.insert("secret-project".to_owned(), view)
    });
    let changed = stream.event();
    let keys = changed.data["estates"].as_array().expect("a list");
    let key = keys[0].as_str().expect("a key");
    assert!(keys.len() == 1 && key.len() == 12, "{changed:?}");
    assert!(key.bytes().all(|it| it.is_ascii_hexdigit()), "{key}");
    assert_ne!(changed.id, first.id);
    // The page of the estate knows its key, and the id of a revision that is not newer than its content.
    let page = get(server.address(), "/e/secret-project").body;
    assert!(
        page.contains(&format!("&quot;estate&quot;:&quot;{key}&quot;")),
        "{page}"
    );
    assert!(page.contains(&changed.id), "{page}");
}

#[test]
fn a_stream_resumes_where_the_page_stopped() {
    let server = TestServer::start(options(), state());
    let mut stream = Stream::open(server.address(), "/events", "");
    let first = stream.event();
    for name in ["one", "two"] {
        server
            .state
            .change(|state| state.estates.insert(name.to_owned(), EstateView::default()));
        stream.event();
    }
    let current = status_revision(&server);
    let resumed = [
        Stream::open(
            server.address(),
            "/events",
            &format!("Last-Event-ID: {}\r\n", first.id),
        ),
        Stream::open(server.address(), &format!("/events?since={}", first.id), ""),
    ];
    for mut stream in resumed {
        let event = stream.event();
        assert_eq!(event.id, current);
        assert_eq!(event.data["estates"].as_array().map(Vec::len), Some(2));
    }
    // An id of another process, or of none, may have missed anything.
    for id in ["1-1", "x", "", "99999999999999-0", &format!("{NOW_MS}-99")] {
        let path = format!("/events?since={id}");
        let event = Stream::open(server.address(), &path, "").event();
        assert_eq!(
            (event.id.as_str(), &event.data["estates"]),
            (&*current, &serde_json::Value::Null)
        );
    }
    // A page that is current hears of the next change only.
    let mut quiet = Stream::open(server.address(), &format!("/events?since={current}"), "");
    server.state.change(|state| {
        state
            .estates
            .insert("three".to_owned(), EstateView::default())
    });
    let event = quiet.event();
    assert_eq!(event.data["estates"].as_array().map(Vec::len), Some(1));
}

fn status_revision(server: &TestServer) -> String {
    let status = get(server.address(), "/api/v1/status").json();
    status["revision"].as_str().expect("an id").to_owned()
}

#[test]
fn the_streams_are_bounded_and_end_with_the_server() {
    let mut server = TestServer::start(options(), state());
    let address = server.address();
    let mut streams: Vec<_> = (0..64)
        .map(|_| Stream::open(address, "/events", ""))
        .collect();
    for stream in &mut streams {
        stream.event();
    }
    let refused = request(address, "GET", "/events", "");
    assert_eq!(refused.status, 503);
    assert_eq!(refused.header("retry-after"), Some("30"));
    assert_eq!(get(address, "/").status, 200, "pages are still answered");
    drop(streams.pop());
    // The server notices at the next event.
    server.state.change(|state| state.store_errors += 1);
    let mut last = loop {
        if request(address, "HEAD", "/events", "").status == 200 {
            break Stream::open(address, "/events", "");
        }
        server.state.change(|state| state.store_errors += 1);
    };
    last.event();
    server.stop();
    for mut stream in streams {
        while stream.line().is_some() {}
    }
    assert!(
        std::net::TcpStream::connect(address).is_err(),
        "no one has a stream"
    );
}
