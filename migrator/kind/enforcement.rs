//! The triggers by which PostgreSQL enforces a foreign key (catalog `pg_trigger`; ALTER TABLE .. DISABLE TRIGGER ALL).
//! A superuser may disable them, and `pg_dump` does not say so. Their names hold an oid: they are looked up when the
//! statement runs. Never an object of its own; those of partitions follow their parent's.

use serde::{Deserialize, Serialize};

use crate::kind::{ObjectId, ObjectKind};
use crate::name::literal;
use crate::pair::Pair;
use crate::statement::{LockMode, Statement};

/// `pg_trigger.tgenabled`, where it is not the usual one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Enforcement {
    /// Of the triggers on the table that refers.
    checks: Option<char>,
    /// Of those on the table that is referred to.
    actions: Option<char>,
}

impl Enforcement {
    /// Of the constraint `k`.
    pub const QUERY: &'static str = "
            case when k.contype = 'f' and k.oid in (select t.tgconstraint from pg_trigger t where t.tgenabled <> 'O') then (
                select json_build_object('checks', max(t.tgenabled::text) filter (where starts_with(t.tgname, 'RI_ConstraintTrigger_c')),
                    'actions', max(t.tgenabled::text) filter (where starts_with(t.tgname, 'RI_ConstraintTrigger_a')))
                from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled <> 'O') end as enforcement";

    pub fn changes(change: Pair<Option<Self>>, key: &ObjectId, referenced: Option<&ObjectId>) -> Vec<Statement> {
        let Some(referenced) = referenced else { return Vec::new() };
        let Pair { current, desired } = change.map(Option::unwrap_or_default);
        let checks = set('c', Pair::new(current.checks, desired.checks), key, &key.parent(ObjectKind::Table));
        let actions = set('a', Pair::new(current.actions, desired.actions), key, referenced);
        checks.into_iter().chain(actions).collect()
    }
}

/// `c`hecks or `a`ctions, on `table`.
fn set(sort: char, state: Pair<Option<char>>, key: &ObjectId, table: &ObjectId) -> Option<Statement> {
    let words = super::rule::enable_words(state.desired.unwrap_or('O'));
    let body = format!(
        "DECLARE name text;
BEGIN
    FOR name IN SELECT t.tgname FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint
        WHERE k.conrelid = {}::pg_catalog.regclass AND k.conname = {}
            AND pg_catalog.starts_with(t.tgname, 'RI_ConstraintTrigger_{sort}')
    LOOP
        EXECUTE pg_catalog.format({}, name);
    END LOOP;
END",
        literal(&key.owner_sql()),
        literal(key.raw_name()),
        literal(&format!("ALTER TABLE {} {words} TRIGGER %I", table.sql().replace('%', "%%"))),
    );
    let alter = Statement::new(format!("DO {}", literal(&body))).lock(LockMode::ShareRowExclusive, table);
    let note = "only a superuser enables and disables the triggers of a foreign key";
    state.differs().then(|| alter.by_superuser(key, &[], note))
}
