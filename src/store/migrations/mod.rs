//! The schema of a store: numbered migrations, forward only, each in a transaction of its own.

use super::database::Database;
use super::{StoreAccess, StoreError};

/// The migrations in order; the first one makes schema 1. A migration that was released never changes.
const MIGRATIONS: [&str; 5] = [
    include_str!("0001.sql"),
    include_str!("0002.sql"),
    include_str!("0003.sql"),
    include_str!("0004.sql"),
    include_str!("0005.sql"),
];

/// The newest schema that this version knows.
pub(super) const KNOWN: i64 = 5;

/// The schema of a store that was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaState {
    /// The schema of this version.
    Current,
    /// A newer one: the store can be read, as long as its tables allow.
    Newer {
        /// Its number.
        found: i64,
    },
}

/// Brings the schema of a database up to date where it may be written.
pub(super) fn migrate(
    database: &mut dyn Database,
    access: StoreAccess,
    now_ms: i64,
) -> Result<SchemaState, StoreError> {
    apply(database, &MIGRATIONS, access, now_ms)
}

fn apply(
    database: &mut dyn Database,
    migrations: &[&str],
    access: StoreAccess,
    now_ms: i64,
) -> Result<SchemaState, StoreError> {
    let known = i64::try_from(migrations.len()).unwrap_or(KNOWN);
    let mut found = schema_version(database)?;
    if found > known {
        return Ok(SchemaState::Newer { found });
    }
    if found < known && access == StoreAccess::Read {
        return Err(StoreError::OlderSchema { found, known });
    }
    while found < known {
        database.begin()?;
        match migrate_once(database, migrations, now_ms) {
            Ok(version) => {
                database.commit()?;
                found = version;
            }
            Err(error) => {
                database.roll_back();
                return Err(error);
            }
        }
    }
    Ok(SchemaState::Current)
}

/// Applies the next migration, unless another process did in the meantime. Returns the schema.
fn migrate_once(
    database: &mut dyn Database,
    migrations: &[&str],
    now_ms: i64,
) -> Result<i64, StoreError> {
    database.lock_schema()?;
    let found = schema_version(database)?;
    let next = usize::try_from(found)
        .ok()
        .and_then(|found| migrations.get(found));
    let Some(sql) = next else {
        return Ok(found);
    };
    database.execute_script(sql)?;
    if found == 0 {
        let sql = "INSERT INTO crdrift_store (schema_version, created_ms) VALUES (?1, ?2)";
        database.execute(sql, &[1_i64.into(), now_ms.into()])?;
    } else {
        let sql = "UPDATE crdrift_store SET schema_version = ?1";
        database.execute(sql, &[(found + 1).into()])?;
    }
    Ok(found + 1)
}

/// Returns the schema of a database; 0 where there is none.
fn schema_version(database: &mut dyn Database) -> Result<i64, StoreError> {
    if !database.has_table("crdrift_store")? {
        return Ok(0);
    }
    let mut rows = database.query("SELECT schema_version FROM crdrift_store", &[])?;
    match (rows.pop(), rows.pop()) {
        (Some(row), None) => row.reader().integer(),
        _ => Err(StoreError::Damaged {
            reason: "expected one row in crdrift_store".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{MIGRATIONS, SchemaState, apply, schema_version};
    use crate::store::sqlite::SqliteDatabase;
    use crate::store::{StoreAccess, StoreError};

    #[test]
    fn migrations_go_forward_and_a_failed_one_leaves_no_trace() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store.db");
        let mut database = SqliteDatabase::open(&path, StoreAccess::Write).expect("a database");
        let broken = [
            MIGRATIONS[0],
            "CREATE TABLE crdrift_more (id TEXT); CREATE TABL",
        ];
        let error = apply(&mut database, &broken, StoreAccess::Write, 1).expect_err("no statement");
        assert!(matches!(error, StoreError::Statement { .. }), "{error}");
        assert_eq!(schema_version(&mut database).expect("a version"), 1);
        let whole = [MIGRATIONS[0], "CREATE TABLE crdrift_more (id TEXT)"];
        let read = apply(&mut database, &whole, StoreAccess::Read, 1);
        assert!(
            matches!(read, Err(StoreError::OlderSchema { found: 1, known: 2 })),
            "{read:?}"
        );
        let migrated = apply(&mut database, &whole, StoreAccess::Write, 1).expect("the rest");
        assert_eq!(migrated, SchemaState::Current);
        assert_eq!(schema_version(&mut database).expect("a version"), 2);
        let older =
            apply(&mut database, &MIGRATIONS[..1], StoreAccess::Write, 1).expect("a version");
        assert_eq!(older, SchemaState::Newer { found: 2 });
    }
}
