//! An application at work: clients that read and write without end, each over a session of its own, and note how long every
//! query took and what went wrong.
//! It is here because a lock is only as bad as what waits for it.
//! It never retries, and never expects an error.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::walks::Dice;

/// Between two transactions of a client: the machine is the server's, too.
const PAUSE: Duration = Duration::from_micros(500);
/// Of what went wrong so much is told.
const MOST_ERRORS: usize = 3;

/// What a client does: some of these, over and over. More than one statement are one transaction.
///
/// `$1` is a key that is there, or, in an INSERT, one that was never there. Each statement hits exactly one row.
pub type Transactions = &'static [&'static [&'static str]];

/// Clients at work, until `end`.
#[derive(Debug)]
pub struct Load {
    ended: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Diary>>,
}

/// What one client saw.
#[derive(Debug, Default)]
struct Diary {
    queries: Vec<Query>,
    errors: Vec<String>,
}

#[derive(Debug)]
struct Query {
    start: Instant,
    took: Duration,
    sql: &'static str,
}

/// What the application noticed of something that others did meanwhile.
#[derive(Debug)]
pub struct Noticed {
    pub queries: usize,
    /// Of a single query.
    pub longest: Duration,
    pub longest_sql: &'static str,
    /// The longest before it began: what this machine does to a query all by itself.
    pub longest_before: Duration,
    /// How many there were, and the first few.
    pub errors: usize,
    pub samples: Vec<String>,
}

impl Load {
    /// Begins, and returns when every client is at work. Keys go from 1 to `rows`.
    pub fn begin(url: &str, rows: usize, clients: &[Transactions]) -> Self {
        let (ended, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let mut load = Self { ended, done, clients: Vec::new() };
        for (number, transactions) in clients.iter().copied().enumerate() {
            let client = Client {
                url: url.to_owned(),
                rows,
                step: clients.len(),
                fresh: rows + 1 + number,
                dice: Dice(number as u64),
                ended: Arc::clone(&load.ended),
                done: Arc::clone(&load.done),
                diary: Diary::default(),
            };
            load.clients.push(thread::spawn(move || client.work(transactions)));
        }
        while load.done.load(Ordering::Relaxed) < clients.len() * 10 {
            assert!(!load.clients.iter().any(JoinHandle::is_finished), "a client has ended");
            sleep(Duration::from_millis(10));
        }
        load
    }

    /// Ends, and tells of the queries that were under way since `since`.
    pub fn end(mut self, since: Instant) -> Noticed {
        let until = Instant::now();
        self.ended.store(true, Ordering::Relaxed);
        let clients = std::mem::take(&mut self.clients);
        let diaries: Vec<Diary> = clients.into_iter().map(|client| client.join().expect("a client ends")).collect();
        let (during, before): (Vec<&Query>, Vec<&Query>) = diaries
            .iter()
            .flat_map(|diary| &diary.queries)
            .filter(|query| query.start < until)
            .partition(|query| query.start + query.took > since);
        let longest = during.iter().max_by_key(|query| query.took);
        let errors = diaries.iter().flat_map(|diary| &diary.errors);
        Noticed {
            queries: during.len(),
            longest: longest.map_or(Duration::ZERO, |query| query.took),
            longest_sql: longest.map_or("", |query| query.sql),
            longest_before: before.iter().map(|query| query.took).max().unwrap_or_default(),
            errors: errors.clone().count(),
            samples: errors.take(MOST_ERRORS).cloned().collect(),
        }
    }
}

/// A test that fails leaves no clients behind.
impl Drop for Load {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

struct Client {
    url: String,
    rows: usize,
    /// From one fresh key to the next: other clients take those between.
    step: usize,
    fresh: usize,
    dice: Dice,
    ended: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    diary: Diary,
}

impl Client {
    fn work(mut self, transactions: Transactions) -> Diary {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut session = PgConnection::connect(&self.url).await.expect("a session");
            while !self.ended.load(Ordering::Relaxed) {
                let statements = transactions[self.dice.below(transactions.len())];
                if let Err(error) = self.transaction(&mut session, statements).await {
                    self.diary.errors.push(error);
                    // Whatever it was: the next transaction is a new one.
                    let _ = sqlx::raw_sql("rollback").execute(&mut session).await;
                }
                sleep(PAUSE);
            }
            let _ = session.close().await;
        });
        self.diary
    }

    async fn transaction(&mut self, session: &mut PgConnection, statements: &[&'static str]) -> Result<(), String> {
        let [alone] = statements else {
            self.command(session, "begin").await?;
            for statement in statements {
                self.statement(session, statement).await?;
            }
            return self.command(session, "commit").await;
        };
        self.statement(session, alone).await
    }

    /// Prepared once, as drivers do.
    async fn statement(&mut self, session: &mut PgConnection, sql: &'static str) -> Result<(), String> {
        let key = if sql.starts_with("INSERT") {
            self.fresh += self.step;
            self.fresh
        } else {
            1 + self.dice.below(self.rows)
        };
        // Where keys of another table begin.
        let text = sql.replace(":rows", &self.rows.to_string());
        let key = i32::try_from(key).expect("a key");
        let start = Instant::now();
        let done = sqlx::query(AssertSqlSafe(text)).bind(key).execute(session).await;
        self.note(start, sql);
        match done {
            Ok(done) if done.rows_affected() == 1 => Ok(()),
            Ok(done) => Err(format!("{} rows: {sql}, $1 = {key}", done.rows_affected())),
            Err(error) => Err(format!("{error}: {sql}, $1 = {key}")),
        }
    }

    async fn command(&mut self, session: &mut PgConnection, sql: &'static str) -> Result<(), String> {
        let start = Instant::now();
        let done = sqlx::raw_sql(sql).execute(session).await;
        self.note(start, sql);
        done.map(drop).map_err(|error| format!("{error}: {sql}"))
    }

    fn note(&mut self, start: Instant, sql: &'static str) {
        self.diary.queries.push(Query { start, took: start.elapsed(), sql });
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}
