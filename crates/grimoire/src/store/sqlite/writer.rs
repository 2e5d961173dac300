//! The one writer: what is asked of it while it commits is committed together.
//!
//! What comes in: jobs, each some statements that hold together. What goes out: their results, once they are on disk.
//! What it refuses to know: what they write.
//!
//! A job that breaks a constraint takes nobody with it; a disk that fails fails the whole group.

use std::{collections::VecDeque, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{mpsc, oneshot};

use super::StoreError;
use crate::store::error::is_harmless;

/// Jobs of a group at most, so that nobody waits for a commit without end.
const GROUP: usize = 256;

/// How long a job waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(2);

/// Statements that hold together, and whoever waits for them.
trait Job: Send {
    fn run<'c>(
        &'c mut self,
        connection: &'c mut SqliteConnection,
    ) -> BoxFuture<'c, Result<(), Arc<sqlx::Error>>>;
    /// Tells how it ended: no failure where it is on disk.
    fn end(self: Box<Self>, failure: Option<StoreError>);
}

struct Told<T, F> {
    statements: Option<F>,
    value: Option<T>,
    tell: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Told<T, F>
where
    T: Send,
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send,
{
    fn run<'c>(
        &'c mut self,
        connection: &'c mut SqliteConnection,
    ) -> BoxFuture<'c, Result<(), Arc<sqlx::Error>>> {
        async move {
            if let Some(statements) = self.statements.take() {
                self.value = Some(statements(connection).await?);
            }
            Ok(())
        }
        .boxed()
    }

    fn end(self: Box<Self>, failure: Option<StoreError>) {
        let Self { value, tell, .. } = *self;
        // Whoever asked may have left.
        _ = tell.send(failure.map_or_else(|| value.ok_or_else(closed), Err));
    }
}

enum Order {
    Write(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// The way to the writer.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    orders: mpsc::Sender<Order>,
}

impl Writer {
    /// Starts the writer on its connection; it opens another one by the options after a failure.
    pub(super) fn start(connection: SqliteConnection, options: SqliteConnectOptions) -> Self {
        let (orders, taken) = mpsc::channel(GROUP);
        tokio::spawn(run(connection, options, taken));
        Self { orders }
    }

    /// Runs a job; its result is on disk once it is returned.
    pub(super) async fn write<T, F>(&self, statements: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job = Order::Write(Box::new(Told { statements: Some(statements), value: None, tell }));
        let queued = tokio::time::timeout(PATIENCE, self.orders.send(job)).await;
        queued.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| closed())?;
        told.await.map_err(|_| StoreError::of_write(sqlx::Error::WorkerCrashed))?
    }

    /// Ends the writer once what was asked of it is done.
    pub(super) async fn close(&self) {
        let (tell, told) = oneshot::channel();
        if self.orders.send(Order::Close(tell)).await.is_ok() {
            _ = told.await;
        }
    }
}

fn closed() -> StoreError {
    sqlx::Error::PoolClosed.into()
}

async fn run(connection: SqliteConnection, options: SqliteConnectOptions, mut orders: mpsc::Receiver<Order>) {
    let mut connection = Some(connection);
    let mut taken = Vec::new();
    while orders.recv_many(&mut taken, GROUP).await > 0 {
        let (mut jobs, mut closing) = (Vec::new(), Vec::new());
        for order in taken.drain(..) {
            match order {
                Order::Write(job) => jobs.push(job),
                Order::Close(tell) => closing.push(tell),
            }
        }
        let group = AssertUnwindSafe(settle(connection.take(), &options, jobs)).catch_unwind().await;
        connection = group.unwrap_or_else(|_| {
            tracing::error!("a write panicked");
            None
        });
        if !closing.is_empty() {
            if let Some(connection) = connection {
                _ = connection.close().await;
            }
            closing.into_iter().for_each(|tell| _ = tell.send(()));
            return;
        }
    }
}

/// Commits a group and tells everybody; gives the connection back where it is still good.
async fn settle(
    connection: Option<SqliteConnection>,
    options: &SqliteConnectOptions,
    jobs: Vec<Box<dyn Job>>,
) -> Option<SqliteConnection> {
    if jobs.is_empty() {
        return connection;
    }
    let opened = match connection {
        Some(connection) => Ok(connection),
        None => options.connect().await,
    };
    let mut connection = match opened {
        Ok(connection) => connection,
        Err(error) => {
            let error = Arc::new(error);
            jobs.into_iter().for_each(|job| job.end(Some(Arc::clone(&error).into())));
            return None;
        }
    };
    let mut group = Group { jobs: jobs.into(), ran: Vec::new() };
    match group.commit(&mut connection).await {
        Ok(()) => {
            group.ran.into_iter().for_each(|job| job.end(None));
            Some(connection)
        }
        Err(Failure { error, commit }) => {
            // What is left of the transaction goes with its connection.
            _ = sqlx::query("ROLLBACK").execute(&mut connection).await;
            _ = connection.close().await;
            for job in group.ran.into_iter().chain(group.jobs) {
                let error = Arc::clone(&error);
                job.end(Some(if commit { StoreError::of_write(error) } else { error.into() }));
            }
            None
        }
    }
}

struct Group {
    jobs: VecDeque<Box<dyn Job>>,
    ran: Vec<Box<dyn Job>>,
}

/// What ended a group, and whether it was the commit itself.
struct Failure {
    error: Arc<sqlx::Error>,
    commit: bool,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self { error: Arc::new(error), commit: false }
    }
}

impl Group {
    async fn commit(&mut self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        // Each call goes to the connection's thread and back: what can go together does.
        let run = async |sql: &'static str, connection: &mut SqliteConnection| {
            sqlx::raw_sql(sql).execute(connection).await.map(drop)
        };
        run("BEGIN IMMEDIATE; SAVEPOINT job", connection).await?;
        while let Some(mut job) = self.jobs.pop_front() {
            match job.run(connection).await {
                Ok(()) => self.ran.push(job),
                Err(error) if is_harmless(&error) => {
                    job.end(Some(error.into()));
                    run("ROLLBACK TO SAVEPOINT job", connection).await?;
                }
                Err(error) => {
                    self.ran.push(job);
                    return Err(Failure { error, commit: false });
                }
            }
            if !self.jobs.is_empty() {
                run("RELEASE SAVEPOINT job; SAVEPOINT job", connection).await?;
            }
        }
        let ended = run("RELEASE SAVEPOINT job; COMMIT", connection).await;
        ended.map_err(|error| Failure { error: Arc::new(error), commit: true })
    }
}
