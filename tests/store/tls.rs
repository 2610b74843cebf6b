//! Connections to PostgreSQL: TLS is verified, and no message has a password.

use crdrift::store::{Store, StoreAccess, StoreError, StoreUrl};

use super::postgres::{admin_url, new_database};
use super::results::ResultPlan;
use super::{TestStore, record};
use crate::support::crdrift;

fn open(url: &str) -> Result<Store, StoreError> {
    Store::open(&StoreUrl::parse(url)?, StoreAccess::Write, 1)
}

fn password() -> &'static str {
    let (_, rest) = admin_url().split_once("crdrift:").expect("a password");
    rest.split('@').next().expect("a host")
}

#[test]
fn tls_is_verified_against_the_name_of_the_host() {
    let url = new_database();
    open(&url).expect("the certificate of the file, and the name");
    let (without_certificate, _) = url.split_once("sslrootcert").expect("a parameter");
    for (wrong, expected) in [
        (without_certificate.to_owned(), "certificate"),
        (url.replace("@localhost:", "@127.0.0.1:"), "certificate"),
        (
            url.replace(password(), "wrong-password"),
            "password authentication failed",
        ),
        (url.replace("ca.pem", "none.pem"), "sslrootcert="),
    ] {
        let error = open(&wrong).expect_err(expected);
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected), "{text}");
        assert!(error.is_transient(), "{text}");
        assert!(
            !text.contains(password()) && !text.contains("wrong-password"),
            "{text}"
        );
    }
    open(&format!("{without_certificate}sslmode=disable"))
        .expect("the server allows it without TLS");
}

#[test]
fn a_lost_connection_is_made_again() {
    let store = TestStore::postgres();
    let mut connection = store.open();
    let mut other = store.open();
    record(&mut connection, &ResultPlan::new("shop", 1, &[1]).text());
    // The server has ended the connection when this returns.
    let sql = "SELECT COUNT(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    other.database().query(sql, &[]).expect("an administrator");
    // The request that meets the closed connection may fail; the next one does not.
    let _ = connection.status(None, None, None);
    record(&mut connection, &ResultPlan::new("shop", 2, &[1]).text());
    assert_eq!(connection.runs(None, None, None).expect("runs").len(), 2);
}

#[test]
fn a_user_who_may_only_read_gets_answers_without_late_results() {
    let store = TestStore::postgres();
    let mut writer = store.open();
    record(&mut writer, &ResultPlan::new("shop", 2, &[1]).text());
    let role = format!("auditor_{}", std::process::id());
    writer
        .database()
        .execute_script(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'reads'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};"
        ))
        .expect("an administrator");
    let url = store
        .url
        .replace(&format!("crdrift:{}", password()), &format!("{role}:reads"));
    let url = StoreUrl::parse(&url).expect("a URL");
    let mut reader = Store::open(&url, StoreAccess::Read, 1).expect("a store");
    assert_eq!(reader.runs(None, None, None).expect("runs").len(), 1);
    record(&mut writer, &ResultPlan::new("shop", 1, &[1]).text());
    let error = reader.runs(None, None, None).expect_err("a late result");
    assert!(matches!(error, StoreError::LateResult { .. }), "{error}");
    assert_eq!(writer.runs(None, None, None).expect("runs").len(), 2);
    assert_eq!(reader.runs(None, None, None).expect("runs").len(), 2);
}

#[test]
fn no_output_has_the_password() {
    let url = admin_url().replace("@localhost:", "@127.0.0.1:");
    let result = ResultPlan::new("shop", 1, &[]).text();
    for args in [
        &["history", "record", "result.json", "--store", &url][..],
        &["history", "status", "--store", &url, "-v"],
        &["history", "status", "--store", &url, "--help"],
        &["report", "--store", &url, "-o", "json"],
    ] {
        let ran = crdrift()
            .file("result.json", &result)
            .env("CRDRIFT_STORE", &url)
            .args(args.iter().copied())
            .run();
        assert!(
            !format!("{}{}", ran.stdout, ran.stderr).contains(password()),
            "{args:?}"
        );
    }
}

#[test]
fn the_password_comes_from_the_environment_or_its_file() {
    let url = new_database().replace(&format!(":{}@", password()), "@");
    let line = format!("localhost:*:*:crdrift:{}\n", password());
    let run = || {
        crdrift()
            .file("result.json", ResultPlan::new("shop", 1, &[]).text())
            .file("passwords", &line)
            .args(["history", "record", "result.json", "--store", &url])
    };
    assert_eq!(run().run().code, 1);
    let ran = run().env("PGPASSWORD", password()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let with_file = run();
    let file = with_file.path().join("passwords");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let allow =
            |mode: u32| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode));
        allow(0o644).expect("a file");
        let refused = run().env("PGPASSFILE", &file).run();
        assert_eq!(refused.code, 1);
        assert!(
            refused
                .stderr
                .contains("other users can read it: chmod 600"),
            "{}",
            refused.stderr
        );
        allow(0o600).expect("a file");
    }
    let ran = with_file.env("PGPASSFILE", &file).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("recorded already"), "{}", ran.stderr);
}
