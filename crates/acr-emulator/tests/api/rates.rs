//! Limits on the requests of an account.

use super::accounts::{code, emulator_with, user};

const SCRIPT: &str = r#"
version: 1
accounts:
  - uid: "1111111111111111"
    requests_per_second: 3
    users:
      - {name: admin, access_key_id: admin, access_key_secret: s-admin}
      - {name: checker, access_key_id: checker, access_key_secret: s-checker}
  - uid: "2222222222222222"
    instances: [cri-b]
    users: [{name: other, access_key_id: other, access_key_secret: s-other}]
"#;

#[tokio::test]
async fn the_keys_of_an_account_share_its_limit() {
    // The clock stands still, so all of it is one second.
    let emulator = emulator_with(SCRIPT).await;
    let list = async |name: &str, instance: &str| {
        let query = [("InstanceId", instance)];
        code(&emulator, &user(name), "ListRepoSyncRule", &query).await
    };
    for name in ["admin", "checker", "admin"] {
        assert_eq!(list(name, "cri-a").await, "success");
    }
    for name in ["admin", "checker"] {
        assert_eq!(list(name, "cri-a").await, "Throttling.User");
    }
    for _ in 0..5 {
        assert_eq!(list("other", "cri-b").await, "success");
    }
    assert_eq!(emulator.request_counts().throttled(), 2);
}
