//! What the statements of a plan do to relations that are in use: the locks they take, the rows they read, the files they
//! write anew; and whether that is what they declare.
//! It is here because a plan is trusted for what it confesses, and PostgreSQL knows better than any manual.
//! It never decides how a plan runs: `trial.rs` does.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use migrator::kind::{ObjectId, ObjectKind};
use migrator::name::qualified;
use migrator::pair::Pair;
use migrator::rename::Renaming;
use migrator::statement::{Hazard, HazardKind, LockMode, Statement};
use sqlx::{AssertSqlSafe, PgConnection};

use super::lockbook;
use super::witness::{self, Path, Sights, View};

const POLL: Duration = Duration::from_millis(2);

/// What one statement did to the relations that were there before the plan.
#[derive(Debug, Clone)]
pub struct Deed {
    pub shape: String,
    /// The strongest lock that it took on any of them.
    pub lock: Option<LockMode>,
    /// Whether, if that can be seen, it looked through the rows of one that it locked against changes of the schema at least.
    pub scans: Option<bool>,
    pub rewrites: bool,
}

/// Something that a statement did and does not declare, or declares and did not do.
#[derive(Debug, Clone)]
pub struct Lie {
    pub shape: String,
    pub what: String,
    pub relation: String,
    pub sql: String,
}

/// Watches one plan being carried out.
#[derive(Debug)]
pub struct Watch {
    /// The relations that were there before the plan, under the names that the plan may call them by.
    names: HashMap<u32, Path>,
    pub deeds: Vec<Deed>,
    pub lies: Vec<Lie>,
}

impl Watch {
    pub fn new(before: &Sights, renames: &[Renaming]) -> Self {
        let names = before.relations.iter().map(|(oid, sight)| (*oid, follow(&sight.path, renames)));
        Self { names: names.collect(), deeds: Vec::new(), lies: Vec::new() }
    }

    /// Judges a statement by what is seen before and after it.
    pub fn judge(&mut self, statement: &Statement, before: &Sights, after: &Sights, scans_are_seen: bool) {
        let sql = statement.sql.as_str();
        let shape = lockbook::shape(sql);
        let mut deed =
            Deed { shape: shape.clone(), lock: None, scans: scans_are_seen.then_some(false), rewrites: false };
        let mut lies = Vec::new();
        for (oid, new_name) in &self.names {
            let Some(was) = before.relations.get(oid) else { continue };
            let is = after.relations.get(oid);
            let names = [Some(&was.path), is.map(|is| &is.path), Some(new_name)];
            let named = |id: &ObjectId| names.iter().flatten().any(|name| id.path.iter().eq(name.iter()));
            let concerns = |id: &ObjectId| was.is(id.kind) && named(id);
            let mut lie = |what: String| lies.push((what, was.path.join(".")));

            let declared = statement.locks.iter().filter(|lock| concerns(&lock.on)).map(|lock| lock.mode).max();
            let held = Pair::new(before.locks.get(oid).copied(), after.locks.get(oid).copied());
            let taken = held.desired.filter(|_| held.desired > held.current);
            deed.lock = deed.lock.max(taken);
            // Locks up to ROW EXCLUSIVE are those of ordinary reads and writes: nobody has to declare them.
            if taken.is_some_and(|mode| mode > declared.unwrap_or(LockMode::RowExclusive)) {
                lie(format!("{} taken, {} declared", say(taken), say(declared)));
            }
            if declared > held.desired {
                lie(format!("{} taken, {} declared", say(held.desired), say(declared)));
            }
            let Some(is) = is else { continue };
            let scanned = is.scans > was.scans && held.desired > Some(LockMode::RowExclusive);
            deed.scans = deed.scans.map(|before| before || scanned);
            let held_up = is.scans > was.scans && held.desired.is_some_and(LockMode::blocks_writes);
            let slow = [HazardKind::BlocksReads, HazardKind::BlocksWrites, HazardKind::TableRewrite];
            let mut waits = statement.hazards.iter().filter(|hazard| slow.contains(&hazard.kind));
            // A rewrite need not read rows, and an index can be in the way by itself.
            let plain = |hazard: &Hazard| hazard.kind != HazardKind::TableRewrite && concerns(&hazard.object);
            let keeps_out = declared.is_some() && statement.hazards.iter().any(plain);
            // It stops at the first row.
            let of_null = |hazard: &Hazard| hazard.object.kind == ObjectKind::NotNull;
            let only_if_empty = deed.shape == "ALTER TABLE _ ADD COLUMN" && statement.hazards.iter().any(of_null);
            match (held_up, waits.any(|hazard| concerns(&hazard.object))) {
                _ if only_if_empty => {}
                (true, false) => lie("every row read while nobody can write, and not declared".to_owned()),
                (false, true) if was.filenode.is_some() && keeps_out => {
                    lie("no row read under a lock, and declared".to_owned());
                }
                _ => {}
            }
            let rewritten = was.filenode != is.filenode;
            deed.rewrites |= rewritten;
            let mut rewrites = statement.hazards.iter().filter(|hazard| hazard.kind == HazardKind::TableRewrite);
            match (rewritten, rewrites.any(|hazard| concerns(&hazard.object))) {
                (true, false) => lie("rewritten, and not declared".to_owned()),
                (false, true) if was.filenode.is_some() => lie("not rewritten, and declared".to_owned()),
                _ => {}
            }
        }
        let told = |(what, relation)| Lie { shape: deed.shape.clone(), what, relation, sql: sql.to_owned() };
        self.lies.extend(lies.into_iter().map(told));
        self.deeds.push(deed);
    }
}

fn say(mode: Option<LockMode>) -> String {
    mode.map_or("nothing".to_owned(), |mode| mode.to_string())
}

/// Waits, while a statement runs in session `pid` that commits by itself, for the moment at which it waits for the
/// bystander, and looks at its locks then.
pub async fn caught(
    bystander: &mut PgConnection,
    pid: i32,
    ended: &Cell<bool>,
) -> sqlx::Result<BTreeMap<u32, LockMode>> {
    let sql = "select wait_event_type = 'Lock' from pg_stat_activity where pid = $1";
    loop {
        let waits: Option<bool> = sqlx::query_scalar(sql).bind(pid).fetch_one(&mut *bystander).await?;
        if waits == Some(true) {
            return Ok(witness::sights(bystander, pid, View::Outside).await?.locks);
        }
        if ended.get() {
            return Ok(BTreeMap::new());
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Begins a transaction that the statement has to wait for: it holds a snapshot, and locks. Of what declares none, whatever
/// takes one that is stronger than those of reading and writing is caught.
pub async fn stand_by(bystander: &mut PgConnection, statement: &Statement, before: &Sights) -> sqlx::Result<()> {
    let held = |mode| if mode == LockMode::RowExclusive { "share" } else { "row exclusive" };
    // A statement of several transactions has none of its locks while it waits, between two of them, for those who hold
    // anything: what it waits for in its last one, it waits for with all of them.
    let last = statement.locks.iter().any(|lock| lock.mode.blocks_writes());
    let locks = statement.locks.iter().filter(|lock| !last || lock.mode.blocks_writes()).map(|lock| {
        let name = qualified(lock.on.path.iter());
        match lock.on.kind {
            ObjectKind::Table => format!("lock table only {name} in {} mode; ", held(lock.mode)),
            // Its rows need not be there, and EXPLAIN asks for none.
            _ => format!("explain select from {name}; "),
        }
    });
    let all = before.relations.values().filter(|sight| statement.locks.is_empty() && sight.is_lockable());
    let all = all.map(|sight| format!("lock table only {} in share update exclusive mode; ", qualified(&sight.path)));
    let sql = format!("begin isolation level repeatable read; {}select 1", locks.chain(all).collect::<String>());
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(bystander).await.map(drop)
}

/// A path under its new name, part by part; several renames happen at once, so that two names may be swapped.
pub fn follow(path: &[String], renames: &[Renaming]) -> Path {
    let mut new = Vec::new();
    for (at, part) in path.iter().enumerate() {
        let with_new_parents: Vec<String> = new.iter().chain([part]).cloned().collect();
        let is_named = |renaming: &&Renaming| {
            let from: Path = renaming.from.path.iter().map(str::to_owned).collect();
            [&path[..=at], &with_new_parents].contains(&from.as_slice())
        };
        let renaming = renames.iter().find(is_named);
        new.push(renaming.map_or_else(|| part.clone(), |renaming| renaming.name.clone()));
    }
    new
}
