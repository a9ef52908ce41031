//! Privileges on what nobody else reads: objects of the system and of extensions, told apart from what they were when
//! they came (chapter 5.8; catalog `pg_init_privs`), and the sequences of identity columns.
//! Only a superuser, or who owns them, changes such privileges.

use serde::{Deserialize, Serialize};

use super::access::{self, AccessList, Form, Grant, entries, entries_beyond};
use super::default_privilege::{given_to_member, given_within};
use crate::catalog::Catalog;
use crate::context::{Context, Wish};
use crate::kind::{Group, Kind, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

const KIND: ObjectKind = ObjectKind::InitialPrivilege;

/// Its names are the schema, the object as GRANT addresses it and perhaps a column; of an identity column's sequence
/// those of the column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitialPrivilege {
    #[serde(flatten)]
    list: AccessList,
    /// The extension, or the identity column.
    part_of: Option<ObjectId>,
    /// Of the system and of extensions.
    owner: Option<String>,
}

impl Kind for InitialPrivilege {
    const LABEL: &'static str = "initial privileges";
    const OPTIONAL: Option<Group> = Some(Group::Privileges);
    const QUERY: &'static str = concat!("
        with holder (class, oid, sub, acl, type, owner) as (
            select 'pg_class'::regclass::oid, c.oid, 0, c.relacl, case c.relkind when 'S' then 's' else 'r' end::\"char\", c.relowner
                from pg_class c where c.relacl is not null and (c.relnamespace = 'pg_catalog'::regnamespace or c.relkind = 'S'
                    or c.oid in (select m.objid from member m where m.classid = 'pg_class'::regclass))
            union all select 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl, null, c.relowner
                from pg_attribute a join pg_class c on c.oid = a.attrelid
                where a.attrelid < 16384 and a.attacl is not null and not a.attisdropped
            union all select 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl, null, c.relowner
                from member m join pg_attribute a on a.attrelid = m.objid join pg_class c on c.oid = a.attrelid
                where m.classid = 'pg_class'::regclass and m.objid >= 16384 and a.attacl is not null and not a.attisdropped
            union all select 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl, null, c.relowner
                from pg_init_privs p join pg_attribute a on a.attrelid = p.objoid and a.attnum = p.objsubid and a.attacl is null
                    join pg_class c on c.oid = a.attrelid
                where p.classoid = 'pg_class'::regclass and p.objsubid <> 0 and not a.attisdropped
            union all select 'pg_proc'::regclass, p.oid, 0, p.proacl, 'f', p.proowner from pg_proc p where p.proacl is not null
            union all select 'pg_type'::regclass, t.oid, 0, t.typacl, 'T', t.typowner from pg_type t where t.typacl is not null
            union all select 'pg_language'::regclass, l.oid, 0, l.lanacl, 'l', l.lanowner from pg_language l where l.lanacl is not null
            union all select 'pg_namespace'::regclass, n.oid, 0, n.nspacl, 'n', n.nspowner from pg_namespace n where n.nspacl is not null
            union all select 'pg_foreign_data_wrapper'::regclass, w.oid, 0, w.fdwacl, 'F', w.fdwowner
                from pg_foreign_data_wrapper w where w.fdwacl is not null
            union all select 'pg_foreign_server'::regclass, s.oid, 0, s.srvacl, 'S', s.srvowner
                from pg_foreign_server s where s.srvacl is not null
        ), part as (
            select h.class, h.oid, h.sub, h.acl, h.type, o.owner, coalesce(p.initprivs, acldefault(h.type, o.owner)) as base,
                e.extname, null::text[] as column_path
            from holder h
                -- Who came to own an object of the system is not told by pg_dump either.
                cross join lateral (select case when h.oid < 16384 then 10 else h.owner end) o (owner)
                left join pg_init_privs p on p.classoid = h.class and p.objoid = h.oid and p.objsubid = h.sub
                left join pg_depend d on d.classid = h.class and d.objid = h.oid and d.objsubid = 0
                    and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e'
                left join pg_extension e on e.oid = d.refobjid
            where e.oid is not null or h.oid < 16384 and (h.class <> 'pg_namespace'::regclass or h.oid = 'pg_catalog'::regnamespace)
            union all select h.*, acldefault(h.type, h.owner), null, array[t.schema, t.relname, a.attname]::text[]
            from holder h
                join pg_depend d on d.classid = h.class and d.objid = h.oid and d.objsubid = 0
                    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype = 'i'
                join relation t on t.oid = d.refobjid
                join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where h.type = 's'
        ), list as (
            select l.*, ", entries_beyond!("l.acl", "l.base", "l.owner"), " as granted,
                ", entries_beyond!("l.base", "l.acl", "l.owner"), " as revoked
            from part l where l.acl is distinct from l.base)
        select 0::oid, 0::oid, 0, coalesce(l.column_path, array[coalesce(i.schema, ''), case
                when i.type in ('table', 'view', 'materialized view', 'foreign table') then 'TABLE'
                when i.type = 'aggregate' then 'FUNCTION' when i.type = 'server' then 'FOREIGN SERVER'
                when i.type = 'foreign-data wrapper' then 'FOREIGN DATA WRAPPER' else upper(i.type) end || ' ' || case
                -- GRANT does not know integer.
                when i.type = 'type' then format('%I.%I', i.schema, i.name) else i.identity end]
                || case when l.sub <> 0 then (
                    select array[a.attname]::text[] from pg_attribute a where a.attrelid = l.oid and a.attnum = l.sub)
                else '{}' end) as path,
            l.granted, l.revoked, case when l.column_path is null then pg_get_userbyid(l.owner)::text end as owner, case
                when l.extname is not null then json_build_object('kind', 'extension', 'path', json_build_array(l.extname))
                when l.column_path is not null then json_build_object('kind', 'column', 'path', to_json(l.column_path))
                end as part_of
        from list l cross join lateral pg_identify_object(l.class, l.oid, 0) i
        where i.identity is not null and (l.granted::text <> '[]' or l.revoked::text <> '[]')
            and (l.oid >= 16384 or coalesce(i.schema, 'pg_catalog') = 'pg_catalog')");

    fn whole(&self, _: &ObjectId) -> Option<ObjectId> {
        self.part_of.clone()
    }

    /// REVOKE on a table revokes on its columns too, so columns come after.
    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        let relation = self.is_of_column(id).then(|| id.ancestor(KIND, 2));
        relation.into_iter().collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let current = cx.catalogs.current;
        let given = match &self.part_of {
            Some(column) if self.is_identity() && (cx.is_new(column) || sequence(current, column).is_none()) => {
                self.given(id, current)
            }
            Some(extension) if !self.is_identity() && cx.is_new(extension) => {
                self.given_by(id, |schema, word| given_to_member(extension, schema, word, cx))
            }
            _ => AccessList::default(),
        };
        self.recipe(id, Pair::new(&given, &self.list), cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        let lost = self.part_of.as_ref().is_some_and(|column| {
            self.is_identity() && sequence(cx.catalogs.current, column) != sequence(cx.catalogs.desired, column)
        });
        if lost || cx.is_new(id) {
            return Recipe::none();
        }
        self.recipe(id, Pair::new(&self.list, &AccessList::default()), cx).in_one()
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let InitialPrivilege { list: _, part_of: _, owner: _ } = change.desired;
        Alteration::InPlace(change.desired.recipe(id, change.map(|side| &side.list), cx))
    }

    fn roles(&self, _: &ObjectId) -> Vec<String> {
        self.list.roles()
    }

    /// What the system's superuser in prod owns is none of dev's business where dev's is another one: RDS' own changes.
    fn wanted(id: &ObjectId, sides: Pair<Option<&Self>>, wish: &Wish) -> Option<Self> {
        let known = sides.current.or(sides.desired)?;
        let owners = [sides.current, sides.desired].into_iter().flatten().filter_map(|side| side.owner.as_ref());
        if owners.into_iter().any(|owner| !wish.speaks_of(owner)) {
            return sides.current.cloned();
        }
        let column = known.part_of.as_ref().filter(|_| known.is_identity());
        let fresh = column.is_some_and(|column| sequence(wish.catalogs.current, column).is_none());
        let given = column.map(|_| known.given(id, wish.catalogs.current)).unwrap_or_default();
        let owner = known.owner(wish.catalogs);
        let otherwise = column.map_or_else(|| owner.clone(), |column| access::owner_in(wish.dev, column));
        let left = |role: &str| !wish.speaks_of(role) || role == otherwise && role != owner;
        let nothing = AccessList::default();
        let current = sides.current.map_or(if fresh { &given } else { &nothing }, |side| &side.list);
        let lists = Pair::new(current, sides.desired.map_or(&nothing, |side| &side.list));
        let list = AccessList::wanted(lists, &owner, known.is_of_column(id), wish, left);
        (!list.is_empty() || !given.is_empty()).then(|| Self { list, ..known.clone() })
    }

    fn governors(_: &ObjectId, sides: Pair<Option<&Self>>, catalogs: Pair<&Catalog>) -> Vec<String> {
        let there = |side: &&Self| side.part_of.as_ref().is_none_or(|whole| catalogs.current.contains(whole));
        let known = sides.current.or(sides.desired).filter(there);
        known.map(|side| side.owner(catalogs)).into_iter().collect()
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.part_of.iter_mut().for_each(|whole| renaming.id(whole));
    }

    fn moved(&self, id: &ObjectId, renaming: &Renaming) -> Option<ObjectId> {
        let moving = renaming.moving.as_ref().filter(|_| !self.is_identity())?;
        let mut path: Vec<String> = id.path.iter().map(str::to_owned).collect();
        let [schema, on, ..] = &mut path[..] else { return None };
        if self.part_of.as_ref() == Some(&renaming.from) && *schema == moving.schemas.current {
            schema.clone_from(&moving.schemas.desired);
        }
        *on = moving.followed(on);
        Some(ObjectId::new(id.kind, path))
    }

    fn title(id: &ObjectId) -> String {
        match id.path.names()[..] {
            [_, on] => format!("privileges on {on}"),
            [_, on, column] if on.starts_with("TABLE ") => format!("privileges on column {} of {on}", quote(column)),
            _ => format!("privileges on the sequence of {}", id.sql()),
        }
    }
}

impl InitialPrivilege {
    fn is_identity(&self) -> bool {
        self.part_of.as_ref().is_some_and(|whole| whole.kind == ObjectKind::Column)
    }

    /// Whether the list is a column's, and not that of a column's sequence.
    fn is_of_column(&self, id: &ObjectId) -> bool {
        !self.is_identity() && column(id).is_some()
    }

    /// The list of an identity column's sequence that has what PostgreSQL grants by itself.
    pub(super) fn of_identity(column: &ObjectId) -> (ObjectId, Self) {
        let id = column.with_kind(KIND);
        (id, Self { list: AccessList::default(), part_of: Some(column.clone()), owner: None })
    }

    /// What the object gets if the plan makes it.
    pub(super) fn given(&self, id: &ObjectId, current: &Catalog) -> AccessList {
        self.given_by(id, |schema, word| given_within(Some(schema), word, current))
    }

    /// `given` is told the schema, and the word in the statement.
    fn given_by(&self, id: &ObjectId, given: impl Fn(&str, &str) -> AccessList) -> AccessList {
        let word = self.word(id);
        id.path.first().zip(word).map(|(schema, word)| given(schema, word)).unwrap_or_default()
    }

    /// Of the default privileges for such objects.
    fn word(&self, id: &ObjectId) -> Option<&'static str> {
        if self.is_identity() {
            return Some("SEQUENCES");
        }
        id.path.get(1).filter(|_| !self.is_of_column(id)).and_then(super::default_privilege::word)
    }

    fn owner(&self, catalogs: Pair<&Catalog>) -> String {
        let column = self.part_of.as_ref().filter(|_| self.is_identity());
        let owner = column.map(|column| access::owner(column, catalogs)).or_else(|| self.owner.clone());
        owner.unwrap_or_default()
    }

    fn recipe(&self, id: &ObjectId, change: Pair<&AccessList>, cx: &Context) -> Recipe {
        let identity = self.part_of.as_ref().filter(|_| self.is_identity());
        let owner = self.owner(cx.catalogs);
        let Some(form) = form(id, identity, &owner, cx) else { return Recipe::none() };
        let lists = change.map(|list| list.owned_by(&owner, self.is_of_column(id)));
        let restore = |_: &Form, grants: &[&Grant], option: bool| restored(id, grants, option, &owner, cx);
        let fresh = self.part_of.as_ref().is_some_and(|whole| cx.is_new(whole));
        let note = "who may do what with the object is no longer the same";
        let changes = form.statements(lists.as_ref(), restore).map(|mut statement| {
            if !fresh {
                statement = access::confess(statement.governed_by(&owner), id, note);
            }
            if self.part_of.is_none() {
                statement = statement.by_superuser(id, &[], "it belongs to the system's superuser");
            }
            statement
        });
        let ownership = identity.and_then(|column| access::ownership(column, cx.catalogs));
        let recipe = if fresh { changes.recipe().in_one() } else { changes.recipe() };
        Recipe { awaits: identity.into_iter().cloned().collect(), ..recipe }.needs(ownership)
    }
}

/// How many members of the extension to which default privileges apply, in a schema or everywhere, have what is listed.
pub(super) fn members_with(list: &AccessList, extension: &ObjectId, word: &str, schema: Option<&str>, cx: &Context) -> usize {
    let desired = cx.catalogs.desired;
    let meant = |id: &&ObjectId| id.kind == KIND && schema.is_none_or(|schema| id.path[0] == *schema);
    let has = |id: &&ObjectId| match desired.get(id) {
        Some(Object::InitialPrivilege(member)) => member.word(id) == Some(word) && member.list.common(list) == *list,
        _ => false,
    };
    desired.used_by(extension).filter(meant).filter(has).count()
}

/// The column's name, where the list is a column's.
fn column(id: &ObjectId) -> Option<&str> {
    id.path.get(2)
}

/// The sequence of an identity column, as SQL writes it.
fn sequence(catalog: &Catalog, column: &ObjectId) -> Option<String> {
    match catalog.get(column) {
        Some(Object::Column(object)) => object.identity_sequence(),
        _ => None,
    }
}

fn form<'a>(id: &ObjectId, identity: Option<&ObjectId>, owner: &'a str, cx: &Context) -> Option<Form<'a>> {
    let on = match identity {
        Some(column) => {
            let sequence = sequence(cx.catalogs.desired, column).or_else(|| sequence(cx.catalogs.current, column));
            format!("SEQUENCE {}", sequence?)
        }
        None => id.path.get(1)?.to_owned(),
    };
    let column = column(id).filter(|_| identity.is_none()).map(quote);
    Some(Form { prefix: String::new(), on, column, owner })
}

/// REVOKE on a table takes its column privileges along: those that shall stay are granted again.
fn restored(id: &ObjectId, revoked: &[&Grant], option: bool, owner: &str, cx: &Context) -> Vec<Statement> {
    let columns = cx.catalogs.desired.used_by(id).filter(|column| column.kind == KIND);
    let kept = columns.flat_map(|column| {
        let Some(Object::InitialPrivilege(wanted)) = cx.desired(column) else { return Vec::new() };
        let hit = |grant: &&Grant| (grant.grantable() || !option) && revoked.iter().any(|gone| gone.is_like(grant));
        let form = form(column, None, owner, cx);
        let kept = wanted.list.granted.iter().filter(hit);
        kept.flat_map(|grant| form.iter().flat_map(|form| form.again(grant)).collect::<Vec<_>>()).collect()
    });
    kept.collect()
}
