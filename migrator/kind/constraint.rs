//! Constraints of tables: primary key, unique, foreign key, check, exclusion (chapter 5.5; catalog `pg_constraint`).
//! On a table with rows a check or foreign key is added NOT VALID and validated afterwards, and a key takes over an
//! index that was built concurrently. NOT NULL is a kind of its own.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::backing_index::{BackingIndex, columns_of};
use crate::kind::constraint_row::ConstraintRow;
use crate::kind::definition::{Names, Spelling};
use crate::kind::enforcement::Enforcement;
use crate::kind::{Claim, Kind, NamePath, Named, Object, ObjectId, ObjectKind, Server};
use crate::name::{has_keywords, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    pub(super) contype: Contype,
    /// As `pg_get_constraintdef` gives it.
    pub(super) definition: String,
    pub(super) validated: bool,
    pub(super) local: bool,
    pub(super) partitioned: bool,
    pub(super) partition: bool,
    pub(super) inherited: Vec<ObjectId>,
    /// Of a primary key.
    pub(super) columns: Vec<String>,
    /// Of a key or exclusion.
    pub(super) index: Option<BackingIndex>,
    pub(super) references: Option<ObjectId>,
    /// Of a foreign key, where its triggers are not enabled as usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) enforcement: Option<Enforcement>,
}

/// `pg_constraint.contype`, but for not null and constraint triggers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Contype {
    #[serde(rename = "p")]
    PrimaryKey,
    #[serde(rename = "u")]
    Unique,
    #[serde(rename = "f")]
    ForeignKey,
    #[serde(rename = "c")]
    Check,
    #[serde(rename = "x")]
    Exclusion,
}

impl Kind for Constraint {
    const LABEL: &'static str = "constraint";
    const NAMED: Named = Named::InRelation;
    const COMPOSED: bool = true;
    const QUERY: &'static str = "
        select 'pg_constraint'::regclass::oid, k.oid, 0, c.oid, k.conname, k.contype,
            case when not ({plain}) then pg_get_constraintdef(k.oid) end as definition,
            k.connoinherit as no_inherit,
            k.conrelid as relation, k.conkey as columns,
            case when i.indnatts > i.indnkeyatts then (i.indkey::int2[])[i.indnkeyatts:] end as included,
            coalesce({nulls_not_distinct}, false) as nulls_not_distinct,
            case when k.contype = 'f' then array[rn.nspname, r.relname]::text[] end as references,
            k.confrelid as referenced, k.confkey as referenced_columns,
            k.confmatchtype as matching, k.confupdtype as on_update, k.confdeltype as on_delete,
            k.condeferrable as deferrable, k.condeferred as deferred, {enforced} as enforced, k.convalidated as validated,
            k.conislocal as local, c.relkind = 'p' as partitioned, c.relispartition as partition,
            case when k.coninhcount > 0 and k.contype = 'c' then (
                select coalesce(json_agg(json_build_object('kind', 'constraint', 'path', json_build_array(n.nspname, p.relname, k.conname))
                    order by h.inhseqno), '[]')
                from pg_inherits h join pg_class p on p.oid = h.inhparent join pg_namespace n on n.oid = p.relnamespace
                where h.inhrelid = c.oid and exists (select from pg_constraint pk
                    where pk.conrelid = p.oid and pk.conname = k.conname and pk.contype = 'c')) end as inherited,
            case when k.contype <> 'x' then ic.reloptions end as index_options,
            case when ic.reltablespace <> 0 then (select s.spcname from pg_tablespace s where s.oid = ic.reltablespace) end as tablespace,
            i.indisclustered as clustered, i.indisreplident as replica_identity, ic.relam = 403 as btree, (
                select d.description from pg_description d
                where d.objoid = ic.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0) as index_comment,
            case when i.indexprs is not null then (
                select coalesce(json_agg(json_build_array(a.attnum, a.attstattarget) order by a.attnum), '[]')
                from pg_attribute a where a.attrelid = ic.oid and a.attstattarget >= 0) end as statistics,
            case when ic.relispartition then (select case when pc.oid is null
                    then json_build_object('kind', 'index', 'path', json_build_array(pn.nspname, pi.relname))
                    else json_build_object('kind', 'constraint', 'path', json_build_array(pn.nspname, pt.relname, pc.conname)) end
                from pg_inherits h join pg_class pi on pi.oid = h.inhparent join pg_namespace pn on pn.oid = pi.relnamespace
                    join pg_index px on px.indexrelid = pi.oid join pg_class pt on pt.oid = px.indrelid
                    left join pg_constraint pc on pc.conindid = pi.oid and pc.contype in ('p', 'u', 'x')
                where h.inhrelid = ic.oid) end as index_parent, {enforcement}
        from relation c join pg_constraint k on k.conrelid = c.oid
            left join pg_index i on i.indexrelid = case when k.contype in ('p', 'u', 'x') then k.conindid end
            left join pg_class ic on ic.oid = i.indexrelid
            left join pg_class r on r.oid = nullif(k.confrelid, 0) left join pg_namespace rn on rn.oid = r.relnamespace
        where c.relkind in ('r', 'p', 'f') and k.contype in ('p', 'u', 'f', 'c', 'x')
            and not (k.contype = 'f' and k.conparentid <> 0)";

    /// What exclusion constraints say, keys over periods, and what a foreign key sets only in part or refers to beyond
    /// our tables, the server spells out.
    fn query(server: Server) -> Cow<'static, str> {
        let since = |major: u32, column: &'static str, before: &'static str| {
            if server.major >= major { column } else { before }
        };
        let plain = format!(
            "k.contype in ('p', 'u', 'c', 'f') and {} and {} and (k.contype <> 'f'
                or r.relnamespace in (select oid from user_schema) and r.oid not in (select objid from member where classid = 'pg_class'::regclass))",
            since(15, "k.confdelsetcols is null", "true"),
            since(18, "not k.conperiod", "true"),
        );
        let sql = Self::QUERY.replace("{plain}", &plain);
        let sql = sql.replace("{enforcement}", Enforcement::QUERY);
        let sql = sql.replace("{nulls_not_distinct}", since(15, "i.indnullsnotdistinct", "false"));
        Cow::Owned(sql.replace("{enforced}", since(18, "k.conenforced", "true")))
    }

    fn spelling() -> Option<Spelling> {
        Some(Spelling {
            trees: "select k.oid, k.conrelid, k.conbin::text from pg_constraint k where k.contype = 'c' and k.conrelid >= 16384",
            fields: "select k.oid, pg_get_expr(k.conbin, k.conrelid) as expression from pg_constraint k where k.oid = any ($1)",
        })
    }

    fn read<'de, D: Deserializer<'de>>(_: &ObjectId, fields: D, names: Names) -> Result<Self, D::Error> {
        ConstraintRow::deserialize(fields)?.constraint(names)
    }

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(table(id))
    }

    /// The key's columns are NOT NULL before it and until it is gone.
    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        let columns = self.columns.iter().filter(|_| self.contype == Contype::PrimaryKey);
        columns.map(|column| table(id).child(ObjectKind::NotNull, column)).collect()
    }

    fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
        let parent = self.index.iter().filter_map(|index| index.parent.clone());
        let above = self.inherited.iter().filter(|_| !self.local).cloned();
        std::iter::once(table(id)).chain(parent).chain(above).collect()
    }

    fn named_by(&self) -> &[ObjectId] {
        &self.inherited
    }

    fn goes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        super::inheritance::taker(&id.parent(ObjectKind::Table), &self.carried_by(id), cx)
    }

    fn comes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        super::inheritance::bringer(&table(id), &self.inherited, cx).filter(|_| !self.comes_first())
    }

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        let mut claims = vec![("constraint", id.path.clone())];
        if self.contype == Contype::PrimaryKey {
            claims.push(("primary key", table(id).path.clone()));
        }
        if self.index.is_some() {
            claims.push(("relation", [&id.path[0], id.raw_name()].iter().collect()));
        }
        claims
    }

    fn position(&self) -> i32 {
        i32::from(self.contype != Contype::PrimaryKey)
    }

    fn fragment(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Option<Fragment> {
        let inherits = !self.local && !self.partition && !self.inherited.is_empty();
        if inherits {
            let stated = |above: &ObjectId| !cx.is_new(above) || as_check(cx.desired(above)).is_none_or(|check| check.validated);
            return self.inherited.iter().all(stated).then(Fragment::silent);
        }
        let alone = self.contype == Contype::ForeignKey || !self.validated;
        let special = self.index.as_ref().is_some_and(BackingIndex::is_special);
        let stands = !alone && !special && !self.would_merge(id, cx);
        stands.then(|| Fragment::new(format!("CONSTRAINT {} {}", id.name(), self.complete())))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        // What a partition has from its parent it keeps when it leaves: only foreign keys are nobody's until then.
        let departures = super::inheritance::departures(&table(id), cx);
        if departures.iter().any(|place| self.is_from(&place.path.tail(2), id, cx)) {
            return Recipe::none().freed(departures);
        }
        if cx.is_new(&table(id)) && !self.local && !self.partition && !self.inherited.is_empty() {
            let proof = self.validated.then(|| self.validate(id, cx));
            return Recipe::many(proof.into_iter().collect()).needs(self.inherited.iter().cloned());
        }
        let mut recipe = self.establish(id, cx);
        recipe.awaits = self.keys(id, cx);
        // With these it is merged.
        let first = self.below(id, cx).into_iter().filter(|(_, check)| check.comes_first());
        recipe.needs.extend(first.map(|(below, _)| below));
        if self.partitioned && self.index.is_some() {
            recipe.freed.extend(super::inheritance::leavings(&table(id), cx));
        }
        recipe.establish.extend(self.index_settings(id, None, cx).into_iter().map(Statement::joined));
        if let Some(parent) = self.index.as_ref().and_then(|index| index.parent.as_ref()) {
            recipe.finish.push(super::index::attach(&index_of(parent), &index_of(id)));
            recipe.needs.push(parent.clone());
            recipe.after.extend(super::index::attachments(&table(id), cx));
        }
        recipe.finish.extend(Enforcement::changes(Pair::new(None, self.enforcement), id, self.references.as_ref()));
        recipe
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        if self.is_taken_over(id, cx) {
            return Recipe::none();
        }
        let helper = id.raw_name().starts_with(super::index::TEMPORARY);
        let exists = if helper { "IF EXISTS " } else { "" };
        let table = table(id);
        let drop = Statement::new(format!("ALTER TABLE {} DROP CONSTRAINT {exists}{}", table.sql(), id.name()))
            .lock_each(LockMode::AccessExclusive, self.reach(id, cx));
        // A unique rule that disappears breaks ON CONFLICT clauses; the others only loosen.
        let drop = if self.index.is_some() { drop.contract() } else { drop };
        let mut statements = super::index::given_up(&table, &id.name(), self.holds().1, cx);
        let drop = if statements.is_empty() { drop } else { drop.joined() };
        statements.push(drop);
        Recipe::many(statements).freed(super::inheritance::exits(&table, cx))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Constraint { contype, definition, validated, local, partitioned, partition: _, .. } = change.desired;
        let Constraint { inherited, columns: _, index, references: _, enforcement: _, .. } = change.desired;
        let current = change.current;
        let bare = |definition: &str| definition.trim_end_matches(" NOT VALID").to_owned();
        let attached = |index: &Option<BackingIndex>| index.as_ref().and_then(|index| index.parent.clone());
        if *contype != current.contype || bare(definition) != bare(&current.definition) {
            return change.desired.swap(id, current, cx);
        }
        // What comes from above from now on is not the table's own any more.
        let handed = current.local && !*local && *contype == Contype::Check;
        if handed && current.inherited.is_empty() && inherited.iter().any(|above| cx.current(above).is_none()) {
            return Alteration::Replace;
        }
        let weaker = !*validated && current.validated;
        let doubted = |parent: &ObjectId| as_check(cx.current(parent)).is_some_and(|check| !check.validated);
        if weaker && !*local && inherited.iter().any(doubted) {
            return Alteration::Inform("is valid already, unlike its parent's: PostgreSQL cannot take that back".to_owned());
        }
        let left: Vec<ObjectId> = current.carried_by(id).into_iter()
            .filter(|above| super::inheritance::leaves(id, above, cx)).collect();
        let held = attached(&current.index).filter(|above| !left.contains(above));
        if weaker || held.is_some() && held != attached(index) {
            return Alteration::Replace;
        }
        let mut recipe = Recipe::none().needs(super::index::not_nulls(id, cx)).freed(left);
        if *validated && !current.validated {
            recipe.establish.push(change.desired.validate(id, cx));
        }
        if let Some((index, current)) = index.as_ref().zip(current.index.as_ref()) {
            // PostgreSQL alters no parameters of a partitioned index.
            if *partitioned && !index.is_stored_as(current) {
                return Alteration::Replace;
            }
            recipe.establish.extend(index.altered(current, &index_of(id), &table(id), cx));
        }
        recipe.establish.extend(change.desired.index_settings(id, current.index.as_ref(), cx));
        let enforcement = Pair::new(current.enforcement, change.desired.enforcement);
        recipe.finish.extend(Enforcement::changes(enforcement, id, current.references.as_ref()));
        if let Some(parent) = attached(index).filter(|_| held.is_none()) {
            recipe.finish.push(super::index::attach(&index_of(&parent), &index_of(id)));
            recipe.needs.push(parent);
            recipe.after.extend(super::index::attachments(&table(id), cx));
        }
        if recipe.is_empty() {
            return Alteration::Inform("is inherited on one side and local on the other".to_owned());
        }
        Alteration::InPlace(recipe)
    }

    /// PostgreSQL rebuilds the constraints of a column that changes its type, if they still mean something then. A
    /// foreign key would be checked under the lock, and its two columns may not fit meanwhile.
    fn withstands(change: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        let same = change.current.definition == change.desired.definition;
        let targeted = change.desired.index.as_ref().is_some_and(|index| !index.statistics.is_empty());
        let column = used.kind == ObjectKind::Column && same && !targeted && change.desired.contype != Contype::ForeignKey;
        let other = matches!(used.kind, ObjectKind::Table | ObjectKind::NotNull) || used.kind.is_satellite();
        disturbance == Disturbance::Rebuilt && (column || other)
    }

    /// An index that PostgreSQL rebuilds has no statistics targets any more.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if super::inheritance::leaves(id, used, cx) {
            return Self::alter(id, change, cx);
        }
        let same = change.current.definition == change.desired.definition;
        let mut rebuilt = change.current.clone();
        let kept = rebuilt.index.as_mut().filter(|_| same && used.kind == ObjectKind::Column && !cx.is_dropped(used));
        let Some(index) = kept else { return Alteration::Replace };
        index.statistics.clear();
        Self::alter(id, Pair::new(&rebuilt, change.desired), cx)
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let table = table(id);
        let sql = format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", table.sql(), id.name(), quote(name));
        self.inherited.is_empty().then(|| Recipe::one(Statement::new(sql).lock(LockMode::AccessExclusive, &table)))
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        let features = [
            (18, "NOT ENFORCED"),
            (18, "WITHOUT OVERLAPS"),
            (18, "PERIOD"),
            (15, "NULLS NOT DISTINCT"),
            (15, "ON DELETE SET NULL ("),
            (15, "ON DELETE SET DEFAULT ("),
        ];
        features.into_iter().find(|(_, words)| has_keywords(&self.definition, words))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.definition);
        self.inherited.iter_mut().for_each(|parent| renaming.id(parent));
        self.references.iter_mut().for_each(|table| renaming.id(table));
        self.index.iter_mut().for_each(|index| index.renamed(renaming));
        if renaming.from.kind == ObjectKind::Column {
            renaming.word(&mut self.columns);
        }
    }

    fn constraint_name(&self, id: &ObjectId) -> Option<NamePath> {
        Some([&id.path[0], id.raw_name()].into_iter().collect())
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("CONSTRAINT {} ON {}", id.name(), id.owner_sql())
    }
}

impl Constraint {
    /// Whether the partitioned table at the first two names has the same foreign key.
    fn is_from(&self, parent: &NamePath, id: &ObjectId, cx: &Context) -> bool {
        let above = as_constraint(cx.current(&ObjectId { kind: id.kind, path: parent.child(id.raw_name()) }));
        above.is_some_and(|above| above.partitioned && above.references.is_some() && above.definition == self.definition)
    }

    /// CREATE TABLE makes one of two keys over the same columns.
    fn would_merge(&self, id: &ObjectId, cx: &Context) -> bool {
        let keys = cx.catalogs.desired.used_by(&table(id)).filter(|other| *other != id);
        let same = |(other, key): (&ObjectId, &Self)| {
            let earlier = (key.position(), other) < (self.position(), id);
            earlier && key.index.is_some() && columns_of(&key.definition) == columns_of(&self.definition)
        };
        self.index.is_some() && keys.filter_map(|key| Some((key, as_constraint(cx.desired(key))?))).any(same)
    }

    fn complete(&self) -> String {
        self.index.as_ref().map_or_else(|| self.definition.clone(), |index| index.complete(&self.definition))
    }

    fn establish(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let table = table(id);
        let add = |only: &str, definition: &str| {
            let sql = format!("ALTER TABLE {only}{} ADD CONSTRAINT {} {definition}", table.sql(), id.name());
            // A foreign key blocks writers of both tables, and no reader.
            let foreign = self.contype == Contype::ForeignKey;
            let mode = if foreign { LockMode::ShareRowExclusive } else { LockMode::AccessExclusive };
            let reach = if self.index.is_some() { vec![table.clone()] } else { self.reach(id, cx) };
            Statement::new(sql).contract().lock_each(mode, reach)
        };
        if cx.is_new(&table) {
            return Recipe::one(self.on_new(id, add));
        }
        match self.contype {
            Contype::ForeignKey | Contype::Check => {
                let native = self.partitioned && self.contype == Contype::ForeignKey && cx.major() < 18;
                let elsewhere = super::table::is_foreign(&table, cx);
                if !self.validated || native || elsewhere {
                    let whole = add("", &self.definition);
                    // One that is replaced is so in one transaction, in which nothing can be proved first.
                    let statements = match native && self.validated {
                        true if !cx.is_dropped(id) => self.keys_first(id, whole, cx),
                        true => vec![whole.scanning(super::inheritance::tree(&table, cx))],
                        false => vec![whole],
                    };
                    return Recipe { finish: self.validated_below(id, cx), ..Recipe::many(statements) };
                }
                let unchecked = add("", &format!("{} NOT VALID", self.definition));
                let taken = self.partitioned && self.contype == Contype::ForeignKey;
                let unchecked = if taken { self.taking_over_what_is_there(id, unchecked, cx) } else { unchecked };
                let recipe = Recipe::one(unchecked);
                if self.is_validated_above(id, cx) { recipe } else { recipe.finish(self.validate(id, cx)) }
            }
            // Each partition brings its own, which is attached.
            Contype::PrimaryKey | Contype::Unique if self.partitioned => Recipe::one(add("ONLY ", &self.complete())),
            Contype::PrimaryKey | Contype::Unique => self.through_index(id, add, cx),
            Contype::Exclusion => {
                Recipe::one(add("", &self.complete()).scanning([&table]))
            }
        }
    }

    /// The tables below that get a check, or lose it, along with this one: no deeper than where one is already, or stays.
    fn below_reached(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let children = if self.no_inherit() { Vec::new() } else { super::inheritance::standing_below(&table(id), cx) };
        let reached = children.into_iter().flat_map(|child| {
            let below = child.child(ObjectKind::Constraint, id.raw_name());
            let current = as_check(cx.current(&below));
            let goes = cx.is_dropped(id) && current.is_some_and(|check| !check.local && cx.is_dropped(&below));
            let first = as_check(cx.desired(&below)).is_some_and(Self::comes_first);
            let comes = cx.is_new(id) && (cx.major() >= 18 || current.is_none() && !first);
            let further = if goes || comes { self.below_reached(&below, cx) } else { Vec::new() };
            further.into_iter().chain([child])
        });
        reached.collect()
    }

    fn no_inherit(&self) -> bool {
        has_keywords(&self.definition, "NO INHERIT")
    }

    /// Whether it is validated along with one that comes above the table at the same time.
    fn is_validated_above(&self, id: &ObjectId, cx: &Context) -> bool {
        let table = table(id);
        self.inherited.iter().any(|above| cx.is_new(above) && super::inheritance::stays(&table, above, cx))
    }

    /// The tables that get it or lose it, and those to which it refers: of each the partitions, too.
    pub(super) fn reach(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let table = table(id);
        let own = match self.contype {
            Contype::Check => [self.below_reached(id, cx), vec![table]].concat(),
            _ => super::inheritance::tree(&table, cx),
        };
        let referred = self.references.iter().flat_map(|other| super::inheritance::tree(other, cx));
        own.into_iter().chain(referred).collect()
    }

    /// Whether the table gets it before its parent does, so that it is local too.
    fn comes_first(&self) -> bool {
        self.local && self.contype == Contype::Check
    }

    /// A check that is added or rebuilt NOT VALID makes those of the tables below like that, also where they shall be valid.
    fn validated_below(&self, id: &ObjectId, cx: &Context) -> Vec<Statement> {
        let checks = self.below(id, cx).into_iter().filter(|(_, check)| check.validated && !self.validated);
        checks.map(|(id, check)| check.validate(&id, cx)).collect()
    }

    /// The checks below it.
    fn below<'a>(&self, id: &ObjectId, cx: &Context<'a>) -> Vec<(ObjectId, &'a Constraint)> {
        let tables = super::inheritance::descendants(&table(id), cx).into_iter().filter(|_| self.contype == Contype::Check);
        let checks = tables.map(|table| table.child(ObjectKind::Constraint, id.raw_name()));
        checks.filter_map(|id| as_check(cx.desired(&id)).map(|check| (id, check))).collect()
    }

    fn on_new(&self, id: &ObjectId, add: impl Fn(&str, &str) -> Statement) -> Statement {
        let only = if self.partitioned && self.index.is_some() { "ONLY " } else { "" };
        let mut statement = add(only, &self.complete());
        statement.phase = crate::statement::Phase::Expand;
        statement.locks.clear();
        match &self.references {
            Some(referenced) if *referenced != table(id) => statement.lock(LockMode::ShareRowExclusive, referenced),
            _ => statement,
        }
    }

    pub(super) fn is_deferrable(&self) -> bool {
        has_keywords(&self.definition, "DEFERRABLE")
    }

    /// Whether it is checked anew when a column of it changes its type, or its order.
    pub(super) fn looks_at_rows(&self, sorted: bool) -> bool {
        matches!(self.contype, Contype::Check | Contype::Exclusion) || sorted && self.index.is_some()
    }

    pub(super) fn is_primary(&self) -> bool {
        self.contype == Contype::PrimaryKey
    }

    /// Whether its index is the one to cluster on, and the replica identity.
    pub(super) fn holds(&self) -> (bool, bool) {
        self.index.as_ref().map_or((false, false), |index| (index.clustered, index.replica_identity))
    }

    /// A key that changes gets its new index first; then the constraint changes hands in one transaction.
    fn swap(&self, id: &ObjectId, current: &Self, cx: &Context) -> Alteration {
        let table = table(id);
        let takes_over = |constraint: &Self| {
            let index = constraint.index.clone().filter(|index| index.btree && index.parent.is_none());
            index.filter(|_| !constraint.partitioned && constraint.contype != Contype::Exclusion)
        };
        let (Some(index), Some(_), false) = (takes_over(self), takes_over(current), cx.is_new(&table)) else {
            return Alteration::Replace;
        };
        let aside = super::index::temporary(id.raw_name());
        let mut establish: Vec<Statement> = Kind::drop(current, id, cx).establish;
        establish.push(BackingIndex::take_over(id, &table, &self.definition, &aside).joined());
        establish.extend(self.index_settings(id, None, cx).into_iter().map(Statement::joined));
        let build = index.build(id, &table, &self.definition, &aside);
        let aside = ObjectId::new(ObjectKind::Index, [&id.path[0], &aside]);
        Alteration::Swap(Recipe { establish, ..super::left_over::built_beside(build, &aside, cx) })
    }

    /// The index is built without blocking anybody; taking it over is a matter of milliseconds.
    fn through_index(&self, id: &ObjectId, add: impl Fn(&str, &str) -> Statement, cx: &Context) -> Recipe {
        let table = table(id);
        let Some(index) = self.index.as_ref().filter(|index| index.btree) else {
            return Recipe::one(add("", &self.complete()).scanning([&table]));
        };
        let build = index.build(id, &table, &self.definition, id.raw_name());
        let take = BackingIndex::take_over(id, &table, &self.definition, id.raw_name());
        Recipe { establish: vec![take], ..super::left_over::built(build, &index_of(id), cx) }
    }

    fn index_settings(&self, id: &ObjectId, current: Option<&BackingIndex>, cx: &Context) -> Vec<Statement> {
        let Some(index) = &self.index else { return Vec::new() };
        let was = |setting: fn(&BackingIndex) -> bool| current.is_some_and(setting);
        let mut settings = super::index::settings(
            &table(id),
            &id.name(),
            Pair::new(was(|index| index.clustered), index.clustered),
            Pair::new(was(|index| index.replica_identity), index.replica_identity),
            cx,
        );
        settings.extend(index.described(current, &index_of(id), self.partitioned));
        settings
    }

    pub(super) fn validate(&self, id: &ObjectId, cx: &Context) -> Statement {
        let table = table(id);
        let note = "a row that breaks the constraint makes the validation fail; the constraint stays NOT VALID until then";
        let read = if self.no_inherit() { vec![table.clone()] } else { super::inheritance::tree(&table, cx) };
        let validate = Statement::new(format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", table.sql(), id.name()))
            .contract()
            .lock_each(LockMode::ShareUpdateExclusive, &read)
            .scanning(&read)
            .hazard(HazardKind::MayFailOnData, id, note);
        let read: Vec<&ObjectId> = self.references.iter().chain([&table]).collect();
        if self.references.is_some() && read.iter().any(|table| super::table::hides_rows(table, cx)) {
            return validate.unless(super::objection::by_hidden_rows(id, &read));
        }
        validate
    }
}

/// PostgreSQL rebuilds the checks of a column that changes its type, and those that inherit from them.
pub(super) fn validated_below_rebuilt(column: &ObjectId, cx: &Context) -> Vec<Statement> {
    let users = cx.catalogs.desired.used_by(column).filter(|user| cx.current(user).is_some());
    users.filter_map(|id| Some(as_check(cx.desired(id))?.validated_below(id, cx))).flatten().collect()
}

pub(super) fn as_constraint(object: Option<&Object>) -> Option<&Constraint> {
    match object {
        Some(Object::Constraint(constraint)) => Some(constraint),
        _ => None,
    }
}

fn as_check(object: Option<&Object>) -> Option<&Constraint> {
    as_constraint(object).filter(|check| check.contype == Contype::Check)
}

pub(super) fn is_key(object: Option<&Object>) -> bool {
    match object {
        Some(Object::Constraint(constraint)) => constraint.index.is_some(),
        Some(object) => object.kind() == ObjectKind::Index,
        None => false,
    }
}

/// Whether a partition must have it before it is attached, so that the server does not make a second one.
pub(super) fn precedes_attachment(object: Option<&Object>) -> bool {
    !matches!(object, Some(Object::Constraint(constraint)) if constraint.contype == Contype::ForeignKey)
}

/// What the index of a partition's key is attached to.
pub(super) fn attached(object: Option<&Object>) -> Option<&ObjectId> {
    match object {
        Some(Object::Constraint(key)) => key.index.as_ref()?.parent.as_ref(),
        _ => None,
    }
}

pub(super) fn is_check(object: Option<&Object>) -> bool {
    as_check(object).is_some()
}

pub(super) fn table(id: &ObjectId) -> ObjectId {
    id.parent(ObjectKind::Table)
}

/// The index that backs the constraint has its name and its table's schema.
fn index_of(constraint: &ObjectId) -> ObjectId {
    if constraint.kind == ObjectKind::Index {
        return constraint.clone();
    }
    ObjectId::new(ObjectKind::Index, [&constraint.path[0], constraint.raw_name()])
}
