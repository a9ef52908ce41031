//! Indexes that back no constraint (CREATE INDEX; catalog `pg_index`).
//! Built, replaced and dropped concurrently where the table is in use; on a partitioned table ON ONLY, with each
//! partition's index attached. An invalid index, left by an interrupted build, is built anew.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use crate::catalog::{Catalog, Fingerprint};
use crate::context::Context;
use crate::kind::definition::{Names, PlainIndex, Spelling};
use crate::kind::{Claim, Kind, Object, ObjectId, ObjectKind, Server};
use crate::name::{has_keywords, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// As `pg_get_indexdef` gives it.
    definition: String,
    pub(super) on: ObjectId,
    unique: bool,
    pub(super) valid: bool,
    partitioned: bool,
    pub(super) parent: Option<ObjectId>,
    pub(super) clustered: bool,
    pub(super) replica_identity: bool,
    tablespace: Option<String>,
    /// By expression column number.
    pub(super) statistics: Vec<(i32, i32)>,
}

/// What the query returns; without a definition, it is put together from the rest.
#[derive(Deserialize)]
struct Fields {
    definition: Option<String>,
    schema: String,
    table: String,
    materialized: bool,
    relation: u32,
    columns: Vec<i16>,
    options: Vec<i16>,
    method: String,
    nulls_not_distinct: bool,
    /// What it is partial by.
    expression: Option<String>,
    unique: bool,
    valid: bool,
    partitioned: bool,
    parent: Option<ObjectId>,
    clustered: bool,
    replica_identity: bool,
    tablespace: Option<String>,
    statistics: Vec<(i32, i32)>,
}

impl Kind for Index {
    const LABEL: &'static str = "index";
    const COMPOSED: bool = true;
    // Plain is an index over columns whose operator classes and collations are the default ones. `fit` are the types
    // that can stand for another without a conversion, each with the operator classes that it could have then:
    // PostgreSQL chooses the type's own, else that of a preferred type, else the only one (GetDefaultOpClass). Where
    // such a type is a user's, the tables that have it are `odd`; else the operator class is not `usual`.
    const QUERY: &'static str = "
        with fit as materialized (
            select k.castsource as type, o.opcmethod as method, o.oid, t.typispreferred as preferred
            from pg_cast k join pg_opclass o on o.opcintype = k.casttarget and o.opcdefault join pg_type t on t.oid = k.casttarget
            where k.castmethod = 'b' and k.castcontext = 'i'
        ), usual as materialized (
            select array_agg(o.oid) as classes from pg_opclass o
            where o.opcdefault and not exists (
                select from fit f where f.oid = o.oid and f.type < 16384 and (
                    exists (select from pg_opclass x where x.opcmethod = o.opcmethod and x.opcdefault and x.opcintype = f.type)
                    or exists (select from fit x where x.type = f.type and x.method = f.method and x.oid <> f.oid
                        and not (f.preferred and not x.preferred))))
            and not exists (
                select from pg_opclass x join pg_type t on t.oid = x.opcintype
                where x.opcmethod = o.opcmethod and x.opcdefault and x.oid <> o.oid and case o.opcintype
                    when 'anyarray'::regtype then t.typelem <> 0 when 'anyenum'::regtype then t.typtype = 'e'
                    when 'anyrange'::regtype then t.typtype = 'r' when 'anymultirange'::regtype then t.typtype = 'm'
                    when 'record'::regtype then t.typtype = 'c' else false end)
        ), odd as materialized (
            select a.attrelid from pg_attribute a
            where a.attnum > 0 and a.attrelid >= 16384 and (a.attoptions is not null or a.attcollation not in (0, 'default'::regcollation)
                or exists (select from fit f where f.type >= 16384) and a.atttypid in (
                    select f.type from fit f where f.type >= 16384 union select t.oid from pg_type t where t.typtype = 'd'))
            union all select m.objid from member m where m.classid = 'pg_class'::regclass
        ), described as not materialized (
            select c.*, i.*, i.indexprs is null and c.reloptions is null and i.indclass::oid[] <@ (select classes from usual)
                and c.oid not in (select attrelid from odd) and i.indrelid not in (select attrelid from odd) as plain
            from relation c join pg_index i on i.indexrelid = c.oid where c.relkind in ('i', 'I'))
        select 'pg_class'::regclass::oid, c.oid, 0, array[c.schema, c.relname]::text[],
            case when not c.plain then pg_get_indexdef(c.oid) end as definition,
            c.schema, t.relname as table, t.relkind = 'm' as materialized, c.indrelid as relation,
            case when c.plain then (c.indkey::int2[])[0:] end as columns, (c.indoption::int2[])[0:] as options, m.amname as method,
            {nulls_not_distinct} as nulls_not_distinct,
            c.indisunique as unique, c.indisvalid or c.relkind = 'I' as valid, c.relkind = 'I' as partitioned,
            case when c.relispartition then (select json_build_object('kind', 'index', 'path', json_build_array(pn.nspname, p.relname))
                from pg_inherits h join pg_class p on p.oid = h.inhparent join pg_namespace pn on pn.oid = p.relnamespace
                where h.inhrelid = c.oid) end as parent,
            c.indisclustered as clustered, c.indisreplident as replica_identity,
            case when c.reltablespace <> 0 then (select s.spcname from pg_tablespace s where s.oid = c.reltablespace) end as tablespace,
            case when c.indexprs is not null then (
                select coalesce(json_agg(json_build_array(a.attnum, a.attstattarget) order by a.attnum), '[]')
                from pg_attribute a where a.attrelid = c.oid and a.attstattarget >= 0) end as statistics
        from described c join pg_class t on t.oid = c.indrelid join pg_am m on m.oid = c.relam
        where t.relkind in ('r', 'p', 'm')
            and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))";

    fn query(server: Server) -> Cow<'static, str> {
        let since_15 = if server.major >= 15 { "c.indnullsnotdistinct" } else { "false" };
        Cow::Owned(Self::QUERY.replace("{nulls_not_distinct}", since_15))
    }

    fn spelling() -> Option<Spelling> {
        Some(Spelling {
            trees: "select i.indexrelid, i.indrelid, i.indpred::text
                from pg_index i where i.indpred is not null and i.indexrelid >= 16384",
            fields: "select i.indexrelid, pg_get_expr(i.indpred, i.indrelid) as expression
                from pg_index i where i.indexrelid = any ($1)",
        })
    }

    fn read<'de, D: Deserializer<'de>>(id: &ObjectId, fields: D, names: Names) -> Result<Self, D::Error> {
        let row = Fields::deserialize(fields)?;
        let kind = if row.materialized { ObjectKind::MaterializedView } else { ObjectKind::Table };
        let on = names.relation(row.relation).unwrap_or_else(|| ObjectId::new(kind, [&row.schema, &row.table]));
        let columns = names.columns(row.relation, &row.columns)?;
        let composed = || {
            let plain = PlainIndex {
                name: id.raw_name(),
                unique: row.unique,
                only: row.partitioned,
                table: &on,
                method: &row.method,
                columns: &columns,
                options: &row.options,
                nulls_not_distinct: row.nulls_not_distinct,
                predicate: row.expression.as_deref(),
            };
            plain.definition()
        };
        Ok(Self {
            definition: row.definition.unwrap_or_else(composed),
            on,
            unique: row.unique,
            valid: row.valid,
            partitioned: row.partitioned,
            parent: row.parent,
            clustered: row.clustered,
            replica_identity: row.replica_identity,
            tablespace: row.tablespace,
            statistics: row.statistics,
        })
    }

    fn whole(&self, _: &ObjectId) -> Option<ObjectId> {
        Some(self.on.clone())
    }

    fn carried_by(&self, _: &ObjectId) -> Vec<ObjectId> {
        std::iter::once(&self.on).chain(&self.parent).cloned().collect()
    }

    fn goes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        if cx.is_dropped(&self.on) {
            return Some(self.on.clone());
        }
        super::inheritance::taker(&self.on, &self.carried_by(id), cx)
    }

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("relation", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let mut recipe = Recipe::one(self.build(id, cx)).needs(not_nulls(id, cx));
        recipe.establish.extend(self.changed_settings(id, None, cx));
        self.attach_to_parent(id, cx, &mut recipe);
        // One that leaves without having the index would keep it invalid for ever.
        if self.partitioned {
            recipe.freed.extend(super::inheritance::leavings(&self.on, cx));
            let incomplete = cx.catalogs.desired.carries(id).filter_map(|below| Some((below, as_index(cx.desired(below))?)));
            let incomplete = incomplete.filter(|(below, index)| !index.is_complete(below, cx));
            recipe.needs.extend(incomplete.flat_map(|(_, index)| attachments(&index.on, cx)));
            let places = super::inheritance::places_below(cx.catalogs.desired, &self.on);
            let without = places.filter(|place| !is_complete_in(id, &super::inheritance::child(place), cx));
            recipe.needs.extend(without.cloned());
        }
        if self.has_attached_twin(cx) {
            recipe.needs.extend(super::inheritance::arrivals(&self.on, cx));
        }
        recipe
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let concurrently = !self.partitioned && !cx.is_dropped(&self.on);
        let mut statements = given_up(&self.on, &id.name(), self.replica_identity, cx);
        let cascade = if self.holds_keys(id, cx) { " CASCADE" } else { "" };
        statements.push(if concurrently { self.dropping(id) } else { self.dropping_at_once(id, cascade, cx) });
        Recipe::many(statements).freed(super::inheritance::exits(&self.on, cx))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Index { definition, on, unique: _, valid, partitioned, parent, tablespace, .. } = change.desired;
        let Index { clustered: _, replica_identity: _, statistics: _, .. } = change.desired;
        let current = change.current;
        // DETACH PARTITION makes the index stand alone; nothing else does.
        let left = current.parent.as_ref().is_some_and(|above| super::inheritance::leaves(on, above, cx));
        let moved = *parent != current.parent && current.parent.is_some() && !left;
        if *on != current.on || *partitioned != current.partitioned || moved || Self::may_be_passed_over(change, cx) {
            return Alteration::Replace;
        }
        let broken = *valid && !current.valid;
        if *definition != current.definition || *tablespace != current.tablespace || broken {
            return if left { Alteration::Replace } else { change.desired.swap(id, current, broken, cx) };
        }
        let settings = change.desired.changed_settings(id, Some(current), cx);
        let mut recipe = Recipe::many(settings).needs(not_nulls(id, cx));
        recipe.freed.extend(current.parent.clone().filter(|_| left));
        if current.parent.is_none() || left {
            change.desired.attach_to_parent(id, cx, &mut recipe);
        }
        Alteration::InPlace(recipe)
    }

    /// PostgreSQL rebuilds the indexes of a column that changes its type, if they still mean something then.
    fn withstands(change: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        let column = is_rebuilt(change, used) && change.desired.statistics.is_empty();
        disturbance == Disturbance::Rebuilt && (column || used.kind == ObjectKind::Table || used.kind.is_satellite())
    }

    /// One that PostgreSQL rebuilds has no statistics targets any more.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if super::inheritance::leaves(&change.current.on, used, cx) {
            return Self::alter(id, change, cx);
        }
        if cx.is_dropped(used) || !is_rebuilt(change, used) {
            return Alteration::Replace;
        }
        let rebuilt = Self { statistics: Vec::new(), ..change.current.clone() };
        Self::alter(id, Pair::new(&rebuilt, change.desired), cx)
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER INDEX {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql).lock(LockMode::ShareUpdateExclusive, &self.on)))
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        has_keywords(&self.definition, "NULLS NOT DISTINCT").then_some((15, "NULLS NOT DISTINCT"))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.definition);
        renaming.id(&mut self.on);
        self.parent.iter_mut().for_each(|parent| renaming.id(parent));
    }
}

impl Index {
    pub(super) fn build(&self, id: &ObjectId, cx: &Context) -> Statement {
        let fresh = cx.is_new(&self.on);
        let mut sql = self.definition.clone();
        if let Some(tablespace) = &self.tablespace {
            let clause = format!(" TABLESPACE {}", quote(tablespace));
            match sql.find(" WHERE ") {
                Some(at) => sql.insert_str(at, &clause),
                None => sql.push_str(&clause),
            }
        }
        if fresh {
            return Statement::new(sql);
        }
        if self.partitioned {
            return Statement::new(sql).lock(LockMode::Share, &self.on);
        }
        let word = if self.unique { "CREATE UNIQUE INDEX" } else { "CREATE INDEX" };
        let build = Statement::new(sql.replacen(word, &format!("{word} CONCURRENTLY"), 1))
            .autocommit()
            .lock(LockMode::ShareUpdateExclusive, &self.on)
            .scanning([&self.on]);
        if !self.unique {
            return build;
        }
        let note = "rows that are not unique make the build fail and leave an invalid index, which the next run removes";
        build.contract().hazard(HazardKind::MayFailOnData, id, note)
    }

    /// Whether it is over columns only, and over all rows.
    pub(super) fn is_plain(&self) -> bool {
        !self.definition.contains(" WHERE ") && self.definition.matches('(').count() == 1
    }

    /// Whether keys of partitions are attached to it, or below: only CASCADE takes these along.
    fn holds_keys(&self, id: &ObjectId, cx: &Context) -> bool {
        let below = super::inheritance::descendants(&self.on, cx).into_iter().filter(|_| self.partitioned);
        let parts: Vec<&ObjectId> = below.flat_map(|table| cx.catalogs.current.used_by(&table).collect::<Vec<_>>()).collect();
        parts.into_iter().any(|part| match cx.current(part) {
            Some(Object::Index(index)) => index.parent.as_ref() == Some(id) && index.holds_keys(part, cx),
            object => super::constraint::attached(object) == Some(id),
        })
    }

    pub(super) fn dropping(&self, id: &ObjectId) -> Statement {
        let drop = Statement::new(format!("DROP INDEX CONCURRENTLY {}", id.sql())).autocommit();
        drop.contract().lock(LockMode::ShareUpdateExclusive, &self.on)
    }

    fn dropping_at_once(&self, id: &ObjectId, cascade: &str, cx: &Context) -> Statement {
        let drop = Statement::new(format!("DROP INDEX {}{cascade}", id.sql()));
        drop.contract().lock_each(LockMode::AccessExclusive, super::inheritance::tree(&self.on, cx))
    }

    /// Builds the new index beside the old one and changes their names, so that queries always have one.
    fn swap(&self, id: &ObjectId, current: &Self, broken: bool, cx: &Context) -> Alteration {
        if self.partitioned || self.parent.is_some() || self.replica_identity || cx.is_new(&self.on) {
            return Alteration::Replace;
        }
        if broken {
            let mut recipe = Recipe::one(self.dropping(id));
            recipe.establish[0].phase = crate::statement::Phase::Expand;
            recipe.establish.push(self.build(id, cx));
            recipe.establish.extend(self.changed_settings(id, None, cx));
            return Alteration::Swap(recipe);
        }
        let aside = ObjectId::new(ObjectKind::Index, [&id.path[0], &temporary(id.raw_name())]);
        let mut build = self.build(id, cx);
        // The definition names the index right after the words, exactly once before the first ` ON `.
        let named = format!(" {} ON ", id.name());
        build.sql = crate::name::Sql::new(build.sql.as_str().replacen(&named, &format!(" {} ON ", aside.name()), 1));
        let (unclustered, replica_identity) = (Pair::new(false, false), Pair::new(current.replica_identity, false));
        let mut establish = settings(&self.on, &id.name(), unclustered, replica_identity, cx);
        establish.push(Statement::new(format!("DROP INDEX {}", id.sql())).lock(LockMode::AccessExclusive, &self.on));
        establish.push(Statement::new(format!("ALTER INDEX {} RENAME TO {}", aside.sql(), id.name())));
        establish.extend(self.changed_settings(id, None, cx));
        // Also where it was built before: the old one goes no sooner.
        let phase = build.phase;
        for statement in &mut establish {
            statement.phase = statement.phase.max(phase);
        }
        Alteration::Swap(Recipe { establish, ..super::left_over::built_beside(build, &aside, cx) }.in_one())
    }

    fn changed_settings(&self, id: &ObjectId, current: Option<&Self>, cx: &Context) -> Vec<Statement> {
        let was = |setting: fn(&Self) -> bool| current.is_some_and(setting);
        let clustered = Pair::new(was(|index| index.clustered), self.clustered);
        let replica_identity = Pair::new(was(|index| index.replica_identity), self.replica_identity);
        let mut statements = settings(&self.on, &id.name(), clustered, replica_identity, cx);
        let before = current.map_or(&[][..], |index| &index.statistics);
        statements.extend(targets(id, Pair::new(before, &self.statistics), self.partitioned));
        statements
    }

    /// ATTACH PARTITION takes the first index that is like the parent's: one that shall stand alone must not be there yet.
    pub(super) fn has_attached_twin(&self, cx: &Context) -> bool {
        self.attached_twins(cx).next().is_some()
    }

    /// Of several that are alike, ATTACH PARTITION takes the one that has been there longest, and the catalog does not tell
    /// which that is: this one, made anew, is not.
    fn may_be_passed_over(change: Pair<&Self>, cx: &Context) -> bool {
        let Self { on, parent, .. } = change.desired;
        let is_rival = |(id, object): (&ObjectId, &Object)| match object {
            Object::Index(other) => cx.current(id).is_some() && other.parent.is_none() && other.is_like(change.desired),
            _ => false,
        };
        let arrives = parent.is_some() && change.current.parent.is_none();
        arrives && !super::inheritance::arrivals(on, cx).is_empty() && beside(on, cx).any(is_rival)
    }

    /// Whether ATTACH PARTITION would take this one, which goes, for one that stays.
    pub(super) fn would_be_taken(&self, cx: &Context) -> bool {
        let is_like = |object: &Object| as_index(Some(object)).is_some_and(|other| other.is_like(self));
        beside(&self.on, cx).any(|(_, object)| is_like(object))
    }

    /// What shall be attached, and is like this one, which shall not.
    fn attached_twins<'a>(&self, cx: &Context<'a>) -> impl Iterator<Item = &'a ObjectId> {
        let is_twin = |object: &Object| match object {
            Object::Index(other) => other.parent.is_some() && other.is_like(self),
            _ => false,
        };
        beside(&self.on, cx).filter(move |(_, object)| self.parent.is_none() && is_twin(object)).map(|(id, _)| id)
    }

    /// Whether ATTACH PARTITION could take one for the other.
    fn is_like(&self, other: &Self) -> bool {
        self.unique == other.unique && self.shape() == other.shape()
    }

    /// All but its words and its name.
    fn shape(&self) -> Option<&str> {
        self.definition.split_once(" ON ").map(|(_, shape)| shape)
    }

    /// Whether every partition below has one that is attached. ATTACH PARTITION passes over one that is not, and makes
    /// another: the parent's then comes after that.
    fn is_complete(&self, id: &ObjectId, cx: &Context) -> bool {
        let mut places = super::inheritance::places_below(cx.catalogs.desired, &self.on);
        places.all(|place| is_complete_in(id, &super::inheritance::child(place), cx))
    }

    fn attach_to_parent(&self, id: &ObjectId, cx: &Context, recipe: &mut Recipe) {
        if let Some(parent) = &self.parent {
            recipe.finish.push(attach(parent, id));
            // One that is made anew as partitions come without it waits for these, and they for what they have.
            let waits = cx.is_dropped(parent) && !as_index(cx.desired(parent)).is_none_or(|above| above.is_complete(parent, cx));
            let above = if !waits && self.is_complete(id, cx) { &mut recipe.needs } else { &mut recipe.after };
            above.push(parent.clone());
            recipe.after.extend(attachments(&self.on, cx));
        }
    }
}

fn is_complete_in(id: &ObjectId, table: &ObjectId, cx: &Context) -> bool {
    let attached = |below: &ObjectId| match cx.desired(below) {
        Some(Object::Index(index)) => index.parent.as_ref() == Some(id) && index.is_complete(below, cx),
        object => super::constraint::attached(object) == Some(id),
    };
    super::table::is_foreign(table, cx) || cx.catalogs.desired.used_by(table).any(attached)
}

/// Whether the index of a partitioned table shall have none attached in this partition.
pub(super) fn misses(id: &ObjectId, partition: &ObjectId, cx: &Context) -> bool {
    as_index(cx.desired(id)).is_some_and(|index| index.partitioned && !is_complete_in(id, partition, cx))
}

fn as_index(object: Option<&Object>) -> Option<&Index> {
    match object {
        Some(Object::Index(index)) => Some(index),
        _ => None,
    }
}

/// Once the table is attached: one that was there and shall stand alone is the one that ATTACH PARTITION took, and
/// changes names with the one that was built to be taken.
pub(super) fn exchanges(table: &ObjectId, cx: &Context) -> Vec<Statement> {
    let taken = beside(table, cx).filter(|(id, _)| cx.current(id).is_some() && !cx.is_new(id));
    let taken = taken.filter_map(|(id, object)| match object {
        Object::Index(index) => index.attached_twins(cx).find(|twin| cx.is_new(twin)).map(|twin| (id, twin)),
        _ => None,
    });
    let rename = |from: &ObjectId, to: &str| Statement::new(format!("ALTER INDEX {} RENAME TO {}", from.sql(), quote(to)));
    let exchange = |(taken, twin): (&ObjectId, &ObjectId)| {
        let aside = taken.parent(ObjectKind::Schema).child(ObjectKind::Index, &temporary(taken.raw_name()));
        [rename(taken, aside.raw_name()), rename(twin, taken.raw_name()), rename(&aside, twin.raw_name())]
    };
    taken.flat_map(exchange).map(Statement::joined).collect()
}

fn is_rebuilt(change: Pair<&Index>, used: &ObjectId) -> bool {
    used.kind == ObjectKind::Column && change.current.definition == change.desired.definition
}

/// Of the index's expressions, by their numbers.
pub(super) fn targets(index: &ObjectId, change: Pair<&[(i32, i32)]>, partitioned: bool) -> Vec<Statement> {
    let Pair { current, desired } = change;
    let kept = |number: i32| desired.iter().any(|(other, _)| *other == number);
    let reset = current.iter().filter(|(number, _)| !kept(*number)).map(|(number, _)| (*number, -1));
    let set = desired.iter().filter(|target| !current.contains(target)).copied();
    // ALTER INDEX knows no ONLY, and would change the partitions' indexes too.
    let alter = if partitioned { "ALTER TABLE ONLY" } else { "ALTER INDEX" };
    let alter = |(number, target)| {
        Statement::new(format!("{alter} {} ALTER COLUMN {number} SET STATISTICS {target}", index.sql()))
    };
    set.chain(reset).map(alter).collect()
}

pub(super) fn attach(parent: &ObjectId, child: &ObjectId) -> Statement {
    Statement::new(format!("ALTER INDEX {} ATTACH PARTITION {}", parent.sql(), child.sql()))
}

/// The places of the table in its inheritance tree: an index is attached once its table is.
pub(super) fn attachments(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let places = super::inheritance::places(cx.catalogs.desired, table);
    places.filter(|place| place.path.starts_with(&table.path)).cloned().collect()
}

/// CLUSTER ON and REPLICA IDENTITY are settings of the table that name an index.
pub(super) fn settings(
    table: &ObjectId,
    index: &str,
    clustered: Pair<bool>,
    replica_identity: Pair<bool>,
    cx: &Context,
) -> Vec<Statement> {
    let verb = if table.kind == ObjectKind::MaterializedView { "ALTER MATERIALIZED VIEW" } else { "ALTER TABLE" };
    let alter = |what: String| Statement::new(format!("{verb} {} {what}", table.sql()));
    let mut statements = Vec::new();
    let heir = |setting: fn(&Object) -> bool| beside(table, cx).any(|(_, object)| setting(object));
    // Where another index takes the setting over, giving it up afterwards would undo that.
    if clustered.differs() && (clustered.desired || !heir(is_clustered)) {
        let what = if clustered.desired { format!("CLUSTER ON {index}") } else { "SET WITHOUT CLUSTER".to_owned() };
        statements.push(alter(what).lock(LockMode::ShareUpdateExclusive, table));
    }
    let taken = heir(is_replica_identity) || super::table::says_replica_identity(table, cx);
    if replica_identity.differs() && (replica_identity.desired || !taken) {
        let what = if replica_identity.desired { format!("USING INDEX {index}") } else { "DEFAULT".to_owned() };
        statements.push(alter(format!("REPLICA IDENTITY {what}")).lock(LockMode::AccessExclusive, table));
    }
    statements
}

/// What the table shall have: indexes and constraints among others.
fn beside<'a>(table: &ObjectId, cx: &Context<'a>) -> impl Iterator<Item = (&'a ObjectId, &'a Object)> {
    let desired = cx.catalogs.desired;
    desired.used_by(table).filter_map(|id| Some((id, desired.get(id)?)))
}

fn is_clustered(object: &Object) -> bool {
    match object {
        Object::Index(index) => index.clustered,
        Object::Constraint(constraint) => constraint.holds().0,
        _ => false,
    }
}

fn is_replica_identity(object: &Object) -> bool {
    match object {
        Object::Index(index) => index.replica_identity,
        Object::Constraint(constraint) => constraint.holds().1,
        _ => false,
    }
}

/// Whether it tells the rows of its table apart for subscribers, where the table itself says nothing.
pub(super) fn identifies_rows(object: &Object) -> bool {
    is_replica_identity(object) || matches!(object, Object::Constraint(constraint) if constraint.is_primary())
}

/// What has to be there before the index, or the constraint, becomes the replica identity.
pub(super) fn not_nulls(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let identity = cx.desired(id).is_some_and(is_replica_identity);
    let columns = cx.catalogs.desired.uses(id).filter(|used| identity && used.kind == ObjectKind::Column);
    columns.map(|column| column.with_kind(ObjectKind::NotNull)).collect()
}

/// What is, or was, the table's replica identity: its columns are NOT NULL meanwhile.
pub(super) fn replica_identities(table: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let Pair { current, desired } = cx.catalogs;
    let parts = current.used_by(table).chain(desired.used_by(table));
    let identity = |id: &&ObjectId| cx.current(id).into_iter().chain(cx.desired(id)).any(is_replica_identity);
    parts.filter(identity).cloned().collect()
}

/// What a table names that loses the index: the server would leave it with no replica identity at all.
pub(super) fn given_up(table: &ObjectId, index: &str, replica_identity: bool, cx: &Context) -> Vec<Statement> {
    if cx.is_dropped(table) {
        return Vec::new();
    }
    let settings = settings(table, index, Pair::new(false, false), Pair::new(replica_identity, false), cx);
    settings.into_iter().map(Statement::contract).collect()
}

/// Whether an index tells the largest value of the column at once.
pub(super) fn finds_largest(column: &ObjectId, cx: &Context) -> bool {
    let current = cx.catalogs.current;
    let leads = |definition: &str| {
        let columns = definition.split_once('(').map_or("", |(_, columns)| columns);
        let first = columns.split([',', ')', ' ']).next();
        first == Some(&*column.name())
    };
    current.used_by(column).filter(|user| !cx.is_dropped(user)).any(|user| match current.get(user) {
        Some(Object::Index(index)) => {
            index.is_plain() && index.valid && index.definition.contains(" USING btree ") && leads(&index.definition)
        }
        Some(Object::Constraint(constraint)) => {
            constraint.index.as_ref().is_some_and(|index| index.btree) && leads(&constraint.definition)
        }
        _ => false,
    })
}

/// How the name of everything begins that a plan makes only for a time.
pub(super) const TEMPORARY: &str = "migrator_tmp_";

/// The name of what stands in until the real one can take over; leftovers are recognised by the prefix.
pub(super) fn temporary(name: &str) -> String {
    let whole = format!("{TEMPORARY}{name}");
    if whole.len() < 64 {
        return whole;
    }
    // Two long names may differ at their ends only.
    let mark = Fingerprint::of_bytes(name.as_bytes());
    let mut cut = whole;
    while cut.len() > 50 {
        cut.pop();
    }
    format!("{cut}_{}", mark.short())
}
