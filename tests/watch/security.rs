//! Requests that the server refuses, and the headers of every response.

use super::client::{get, request, send};
use super::server::{TestServer, options, state};

/// Every path that has a response.
const PATHS: [&str; 11] = [
    "/",
    "/e/shop",
    "/metrics",
    "/healthz",
    "/readyz",
    "/deliveries",
    "/api/v1/status",
    "/api/v1/deliveries",
    "/api/v1/estates/shop",
    "/api/v1/estates/shop/findings",
    "/api/v1/estates/shop/result",
];

#[test]
fn only_get_and_head_are_answered() {
    let (server, _) = TestServer::with_shop(options());
    let address = server.address();
    for path in PATHS {
        let whole = get(address, path);
        assert_eq!(whole.status, 200, "{path}: {}", whole.body);
        let head = request(address, "HEAD", path, "");
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
            let refused = request(address, method, path, "Content-Length: 0\r\n");
            assert_eq!(refused.status, 405, "{method} {path}");
            assert_eq!(refused.header("allow"), Some("GET, HEAD"));
        }
    }
    for path in [
        "/nothing", "/e", "/e/", "/e/shop/", "/e/other", "/events/", "/api/v1", "//", "/..%2f",
    ] {
        assert_eq!(get(address, path).status, 404, "{path}");
    }
    assert_eq!(
        get(address, "/api/v1/estates/other").json()["error"],
        "unknown_estate"
    );
}

#[test]
fn every_response_has_the_headers() {
    let (server, _) = TestServer::with_shop(options());
    let refused = [
        request(server.address(), "POST", "/", ""),
        request(server.address(), "GET", "/", "Host: evil.example.com\r\n"),
        get(server.address(), "/nothing"),
    ];
    let answered = PATHS.map(|path| get(server.address(), path));
    for answer in answered.iter().chain(&refused) {
        let policy = answer.header("content-security-policy").expect("a policy");
        let directives: Vec<_> = policy.split("; ").collect();
        let is_digest = |directive: &str, name: &str| {
            let digest = directive.strip_prefix(name).expect(directive);
            let mut sources = digest.trim_start().split(' ');
            sources.all(|it| it.starts_with("'sha256-") && it.ends_with("='"))
        };
        assert!(is_digest(directives[1], "style-src"), "{policy}");
        assert!(is_digest(directives[2], "script-src"), "{policy}");
        assert_eq!(directives[0], "default-src 'none'");
        let rest = [
            "connect-src 'self'",
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ];
        assert_eq!(directives[3..], rest);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{}", answer.head);
        }
        assert_eq!(answer.header("set-cookie"), None);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[test]
fn a_host_of_a_stranger_is_misdirected() {
    let (server, _) = TestServer::with_shop(options());
    let address = server.address();
    let with_host =
        |path: &str, host: &str| request(address, "GET", path, &format!("Host: {host}\r\n")).status;
    for path in PATHS.into_iter().chain(["/events", "/nothing"]) {
        for host in [
            "evil.example.com",
            "10.9.9.9",
            "localhost.evil.com",
            "",
            "a b",
        ] {
            assert_eq!(with_host(path, host), 421, "{path} {host:?}");
        }
    }
    for host in [
        "localhost",
        "127.0.0.1:1",
        "[::1]",
        "drift.example.com",
        "DRIFT.example.com:443",
    ] {
        assert_eq!(with_host("/healthz", host), 200, "{host}");
    }
    let answer = |request: &str| send(address, request).status;
    assert_eq!(answer("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 400);
    let twice = "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.com\r\nConnection: close\r\n\r\n";
    assert_eq!(answer(twice), 400);
    let absolute = "GET http://evil.com/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(answer(absolute), 421);
}

#[test]
fn requests_are_bounded() {
    let server = TestServer::start(options(), state());
    let address = server.address();
    assert_eq!(get(address, &format!("/{}", "a".repeat(5_000))).status, 414);
    assert_eq!(
        get(address, &format!("/?{}", "a".repeat(5_000))).status,
        414
    );
    let headers: Vec<String> = (0..200).map(|it| format!("X-{it}: 1\r\n")).collect();
    let many = headers.concat();
    assert_eq!(request(address, "GET", "/", &many).status, 431);
    assert_eq!(send(address, "hello\r\n\r\n").status, 400);
}

#[test]
fn a_password_protects_everything_but_health() {
    let mut protected = options();
    protected.password = Some("right word".into());
    let (server, _) = TestServer::with_shop(protected);
    let address = server.address();
    // me:right word, me:wrong
    let right = "Authorization: Basic bWU6cmlnaHQgd29yZA==\r\n";
    let wrong = "Authorization: Basic bWU6d3Jvbmc=\r\n";
    for path in PATHS.into_iter().chain(["/events", "/nothing"]) {
        let is_health = path == "/healthz" || path == "/readyz";
        for headers in ["", wrong] {
            let answer = request(address, "GET", path, headers);
            assert_eq!(answer.status, if is_health { 200 } else { 401 }, "{path}");
            if !is_health {
                let challenge = answer.header("www-authenticate").expect("a challenge");
                assert!(challenge.starts_with("Basic realm="), "{challenge}");
                assert!(!answer.body.contains("shop"), "{}", answer.body);
            }
        }
    }
    assert_eq!(request(address, "GET", "/", right).status, 200);
    assert_eq!(request(address, "GET", "/e/shop", right).status, 200);
    for path in ["/healthz", "/readyz"] {
        let answer = get(address, path);
        assert!(
            answer.body.len() < 40 && !answer.body.contains("shop"),
            "{}",
            answer.body
        );
    }
}

#[test]
fn metrics_can_have_an_address_of_their_own() {
    let mut separate = options();
    separate.password = Some("right word".into());
    separate.metrics_listen = Some("127.0.0.1:0".parse().expect("an address"));
    let (server, _) = TestServer::with_shop(separate);
    assert_eq!(get(server.metrics_address(), "/metrics").status, 200);
    assert_eq!(get(server.metrics_address(), "/healthz").status, 200);
    for path in ["/", "/e/shop", "/deliveries", "/events", "/api/v1/status"] {
        assert_eq!(get(server.metrics_address(), path).status, 404, "{path}");
    }
    let stranger = request(
        server.metrics_address(),
        "GET",
        "/metrics",
        "Host: evil.com\r\n",
    );
    assert_eq!(stranger.status, 421);
    let right = "Authorization: Basic bWU6cmlnaHQgd29yZA==\r\n";
    assert_eq!(
        request(server.address(), "GET", "/metrics", right).status,
        404
    );
}

#[test]
fn no_response_has_a_secret_and_masked_ones_have_no_id() {
    let mut masked = options();
    masked.mask_ids = true;
    masked.secrets.add("planted-secret-4711");
    let (server, text) = TestServer::with_shop(masked);
    server.state.change(|state| {
        let shop = state.estates.get_mut("shop").expect("the estate");
        shop.owner = Some("planted-secret-4711 cri-owner00000001".to_owned());
        let last = shop.last.as_mut().expect("a check");
        last.reason = "planted-secret-4711".into();
    });
    let ids = [
        "cri-shanghai",
        "cri-shenzhen",
        "cri-owner0",
        "1234567890123456",
    ];
    assert!(text.contains(ids[0]) && text.contains(ids[3]));
    for path in PATHS {
        let body = get(server.address(), path).body;
        assert!(!body.contains("planted-secret"), "{path}: {body}");
        for id in ids {
            assert!(!body.contains(id), "{path}: {id}: {body}");
        }
    }
    assert!(
        get(server.address(), "/")
            .body
            .contains("[secret] cri-****0001")
    );
    // An estate whose name has an id has another path.
    server.state.change(|state| {
        let shop = state.estates["shop"].clone();
        state
            .estates
            .insert("cri-shanghai00000001".to_owned(), shop)
    });
    let fleet = get(server.address(), "/").body;
    assert!(!fleet.contains("cri-shanghai"), "{fleet}");
    let status = get(server.address(), "/api/v1/status").json();
    let key = status["estates"][0]["key"].as_str().expect("a key");
    assert!(
        fleet.contains(&format!("href=\"/e/{key}\"")),
        "{key}: {fleet}"
    );
    let page = get(server.address(), &format!("/e/{key}"));
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("cri-shanghai"), "{}", page.body);
}
