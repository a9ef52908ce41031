//! Comments (COMMENT; catalog `pg_description`) on what a partition has because its parent does: triggers and foreign
//! keys. Those are no objects of their own, and come and go with the parent's: a comment on one is all that is kept.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloneComment {
    text: String,
    /// The tables above, the nearest one first.
    above: Vec<ObjectId>,
}

impl Kind for CloneComment {
    const LABEL: &'static str = "clone comment";
    const QUERY: &'static str = "
        select 0::oid, 0::oid, 0, array[c.schema, c.relname, k.what, k.name]::text[], k.text, (
                select json_agg(json_build_object('kind', 'table', 'path', json_build_array(n.nspname, p.relname))
                    order by a.at)
                from pg_partition_ancestors(c.oid) with ordinality a (id, at) join pg_class p on p.oid = a.id
                    join pg_namespace n on n.oid = p.relnamespace
                where a.id <> c.oid) as above
        from relation c join (
            select t.tgrelid, 'trigger', t.tgname, d.description from pg_description d
                join pg_trigger t on d.classoid = 'pg_trigger'::regclass and t.oid = d.objoid and t.tgparentid <> 0
            union all select k.conrelid, 'constraint', k.conname, d.description from pg_description d
                join pg_constraint k on d.classoid = 'pg_constraint'::regclass and k.oid = d.objoid
                    and k.contype = 'f' and k.conparentid <> 0
        ) k (id, what, name, text) on k.id = c.oid
        where c.relispartition";

    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        self.above.iter().map(|table| table.child(cloned(id), id.raw_name())).collect()
    }

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(table(id))
    }

    /// A foreign key stays when the partition leaves.
    fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
        let table = table(id);
        let tables: Vec<&ObjectId> = std::iter::once(&table).chain(&self.above).collect();
        let leaves = tables.windows(2).filter(|_| cloned(id) == ObjectKind::Trigger);
        let paths = leaves.map(|pair| pair[0].path.iter().chain(pair[1].path.iter()));
        let places = paths.map(|path| ObjectId::new(ObjectKind::Inheritance, path));
        std::iter::once(table.clone()).chain(self.requires(id)).chain(places).collect()
    }

    /// A clone with a state of its own is an object only for that: the trigger stays.
    fn goes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        let goes = |carrier: &ObjectId| cx.is_dropped(carrier) && !super::trigger::is_clone(cx.current(carrier));
        self.carried_by(id).into_iter().find(goes)
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        Recipe::one(comment(id, Some(&self.text))).needs(super::inheritance::arrivals(&table(id), cx))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(comment(id, None))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let CloneComment { text: _, above } = change.desired;
        if *above != change.current.above {
            return Alteration::Replace;
        }
        Alteration::InPlace(change.desired.create(id, &[], cx))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.above.iter_mut().for_each(|table| renaming.id(table));
    }

    fn moved(&self, id: &ObjectId, renaming: &Renaming) -> Option<ObjectId> {
        let follows = self.requires(id).contains(&renaming.from);
        follows.then(|| ObjectId { kind: id.kind, path: id.path.parent() }.child(id.kind, &renaming.name))
    }

    fn title(id: &ObjectId) -> String {
        format!("comment on {} {} on {}", cloned(id).label(), id.name(), table(id).sql())
    }
}

/// Whether DETACH PARTITION takes comments along: of the table's triggers, or of those below.
pub(super) fn hangs_below(table: &ObjectId, cx: &Context) -> bool {
    let below = super::inheritance::descendants(table, cx);
    let parts = std::iter::once(table).chain(&below).flat_map(|table| cx.catalogs.desired.used_by(table));
    parts.into_iter().any(|part| part.kind == ObjectKind::CloneComment)
}

fn table(id: &ObjectId) -> ObjectId {
    id.ancestor(ObjectKind::Table, 2)
}

fn cloned(id: &ObjectId) -> ObjectKind {
    if id.path.get(2) == Some("trigger") { ObjectKind::Trigger } else { ObjectKind::Constraint }
}

fn comment(id: &ObjectId, text: Option<&str>) -> Statement {
    let what = cloned(id).label().to_uppercase();
    super::comment::on(&format!("{what} {} ON {}", id.name(), table(id).sql()), text)
}
