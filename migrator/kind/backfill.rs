//! A column whose every row gets a value of its own, on a table that is too big to be written anew under a lock.
//! It is made under a name of its own, filled step by step while everybody reads and writes, and only then gets its name, so
//! that nobody takes it for filled before it is; what is left after a crash is recognised and gone on with.

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::column::{Column, as_column};
use crate::kind::{Kind, Object, ObjectId, ObjectKind};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::statement::{Fragment, HazardKind, LockMode, Recipe, Statement};

/// How many pages one step fills at most: 512 kB.
const PAGES: u32 = 64;
/// A step that took longer than this, in seconds, is followed by one of half as many pages: who updates a row that it has
/// filled waits until it ends.
const LONG_STEP: f32 = 0.1;
/// How often it goes through the table at most: somebody may hold a row for hours.
const PASSES: u32 = 5;

/// The column under the name that it has until it is filled.
fn aside(column: &ObjectId) -> ObjectId {
    column.parent(ObjectKind::Table).child(ObjectKind::Column, &super::index::temporary(column.raw_name()))
}

/// Whether the new column is filled in this way: its default is another one in every row, the table is big, and an UPDATE
/// does nothing there but fill it.
pub(super) fn is_due(column: &ObjectId, cx: &Context) -> bool {
    let table = column.parent(ObjectKind::Table);
    let new = cx.is_new(column) && !cx.is_new(&table) && !cx.is_dropped(column);
    if !new || !is_volatile(cx.desired(&column.with_kind(ObjectKind::ColumnDefault))) || !cx.is_big(&table) {
        return false;
    }
    let aside = aside(column);
    let free = cx.current(&aside).is_none() || is_left_over(&aside, cx);
    free && !is_checked(column, cx) && is_plain(&table, cx) && !is_published_without_key(&table, cx)
}

fn is_volatile(default: Option<&Object>) -> bool {
    matches!(default, Some(Object::ColumnDefault(default)) if default.is_volatile())
}

/// Whether PostgreSQL looks at each value as soon as the column comes, or at the whole row as soon as it is updated.
fn is_checked(column: &ObjectId, cx: &Context) -> bool {
    let Pair { current, desired } = cx.catalogs;
    let table = column.parent(ObjectKind::Table);
    let of_domain = as_column(cx.desired(column)).is_some_and(|it| super::domain::is_constrained(&it.data_type, column, cx));
    let doubtful = |catalog: &Catalog| {
        catalog.used_by(&table).any(|part| matches!(catalog.get(part), Some(Object::Constraint(check)) if !check.validated))
    };
    of_domain || doubtful(current) || doubtful(desired)
}

/// Whether nothing else happens when a row is updated.
fn is_plain(table: &ObjectId, cx: &Context) -> bool {
    let minds = |part: &ObjectId| matches!(part.kind, ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Inheritance);
    let disturbed = cx.catalogs.current.used_by(table).chain(cx.catalogs.desired.used_by(table)).any(minds);
    !disturbed && !super::table::is_foreign(table, cx) && !super::table::hides_rows(table, cx)
}

/// PostgreSQL refuses to update what is published and cannot be told apart.
fn is_published_without_key(table: &ObjectId, cx: &Context) -> bool {
    let Pair { current, desired } = cx.catalogs;
    let published = |catalog: &Catalog| catalog.objects().keys().any(|id| id.kind == ObjectKind::Publication);
    let told = |catalog: &Catalog| super::table::is_told_apart(table, catalog);
    (published(current) || published(desired)) && !(told(current) && told(desired))
}

/// Whether the column is what an interrupted run has left: a name alone does not make it ours.
pub(super) fn is_left_over(column: &ObjectId, cx: &Context) -> bool {
    let ours = column.raw_name().starts_with(super::index::TEMPORARY);
    ours && is_volatile(cx.current(&column.with_kind(ObjectKind::ColumnDefault)))
}

/// Whether such a column is of one that is still wanted: whoever makes that goes on with it, or makes it anew.
pub(super) fn is_wanted(left_over: &ObjectId, cx: &Context) -> bool {
    let table = left_over.parent(ObjectKind::Table);
    let mut columns = cx.catalogs.desired.used_by(&table).filter(|part| part.kind == ObjectKind::Column);
    is_left_over(left_over, cx) && columns.any(|column| aside(column) == *left_over && is_due(column, cx))
}

/// Fills the column step by step, each step in a transaction of its own, and rests after each for as long as it took, and
/// while a standby lags, but not for ever. Rows that others hold, or move meanwhile, are left to the next pass: fewer each
/// time, because the last statement keeps what it fills from others until it has read the whole table. A column may well be
/// called `page`.
fn fill(column: &ObjectId, cx: &Context) -> Statement {
    let table = column.parent(ObjectKind::Table);
    let (name, regclass) = (quote(aside(column).raw_name()), literal(&table.sql()));
    let body = format!(
        "
#variable_conflict use_variable
DECLARE
    page bigint;
    pages bigint;
    width bigint := {PAGES};
    began timestamptz;
    took double precision;
BEGIN
    FOR pass IN 1 .. {PASSES} LOOP
        page := 0;
        pages := pg_relation_size({regclass}::regclass) / current_setting('block_size')::bigint;
        WHILE page <= pages LOOP
            began := clock_timestamp();
            UPDATE ONLY {table} SET {name} = DEFAULT WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM ONLY {table} WHERE {name} IS NULL
                    AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + width)::tid
                FOR NO KEY UPDATE SKIP LOCKED));
            COMMIT;
            took := extract(epoch FROM clock_timestamp() - began);
            page := page + width;
            width := CASE WHEN took > {LONG_STEP} THEN greatest(width / 2, 1) ELSE least(width * 2, {PAGES}) END;
            PERFORM pg_sleep(least(took, 1));
            FOR lagging IN 1 .. 60 LOOP
                EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_replication WHERE replay_lag > interval '10 s');
                COMMIT;
                PERFORM pg_sleep(1);
            END LOOP;
        END LOOP;
        EXIT WHEN NOT EXISTS (SELECT FROM ONLY {table} WHERE {name} IS NULL);
        COMMIT;
    END LOOP;
    UPDATE ONLY {table} SET {name} = DEFAULT WHERE {name} IS NULL;
END
",
        table = table.sql(),
    );
    let note = format!("every row is filled, some pages at a time, while others read and write{}", cx.size_note(&table));
    Statement::new(super::base_type::block(&body))
        .autocommit()
        .lock(LockMode::RowExclusive, &table)
        .hazard(HazardKind::LongRunning, &table, note)
}

impl Column {
    /// Made aside, filled, and given its name; or what is left of that after an interruption.
    pub(super) fn filled(&self, id: &ObjectId, fragment: Fragment, parts: &[Fragment], cx: &Context) -> Recipe {
        let (table, aside) = (id.parent(ObjectKind::Table), aside(id));
        let alter = |what: String| {
            Statement::new(format!("ALTER TABLE {} {what}", table.sql())).lock(LockMode::AccessExclusive, &table)
        };
        let mut prepare = Vec::new();
        if !goes_on(id, cx) {
            // Nobody gets its default before it is set: with it, PostgreSQL would write the table anew.
            let bare: Vec<Fragment> = parts.iter().filter(|part| !part.sql.as_str().starts_with("DEFAULT ")).cloned().collect();
            let definition = self.fragment(id, &bare, cx).map_or(String::new(), |bare| bare.sql.revealed().to_owned());
            let definition = definition.strip_prefix(&*id.name()).unwrap_or_default().to_owned();
            let old = cx.current(&aside).map_or(String::new(), |_| format!("DROP COLUMN {}, ", aside.name()));
            let default = super::column_default::expression_of(id, cx);
            prepare.push(alter(format!("{old}ADD COLUMN {}{definition}", aside.name())));
            prepare.push(alter(format!("ALTER COLUMN {} SET DEFAULT {default}", aside.name())).joined());
        }
        prepare.push(fill(id, cx));
        let mut establish = vec![alter(format!("RENAME COLUMN {} TO {}", aside.name(), id.name()))];
        establish.extend(fragment.then.into_iter().map(Statement::joined));
        Recipe { prepare, establish, ..Recipe::default() }
    }
}

/// Whether an interrupted run has left the column under the name that it has until it is filled, as it shall be and with
/// the default that it shall have.
fn goes_on(id: &ObjectId, cx: &Context) -> bool {
    let aside = aside(id);
    let default = |column: &ObjectId| column.with_kind(ObjectKind::ColumnDefault);
    let pair = as_column(cx.current(&aside)).zip(as_column(cx.desired(id)));
    let same = pair.is_some_and(|(left, desired)| left.data_type == desired.data_type && left.collation == desired.collation);
    same && cx.current(&default(&aside)) == cx.desired(&default(id))
}
