//! Access methods of tables and indexes (CREATE ACCESS METHOD, chapter 62; catalog `pg_am`).
//! Nothing of one can be altered. Tables lean on another method while theirs is replaced, so that they keep their rows.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, HazardKind, LockMode, Recipe, Statement};

use super::operator_family::superuser;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessMethod {
    /// Of tables and materialized views; otherwise of indexes.
    table: bool,
    handler: String,
}

impl Kind for AccessMethod {
    const LABEL: &'static str = "access method";
    const SELDOM: Option<&'static str> = Some("pg_am");
    const QUERY: &'static str = "
        select 'pg_am'::regclass::oid, a.oid, 0, array[a.amname]::text[], a.amtype = 't' as table, a.amhandler::regproc::text as handler
        from pg_am a where a.oid >= 16384
            and not exists (select from member m where m.classid = 'pg_am'::regclass and m.objid = a.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let of = if self.table { "TABLE" } else { "INDEX" };
        let sql = format!("CREATE ACCESS METHOD {} TYPE {of} HANDLER {}", id.sql(), self.handler);
        Recipe::one(superuser(Statement::new(sql), id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(superuser(Statement::new(format!("DROP ACCESS METHOD {}", id.sql())), id).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let AccessMethod { table, handler: _ } = change.desired;
        if !table || !change.current.table {
            return Alteration::Replace;
        }
        change.desired.change_hands(id, change.current, cx).map_or(Alteration::Replace, Alteration::InPlace)
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.handler);
    }
}

impl AccessMethod {
    /// PostgreSQL 14 cannot give a table another method.
    fn change_hands(&self, id: &ObjectId, current: &Self, cx: &Context) -> Option<Recipe> {
        let holders = cx.catalogs.current.used_by(id).filter(|user| stores(user) && !cx.is_dropped(user));
        let holders: Vec<&ObjectId> = holders.collect();
        if cx.major() < 15 && !holders.is_empty() {
            return None;
        }
        let set = |holder: &&ObjectId, method: &str| {
            let note = format!("it is rewritten twice while nobody can read it{}", cx.size_note(holder));
            let sql = format!("ALTER {} {} SET ACCESS METHOD {method}", holder.kind.label().to_uppercase(), holder.sql());
            let statement = Statement::new(sql).lock(LockMode::AccessExclusive, holder);
            statement.hazard(HazardKind::TableRewrite, holder, note)
        };
        let mut statements: Vec<Statement> = holders.iter().map(|holder| set(holder, "heap")).collect();
        statements.extend(Kind::drop(current, id, cx).establish);
        statements.extend(self.create(id, &[], cx).establish);
        statements.extend(holders.iter().map(|holder| set(holder, &id.sql())));
        let comment = ObjectId::satellite(ObjectKind::Comment, id);
        let comment = cx.desired(&comment).map(|object| object.create(&comment, &[], cx).establish);
        statements.extend(comment.into_iter().flatten());
        let joined = statements.into_iter().enumerate();
        Some(Recipe::many(joined.map(|(at, statement)| if at > 0 { statement.joined() } else { statement }).collect()))
    }
}

fn stores(user: &ObjectId) -> bool {
    matches!(user.kind, ObjectKind::Table | ObjectKind::MaterializedView)
}
