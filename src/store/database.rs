//! The one interface of both databases: statements with `?1`, `?2`, … and rows of three types.

use std::fmt::Debug;

use super::StoreError;

/// A database with one connection.
///
/// Every statement runs on all implementations with the same answers: types are `TEXT`, `BIGINT` and `BYTEA`, and order
/// by text is that of lower-case hex only.
pub trait Database: Debug + Send {
    /// Begins a transaction that will write.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unreachable`] if the database is away or locked for too long.
    fn begin(&mut self) -> Result<(), StoreError>;

    /// Ends the transaction: all of its changes are in the database.
    ///
    /// # Errors
    ///
    /// Those of the database; then none of the changes is certain.
    fn commit(&mut self) -> Result<(), StoreError>;

    /// Ends the transaction without its changes.
    fn roll_back(&mut self);

    /// Runs a statement, and returns the number of rows that it changed.
    ///
    /// # Errors
    ///
    /// Those of the database.
    fn execute(&mut self, sql: &str, values: &[SqlValue]) -> Result<u64, StoreError>;

    /// Runs a statement, and returns its rows.
    ///
    /// # Errors
    ///
    /// Those of the database.
    fn query(&mut self, sql: &str, values: &[SqlValue]) -> Result<Vec<SqlRow>, StoreError>;

    /// Runs statements without values, as those of a migration.
    ///
    /// # Errors
    ///
    /// Those of the database.
    fn execute_script(&mut self, sql: &str) -> Result<(), StoreError>;

    /// Returns `true` if there is a table of that name.
    ///
    /// # Errors
    ///
    /// Those of the database.
    fn has_table(&mut self, name: &str) -> Result<bool, StoreError>;

    /// Makes other migrations wait until the end of the transaction.
    ///
    /// # Errors
    ///
    /// Those of the database.
    fn lock_schema(&mut self) -> Result<(), StoreError>;

    /// Returns the time of the database's clock, epoch milliseconds: the one clock of all its processes.
    ///
    /// # Errors
    ///
    /// Those of the database.
    fn now_ms(&mut self) -> Result<i64, StoreError>;

    /// Gives free space back to the system, where the database does not do it by itself.
    ///
    /// # Errors
    ///
    /// Those of the database.
    fn compact(&mut self) -> Result<(), StoreError>;
}

/// A value of a statement or a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlValue {
    /// `BIGINT`.
    Integer(Option<i64>),
    /// `TEXT`.
    Text(Option<String>),
    /// `BYTEA`.
    Bytes(Option<Vec<u8>>),
}

impl From<i64> for SqlValue {
    fn from(value: i64) -> Self {
        Self::Integer(Some(value))
    }
}

impl From<Option<i64>> for SqlValue {
    fn from(value: Option<i64>) -> Self {
        Self::Integer(value)
    }
}

impl From<bool> for SqlValue {
    fn from(value: bool) -> Self {
        Self::Integer(Some(value.into()))
    }
}

impl From<usize> for SqlValue {
    fn from(value: usize) -> Self {
        Self::Integer(Some(i64::try_from(value).unwrap_or(i64::MAX)))
    }
}

impl From<&str> for SqlValue {
    /// PostgreSQL has no U+0000 in texts.
    fn from(value: &str) -> Self {
        Self::Text(Some(value.replace('\0', "\u{fffd}")))
    }
}

impl From<String> for SqlValue {
    fn from(value: String) -> Self {
        if value.contains('\0') {
            Self::from(value.as_str())
        } else {
            Self::Text(Some(value))
        }
    }
}

impl From<&String> for SqlValue {
    fn from(value: &String) -> Self {
        Self::from(value.as_str())
    }
}

impl From<Option<&str>> for SqlValue {
    fn from(value: Option<&str>) -> Self {
        value.map_or(Self::Text(None), Self::from)
    }
}

impl From<Vec<u8>> for SqlValue {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}

impl From<Option<Vec<u8>>> for SqlValue {
    fn from(value: Option<Vec<u8>>) -> Self {
        Self::Bytes(value)
    }
}

/// A row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlRow(pub(super) Vec<SqlValue>);

impl SqlRow {
    /// Returns the values in order, each to be taken once.
    pub(super) fn reader(self) -> RowReader {
        RowReader {
            values: self.0.into_iter(),
            column: 0,
        }
    }
}

/// The values of a row, taken from left to right.
#[derive(Debug)]
pub(super) struct RowReader {
    values: std::vec::IntoIter<SqlValue>,
    column: usize,
}

impl RowReader {
    pub(super) fn optional_integer(&mut self) -> Result<Option<i64>, StoreError> {
        match self.next() {
            Some(SqlValue::Integer(value)) => Ok(value),
            Some(SqlValue::Text(None) | SqlValue::Bytes(None)) => Ok(None),
            _ => Err(self.unexpected("a number")),
        }
    }

    pub(super) fn integer(&mut self) -> Result<i64, StoreError> {
        self.optional_integer()?
            .ok_or_else(|| self.unexpected("a number"))
    }

    /// Returns a count, which is never negative.
    pub(super) fn count(&mut self) -> Result<usize, StoreError> {
        usize::try_from(self.integer()?).map_err(|_| self.unexpected("a count"))
    }

    pub(super) fn is_true(&mut self) -> Result<bool, StoreError> {
        Ok(self.integer()? != 0)
    }

    pub(super) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.next() {
            Some(SqlValue::Text(value)) => Ok(value),
            Some(SqlValue::Integer(None) | SqlValue::Bytes(None)) => Ok(None),
            _ => Err(self.unexpected("a text")),
        }
    }

    pub(super) fn text(&mut self) -> Result<String, StoreError> {
        self.optional_text()?
            .ok_or_else(|| self.unexpected("a text"))
    }

    pub(super) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.next() {
            Some(SqlValue::Bytes(value)) => Ok(value),
            Some(SqlValue::Integer(None) | SqlValue::Text(None)) => Ok(None),
            _ => Err(self.unexpected("bytes")),
        }
    }

    fn next(&mut self) -> Option<SqlValue> {
        self.column += 1;
        self.values.next()
    }

    fn unexpected(&self, expected: &str) -> StoreError {
        StoreError::Damaged {
            reason: format!("expected {expected} in column {}", self.column),
        }
    }
}

/// Returns the number of an answer with one row of one column.
pub(super) fn only_integer(mut rows: Vec<SqlRow>) -> Result<i64, StoreError> {
    match (rows.pop(), rows.pop()) {
        (Some(row), None) => row.reader().integer(),
        _ => Err(StoreError::Damaged {
            reason: "expected one row".to_owned(),
        }),
    }
}

/// The most values of a statement that both databases take.
const MAX_VALUES: usize = 30_000;

/// Inserts rows of `columns` values, many in a statement. `before` ends with `VALUES`; `after` is the rest.
pub(super) fn insert_rows(
    database: &mut dyn Database,
    (before, after): (&str, &str),
    columns: usize,
    rows: Vec<Vec<SqlValue>>,
) -> Result<(), StoreError> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(MAX_VALUES / columns).collect();
        let count = chunk.len();
        let sql = format!("{before} {} {after}", placeholders(count, columns));
        let values: Vec<_> = chunk.into_iter().flatten().collect();
        database.execute(&sql, &values)?;
    }
    Ok(())
}

/// Returns `(?1, ?2), (?3, ?4)` for two rows of two columns.
fn placeholders(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let values: Vec<_> = (1..=columns)
            .map(|column| format!("?{}", row * columns + column))
            .collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    rows.join(", ")
}

/// Returns `?2, ?3` for two values behind the first one.
pub(super) fn placeholder_list(first: usize, count: usize) -> String {
    let values: Vec<_> = (first..first + count).map(|it| format!("?{it}")).collect();
    values.join(", ")
}
