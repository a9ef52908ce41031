//! A statement of a plan, and what it confesses about itself.
//! Whoever writes the SQL writes its phase, lock, transaction mode and hazards beside it.
//! Never decides whether it may run: that is the gate's work.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::kind::ObjectId;
use crate::name::Sql;

/// When a statement may run, seen from the application's deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Old application code goes on working: add, widen, loosen.
    Expand,
    /// After the deploy: drop, narrow, tighten.
    Contract,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expand => "expand",
            Self::Contract => "contract",
        })
    }
}

/// Table-level lock modes, weakest first
/// (<https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl LockMode {
    pub const ALL: [Self; 8] = [
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    pub fn blocks_reads(self) -> bool {
        self == Self::AccessExclusive
    }

    /// Conflicts with the ROW EXCLUSIVE lock of INSERT, UPDATE and DELETE.
    pub fn blocks_writes(self) -> bool {
        self >= Self::Share
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

/// The strongest lock that a statement takes on an object that applications already use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub mode: LockMode,
    pub on: ObjectId,
}

/// Whether a statement may run inside a transaction block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionMode {
    /// Inside a transaction block.
    Block,
    /// Refuses a transaction block (`.. CONCURRENTLY`), or must be committed before its users
    /// (`ALTER TYPE .. ADD VALUE`, error 55P04).
    Autocommit,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HazardKind {
    DataLoss,
    TableRewrite,
    BlocksReads,
    BlocksWrites,
    LongRunning,
    BreaksOldCode,
    MayFailOnData,
    NeedsSuperuser,
    NeedsNewerServer,
    Irreversible,
    PrivilegeChange,
    MaybeRename,
    MissingRole,
}

impl HazardKind {
    pub const ALL: [Self; 13] = [
        Self::DataLoss,
        Self::TableRewrite,
        Self::BlocksReads,
        Self::BlocksWrites,
        Self::LongRunning,
        Self::BreaksOldCode,
        Self::MayFailOnData,
        Self::NeedsSuperuser,
        Self::NeedsNewerServer,
        Self::Irreversible,
        Self::PrivilegeChange,
        Self::MaybeRename,
        Self::MissingRole,
    ];

    pub fn slug(self) -> &'static str {
        match self {
            Self::DataLoss => "data_loss",
            Self::TableRewrite => "table_rewrite",
            Self::BlocksReads => "blocks_reads",
            Self::BlocksWrites => "blocks_writes",
            Self::LongRunning => "long_running",
            Self::BreaksOldCode => "breaks_old_code",
            Self::MayFailOnData => "may_fail_on_data",
            Self::NeedsSuperuser => "needs_superuser",
            Self::NeedsNewerServer => "needs_newer_server",
            Self::Irreversible => "irreversible",
            Self::PrivilegeChange => "privilege_change",
            Self::MaybeRename => "maybe_rename",
            Self::MissingRole => "missing_role",
        }
    }
}

impl fmt::Display for HazardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for HazardKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.slug() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::slug).join(", ");
            format!("'{text}' is no hazard; the hazards are {known}")
        })
    }
}

/// A hazard, the object that it concerns, and one sentence for the person who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    pub kind: HazardKind,
    pub object: ObjectId,
    pub note: String,
}

/// One SQL statement with all that is to be known before it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub sql: Sql,
    pub phase: Phase,
    /// The strongest lock on each object that applications already use; those below it in an inheritance tree included.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub locks: Vec<Lock>,
    /// The tables, in use by applications, of which it reads every row.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub scans: Vec<ObjectId>,
    pub transaction: TransactionMode,
    /// Waits for locks as long as it takes: broken off, it would leave something half done.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub patient: bool,
    /// What does the same inside a transaction block, if this must not be torn out of one.
    #[serde(skip)]
    pub in_block: Option<Box<Self>>,
    /// Commits together with the statement before it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub joined: bool,
    /// Whoever runs it must be a member of this role.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub member_of: Option<String>,
    /// Roles whose members may do what takes a superuser otherwise ([`HazardKind::NeedsSuperuser`]).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub deputies: Vec<String>,
    /// A query that tells in words what prod lacks for it, or nothing (NULL, no row).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub objection: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub hazards: Vec<Hazard>,
    /// What takes back, if this fails, what was done for its sake only and would be in the way of others.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub undo: Option<String>,
}

impl Statement {
    /// A statement of the expand phase that may run in a transaction block and harms nobody.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: Sql::new(sql),
            phase: Phase::Expand,
            locks: Vec::new(),
            scans: Vec::new(),
            transaction: TransactionMode::Block,
            patient: false,
            in_block: None,
            joined: false,
            member_of: None,
            deputies: Vec::new(),
            objection: None,
            hazards: Vec::new(),
            undo: None,
        }
    }

    /// Of SQL that may hold secrets.
    pub fn of(sql: Sql) -> Self {
        Self { sql, ..Self::new("") }
    }

    #[must_use]
    pub fn contract(mut self) -> Self {
        self.phase = Phase::Contract;
        self
    }

    #[must_use]
    pub fn autocommit(mut self) -> Self {
        self.transaction = TransactionMode::Autocommit;
        self
    }

    #[must_use]
    pub fn patient(mut self) -> Self {
        self.patient = true;
        self
    }

    #[must_use]
    pub fn or_in_block(mut self, other: Self) -> Self {
        self.in_block = Some(Box::new(other));
        self
    }

    #[must_use]
    pub fn joined(mut self) -> Self {
        self.joined = true;
        self
    }

    #[must_use]
    pub fn by_member_of(mut self, role: &str) -> Self {
        self.member_of = Some(role.to_owned());
        self
    }

    /// As [`Self::by_member_of`], unless it needs another role.
    #[must_use]
    pub fn governed_by(self, role: &str) -> Self {
        if self.member_of.is_some() { self } else { self.by_member_of(role) }
    }

    /// It takes a superuser, or a member of one of the deputies.
    #[must_use]
    pub fn by_superuser(mut self, object: &ObjectId, deputies: &[&str], note: &str) -> Self {
        self.deputies = deputies.iter().map(|role| (*role).to_owned()).collect();
        self.hazard(HazardKind::NeedsSuperuser, object, note)
    }

    /// A query that is asked before anything runs: the text that it returns is why this cannot be done in prod.
    #[must_use]
    pub fn unless(mut self, objection: impl Into<String>) -> Self {
        self.objection = Some(objection.into());
        self
    }

    #[must_use]
    pub fn undone_by(mut self, sql: impl Into<String>) -> Self {
        self.undo = Some(sql.into());
        self
    }

    #[must_use]
    pub fn lock(mut self, mode: LockMode, on: &ObjectId) -> Self {
        self.locks.retain(|lock| lock.on != *on);
        self.locks.push(Lock { mode, on: on.clone() });
        self
    }

    /// It reads every row of these tables.
    #[must_use]
    pub fn scanning(mut self, tables: impl IntoIterator<Item = impl Borrow<ObjectId>>) -> Self {
        self.scans.extend(tables.into_iter().map(|table| table.borrow().clone()));
        self
    }

    /// The same lock on several tables.
    #[must_use]
    pub fn lock_each(self, mode: LockMode, on: impl IntoIterator<Item = impl Borrow<ObjectId>>) -> Self {
        on.into_iter().fold(self, |statement, on| statement.lock(mode, on.borrow()))
    }

    #[must_use]
    pub fn hazard(mut self, kind: HazardKind, object: &ObjectId, note: impl Into<String>) -> Self {
        self.hazards.push(Hazard { kind, object: object.clone(), note: note.into() });
        self
    }

    #[must_use]
    pub fn hazards(mut self, hazards: impl IntoIterator<Item = Hazard>) -> Self {
        self.hazards.extend(hazards);
        self
    }
}

/// How one change is carried out. `establish` brings the object into being (or alters it, or removes it): the
/// edges of the dependency graph attach there. `prepare` is slow work that harms nobody (a concurrent index build) and
/// comes before; `finish` is what may follow later. Besides what the catalogs tell, `establish` comes after the objects
/// in `needs` are established (or gone), those in `awaits` finished and those in `freed` dropped; `finish` after those in
/// `after` are finished. What it `adopts` an earlier run has left: it is used, or goes, here, and nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipe {
    pub prepare: Vec<Statement>,
    pub establish: Vec<Statement>,
    pub finish: Vec<Statement>,
    pub needs: Vec<ObjectId>,
    pub awaits: Vec<ObjectId>,
    pub freed: Vec<ObjectId>,
    pub after: Vec<ObjectId>,
    pub adopts: Vec<ObjectId>,
}

impl Recipe {
    pub fn none() -> Self {
        Self::default()
    }

    pub fn one(statement: Statement) -> Self {
        Self { establish: vec![statement], ..Self::default() }
    }

    pub fn many(establish: Vec<Statement>) -> Self {
        Self { establish, ..Self::default() }
    }

    #[must_use]
    pub fn finish(mut self, statement: Statement) -> Self {
        self.finish.push(statement);
        self
    }

    #[must_use]
    pub fn needs(mut self, ids: impl IntoIterator<Item = ObjectId>) -> Self {
        self.needs.extend(ids);
        self
    }

    #[must_use]
    pub fn freed(mut self, ids: impl IntoIterator<Item = ObjectId>) -> Self {
        self.freed.extend(ids);
        self
    }

    #[must_use]
    pub fn after(mut self, id: ObjectId) -> Self {
        self.after.push(id);
        self
    }

    /// With what may follow later done at once, and first.
    #[must_use]
    pub fn in_one(mut self) -> Self {
        let establish = self.finish.into_iter().chain(self.establish).enumerate();
        self.establish = establish.map(|(at, statement)| Statement { joined: at > 0, ..statement }).collect();
        Self { finish: Vec::new(), ..self }
    }

    pub fn is_empty(&self) -> bool {
        self.prepare.is_empty() && self.establish.is_empty() && self.finish.is_empty()
    }
}

/// What it takes to turn the current object into the desired one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alteration {
    /// A difference that cannot be altered and does no harm, such as the order of columns: said, not done.
    Inform(String),
    /// `ALTER`, `CREATE OR REPLACE`: dependents do not notice.
    InPlace(Recipe),
    /// An `ALTER` that PostgreSQL refuses while certain dependents exist: those step aside and come back.
    Rebuild(Recipe),
    /// Replaced by a recipe of its own, without a gap: what depends on it comes anew, as with [`Self::Replace`].
    Swap(Recipe),
    /// Dropped and created, with everything that depends on it.
    Replace,
    /// Neither altered nor dropped by itself: what it is a part of is replaced.
    ReplaceWhole,
}

/// What happens to an object on which another depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// It is dropped and created.
    Replaced,
    /// It is altered in place, but not under the eyes of every dependent ([`Alteration::Rebuild`]).
    Rebuilt,
}

/// A piece of SQL that stands inside the statement that creates the whole (a column in CREATE TABLE).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    pub sql: Sql,
    pub slot: Slot,
    pub hazards: Vec<Hazard>,
    /// What it cannot say, and has to be done right after the whole's statement.
    pub then: Vec<Statement>,
}

/// Where in the whole's statement a fragment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Between the parentheses of CREATE TABLE, after a column's type.
    Body,
    /// In the INHERITS clause.
    Inherits,
    /// Nowhere: the whole's statement brings it about by itself.
    Silent,
}

impl Fragment {
    pub fn new(sql: impl Into<String>) -> Self {
        Self::of(Sql::new(sql))
    }

    /// Of SQL that may hold secrets.
    pub fn of(sql: Sql) -> Self {
        Self { sql, slot: Slot::Body, hazards: Vec::new(), then: Vec::new() }
    }

    pub fn silent() -> Self {
        Self { slot: Slot::Silent, ..Self::new("") }
    }

    pub fn inherits(parent: impl Into<String>) -> Self {
        Self { slot: Slot::Inherits, ..Self::new(parent) }
    }

    #[must_use]
    pub fn hazard(mut self, kind: HazardKind, object: &ObjectId, note: impl Into<String>) -> Self {
        self.hazards.push(Hazard { kind, object: object.clone(), note: note.into() });
        self
    }
}
