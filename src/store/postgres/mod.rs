//! PostgreSQL: for results of several hosts. TLS is verified unless the URL disables it.

mod tls;

use std::fmt;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, NoTls, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::StoreError;
use super::database::{Database, SqlRow, SqlValue, only_integer};
use super::url::{PostgresUrl, StoreUrl, TlsMode};

/// The time to connect.
const CONNECT: Duration = Duration::from_secs(10);

/// The time that the server may take for a statement, waiting for locks included. Ours is a little longer.
const STATEMENT: &str = "SET statement_timeout = '60s'";
const ANSWER: Duration = Duration::from_secs(75);

/// The key of the lock that migrations wait for: the bytes of "crdrift".
const SCHEMA_LOCK: i64 = 0x63_7264_7269_6674;

/// A database of a server. Its calls wait for the answers; call them outside of asynchronous tasks.
pub(super) struct PostgresDatabase {
    runtime: ConnectionRuntime,
    config: Config,
    tls: Option<MakeRustlsConnect>,
    client: Option<Client>,
    is_in_transaction: bool,
    /// The address without a password.
    name: String,
}

/// The runtime of a connection. Dropping it waits for nothing, so that asynchronous tasks can drop a store.
struct ConnectionRuntime(Option<Runtime>);

impl ConnectionRuntime {
    /// Returns the runtime, which is there until this is dropped.
    fn get(&self, store: &str) -> Result<&Runtime, StoreError> {
        self.0.as_ref().ok_or_else(|| StoreError::Unreachable {
            store: store.to_owned(),
            reason: "the connection is closed".to_owned(),
        })
    }
}

impl Drop for ConnectionRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for PostgresDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresDatabase")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl PostgresDatabase {
    /// Connects to a server.
    pub(super) fn open(url: &PostgresUrl) -> Result<Self, StoreError> {
        let name = StoreUrl::Postgres(Box::new(url.clone())).to_string();
        let unreachable = |reason: String| StoreError::Unreachable {
            store: name.clone(),
            reason,
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| unreachable(error.to_string()))?;
        let mut config = Config::new();
        config
            .host(&url.host)
            .port(url.port)
            .connect_timeout(CONNECT)
            .application_name("crdrift");
        if let Some(user) = &url.user {
            config.user(user);
        }
        if let Some(password) = &url.password {
            config.password(password.expose_secret());
        }
        if let Some(database) = &url.database {
            config.dbname(database);
        }
        // A socket is a file of this host.
        let is_encrypted = url.tls == TlsMode::VerifyFull && !url.host.starts_with('/');
        config.ssl_mode(if is_encrypted {
            tokio_postgres::config::SslMode::Require
        } else {
            tokio_postgres::config::SslMode::Disable
        });
        let tls = if is_encrypted {
            Some(tls::connector(url.root_certificates.as_deref()).map_err(unreachable)?)
        } else {
            None
        };
        let mut database = Self {
            runtime: ConnectionRuntime(Some(runtime)),
            config,
            tls,
            client: None,
            is_in_transaction: false,
            name,
        };
        database.connect()?;
        Ok(database)
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        let (config, tls) = (&self.config, self.tls.clone());
        let connect = async {
            let client = if let Some(tls) = tls {
                let (client, connection) = config.connect(tls).await?;
                tokio::spawn(connection);
                client
            } else {
                let (client, connection) = config.connect(NoTls).await?;
                tokio::spawn(connection);
                client
            };
            client.batch_execute(STATEMENT).await?;
            Ok(client)
        };
        let connected = self
            .runtime
            .get(&self.name)?
            .block_on(async { tokio::time::timeout(CONNECT * 2, connect).await });
        self.client = Some(self.answer(connected)?);
        Ok(())
    }

    /// Returns the answer to a request, which has to come in time.
    fn answer<T>(
        &self,
        answer: Result<Result<T, tokio_postgres::Error>, tokio::time::error::Elapsed>,
    ) -> Result<T, StoreError> {
        match answer {
            Ok(answer) => answer.map_err(|error| self.error(&error)),
            Err(_) => Err(StoreError::Unreachable {
                store: self.name.clone(),
                reason: "no answer in time".to_owned(),
            }),
        }
    }

    fn error(&self, error: &tokio_postgres::Error) -> StoreError {
        let store = self.name.clone();
        let Some(refusal) = error.as_db_error() else {
            return StoreError::Unreachable {
                store,
                reason: causes(error),
            };
        };
        let reason = format!("{} ({})", refusal.message(), refusal.code().code());
        let class = refusal.code().code().get(..2).unwrap_or_default();
        // Connections, authorization and catalogs, resources, operators, time-outs and locks.
        let is_away = matches!(class, "08" | "28" | "3D" | "53" | "55" | "57" | "40");
        if is_away {
            StoreError::Unreachable { store, reason }
        } else {
            StoreError::Statement { store, reason }
        }
    }

    /// Returns the connection. One that was lost is made again, but not within a transaction: its changes are lost.
    fn client(&mut self) -> Result<(), StoreError> {
        if self
            .client
            .as_ref()
            .is_some_and(|client| !client.is_closed())
        {
            return Ok(());
        }
        if self.is_in_transaction {
            return Err(StoreError::Unreachable {
                store: self.name.clone(),
                reason: "the connection was lost".to_owned(),
            });
        }
        self.connect()
    }

    fn run_script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client()?;
        let Some(client) = &self.client else {
            return Ok(());
        };
        let answer = self
            .runtime
            .get(&self.name)?
            .block_on(async { tokio::time::timeout(ANSWER, client.batch_execute(sql)).await });
        self.answer(answer)
    }

    fn run(&mut self, sql: &str, values: &[SqlValue]) -> Result<Vec<Row>, StoreError> {
        self.client()?;
        let Some(client) = &self.client else {
            return Ok(Vec::new());
        };
        let sql = sql.replace('?', "$");
        let values: Vec<_> = values.iter().map(parameter).collect();
        let answer = self.runtime.get(&self.name)?.block_on(async {
            tokio::time::timeout(ANSWER, client.query_typed(&sql, &values)).await
        });
        self.answer(answer)
    }
}

impl Database for PostgresDatabase {
    fn begin(&mut self) -> Result<(), StoreError> {
        // A server that was restarted closes a connection while nothing is asked.
        let begun = self.run_script("BEGIN");
        if matches!(begun, Err(StoreError::Unreachable { .. })) {
            self.client = None;
            self.run_script("BEGIN")?;
        } else {
            begun?;
        }
        self.is_in_transaction = true;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let committed = self.run_script("COMMIT");
        self.is_in_transaction = false;
        committed
    }

    fn roll_back(&mut self) {
        if self.run_script("ROLLBACK").is_err() {
            // The server ends the transaction of a connection that is closed.
            self.client = None;
        }
        self.is_in_transaction = false;
    }

    fn execute(&mut self, sql: &str, values: &[SqlValue]) -> Result<u64, StoreError> {
        self.client()?;
        let Some(client) = &self.client else {
            return Ok(0);
        };
        let sql = sql.replace('?', "$");
        let values: Vec<_> = values.iter().map(parameter).collect();
        let answer = self.runtime.get(&self.name)?.block_on(async {
            tokio::time::timeout(ANSWER, client.execute_typed(&sql, &values)).await
        });
        self.answer(answer)
    }

    fn query(&mut self, sql: &str, values: &[SqlValue]) -> Result<Vec<SqlRow>, StoreError> {
        let rows = self.run(sql, values)?;
        rows.iter()
            .map(|row| {
                let values = (0..row.len()).map(|column| self.value(row, column));
                values.collect::<Result<_, _>>().map(SqlRow)
            })
            .collect()
    }

    fn execute_script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.run_script(sql)
    }

    fn has_table(&mut self, name: &str) -> Result<bool, StoreError> {
        // to_regclass answers from the cache of the connection, which may miss a table made since the transaction began.
        let sql = "SELECT CAST(tablename AS TEXT) FROM pg_catalog.pg_tables \
                   WHERE schemaname = ANY (current_schemas(false)) AND CAST(tablename AS TEXT) = ?1";
        Ok(!self.query(sql, &[name.into()])?.is_empty())
    }

    fn lock_schema(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT CAST(pg_advisory_xact_lock(?1) AS TEXT)";
        self.query(sql, &[SCHEMA_LOCK.into()]).map(|_| ())
    }

    fn now_ms(&mut self) -> Result<i64, StoreError> {
        // Unlike now(), not the time at which the transaction began.
        let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        only_integer(self.query(sql, &[])?)
    }

    fn compact(&mut self) -> Result<(), StoreError> {
        // The server does it by itself.
        Ok(())
    }
}

impl PostgresDatabase {
    fn value(&self, row: &Row, column: usize) -> Result<SqlValue, StoreError> {
        let kind = row.columns().get(column).map(tokio_postgres::Column::type_);
        let value = match kind {
            Some(&Type::INT8) => row.try_get(column).map(SqlValue::Integer),
            Some(&Type::TEXT | &Type::VARCHAR) => row.try_get(column).map(SqlValue::Text),
            Some(&Type::BYTEA) => row.try_get(column).map(SqlValue::Bytes),
            other => {
                return Err(StoreError::Damaged {
                    reason: format!("column {column} has the type {other:?}"),
                });
            }
        };
        value.map_err(|error| self.error(&error))
    }
}

/// Returns a value with its type, so that the server has to guess none.
fn parameter(value: &SqlValue) -> (&(dyn ToSql + Sync), Type) {
    match value {
        SqlValue::Integer(value) => (value, Type::INT8),
        SqlValue::Text(value) => (value, Type::TEXT),
        SqlValue::Bytes(value) => (value, Type::BYTEA),
    }
}

/// Returns an error with its causes.
fn causes(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
