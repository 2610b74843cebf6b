//! Any bytes as a client's request: the emulator answers or closes the connection, and goes on serving.
//!
//! The query of the first line is then sent once more with a valid signature, which always has an answer.

#![no_main]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use acr_api::signature::{canonical_query, rpc};
use acr_emulator::{
    DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Emulator, MirrorMode, Options, Seed,
};
use crdrift_fuzz::SNAPSHOT;
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

/// The longest wait for an answer to a request that may be incomplete.
const RAW_WAIT: Duration = Duration::from_millis(20);
/// The longest wait for an answer to a complete request, on a busy machine.
const SIGNED_WAIT: Duration = Duration::from_secs(10);

/// The server that all inputs share.
struct Server {
    runtime: Runtime,
    emulator: Emulator,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| match start() {
    Ok(server) => server,
    Err(error) => panic!("the emulator does not start: {error}"),
});

static NONCE: AtomicU64 = AtomicU64::new(0);

fn start() -> Result<Server, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let snapshot = crdrift::snapshot::read(SNAPSHOT)?;
    let listings = snapshot.listings.into_iter();
    let listings = listings.map(|listing| listing.map_failure(drop)).collect();
    let options = Options::new(
        Seed::new(listings, MirrorMode::Both),
        Arc::new(jiff::Timestamp::default),
    );
    let emulator = runtime.block_on(acr_emulator::start(options))?;
    Ok(Server { runtime, emulator })
}

async fn exchange(address: SocketAddr, request: &[u8], wait: Duration) -> Vec<u8> {
    let mut answer = Vec::new();
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return answer;
    };
    // A server may answer and close before it has read everything.
    let _ = stream.write_all(request).await;
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(wait, stream.read_to_end(&mut answer)).await;
    answer
}

/// Returns a request with the parameters of a first line such as `GET /?Action=ListInstance HTTP/1.1`, signed with the
/// default key.
fn sign(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let line = text.lines().next().unwrap_or_default();
    let query = line
        .split_once('?')
        .map_or("", |(_, rest)| rest.split(' ').next().unwrap_or_default());
    let parameters = query
        .split('&')
        .filter_map(|parameter| parameter.split_once('='));
    let mut parameters: Vec<_> = parameters
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let nonce = NONCE.fetch_add(1, Ordering::Relaxed).to_string();
    for (name, value) in [
        ("AccessKeyId", DEFAULT_ACCESS_KEY_ID),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &nonce),
        ("Timestamp", "1970-01-01T00:00:00Z"),
    ] {
        parameters.retain(|(given, _)| given != name);
        parameters.push((name.to_owned(), value.to_owned()));
    }
    let signature = rpc::sign(
        DEFAULT_ACCESS_KEY_SECRET,
        &rpc::string_to_sign("GET", &rpc::canonical(&parameters)),
    );
    parameters.retain(|(name, _)| name != "Signature");
    parameters.push(("Signature".to_owned(), signature));
    format!(
        "GET /?{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        canonical_query(&parameters)
    )
}

fuzz_target!(|bytes: &[u8]| {
    let Server { runtime, emulator } = &*SERVER;
    runtime.block_on(exchange(emulator.address(), bytes, RAW_WAIT));
    let answer = runtime.block_on(exchange(
        emulator.address(),
        sign(bytes).as_bytes(),
        SIGNED_WAIT,
    ));
    let head = String::from_utf8_lossy(answer.get(..12).unwrap_or_default());
    assert!(
        head.starts_with("HTTP/1.1 ") && !head.ends_with("500"),
        "no answer to a signed request: {head:?}"
    );
});
