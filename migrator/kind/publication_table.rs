//! The tables of publications (chapter 29.1; catalog `pg_publication_rel`), with row filter and column list.
//! Neither can be altered: the table leaves the publication and comes back in one transaction, so that no change
//! between is lost.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, Object, ObjectId, ObjectKind, Server};
use crate::name::{list, qualified};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationTable {
    /// Sorted: the server keeps them in the table's order. Absent where every column is published, those to come too.
    columns: Option<Vec<String>>,
    filter: Option<String>,
}

impl Kind for PublicationTable {
    const LABEL: &'static str = "publication table";
    const SELDOM: Option<&'static str> = Some("pg_publication");
    const QUERY: &'static str = "
        select 'pg_publication_rel'::regclass::oid, r.oid, 0, array[p.pubname, s.name, c.relname]::text[],
            (select json_agg(a.attname order by a.attname) from pg_attribute a
                where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) as columns,
            pg_get_expr(r.prqual, r.prrelid) as filter
        from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
            join pg_class c on c.oid = r.prrelid join user_schema s on s.oid = c.relnamespace";

    fn query(server: Server) -> Cow<'static, str> {
        if server.major >= 15 {
            return Cow::Borrowed(Self::QUERY);
        }
        Cow::Borrowed(
            "select 'pg_publication_rel'::regclass::oid, r.oid, 0, array[p.pubname, s.name, c.relname]::text[],
                null::json as columns, null::text as filter
            from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
                join pg_class c on c.oid = r.prrelid join user_schema s on s.oid = c.relnamespace",
        )
    }

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(publication(id))
    }

    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![table(id)]
    }

    fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![publication(id), table(id)]
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        let particular = self.filter.is_some() || self.columns.is_some();
        particular.then_some((15, "row filters and column lists of publications"))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let columns = self.columns.as_ref().map_or(String::new(), |columns| format!(" ({})", list(columns)));
        let filter = self.filter.as_ref().map_or(String::new(), |filter| format!(" WHERE ({filter})"));
        let table = table(id);
        let sql = format!(
            "ALTER PUBLICATION {} ADD TABLE ONLY {}{columns}{filter}",
            publication(id).sql(),
            table.sql()
        );
        let add = Statement::new(sql);
        let add = if cx.is_new(&table) { add } else { add.lock(LockMode::ShareUpdateExclusive, &table) };
        let publishes = |object: &Object| matches!(object, Object::Publication(publication) if publication.tells_old_rows());
        let mute = cx.desired(&publication(id)).is_some_and(publishes) && !super::table::tells_its_rows(&table, cx);
        let note = "UPDATE and DELETE fail on a published table that has neither a primary key nor another REPLICA IDENTITY";
        let add = if mute { add.contract().hazard(HazardKind::BreaksOldCode, &table, note) } else { add };
        // A publication of whole schemas takes no table with a column list.
        let schemas = members(id, ObjectKind::PublicationSchema, cx);
        Recipe::one(add).needs(if self.columns.is_some() { schemas } else { Vec::new() })
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let table = table(id);
        let sql = format!("ALTER PUBLICATION {} DROP TABLE ONLY {}", publication(id).sql(), table.sql());
        let drop = Statement::new(sql).contract().lock(LockMode::ShareUpdateExclusive, &table);
        if cx.desired(id).is_some() {
            return Recipe::one(drop);
        }
        Recipe::one(drop.hazard(HazardKind::BreaksOldCode, id, "subscribers receive no changes of the table any more"))
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let PublicationTable { columns: _, filter: _ } = change.desired;
        Alteration::Replace
    }

    /// Only what a filter or a list names stands in the way of an alteration.
    fn withstands(change: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        let particular = change.current.columns.is_some() || change.current.filter.is_some();
        disturbance == Disturbance::Rebuilt && (used.kind == ObjectKind::Table || !particular)
    }

    fn moved(&self, id: &ObjectId, renaming: &Renaming) -> Option<ObjectId> {
        (renaming.from == table(id)).then(|| publication(id).child(id.kind, &table(id).path[0]).child(id.kind, &renaming.name))
    }

    fn renamed(&mut self, id: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.filter.iter_mut().for_each(|filter| renaming.sql(filter));
        if renaming.from.parent(ObjectKind::Table) == table(id) && renaming.from.kind == ObjectKind::Column {
            let columns = self.columns.iter_mut().flatten();
            columns.filter(|column| **column == renaming.from.raw_name()).for_each(|column| column.clone_from(&renaming.name));
            self.columns.iter_mut().for_each(|columns| columns.sort());
        }
    }

    fn title(id: &ObjectId) -> String {
        let (publication, table) = (id.path.head(1), id.path.tail(1));
        format!("table {} of publication {}", qualified(table.iter()), qualified(publication.iter()))
    }
}

fn table(id: &ObjectId) -> ObjectId {
    ObjectId { kind: ObjectKind::Table, path: id.path.tail(1) }
}

pub(super) fn publication(id: &ObjectId) -> ObjectId {
    id.ancestor(ObjectKind::Publication, 1)
}

/// What the publication of `id` publishes until now and this plan removes.
pub(super) fn members(id: &ObjectId, kind: ObjectKind, cx: &Context) -> Vec<ObjectId> {
    let members = cx.catalogs.current.used_by(&publication(id));
    members.filter(|member| member.kind == kind && cx.is_dropped(member)).cloned().collect()
}
