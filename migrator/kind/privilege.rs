//! Privileges (chapter 5.8; the access control list of each catalog). Compared as far as `--with privileges` says.
//! An object is there only where the list is not the one that PostgreSQL grants by itself; what a plan creates also gets
//! the default privileges of the role that runs it (`default_privilege.rs`).

use serde::{Deserialize, Serialize};

use super::access::{self, AccessList, Changes, Form, Grant, entries, entries_beyond};
use super::default_privilege::given_to;
use crate::catalog::Catalog;
use crate::context::{Context, Wish};
use crate::kind::{Group, Kind, Object, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Fragment, Phase, Recipe, Statement};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privilege {
    #[serde(flatten)]
    list: AccessList,
}

impl Kind for Privilege {
    const LABEL: &'static str = "privileges";
    const SATELLITE: bool = true;
    const OPTIONAL: Option<Group> = Some(Group::Privileges);
    // Few lists are different ones, and each is read once.
    const QUERY: &'static str = concat!("
        with granted as materialized (
            select a.attrelid, a.attnum, a.attacl from pg_attribute a where a.attacl is not null and not a.attisdropped
        ), holder (classid, objid, objsubid, acl, type, owner) as materialized (
            select 'pg_class'::regclass::oid, c.oid, 0, c.relacl, case c.relkind when 'S' then 's' else 'r' end::\"char\", c.relowner
                from relation c where c.relacl is not null
            union all select 'pg_class'::regclass, c.oid, a.attnum, a.attacl, 'c', c.relowner
                from relation c join granted a on a.attrelid = c.oid
            union all select 'pg_type'::regclass, t.oid, 0, t.typacl, 'T', t.typowner
                from pg_type t join user_schema s on s.oid = t.typnamespace where t.typacl is not null
            union all select 'pg_proc'::regclass, p.oid, 0, p.proacl, 'f', p.proowner
                from pg_proc p join user_schema s on s.oid = p.pronamespace where p.proacl is not null
            union all select 'pg_namespace'::regclass, n.oid, 0, n.nspacl, 'n', n.nspowner
                from pg_namespace n join user_schema s using (oid) where n.nspacl is not null
            union all select 'pg_language'::regclass, l.oid, 0, l.lanacl, 'l', l.lanowner
                from pg_language l where l.oid >= 16384 and l.lanacl is not null
            union all select 'pg_foreign_data_wrapper'::regclass, w.oid, 0, w.fdwacl, 'F', w.fdwowner
                from pg_foreign_data_wrapper w where w.fdwacl is not null
            union all select 'pg_foreign_server'::regclass, s.oid, 0, s.srvacl, 'S', s.srvowner
                from pg_foreign_server s where s.srvacl is not null
        ), list as materialized (
            select l.acl, l.type, l.owner, ", entries_beyond!("l.acl", "l.base", "l.owner"), " as granted,
                ", entries_beyond!("l.base", "l.acl", "l.owner"), " as revoked
            from (
                select distinct acl, type, owner, case when type <> 'c' then acldefault(type, owner) end as base
                from holder) l
            where l.acl is distinct from l.base)
        select h.classid, h.objid, h.objsubid,
            -- Nobody reads a table's tableoid and its like.
            h.objsubid < 0, l.granted, l.revoked
        from holder h join list l using (acl, type, owner)");

    /// Until PostgreSQL 14 everybody may create in the schema public of a new database, and since then nobody.
    fn match_versions(&mut self, id: &ObjectId, prod: &Self, majors: Pair<u32>) -> Option<String> {
        if access::is_schema_public(id) && (majors.current < 15) != (majors.desired < 15) {
            self.list.take_public(&prod.list, "CREATE", majors.desired < 15);
        }
        None
    }

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        id.target()
    }

    /// Granted once the object has its owner: the owner's own privileges move with ownership.
    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        id.target().map(|target| ObjectId::satellite(ObjectKind::Ownership, &target)).into_iter().collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let target = id.target();
        let made = target.as_ref().filter(|target| cx.is_new(target));
        let given = made.map(|target| given_to(target, cx.catalogs.current)).unwrap_or_default();
        recipe(id, Pair::new(&given, &self.list), cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        if cx.is_new(id) {
            // What it belongs to is made anew, and so is the list.
            return Recipe::none();
        }
        let recipe = recipe(id, Pair::new(&self.list, &AccessList::default()), cx);
        recipe.in_one()
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Privilege { list: _ } = change.desired;
        Alteration::InPlace(recipe(id, change.map(|side| &side.list), cx))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt || used.kind == ObjectKind::Ownership
    }

    /// What took the target's name without being dropped first has what a new object has: nobody used it before.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if cx.is_dropped(used) {
            return Alteration::Replace;
        }
        let given = given_to(used, cx.catalogs.current);
        let recipe = recipe(id, Pair::new(&given, &change.desired.list), cx);
        let mut recipe = recipe.in_one();
        recipe.establish.iter_mut().for_each(|statement| statement.hazards.clear());
        Alteration::InPlace(recipe)
    }

    fn roles(&self, _: &ObjectId) -> Vec<String> {
        self.list.roles()
    }

    /// Where the owners are not the same, what the list says of the other one is left: dev's needs no privileges there.
    fn wanted(id: &ObjectId, sides: Pair<Option<&Self>>, wish: &Wish) -> Option<Self> {
        let target = id.target()?;
        let fresh = !wish.catalogs.current.contains(&target);
        let given = given_to(&target, wish.catalogs.current);
        let (nothing, owner) = (AccessList::default(), access::owner(&target, wish.catalogs));
        let otherwise = access::owner_in(wish.dev, &target);
        let left = |role: &str| !wish.speaks_of(role) || role == otherwise && role != owner;
        let current = sides.current.map_or(if fresh { &given } else { &nothing }, |side| &side.list);
        let lists = Pair::new(current, sides.desired.map_or(&nothing, |side| &side.list));
        let list = AccessList::wanted(lists, &owner, is_column(&target), wish, left);
        (!list.is_empty() || !given.is_empty()).then_some(Self { list })
    }

    fn governors(id: &ObjectId, _: Pair<Option<&Self>>, catalogs: Pair<&Catalog>) -> Vec<String> {
        let there = id.target().filter(|target| catalogs.current.contains(target));
        there.map(|target| access::owner_in(catalogs.current, &target)).into_iter().collect()
    }

    fn title(id: &ObjectId) -> String {
        id.target().map_or("privileges".to_owned(), |target| format!("privileges on {target}"))
    }
}

/// REVOKE on a table revokes on its columns too, so columns come after. A part has the owner of its whole.
fn recipe(id: &ObjectId, change: Pair<&AccessList>, cx: &Context) -> Recipe {
    let Some(target) = id.target() else { return Recipe::none() };
    let whole = cx.desired(&target).and_then(|object| object.whole(&target));
    let relation = whole.map(|relation| ObjectId::satellite(ObjectKind::Privilege, &relation));
    // A sequence has its owner once it is owned by its column.
    let awaits = Some(target.clone()).filter(|target| target.kind == ObjectKind::Sequence).into_iter().collect();
    let changes = changes(id, &target, change, cx);
    // Nobody uses yet what is made here; of what is there, grants need not wait until revoking may run.
    let recipe = if cx.is_new(&target) { changes.recipe().in_one() } else { changes.recipe() };
    let recipe = Recipe { awaits, ..recipe };
    recipe.needs(relation).needs(access::ownership(&target, cx.catalogs))
}

fn changes(id: &ObjectId, target: &ObjectId, change: Pair<&AccessList>, cx: &Context) -> Changes {
    let Some(object) = cx.desired(target).or(cx.current(target)) else { return Changes::default() };
    let owner = access::owner(target, cx.catalogs);
    let lists = change.map(|list| list.owned_by(&owner, is_column(target)));
    let form = form(target, object, &owner);
    let restore = |_: &Form, grants: &[&Grant], option: bool| restored(target, grants, option, &owner, cx);
    let fresh = cx.is_new(target);
    let note = "who may do what with the object is no longer the same";
    form.statements(lists.as_ref(), restore).map(|statement| {
        if fresh {
            Statement { phase: Phase::Expand, ..statement }
        } else {
            access::confess(statement.governed_by(&owner), id, note)
        }
    })
}

fn is_column(target: &ObjectId) -> bool {
    matches!(target.kind, ObjectKind::Column | ObjectKind::Attribute)
}

fn form<'a>(target: &ObjectId, object: &Object, owner: &'a str) -> Form<'a> {
    let column = is_column(target);
    let on = if column { format!("TABLE {}", target.owner_sql()) } else { object.grant_address(target) };
    Form { prefix: String::new(), on, column: column.then(|| target.name()), owner }
}

/// REVOKE on a table takes its column privileges along, and GRANT OPTION FOR their grant options: those that shall stay,
/// or have just been granted, are granted again.
fn restored(target: &ObjectId, revoked: &[&Grant], option: bool, owner: &str, cx: &Context) -> Vec<Statement> {
    if cx.is_new(target) {
        return Vec::new();
    }
    let columns = cx.catalogs.desired.used_by(target);
    let columns = columns.filter(|id| is_column(id));
    let mut statements = Vec::new();
    for column in columns {
        let id = ObjectId::satellite(ObjectKind::Privilege, column);
        let Some(Object::Privilege(privilege)) = cx.desired(&id) else { continue };
        let Some(object) = cx.desired(column) else { continue };
        let hit = |grant: &&Grant| (grant.grantable() || !option) && revoked.iter().any(|gone| gone.is_like(grant));
        statements.extend(privilege.list.granted.iter().filter(hit).flat_map(|grant| form(column, object, owner).again(grant)));
    }
    statements
}
