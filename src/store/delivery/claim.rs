//! The sending of deliveries by several processes: each is claimed for a time, and marked with its result.

use crate::store::database::{SqlValue, placeholder_list};
use crate::store::{Database, Store, StoreError};

/// The time after which a claim of a process that ended is void, milliseconds.
const CLAIM_MS: i64 = 60_000;

/// The most deliveries of a digest.
const MAX_DIGEST: usize = 500;

/// The most deliveries of a claim without a digest.
const MAX_MESSAGES: usize = 50;

/// The time for which attempts are remembered, milliseconds.
const ATTEMPTS_KEPT_MS: i64 = 600_000;

/// The most messages of a target in a time, over all processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendBudget {
    /// The number of messages.
    pub messages: usize,
    /// The time, milliseconds.
    pub window_ms: i64,
}

/// The deliveries to claim.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRequest<'a> {
    /// The target.
    pub target: &'a str,
    /// The process that will send them.
    pub holder: &'a str,
    /// The time, epoch milliseconds.
    pub now_ms: i64,
    /// The budget of the target; `None` without a bound.
    pub budget: Option<SendBudget>,
    /// Tries the deliveries again that found the target broken since this time, epoch milliseconds.
    pub retry_broken_since_ms: Option<i64>,
}

/// A delivery that this process may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedDelivery {
    /// The id, the same in every attempt.
    pub id: String,
    /// The time when it was written, epoch milliseconds.
    pub created_ms: i64,
    /// The number of attempts before.
    pub tries: i64,
    /// The document, as JSON.
    pub document: String,
}

/// The deliveries that this process may send until a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryClaim {
    /// The deliveries, the oldest first.
    pub deliveries: Vec<ClaimedDelivery>,
    /// True if all of them have to be one message: the budget is too small for one each.
    pub is_digest: bool,
    /// The end of the claim, epoch milliseconds.
    pub until_ms: i64,
}

/// The result of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryMark<'a> {
    /// The target took the message; the text says how it was proven.
    Delivered(&'a str),
    /// The attempt failed for a reason; the next one is not before a time, epoch milliseconds.
    Retry(&'a str, i64),
    /// No attempt was made: the claim ends, and the next attempt is not before a time, epoch milliseconds.
    Released(i64),
    /// The last attempt failed for a reason.
    GaveUp(&'a str),
    /// The target takes no such message, for a reason.
    Refused(&'a str),
    /// The target takes no message at all, for a reason.
    Broken(&'a str),
}

impl Store {
    /// Claims deliveries of a target that are due, as many as its budget leaves. If more are due, the claim has all of them,
    /// at most 500, and they have to be one message.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn claim_deliveries(
        &mut self,
        request: &ClaimRequest<'_>,
    ) -> Result<DeliveryClaim, StoreError> {
        self.refuse_newer_schema()?;
        if !self.has_due_deliveries(request)? {
            return Ok(DeliveryClaim::default());
        }
        self.transact(|database| claim(database, request))
    }

    /// Returns whether a target has deliveries to claim, without a lock.
    fn has_due_deliveries(&mut self, request: &ClaimRequest<'_>) -> Result<bool, StoreError> {
        let broken_since_ms = request.retry_broken_since_ms.unwrap_or(i64::MAX);
        let rows = self.database.query(
            "SELECT id FROM crdrift_delivery WHERE target = ?1 \
             AND ((state = 'pending' AND next_ms <= ?2) OR (state = 'broken' AND created_ms >= ?3)) LIMIT 1",
            &[
                request.target.into(),
                request.now_ms.into(),
                broken_since_ms.into(),
            ],
        )?;
        Ok(!rows.is_empty())
    }

    /// Writes the result of an attempt. Deliveries that another process claimed in the meantime stay as they are, unless
    /// this attempt delivered them.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then the attempt is repeated once the claim ends.
    pub fn mark_deliveries(
        &mut self,
        ids: &[&str],
        (holder, now_ms): (&str, i64),
        mark: DeliveryMark<'_>,
    ) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let (state, reason, tries, next_ms) = match mark {
            DeliveryMark::Delivered(proof) => ("delivered", proof, 1, now_ms),
            DeliveryMark::Retry(reason, next_ms) => ("pending", reason, 1, next_ms),
            DeliveryMark::Released(next_ms) => ("pending", "", 0, next_ms),
            DeliveryMark::GaveUp(reason) => ("gave_up", reason, 1, now_ms),
            DeliveryMark::Refused(reason) => ("refused", reason, 1, now_ms),
            DeliveryMark::Broken(reason) => ("broken", reason, 1, now_ms),
        };
        let mut values: Vec<SqlValue> = vec![
            state.into(),
            reason.into(),
            i64::from(tries).into(),
            next_ms.into(),
            now_ms.into(),
            holder.into(),
        ];
        values.extend(ids.iter().map(|id| SqlValue::from(*id)));
        let sql = format!(
            "UPDATE crdrift_delivery SET state = ?1, reason = CASE WHEN ?3 = 0 THEN reason ELSE ?2 END, \
             tries = tries + ?3, next_ms = ?4, changed_ms = ?5, holder = NULL \
             WHERE state <> 'delivered' AND (holder = ?6 OR ?1 = 'delivered') AND id IN ({})",
            placeholder_list(7, ids.len())
        );
        self.database.execute(&sql, &values)?;
        Ok(())
    }

    /// Counts one more message to a target, such as the short form of a message that was refused.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn count_attempt(&mut self, target: &str, now_ms: i64) -> Result<(), StoreError> {
        insert_attempts(&mut *self.database, target, now_ms, 1)
    }

    /// Gives up deliveries that have waited since before a time for a target that no longer exists.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn give_up_unknown_targets(
        &mut self,
        known: &[&str],
        (before_ms, now_ms): (i64, i64),
    ) -> Result<u64, StoreError> {
        let mut values: Vec<SqlValue> = vec![before_ms.into(), now_ms.into()];
        values.extend(known.iter().map(|name| SqlValue::from(*name)));
        let is_unknown = if known.is_empty() {
            String::new()
        } else {
            format!("AND target NOT IN ({})", placeholder_list(3, known.len()))
        };
        let sql = format!(
            "UPDATE crdrift_delivery SET state = 'gave_up', reason = 'no target of this name', changed_ms = ?2 \
             WHERE state = 'pending' AND created_ms < ?1 {is_unknown}"
        );
        self.database.execute(&sql, &values)
    }
}

fn claim(
    database: &mut dyn Database,
    request: &ClaimRequest<'_>,
) -> Result<DeliveryClaim, StoreError> {
    let ClaimRequest { target, now_ms, .. } = *request;
    // The lock of the target: from here on, other processes wait, and see what this one counts.
    database.execute(
        "INSERT INTO crdrift_target (name, generation) VALUES (?1, 1) \
         ON CONFLICT (name) DO UPDATE SET generation = crdrift_target.generation + 1",
        &[target.into()],
    )?;
    if let Some(since_ms) = request.retry_broken_since_ms {
        database.execute(
            "UPDATE crdrift_delivery SET state = 'pending', next_ms = ?2 \
             WHERE state = 'broken' AND target = ?1 AND created_ms >= ?3",
            &[target.into(), now_ms.into(), since_ms.into()],
        )?;
    }
    let left = match request.budget {
        None => MAX_MESSAGES,
        Some(budget) => budget.messages.saturating_sub(count_attempts(
            database,
            target,
            now_ms - budget.window_ms,
        )?),
    };
    if left == 0 {
        return Ok(DeliveryClaim::default());
    }
    let mut deliveries = due_deliveries(database, target, now_ms)?;
    let is_digest = request.budget.is_some() && deliveries.len() > left;
    if !is_digest {
        deliveries.truncate(left);
    }
    let until_ms = now_ms + CLAIM_MS;
    let mut values: Vec<SqlValue> = vec![until_ms.into(), request.holder.into()];
    values.extend(deliveries.iter().map(|it| SqlValue::from(&it.id)));
    if !deliveries.is_empty() {
        let sql = format!(
            "UPDATE crdrift_delivery SET next_ms = ?1, holder = ?2 WHERE id IN ({})",
            placeholder_list(3, deliveries.len())
        );
        database.execute(&sql, &values)?;
    }
    let messages = if is_digest { 1 } else { deliveries.len() };
    insert_attempts(database, target, now_ms, messages)?;
    Ok(DeliveryClaim {
        deliveries,
        is_digest,
        until_ms,
    })
}

fn count_attempts(
    database: &mut dyn Database,
    target: &str,
    after_ms: i64,
) -> Result<usize, StoreError> {
    let rows = database.query(
        "SELECT COUNT(*) FROM crdrift_attempt WHERE target = ?1 AND at_ms > ?2",
        &[target.into(), after_ms.into()],
    )?;
    match rows.into_iter().next() {
        Some(row) => row.reader().count(),
        None => Ok(0),
    }
}

/// Remembers messages to a target, and forgets old ones.
fn insert_attempts(
    database: &mut dyn Database,
    target: &str,
    now_ms: i64,
    messages: usize,
) -> Result<(), StoreError> {
    database.execute(
        "DELETE FROM crdrift_attempt WHERE target = ?1 AND at_ms < ?2",
        &[target.into(), (now_ms - ATTEMPTS_KEPT_MS).into()],
    )?;
    for _ in 0..messages {
        database.execute(
            "INSERT INTO crdrift_attempt (target, at_ms) VALUES (?1, ?2)",
            &[target.into(), now_ms.into()],
        )?;
    }
    Ok(())
}

fn due_deliveries(
    database: &mut dyn Database,
    target: &str,
    now_ms: i64,
) -> Result<Vec<ClaimedDelivery>, StoreError> {
    let rows = database.query(
        "SELECT id, created_ms, tries, document FROM crdrift_delivery \
         WHERE target = ?1 AND state = 'pending' AND next_ms <= ?2 \
         ORDER BY created_ms, run_ms, id LIMIT ?3",
        &[target.into(), now_ms.into(), MAX_DIGEST.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(ClaimedDelivery {
                id: row.text()?,
                created_ms: row.integer()?,
                tries: row.integer()?,
                document: row.text()?,
            })
        })
        .collect()
}
