//! Columns of tables (chapter 5; catalog `pg_attribute`). What they are generated from stands in `generated.rs`, identity in `identity.rs`.
//! Default and NOT NULL are objects of their own. What a change of type costs stands in `retype.rs`.
//! An inherited column comes, changes its type and goes with its parent's; the table may also keep it as its own.

use serde::{Deserialize, Serialize};

use super::generated::{Generated, Generation, generation_change};
use super::generic_options::GenericOptions;
use super::identity::Identity;
use super::retype::Cast;
use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, Named, Object, ObjectId, ObjectKind};
use crate::name::{Sql, literal, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Slot, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    #[serde(rename = "type")]
    pub(super) data_type: String,
    pub(super) collation: Option<String>,
    /// Only where it is not the type's own.
    storage: Option<String>,
    type_storage: String,
    compression: Option<String>,
    statistics: Option<i32>,
    options: Vec<String>,
    pub(super) identity: Option<Box<Identity>>,
    pub(super) generated: Option<Generated>,
    /// Among the columns that are not dropped, from 1.
    position: i32,
    local: bool,
    partition: bool,
    inherited: Vec<ObjectId>,
    /// What a foreign table's column is called and like over there; absent in other tables.
    foreign: Option<GenericOptions>,
}

impl Column {
    /// As SQL writes it.
    pub(super) fn identity_sequence(&self) -> Option<String> {
        self.identity.as_ref().map(|identity| crate::name::qualified(&identity.sequence))
    }
}

impl Kind for Column {
    const LABEL: &'static str = "column";
    const NAMED: Named = Named::InRelation;
    const GROUPED: bool = true;
    const QUERY: &'static str = "
        with dropped as materialized (
            -- Dropped ones have no type, which is looked at sooner than attisdropped.
            select x.attrelid, array_agg(x.attnum) as numbers from pg_attribute x where x.atttypid = 0 group by x.attrelid)
        select 'pg_class'::regclass::oid, array_agg(o.relation), array_agg(o.number), array_agg(o.relation), array_agg(o.name),
            array_agg(o.identity) as identity, o.type, o.\"collation\", o.storage, o.type_storage, o.compression, o.statistics,
            o.options, o.generated, o.position, o.local, o.partition, o.inherited, o.\"foreign\"
        from (
            select c.oid as relation, a.attnum::integer as number, a.attname as name,
                format_type(a.atttypid, a.atttypmod) as type,
                case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
                case when a.attstorage <> t.typstorage then case a.attstorage
                    when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end end as storage,
                case t.typstorage
                    when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end as type_storage,
                case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
                nullif(a.attstattarget, -1) as statistics, a.attoptions as options,
                case when a.attidentity <> '' then (
                    select json_build_object('always', a.attidentity = 'a', 'sequence', json_build_array(n.nspname, s.relname),
                        'unlogged', case when s.relpersistence <> c.relpersistence
                            and current_setting('server_version_num')::integer >= 150000 then s.relpersistence = 'u' end,
                        'comment', (select m.description from pg_description m
                            where m.objoid = s.oid and m.classoid = 'pg_class'::regclass and m.objsubid = 0),
                        'type', format_type(q.seqtypid, null), 'start', q.seqstart, 'increment', q.seqincrement,
                        'minimum', q.seqmin, 'maximum', q.seqmax, 'cache', q.seqcache, 'cycle', q.seqcycle)
                    from pg_depend d join pg_sequence q on q.seqrelid = d.objid join pg_class s on s.oid = q.seqrelid
                        join pg_namespace n on n.oid = s.relnamespace
                    where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum
                        and d.classid = 'pg_class'::regclass and d.deptype = 'i') end as identity,
                case when a.attgenerated <> '' then (
                    select jsonb_build_object('expression', pg_get_expr(e.adbin, e.adrelid), 'stored', a.attgenerated = 's')
                    from pg_attrdef e where e.adrelid = c.oid and e.adnum = a.attnum) end as generated,
                a.attnum - case when x.attrelid is null then 0 else (
                    select count(*) from unnest(x.numbers) number where number < a.attnum) end as position, a.attislocal as local,
                c.relispartition as partition,
                case when c.reloftype <> 0 then (
                    select jsonb_build_array(jsonb_build_object('kind', 'attribute', 'path', jsonb_build_array(n.nspname, y.typname, a.attname)))
                    from pg_type y join pg_namespace n on n.oid = y.typnamespace where y.oid = c.reloftype)
                when a.attinhcount > 0 then (
                    select coalesce(jsonb_agg(jsonb_build_object('kind', 'column', 'path', jsonb_build_array(n.nspname, p.relname, a.attname))
                        order by h.inhseqno), '[]')
                    from pg_inherits h join pg_class p on p.oid = h.inhparent join pg_namespace n on n.oid = p.relnamespace
                    where h.inhrelid = c.oid and exists (select from pg_attribute pa
                        where pa.attrelid = p.oid and pa.attname = a.attname and not pa.attisdropped)) end as inherited,
                case when c.relkind = 'f' then coalesce(a.attfdwoptions, '{}') end as foreign
            from relation c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
                left join dropped x on x.attrelid = c.oid
            where c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped
        ) o group by 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.parent(ObjectKind::Table))
    }

    fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
        let above = self.inherited.iter().filter(|above| !self.local || above.kind == ObjectKind::Attribute);
        self.whole(id).into_iter().chain(above.cloned()).collect()
    }

    fn named_by(&self) -> &[ObjectId] {
        &self.inherited
    }

    /// A parent's column that is dropped for that table alone takes nothing along.
    fn goes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        let mut carriers = self.carried_by(id);
        carriers.retain(|carrier| carrier.kind != ObjectKind::Column || !is_kept_below(carrier, cx));
        super::inheritance::taker(&id.parent(ObjectKind::Table), &carriers, cx)
    }

    fn comes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        self.bringer(id, cx).filter(|_| !self.wants_more(id, cx))
    }

    /// A table is no longer of its type while that changes.
    fn led_by(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let below = as_column(cx.current(id)).map_or(&[][..], |current| &current.inherited);
        let stays = |parent: &ObjectId| below.contains(parent) && super::inheritance::stays(id, parent, cx);
        let parents = self.inherited.iter().filter(|parent| parent.kind == ObjectKind::Column && cx.desired(parent).is_some());
        parents.filter(|parent| cx.is_new(id) || cx.current(parent).is_some() && stays(parent)).cloned().collect()
    }

    fn position(&self) -> i32 {
        self.position
    }

    fn claims(&self, _: &ObjectId) -> Vec<Claim> {
        self.identity.iter().map(|identity| ("relation", identity.sequence.iter().collect())).collect()
    }

    fn fragment(&self, id: &ObjectId, parts: &[Fragment], cx: &Context) -> Option<Fragment> {
        let table = id.parent(ObjectKind::Table);
        if self.is_inherited_alone() && cx.is_new(&table) {
            let options = self.foreign.as_ref().map_or(Vec::new(), |options| changed_options(id, &GenericOptions::default(), options));
            let then = self.settings(id, cx).into_iter().chain(options).collect();
            // All that can stand there without the column is that it is NOT NULL.
            let said = parts.iter().find(|part| part.slot == Slot::Body).cloned();
            return Some(Fragment { then, ..said.unwrap_or_else(Fragment::silent) });
        }
        let mut sql = format!("{} {}", id.name(), self.data_type);
        if self.says_storage(cx) {
            sql.extend(self.storage.iter().map(|storage| format!(" STORAGE {storage}")));
        }
        if !self.merges() {
            sql.extend(self.compression.iter().map(|method| format!(" COMPRESSION {method}")));
        }
        let head = self.foreign.as_ref().map_or(Sql::new(&sql), |options| options.behind(&sql));
        let mut sql = String::new();
        sql.extend(self.collation.iter().map(|collation| format!(" COLLATE {collation}")));
        sql.extend(parts.iter().map(|part| format!(" {}", part.sql)));
        // Before PostgreSQL 16 a child that says INHERITS may not repeat its parent's generation expression.
        let repeats = cx.major() < 16 && cx.is_new(&table) && self.parent(cx).is_some_and(|parent| parent.generated.is_some());
        sql.extend(self.generated.iter().filter(|_| !repeats).map(|generated| format!(" {}", generated.sql())));
        let apart = super::identity::is_brought_apart(&table, cx);
        let identity = self.identity.iter().map(|identity| identity.sql(id));
        sql.extend(identity.clone().filter(|_| !apart).map(|identity| format!(" {identity}")));
        let mut fragment = Fragment::of(Sql::holding(&[&head], |head| head.concat() + &sql));
        let unknown = self.foreign.as_ref().map(|options| options.confess(&GenericOptions::default(), Statement::new(""), id).hazards);
        fragment.hazards = parts.iter().flat_map(|part| part.hazards.clone()).chain(unknown.into_iter().flatten()).collect();
        fragment.then = identity.filter(|_| apart).map(|identity| super::identity::altered(id, &format!("ADD {identity}"), cx)).collect();
        fragment.then.extend(self.settings(id, cx));
        Some(fragment)
    }

    fn create(&self, id: &ObjectId, parts: &[Fragment], cx: &Context) -> Recipe {
        let table = id.parent(ObjectKind::Table);
        if let Some(bringer) = self.bringer(id, cx) {
            let mut recipe = Recipe::many(self.settings(id, cx)).needs([bringer]);
            Identity::change(id, Pair::new(None, self.identity.as_deref()), &self.data_type, &mut recipe, cx);
            return recipe;
        }
        let Some(fragment) = self.fragment(id, parts, cx) else { return Recipe::none() };
        if super::backfill::is_due(id, cx) {
            return self.filled(id, fragment, parts, cx);
        }
        let sql = Sql::holding(&[&fragment.sql], |column| format!("ALTER TABLE {} ADD COLUMN {}", table.sql(), column.concat()));
        let add = Statement::of(sql)
            .lock(LockMode::AccessExclusive, &table)
            .hazards(fragment.hazards);
        let note = self.reason_to_rewrite(id, cx).filter(|_| !cx.is_new(&table) && self.foreign.is_none());
        let note = note.map(|reason| format!("{reason}: the table is rewritten{}", cx.size_note(&table)));
        let add = note.into_iter().fold(add, |add, note| add.hazard(HazardKind::TableRewrite, &table, note));
        let first = |below: &ObjectId| as_column(cx.desired(below)).is_some_and(|column| column.comes_first(id, cx));
        let merges = |below: &ObjectId| if cx.is_new(below) { first(below) } else { cx.current(below).is_some() };
        let given = below(id, cx, |below| !merges(below));
        let (new, merged): (Vec<ObjectId>, Vec<ObjectId>) = given.iter().cloned().partition(|table| !merges(&in_table(id, table)));
        let add = if rewrites(&add) { super::inheritance::rewriting_below(add, &new, cx) } else { add };
        let add = if super::not_null::refuses_old_rows(id, cx) { add.contract() } else { add };
        let not_null = super::not_null::comes_with_column(id, cx);
        let locked = if not_null { super::inheritance::tree(&table, cx) } else { given };
        let mut statements = vec![add.lock_each(LockMode::AccessExclusive, locked)];
        statements.extend(fragment.then.into_iter().map(Statement::joined));
        statements.extend(super::column_default::unwanted_below(id, cx).into_iter().map(Statement::joined));
        let merged = merged.iter().map(|table| in_table(id, table));
        let own = super::not_null::own_below(&id.with_kind(ObjectKind::NotNull), cx);
        Recipe::many(statements).needs(merged).needs(own).freed(super::inheritance::before_column(&table, cx))
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let table = id.parent(ObjectKind::Table);
        if super::backfill::is_wanted(id, cx) {
            return Recipe::none();
        }
        let alone = is_kept_below(id, cx);
        let only = if alone { "ONLY " } else { "" };
        let children = if alone { super::inheritance::heirs(&table, cx) } else { taken_below(id, cx) };
        let drop = Statement::new(format!("ALTER TABLE {only}{} DROP COLUMN {}", table.sql(), id.name())).contract();
        let drop = drop.lock(LockMode::AccessExclusive, &table).lock_each(LockMode::AccessExclusive, children);
        // It can go only when the parents have given it up, and who leaves this table has left it.
        let before = |recipe: Recipe| {
            let places = super::inheritance::leavings(&table, cx).into_iter().chain(super::inheritance::departures(&table, cx));
            let above = self.inherited.iter().filter(|above| !super::inheritance::leaves(&table, above, cx));
            recipe.freed(above.cloned()).freed(places)
        };
        if self.generated.is_some() || self.foreign.is_some() || super::backfill::is_left_over(id, cx) {
            return before(Recipe::one(drop));
        }
        let note = format!("every value of the column is lost{}", cx.size_note(&table));
        before(Recipe::one(drop.hazard(HazardKind::DataLoss, id, note)))
    }

    /// One that is replaced goes only once no parent has it: who keeps it is left meanwhile.
    fn demands(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let current = as_column(cx.current(id)).filter(|_| cx.is_dropped(id) && !self.partition);
        let keeps = |parent: &&ObjectId| parent.kind == ObjectKind::Column && !cx.is_dropped(parent);
        let kept = current.into_iter().flat_map(|current| &current.inherited).filter(keeps);
        kept.map(|parent| super::inheritance::place(id, parent)).collect()
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Column { data_type, collation, storage: _, type_storage: _, compression: _, statistics: _, options: _, .. } = change.desired;
        let Column { identity: _, generated, position, local, partition: _, inherited, foreign: _, .. } = change.desired;
        let current = change.current;
        let expression = match generation_change(id, current.generated.as_ref(), generated.as_ref(), cx) {
            Generation::Same => None,
            Generation::Changed(statement) => Some(*statement),
            Generation::Impossible => return Alteration::Replace,
        };
        let retyped = *data_type != current.data_type || *collation != current.collation;
        if retyped && super::table::is_partitioned_by(id, cx) {
            return Alteration::ReplaceWhole;
        }
        // PostgreSQL frees no column from an expression that its parent keeps.
        let kept = generated.is_none() && change.desired.parents(cx).any(|parent| parent.generated.is_some());
        let expression = expression.filter(|_| !kept);
        let rebuilt = expression.is_some() || retyped;
        // What a parent's column is generated from, or is no more, holds for those below it.
        let brought = !change.desired.led_by(id, cx).is_empty() && change.desired.parent_is(generated.as_ref(), cx);
        let own = expression.filter(|_| !brought);
        // A parent's would overwrite it.
        let above = inherited.iter().filter(|parent| own.is_some() && !cx.is_new(parent)).cloned();
        let mut recipe = Recipe::none().needs(above);
        recipe.establish.extend(own);
        recipe.freed = super::inheritance::partings(id, &current.inherited, cx);
        if retyped {
            recipe.establish.extend(change.desired.retype(id, &current.data_type, cx));
            recipe.establish.extend(change.desired.changed_settings(id, &change.desired.retyped(current)));
            // One that comes to stand above it has to find it as it shall be.
            recipe.needs.extend(change.desired.inherited.iter().filter(|above| !cx.is_new(above)).cloned());
            recipe.finish.extend(super::constraint::validated_below_rebuilt(id, cx));
        } else {
            recipe.establish.extend(change.desired.changed_settings(id, current));
        }
        Identity::change(id, change.map(|column| column.identity.as_deref()), data_type, &mut recipe, cx);
        if recipe.is_empty() && !rebuilt {
            let moved = *position != current.position;
            let known = *local != current.local || *inherited != current.inherited;
            return Alteration::Inform(match (moved, known) {
                _ if kept && current.generated.is_some() => "is generated here and not there; its parent's expression keeps it so".to_owned(),
                (_, true) => "is inherited here and local there; PostgreSQL keeps that as it came about".to_owned(),
                _ => format!("stands at position {} here and {position} there; columns cannot be moved", current.position),
            });
        }
        if rebuilt { Alteration::Rebuild(recipe) } else { Alteration::InPlace(recipe) }
    }

    /// A column follows its type's replacement by a cast; what it is computed from leaves it no choice. A parent's goes
    /// without it where the table leaves.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        // A collation's replacement takes no value along.
        let from = match used.kind {
            ObjectKind::EnumType | ObjectKind::CompositeType | ObjectKind::Domain | ObjectKind::RangeType => "",
            ObjectKind::Collation => &*change.current.data_type,
            _ if super::inheritance::leaves(id, used, cx) => return Alteration::Inform("leaves its parent".to_owned()),
            _ => return Alteration::Replace,
        };
        if super::table::is_partitioned_by(id, cx) {
            return Alteration::ReplaceWhole;
        }
        // What is generated cannot be cast, but for a cast that needs no word.
        if cx.is_dropped(used) || change.current.generated.is_some() && change.desired.generated.is_some() {
            return Alteration::Replace;
        }
        let retyped = Self { data_type: change.current.data_type.clone(), ..change.desired.retyped(change.current) };
        // A parent's statement changes the column too, and before anything else is done to it.
        let parents = change.desired.inherited.iter().cloned();
        match Self::alter(id, Pair::new(&retyped, change.desired), cx) {
            Alteration::Rebuild(recipe) => Alteration::Rebuild(recipe.needs(parents)),
            Alteration::InPlace(mut recipe) => {
                recipe.establish.splice(0..0, change.desired.retype(id, from, cx));
                Alteration::Rebuild(recipe.needs(parents))
            }
            Alteration::Inform(_) => {
                let parted = super::inheritance::partings(id, &change.current.inherited, cx);
                Alteration::Rebuild(Recipe::many(change.desired.retype(id, from, cx)).needs(parents).freed(parted))
            }
            other => other,
        }
    }

    /// Nothing that is altered in place troubles a column, but for its type and what it is generated from; and one that
    /// is to be the table's own stays when the parent's goes.
    fn withstands(change: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        let inherits = change.map(|column| column.inherited.contains(used));
        match disturbance {
            Disturbance::Rebuilt => {
                matches!(used.kind, ObjectKind::Table | ObjectKind::Attribute) || used.kind.is_satellite()
            }
            Disturbance::Replaced => inherits.current && !inherits.desired,
        }
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let table = id.parent(ObjectKind::Table);
        let note = "application code that uses the old name fails";
        let sql = format!("ALTER TABLE {} RENAME COLUMN {} TO {}", table.sql(), id.name(), quote(name));
        let rename = Statement::new(sql).contract().lock(LockMode::AccessExclusive, &table);
        let able = self.inherited.is_empty() && !id.raw_name().starts_with(super::index::TEMPORARY);
        able.then(|| Recipe::one(rename.hazard(HazardKind::BreaksOldCode, id, note)))
    }

    fn resembles(&self, other: &Self) -> bool {
        Self { position: other.position, ..self.clone() } == *other
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        let is_virtual = self.generated.as_ref().is_some_and(|generated| !generated.stored);
        is_virtual.then_some((18, "a virtual generated column"))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.data_type);
        self.generated.iter_mut().for_each(|generated| renaming.sql(&mut generated.expression));
        self.inherited.iter_mut().for_each(|parent| renaming.id(parent));
    }
}

impl Column {
    /// Whether the type is the column's, and not only a part of that.
    pub(super) fn is_of(&self, id: &ObjectId) -> bool {
        self.data_type == id.sql()
    }

    /// The current column once its type was altered: PostgreSQL then stores and compresses as the type says.
    fn retyped(&self, current: &Self) -> Self {
        let (data_type, type_storage) = (self.data_type.clone(), self.type_storage.clone());
        Self { storage: None, compression: None, data_type, type_storage, ..current.clone() }
    }

    /// Nothing where the parent's statement brings it about.
    fn retype(&self, id: &ObjectId, current: &str, cx: &Context) -> Vec<Statement> {
        if !self.led_by(id, cx).is_empty() {
            return Vec::new();
        }
        let table = id.parent(ObjectKind::Table);
        let named = Pair::new(current, &*self.data_type);
        let current_type = super::domain::bare(current, id, cx.catalogs.current);
        let desired_type = super::domain::bare(&self.data_type, id, cx.catalogs.desired);
        let cast = Cast::between(current, &self.data_type).under_domains(Pair::new(&current_type, &desired_type), named);
        let collation = self.collation.as_ref().map_or(String::new(), |collation| format!(" COLLATE {collation}"));
        let using = cast.using(&id.name(), &self.data_type).map_or(String::new(), |using| format!(" USING {using}"));
        let using = if self.generated.is_some() || self.foreign.is_some() { String::new() } else { using };
        let sql = format!(
            "ALTER TABLE {} ALTER COLUMN {} TYPE {}{collation}{using}",
            table.sql(),
            id.name(),
            self.data_type
        );
        let tree = super::inheritance::tree(&table, cx);
        let statement = Statement::new(sql).lock_each(LockMode::AccessExclusive, &tree);
        if self.foreign.is_some() {
            return vec![statement];
        }
        let statement = cast.confess(statement, id, &table, &cx.size_note(&table));
        let familiar = super::retype::is_familiar(Pair::new(&*current_type, &*desired_type));
        let statement = if familiar { statement } else { statement.contract() };
        if rewrites(&statement) {
            return vec![super::inheritance::rewriting_below(statement, &tree[1..], cx)];
        }
        let sorted = as_column(cx.current(id)).is_some_and(|column| column.collation != self.collation);
        let read = tree.iter().filter(|table| is_looked_through(&in_table(id, table), sorted, cx));
        vec![statement.scanning(read)]
    }

    /// The parent's column whose creation brings this one along.
    fn bringer(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        let bringer = super::inheritance::bringer(&id.parent(ObjectKind::Table), &self.inherited, cx);
        bringer.filter(|bringer| !self.comes_first(bringer, cx))
    }

    /// Whether the column that a parent brings shall be otherwise than it is brought.
    fn wants_more(&self, id: &ObjectId, cx: &Context) -> bool {
        self.identity.is_some() || !self.settings(id, cx).is_empty()
    }

    /// Whether the table gets the column before its parent does, so that it is local too. NOT NULL is not merged.
    fn comes_first(&self, bringer: &ObjectId, cx: &Context) -> bool {
        let above = bringer.with_kind(ObjectKind::NotNull);
        self.local && bringer.kind == ObjectKind::Column && cx.desired(&above).is_none()
    }

    /// Why a column that is added takes more than an entry in the catalog. Its default knows of itself.
    fn reason_to_rewrite(&self, id: &ObjectId, cx: &Context) -> Option<&'static str> {
        let is_virtual = self.generated.as_ref().is_some_and(|generated| !generated.stored);
        let counted = self.identity.is_some() && !super::identity::is_brought_apart(&id.parent(ObjectKind::Table), cx);
        if counted || self.generated.is_some() && !is_virtual {
            return Some("every row gets a computed value");
        }
        let checked = !is_virtual && super::domain::is_constrained(&self.data_type, id, cx);
        checked.then_some("every row is checked against the domain")
    }

    /// Whether a parent's column shall be generated in this way, and is not yet.
    fn parent_is(&self, generated: Option<&Generated>, cx: &Context) -> bool {
        let of = |object| as_column(object).map(|column| column.generated.as_ref());
        let becomes = |parent: &ObjectId| {
            let (current, desired) = (of(cx.current(parent)), of(cx.desired(parent)));
            desired == Some(generated) && current.is_some_and(|current| current != generated)
        };
        self.inherited.iter().any(becomes)
    }

    fn is_inherited_alone(&self) -> bool {
        !self.local && !self.partition && !self.inherited.is_empty()
    }

    /// Whether it is merged with a column of the same name that the table inherits.
    fn merges(&self) -> bool {
        !self.inherited.is_empty() && !self.partition
    }

    /// The column with which it is merged.
    fn parent<'a>(&self, cx: &Context<'a>) -> Option<&'a Self> {
        self.parents(cx).next().filter(|_| self.merges())
    }

    fn parents<'a>(&self, cx: &Context<'a>) -> impl Iterator<Item = &'a Self> {
        self.inherited.iter().filter_map(|parent| as_column(cx.desired(parent)))
    }

    /// A column that is merged gets the parent's storage, and may not name another.
    fn says_storage(&self, cx: &Context) -> bool {
        cx.major() >= 16 && !self.merges()
    }

    /// What the definition of a new column cannot say.
    fn settings(&self, id: &ObjectId, cx: &Context) -> Vec<Statement> {
        let parent = self.parent(cx);
        // ADD COLUMN passes down what it says itself, and before PostgreSQL 16 that is nothing of the storage.
        let stored = parent.filter(|_| cx.major() >= 16 || cx.is_new(&id.parent(ObjectKind::Table)));
        let said = |said: bool, own: &Option<String>, parents: Option<&Option<String>>| {
            if said { own.clone() } else { parents.cloned().flatten() }
        };
        let fresh = Self {
            storage: said(self.says_storage(cx), &self.storage, stored.map(|parent| &parent.storage)),
            compression: said(!self.merges(), &self.compression, parent.map(|parent| &parent.compression)),
            statistics: None,
            options: Vec::new(),
            ..self.clone()
        };
        let mut settings = self.changed_settings(id, &fresh);
        if self.merges() && cx.is_new(&id.parent(ObjectKind::Table)) {
            settings.extend(super::column_default::unwanted(id, &self.inherited, cx));
        }
        settings.extend(self.identity.iter().flat_map(|identity| identity.beside(&self.data_type)));
        settings
    }

    fn changed_settings(&self, id: &ObjectId, current: &Self) -> Vec<Statement> {
        let table = id.parent(ObjectKind::Table);
        let alter = |what: String, mode: LockMode| {
            let sql = format!("ALTER TABLE ONLY {} ALTER COLUMN {} {what}", table.sql(), id.name());
            Statement::new(sql).lock(mode, &table)
        };
        let mut statements = Vec::new();
        // A base type that is stored in another way from now on leaves the columns that there are as they were.
        let kept = self.storage.is_none() && self.data_type == current.data_type && self.type_storage != current.type_storage;
        if self.storage != current.storage || kept {
            let storage = self.storage.as_deref().unwrap_or(&self.type_storage);
            statements.push(alter(format!("SET STORAGE {storage}"), LockMode::AccessExclusive));
        }
        if self.compression != current.compression {
            let method = self.compression.as_deref().unwrap_or("default");
            statements.push(alter(format!("SET COMPRESSION {method}"), LockMode::AccessExclusive));
        }
        if self.statistics != current.statistics {
            let target = self.statistics.unwrap_or(-1);
            statements.push(alter(format!("SET STATISTICS {target}"), LockMode::ShareUpdateExclusive));
        }
        let (set, reset) = super::table::option_changes(&current.options, &self.options);
        statements.extend(set.map(|set| alter(format!("SET ({set})"), LockMode::ShareUpdateExclusive)));
        statements.extend(reset.map(|reset| alter(format!("RESET ({reset})"), LockMode::ShareUpdateExclusive)));
        let foreign = current.foreign.as_ref().zip(self.foreign.as_ref());
        statements.extend(foreign.into_iter().flat_map(|(current, desired)| changed_options(id, current, desired)));
        statements
    }
}

/// Of a foreign table's column.
fn changed_options(id: &ObjectId, current: &GenericOptions, desired: &GenericOptions) -> Vec<Statement> {
    let table = id.parent(ObjectKind::Table);
    let alter = format!("ALTER FOREIGN TABLE ONLY {} ALTER COLUMN {}", table.sql(), id.name());
    let sql = GenericOptions::change(Pair::new(current, desired), &alter);
    let sql = sql.map(|sql| Statement::of(sql).lock(LockMode::AccessExclusive, &table));
    sql.map(|alter| desired.confess(current, alter, id)).into_iter().collect()
}

pub(super) fn as_column(object: Option<&Object>) -> Option<&Column> {
    match object {
        Some(Object::Column(column)) => Some(column),
        _ => None,
    }
}

/// Whether a parent brings the column, which then gets settings of its own: nothing can stand in a definition of it.
pub(super) fn is_undefined(id: &ObjectId, cx: &Context) -> bool {
    let column = as_column(cx.desired(id)).filter(|_| cx.is_new(id));
    column.is_some_and(|column| column.bringer(id, cx).is_some() && column.wants_more(id, cx))
}

/// Whether a new table has it from its parents, and says nothing of it.
pub(super) fn is_silent(id: &ObjectId, cx: &Context) -> bool {
    let new = cx.is_new(&id.parent(ObjectKind::Table));
    as_column(cx.desired(id)).is_some_and(|column| new && column.is_inherited_alone())
}

/// The tables below that lose a column along with their parent: no deeper than where it stays.
fn taken_below(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    below(id, cx, |column| cx.is_dropped(column) || cx.desired(column).is_none())
}

/// The tables below, each level as long as what is true of the column there leads deeper.
fn below(id: &ObjectId, cx: &Context, deeper: impl Fn(&ObjectId) -> bool + Copy) -> Vec<ObjectId> {
    let children = super::inheritance::standing_below(&id.parent(ObjectKind::Table), cx).into_iter();
    let reached = children.flat_map(|child| {
        let column = in_table(id, &child);
        let further = if deeper(&column) { below(&column, cx, deeper) } else { Vec::new() };
        std::iter::once(child).chain(further)
    });
    reached.collect()
}

/// The column of the same name in another table.
fn in_table(id: &ObjectId, table: &ObjectId) -> ObjectId {
    table.child(ObjectKind::Column, id.raw_name())
}

/// Whether what depends on the column makes PostgreSQL read all rows of a table that it need not write anew: it keeps
/// the indexes that are over plain columns only, unless they are sorted in another way.
fn is_looked_through(id: &ObjectId, sorted: bool, cx: &Context) -> bool {
    let mut users = cx.catalogs.current.used_by(id).filter(|user| !cx.is_dropped(user));
    users.any(|user| match cx.current(user) {
        Some(Object::Index(index)) => sorted || !index.is_plain(),
        Some(Object::Constraint(constraint)) => constraint.looks_at_rows(sorted),
        _ => false,
    })
}

fn rewrites(statement: &Statement) -> bool {
    statement.hazards.iter().any(|hazard| hazard.kind == HazardKind::TableRewrite)
}

/// Whether a table below keeps the column, which it has inherited until now.
fn is_kept_below(id: &ObjectId, cx: &Context) -> bool {
    let children = super::inheritance::heirs(&id.parent(ObjectKind::Table), cx);
    let columns = children.iter().map(|child| child.child(ObjectKind::Column, id.raw_name()));
    let kept = |column: &ObjectId| cx.desired(column).is_some() && !cx.is_dropped(column);
    let mut inherited = columns.filter(|column| as_column(cx.current(column)).is_some_and(|below| !below.local));
    inherited.any(|column| kept(&column) || is_kept_below(&column, cx))
}

/// Lets the sequence go on behind the largest value of the column, read when the statement runs.
pub(super) fn position_at_end(id: &ObjectId, sequence: &str, cx: &Context) -> Statement {
    let (sequence, table, column) = (literal(sequence), id.parent(ObjectKind::Table).sql(), id.name());
    let sql = format!("SELECT pg_catalog.setval({sequence}, max({column})) FROM {table} HAVING max({column}) > 0");
    let table = id.parent(ObjectKind::Table);
    let scanned = (!super::index::finds_largest(id, cx)).then_some(&table);
    Statement::new(sql).scanning(scanned).unless(super::objection::by_hidden_rows(id, &[&table]))
}
