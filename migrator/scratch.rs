//! A database that is made to load a script into or to try a plan in, and dropped.
//! What a run that died has left behind, the next one drops. Never touches a database that it did not make.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::catalog::{Catalog, Fingerprint};
use crate::connect::{Access, ConnectError, Connected, DatabaseUrl, ServerSays, connect};
use crate::introspect::{IntrospectError, introspect};
use crate::name::quote;
use crate::progress::Side;
use crate::script::{ScriptError, statements};

/// What the names begin with: an advisory lock is known in the database that it was taken in only, so each has names of
/// its own.
pub fn prefix(maintenance: &str) -> String {
    format!("migrator_scratch_{}_", &Fingerprint::of_bytes(maintenance.as_bytes()).as_str()[..8])
}

/// A file of SQL.
#[derive(Debug, Clone)]
pub struct File {
    pub path: PathBuf,
    pub text: String,
}

/// Why there was no scratch database, or a script did not become a catalog.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the scratch database could not be {done}")]
    Database { done: &'static str, source: sqlx::Error },
    #[error("{file}, {error}")]
    Script { file: String, error: ScriptError },
    #[error("{file}, line {line}: {}", ServerSays::of(source).message)]
    Statement { file: String, line: usize, source: sqlx::Error },
    #[error("{file} leaves a transaction open: its COMMIT is missing")]
    Open { file: String },
    #[error(transparent)]
    Read(#[from] IntrospectError),
}

/// An empty database, until it is discarded. What is never discarded is, like its maker, found gone by the next one.
#[derive(Debug)]
pub struct Scratch {
    server: PgConnection,
    name: String,
    application: String,
    pub url: DatabaseUrl,
}

impl Scratch {
    /// Makes one on the server that has this database.
    pub async fn make(url: &DatabaseUrl, application: &str) -> Result<Self, ScratchError> {
        let mut server = connect(url, Side::Dev, Access::Write, application).await?.connection;
        let prefix = prefix(url.database());
        sweep(&mut server, &prefix).await.map_err(|source| ScratchError::Database { done: "cleared away", source })?;
        let name = format!("{prefix}{:08x}", RandomState::new().hash_one(application) >> 32);
        let make = async {
            hold(&mut server, &name).await?;
            sqlx::raw_sql(AssertSqlSafe(format!("create database {} template template0", quote(&name))))
                .execute(&mut server)
                .await
        };
        make.await.map_err(|source| ScratchError::Database { done: "created", source })?;
        Ok(Self { server, url: url.with_database(&name), name, application: application.to_owned() })
    }

    pub async fn discard(mut self) -> Result<(), ScratchError> {
        // Where that cannot be done, dropping the database tells.
        let _ = forsake_subscriptions(&self.url, &self.application).await;
        let dropped = drop_database(&mut self.server, &self.name).await;
        dropped.map_err(|source| ScratchError::Database { done: "dropped", source })?;
        // The locks go with the session.
        let _ = self.server.close().await;
        Ok(())
    }
}

/// The catalog of what the files make of an empty database on that server, and the session that it was read over.
pub async fn load(url: &DatabaseUrl, files: &[File], application: &str) -> Result<(Catalog, Connected), ScratchError> {
    let scratch = Scratch::make(url, application).await?;
    let loaded = fill(&scratch.url, files, application).await;
    scratch.discard().await?;
    loaded
}

/// While its maker lives, the name of a scratch database is locked.
async fn hold(server: &mut PgConnection, name: &str) -> Result<bool, sqlx::Error> {
    let sql = "select pg_try_advisory_lock(hashtextextended($1, 0))";
    Ok(sqlx::query(sql).bind(name).fetch_one(server).await?.get(0))
}

/// A database that has a subscription is not dropped; none of these was ever connected.
async fn forsake_subscriptions(url: &DatabaseUrl, application: &str) -> Result<(), ScratchError> {
    let mut session = connect(url, Side::Dev, Access::Write, application).await?.connection;
    let sql = "do $$ declare name name; begin
        for name in select s.subname from pg_subscription s join pg_database d on d.oid = s.subdbid
            where d.datname = current_database() loop
            execute format('alter subscription %I disable', name);
            execute format('alter subscription %I set (slot_name = none)', name);
            execute format('drop subscription %I', name);
        end loop; end $$";
    let forsaken = sqlx::raw_sql(sql).execute(&mut session).await;
    forsaken.map_err(|source| ScratchError::Database { done: "freed from its subscriptions", source })?;
    let _ = session.close().await;
    Ok(())
}

async fn sweep(server: &mut PgConnection, prefix: &str) -> Result<(), sqlx::Error> {
    let sql = "select datname::text from pg_database
        where starts_with(datname::text, $1) and pg_get_userbyid(datdba) = current_user";
    let rows = sqlx::query(sql).bind(prefix).fetch_all(&mut *server).await?;
    for name in rows.iter().map(|row| row.get::<String, _>(0)) {
        // One that cannot be dropped, because of a subscription, hinders nobody.
        if hold(server, &name).await? {
            let _ = drop_database(server, &name).await;
        }
    }
    Ok(())
}

async fn drop_database(server: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = format!("drop database if exists {} with (force)", quote(name));
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(server).await.map(drop)
}

async fn fill(url: &DatabaseUrl, files: &[File], application: &str) -> Result<(Catalog, Connected), ScratchError> {
    let mut session = connect(url, Side::Dev, Access::Write, application).await?.connection;
    let ready = sqlx::raw_sql("reset search_path; reset row_security").execute(&mut session).await;
    ready.map_err(|source| ScratchError::Database { done: "prepared", source })?;
    for File { path, text } in files {
        let file = path.display().to_string();
        let pieces = statements(text).map_err(|error| ScratchError::Script { file: file.clone(), error })?;
        for piece in pieces {
            let sent = sqlx::raw_sql(AssertSqlSafe(piece.sql.as_str().to_owned())).execute(&mut session).await;
            sent.map_err(|source| ScratchError::Statement { file: file.clone(), line: piece.line, source })?;
        }
        // Outside a transaction block there are no savepoints.
        if sqlx::raw_sql("savepoint migrator_end").execute(&mut session).await.is_ok() {
            return Err(ScratchError::Open { file });
        }
    }
    let _ = session.close().await;
    // A session of its own: the script may have taken another role.
    let mut session = connect(url, Side::Dev, Access::Read, application).await?;
    let catalog = introspect(&mut session.connection).await?;
    Ok((catalog, session))
}
