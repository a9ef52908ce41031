//! Privileges (chapter 5.8; the access control list of each catalog). Compared only when asked for (`--with privileges`).
//! An object is there only where the list is not the built-in one, so that a fresh object needs no statement; the
//! owner is written as such, because dev and prod may have different ones.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privilege {
    grants: BTreeSet<Grant>,
    /// What the object would have if nobody had granted or revoked anything (`acldefault`).
    builtin: BTreeSet<Grant>,
    /// Who granted something here without being the owner: a plan grants as the owner.
    grantors: BTreeSet<String>,
}

/// Stored as `[grantee, role, privilege, grantable]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Grant(Grantee, Option<String>, String, bool);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Grantee {
    Owner,
    Public,
    Role,
}

impl Grant {
    fn who(&self) -> (Grantee, Option<&str>) {
        (self.0, self.1.as_deref())
    }

    fn privilege(&self) -> &str {
        &self.2
    }

    fn grantable(&self) -> bool {
        self.3
    }
}

impl Kind for Privilege {
    const LABEL: &'static str = "privileges";
    const SATELLITE: bool = true;
    const OPTIONAL: bool = true;
    // Few lists are different ones, and each is read once.
    const QUERY: &'static str = "
        with holder (classid, objid, objsubid, acl, type, owner) as materialized (
            select 'pg_class'::regclass::oid, c.oid, 0, c.relacl, case c.relkind when 'S' then 's' else 'r' end::\"char\", c.relowner
                from relation c where c.relacl is not null
            union all select 'pg_class'::regclass, c.oid, a.attnum, a.attacl, 'c', c.relowner
                from relation c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped where a.attacl is not null
            union all select 'pg_type'::regclass, t.oid, 0, t.typacl, 'T', t.typowner
                from pg_type t join user_schema s on s.oid = t.typnamespace where t.typacl is not null
            union all select 'pg_proc'::regclass, p.oid, 0, p.proacl, 'f', p.proowner
                from pg_proc p join user_schema s on s.oid = p.pronamespace where p.proacl is not null
            union all select 'pg_namespace'::regclass, n.oid, 0, n.nspacl, 'n', n.nspowner
                from pg_namespace n join user_schema s using (oid) where n.nspacl is not null
            union all select 'pg_language'::regclass, l.oid, 0, l.lanacl, 'l', l.lanowner
                from pg_language l where l.oid >= 16384 and l.lanacl is not null
        ), list as materialized (
            select l.*, (
                select coalesce(json_agg(json_build_array(g.who, g.role, g.privilege, g.grantable)), '[]') from (
                    select case a.grantee when 0 then 'public' when l.owner then 'owner' else 'role' end who,
                        case when a.grantee not in (0, l.owner) then pg_get_userbyid(a.grantee) end::text as role,
                        a.privilege_type privilege, bool_or(a.is_grantable) grantable
                    from aclexplode(l.acl) a group by a.grantee, a.privilege_type) g) as grants, (
                select coalesce(json_agg(json_build_array(case a.grantee when 0 then 'public' else 'owner' end, null, a.privilege_type, false)), '[]')
                from aclexplode(acldefault(l.type, l.owner)) a where l.type <> 'c') as builtin, array(
                select pg_get_userbyid(a.grantor)::text from aclexplode(l.acl) a where a.grantor <> l.owner) as grantors
            from (select distinct acl, type, owner from holder) l
            where l.type = 'c' or l.acl <> acldefault(l.type, l.owner))
        select h.classid, h.objid, h.objsubid, '{}'::text[], l.grants, l.builtin, l.grantors
        from holder h join list l using (acl, type, owner)";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        id.target()
    }

    /// Granted once the object has its owner: the owner's own privileges move with ownership.
    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        id.target().map(|target| ObjectId::satellite(ObjectKind::Ownership, &target)).into_iter().collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        Recipe::many(changes(id, Pair::new(&self.builtin, &self.grants), cx)).needs(of_relation(id, cx))
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        Recipe::many(changes(id, Pair::new(&self.grants, &self.builtin), cx))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Privilege { grants, builtin: _, grantors } = change.desired;
        if *grants == change.current.grants {
            let same = *grantors == change.current.grantors;
            let note = if same { "are the same; what PostgreSQL grants by itself is not" } else { "were granted by somebody else" };
            return Alteration::Inform(note.to_owned());
        }
        Alteration::InPlace(Recipe::many(changes(id, change.map(|side| &side.grants), cx)))
    }

    fn beyond(&self, id: &ObjectId) -> Option<String> {
        let grantors: Vec<&str> = self.grantors.iter().map(String::as_str).collect();
        let target = id.target().filter(|_| !grantors.is_empty())?;
        Some(format!("on {target}, granted by {}", grantors.join(", ")))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt || used.kind == ObjectKind::Ownership
    }

    /// What took the target's name without being dropped first has the built-in ones: nobody used it before.
    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if cx.is_dropped(used) {
            return Alteration::Replace;
        }
        let mut granted = changes(id, Pair::new(&change.desired.builtin, &change.desired.grants), cx);
        for statement in &mut granted {
            statement.hazards.clear();
        }
        Alteration::InPlace(Recipe::many(granted).needs(of_relation(id, cx)))
    }

    fn title(id: &ObjectId) -> String {
        id.target().map_or("privileges".to_owned(), |target| format!("privileges on {target}"))
    }
}

/// REVOKE on a table revokes on its columns too, so columns come after.
fn of_relation(id: &ObjectId, cx: &Context) -> Option<ObjectId> {
    let target = id.target()?;
    let relation = cx.desired(&target)?.whole(&target)?;
    Some(ObjectId::satellite(ObjectKind::Privilege, &relation))
}

/// One REVOKE and one GRANT for each grantee whose privileges differ.
fn changes(id: &ObjectId, change: Pair<&BTreeSet<Grant>>, cx: &Context) -> Vec<Statement> {
    let Some(target) = id.target() else { return Vec::new() };
    let Some(object) = cx.desired(&target).or(cx.current(&target)) else { return Vec::new() };
    let column = matches!(target.kind, ObjectKind::Column | ObjectKind::Attribute);
    let on = if column { format!("TABLE {}", target.owner_sql()) } else { object.grant_address(&target) };
    let phrase = |privilege: &str| {
        if column { format!("{privilege} ({})", target.name()) } else { privilege.to_owned() }
    };
    let owner = owner(&target, cx);
    let mut statements = Vec::new();
    for (grantee, (revoked, kept)) in by_grantee(change.current, change.desired) {
        let who = match grantee {
            (Grantee::Public, _) => "PUBLIC".to_owned(),
            (Grantee::Owner, _) | (Grantee::Role, None) => quote(&owner),
            (Grantee::Role, Some(role)) => quote(role),
        };
        let phrases = |list: &[&Grant]| list.iter().map(|grant| phrase(grant.privilege())).collect::<Vec<_>>().join(", ");
        let (plain, grantable): (Vec<&Grant>, Vec<&Grant>) = kept.into_iter().partition(|grant| !grant.grantable());
        if !revoked.is_empty() {
            statements.push(Statement::new(format!("REVOKE {} ON {on} FROM {who}", phrases(&revoked))).contract());
            statements.extend(restored(&target, &revoked, &who, cx));
        }
        if !plain.is_empty() {
            statements.push(Statement::new(format!("GRANT {} ON {on} TO {who}", phrases(&plain))));
        }
        if !grantable.is_empty() {
            let sql = format!("GRANT {} ON {on} TO {who} WITH GRANT OPTION", phrases(&grantable));
            statements.push(Statement::new(sql));
        }
    }
    let fresh = cx.is_new(&target);
    let note = "who may do what with the object is no longer the same";
    let confess = |statement: Statement| statement.hazard(HazardKind::PrivilegeChange, id, note);
    let statements = statements.into_iter().enumerate().map(|(at, statement)| {
        let mut statement = if fresh { statement } else { confess(statement) };
        if fresh {
            statement.phase = crate::statement::Phase::Expand;
        }
        if at > 0 { statement.joined() } else { statement }
    });
    statements.collect()
}

/// REVOKE on a table takes its column privileges along: those that shall stay are granted again.
fn restored(target: &ObjectId, revoked: &[&Grant], who: &str, cx: &Context) -> Vec<Statement> {
    let columns = cx.catalogs.desired.used_by(target);
    let columns = columns.filter(|id| matches!(id.kind, ObjectKind::Column | ObjectKind::Attribute));
    let mut statements = Vec::new();
    for column in columns {
        let id = ObjectId::satellite(ObjectKind::Privilege, column);
        let Some((Object::Privilege(privilege), Object::Privilege(before))) = cx.desired(&id).zip(cx.current(&id)) else {
            continue;
        };
        let kept = privilege.grants.intersection(&before.grants);
        let hit = |grant: &&Grant| {
            revoked.iter().any(|gone| gone.who() == grant.who() && gone.privilege() == grant.privilege())
        };
        statements.extend(kept.filter(hit).map(|grant| {
            let option = if grant.grantable() { " WITH GRANT OPTION" } else { "" };
            let (privilege, name, table) = (grant.privilege(), column.name(), column.owner_sql());
            Statement::new(format!("GRANT {privilege} ({name}) ON TABLE {table} TO {who}{option}"))
        }));
    }
    statements
}

type Differences<'a> = BTreeMap<(Grantee, Option<&'a str>), (Vec<&'a Grant>, Vec<&'a Grant>)>;

/// What to revoke from and what to grant to each grantee. A grant option is taken away by revoking the privilege.
fn by_grantee<'a>(current: &'a BTreeSet<Grant>, desired: &'a BTreeSet<Grant>) -> Differences<'a> {
    let mut differences = Differences::new();
    let same = |grant: &Grant, other: &Grant| grant.who() == other.who() && grant.privilege() == other.privilege();
    for grant in current.difference(desired) {
        let weakened = grant.grantable() || !desired.iter().any(|other| same(grant, other));
        if weakened {
            differences.entry(grant.who()).or_default().0.push(grant);
        }
    }
    for grant in desired.difference(current) {
        differences.entry(grant.who()).or_default().1.push(grant);
    }
    differences
}

/// The owner that the object has when the statement runs.
fn owner(target: &ObjectId, cx: &Context) -> String {
    let mut at = target.clone();
    loop {
        let id = ObjectId::satellite(ObjectKind::Ownership, &at);
        let known = cx.desired(&id).or_else(|| cx.current(&id));
        if let Some(Object::Ownership(ownership)) = known {
            return ownership.owner.clone();
        }
        let holder = cx.desired(&at).or(cx.current(&at)).and_then(|object| object.carried_by(&at).into_iter().next());
        match holder {
            Some(whole) => at = whole,
            None => return cx.catalogs.current.role.clone(),
        }
    }
}
