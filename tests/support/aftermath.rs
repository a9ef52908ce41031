//! What a migration must have come to once the command says that it is done, whatever happened before.
//! It is here because the crash matrix and the faults of archives end with the same questions. It reads with our eyes nothing
//! but the chain of revisions.

use std::path::Path;

use migrator::app;

use super::oracle;
use super::server::{Database, DumpOptions};

const WHOLE: DumpOptions = DumpOptions { owner: true, privileges: true };

/// What the archive is disturbed with: a prod, the dev of its first revision, and what makes that of its second.
pub const PROD: &str = "create table a (b int); insert into a select generate_series(1, 100)";
pub const FIRST: &str = "create table a (b int, c text default 'x'); create index a_b on a (b)";
pub const SECOND: &str = "alter table a alter b set not null, add check (b > 0); create table d (a int unique); create view v as select b from a";

/// Objects that a plan makes for a time only, and indexes that were not finished.
pub const LEFTOVERS: &str = "
    select 'relation ' || relname from pg_class where relname like 'migrator\\_tmp%'
    union all select 'column ' || attname from pg_attribute where attname like 'migrator\\_tmp%' and not attisdropped
    union all select 'constraint ' || conname from pg_constraint where conname like 'migrator\\_tmp%'
    union all select 'trigger ' || tgname from pg_trigger where tgname like 'migrator\\_tmp%'
    union all select 'type ' || typname from pg_type where typname like 'migrator\\_tmp%'
    union all select 'invalid index ' || indexrelid::regclass from pg_index where not indisvalid
    order by 1";

/// Whether prod is as dev is, with nothing left behind.
pub fn arrived(prod: &Database, dev: &Database) -> Result<(), String> {
    if let Some(difference) = oracle::difference(&prod.dump(WHOLE), &dev.dump(WHOLE)) {
        return Err(format!("prod is not as it should be:\n{difference}"));
    }
    let left = prod.query(LEFTOVERS);
    if left.is_empty() { Ok(()) } else { Err(format!("there is still {left:?}")) }
}

/// Whether a statement has changed anything.
pub fn is_as_before(prod: &Database, before: &str) -> bool {
    oracle::difference(&prod.dump(WHOLE), before).is_none()
}

pub fn portrait(database: &Database) -> String {
    database.dump(WHOLE)
}

/// Whether every link is there, and every outcome.
pub fn chain(archive: &Path) -> Result<(), String> {
    let location = archive.display().to_string().parse().map_err(|error| format!("{error}"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let history = runtime.block_on(app::history(&location)).map_err(|failure| failure.message)?;
    match history.pending {
        Some(revision) => Err(format!("revision {} has no outcome", revision.number)),
        None => Ok(()),
    }
}
