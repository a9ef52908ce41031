//! Default privileges (chapter 5.8, ALTER DEFAULT PRIVILEGES; catalog `pg_default_acl`): what objects get that a role will
//! create, everywhere or in one schema. What a role's entry for all schemas says replaces what PostgreSQL grants by
//! itself; what one for a schema says comes on top.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::{AccessList, Changes, Form, entries, entries_beyond};
use super::initial_privilege::InitialPrivilege;
use crate::catalog::Catalog;
use crate::context::{Context, Wish};
use crate::kind::{Group, Kind, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, Phase, Recipe, Statement};

const KIND: ObjectKind = ObjectKind::DefaultPrivilege;

/// Its names are the schema (empty for all schemas), the role, and the objects' word in the statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrivilege {
    #[serde(flatten)]
    list: AccessList,
}

impl Kind for DefaultPrivilege {
    const LABEL: &'static str = "default privileges";
    const SELDOM: Option<&'static str> = Some("pg_default_acl");
    const OPTIONAL: Option<Group> = Some(Group::Privileges);
    const QUERY: &'static str = concat!(
        "select 'pg_default_acl'::regclass::oid, d.oid, 0, array[coalesce(s.name, ''), pg_get_userbyid(d.defaclrole),
                case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS'
                    when 'T' then 'TYPES' when 'n' then 'SCHEMAS' else 'LARGE OBJECTS' end]::text[],
            ", entries_beyond!("d.acl", "d.base", "d.defaclrole"), " as granted,
            ", entries_beyond!("d.base", "d.acl", "d.defaclrole"), " as revoked
        from (
            select x.*, x.defaclacl as acl, case when x.defaclnamespace = 0
                then acldefault(case x.defaclobjtype when 'S' then 's' else x.defaclobjtype end::\"char\", x.defaclrole) end as base
            from pg_default_acl x) d
            left join user_schema s on s.oid = d.defaclnamespace
        where (d.defaclnamespace = 0 or s.oid is not null)
            and not exists (select from member m where m.classid = 'pg_default_acl'::regclass and m.objid = d.oid)"
    );

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        schema(id).map(|schema| ObjectId::new(ObjectKind::Schema, [schema]))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        recipe(id, Pair::new(&AccessList::default(), &self.list), cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        recipe(id, Pair::new(&self.list, &AccessList::default()), cx).in_one()
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let DefaultPrivilege { list: _ } = change.desired;
        Alteration::InPlace(recipe(id, change.map(|side| &side.list), cx))
    }

    fn roles(&self, id: &ObjectId) -> Vec<String> {
        let role = role(id).to_owned();
        std::iter::once(role).chain(self.list.roles()).collect()
    }

    fn wanted(id: &ObjectId, sides: Pair<Option<&Self>>, wish: &Wish) -> Option<Self> {
        if !wish.speaks_of(role(id)) {
            return sides.current.cloned();
        }
        let nothing = AccessList::default();
        let lists = sides.map(|side| side.map_or(&nothing, |side| &side.list));
        let list = AccessList::wanted(lists, role(id), false, wish, |role| !wish.speaks_of(role));
        (!list.is_empty()).then_some(Self { list })
    }

    fn governors(id: &ObjectId, _: Pair<Option<&Self>>, _: Pair<&Catalog>) -> Vec<String> {
        vec![role(id).to_owned()]
    }

    fn title(id: &ObjectId) -> String {
        let schema = schema(id).map_or(String::new(), |schema| format!(" in schema {}", quote(schema)));
        format!("default privileges of {} for {}{schema}", quote(role(id)), id.raw_name().to_lowercase())
    }
}

fn schema(id: &ObjectId) -> Option<&str> {
    id.path.first().filter(|schema| !schema.is_empty())
}

fn role(id: &ObjectId) -> &str {
    &id.path[1]
}

fn changes(id: &ObjectId, change: Pair<&AccessList>) -> Changes {
    let within = schema(id).map_or(String::new(), |schema| format!("IN SCHEMA {} ", quote(schema)));
    let prefix = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {} {within}", quote(role(id)));
    let form = Form { prefix, on: id.raw_name().to_owned(), column: None, owner: role(id) };
    form.statements(change, |_, _, _| Vec::new())
}

/// The statement that makes the members of an extension in a schema: they shall not get what our role's default
/// privileges give now, if it goes as well, or if one member in dev lacks it: then those that have it are granted it one
/// by one. So that is set aside meanwhile.
pub(super) fn around(making: Statement, extension: &ObjectId, schema: &str, cx: &Context) -> Vec<Statement> {
    let current = cx.catalogs.current;
    let ours = |id: &&ObjectId| role(id) == current.role && (id.path[0].is_empty() || id.path[0] == *schema);
    let ids = current.objects().keys().filter(|id| id.kind == KIND).filter(ours);
    let meanwhile: Vec<_> = ids.map(|id| (id, Pair::new(list(cx.current(id)), kept(id, extension, cx)))).collect();
    let statements = |id: &ObjectId, change: Pair<&AccessList>| {
        let statements = changes(id, change).recipe().in_one().establish.into_iter();
        statements.map(|statement| Statement { phase: Phase::Expand, ..statement })
    };
    let aside = meanwhile.iter().flat_map(|(id, change)| statements(id, change.as_ref()));
    let back = meanwhile.iter().flat_map(|(id, change)| statements(id, change.as_ref().reversed()));
    let all = aside.chain([making]).chain(back).enumerate();
    all.map(|(at, statement)| Statement { joined: at > 0, ..statement }).collect()
}

/// What is in force now and stays so, but for what one of the members that it is about lacks in dev. Of roles that dev
/// does not know it says nothing; where nobody knows the members, one that has it will do.
fn kept(id: &ObjectId, extension: &ObjectId, cx: &Context) -> AccessList {
    let stays = list(cx.current(id)).common(&list(cx.desired(id)));
    let (known, unknown) = stays.split(&cx.catalogs.desired.roles);
    if known.is_empty() || !cx.compares(Group::Privileges) {
        return stays;
    }
    let having = super::initial_privilege::members_with(&known, extension, id.raw_name(), schema(id), cx);
    let all = match cx.desired(extension) {
        Some(Object::Extension(extension)) => extension.members_under(id.raw_name(), schema(id)),
        _ => None,
    };
    if all.map_or(having > 0, |all| having == all) { stays } else { unknown }
}

/// The word of ALTER DEFAULT PRIVILEGES for an object as statements address it.
pub(super) fn word(object: &str) -> Option<&'static str> {
    let is = |kinds: &[&str]| kinds.iter().any(|kind| object.strip_prefix(kind).is_some_and(|name| name.starts_with(' ')));
    let words = [
        ("TABLES", &["TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE"][..]),
        ("SEQUENCES", &["SEQUENCE"]),
        ("FUNCTIONS", &["FUNCTION", "PROCEDURE", "AGGREGATE"]),
        ("TYPES", &["TYPE"]),
    ];
    words.into_iter().find(|(_, kinds)| is(kinds)).map(|(word, _)| word)
}

fn list(object: Option<&Object>) -> AccessList {
    match object {
        Some(Object::DefaultPrivilege(object)) => object.list.clone(),
        _ => AccessList::default(),
    }
}

/// What the role that runs the plan creates gets what is in force in prod now, so these come after all of that.
fn recipe(id: &ObjectId, change: Pair<&AccessList>, cx: &Context) -> Recipe {
    let note = "who may do what with objects to come is no longer the same";
    let changes = changes(id, change);
    let changes = changes.map(|statement| super::access::confess(statement.by_member_of(role(id)), id, note));
    let ours = role(id) == cx.catalogs.current.role;
    let is_made = |made: &&ObjectId| {
        made.kind.default_privileges() == Some(id.raw_name())
            || matches!(made.kind, ObjectKind::InitialPrivilege | ObjectKind::Extension)
    };
    // A type that is rebuilt is made anew, without being dropped first.
    let made = || cx.created.iter().chain(cx.rebuilt).filter(is_made).chain(updated(cx)).cloned();
    let mut made: Vec<ObjectId> = if ours { made().collect() } else { Vec::new() };
    made.sort();
    let awaits = if ours && id.raw_name() == "SEQUENCES" { identities(cx) } else { Vec::new() };
    Recipe { awaits, ..changes.recipe().needs(made) }
}

/// The extensions that are there and shall be otherwise: of another version they have other members.
fn updated<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a ObjectId> {
    let (current, desired) = (cx.catalogs.current, cx.catalogs.desired);
    let extensions = desired.objects().iter().filter(|(id, _)| id.kind == ObjectKind::Extension);
    extensions.filter(|(id, object)| current.get(id).is_some_and(|other| other != *object)).map(|(id, _)| id)
}

/// The columns that get a sequence of their own.
fn identities(cx: &Context) -> Vec<ObjectId> {
    let has = |object: Option<&Object>| matches!(object, Some(Object::Column(column)) if column.identity_sequence().is_some());
    let columns = cx.catalogs.desired.objects().iter().filter(|(_, object)| has(Some(object))).map(|(id, _)| id);
    columns.filter(|id| cx.is_new(id) || !has(cx.current(id))).cloned().collect()
}

/// What an object has that the plan has just created, beside what PostgreSQL grants by itself.
pub(super) fn given_to(id: &ObjectId, current: &Catalog) -> AccessList {
    let Some(word) = id.kind.default_privileges() else { return AccessList::default() };
    given_within(id.path.first().filter(|_| id.path.len() > 1), word, current)
}

/// The same by the word and the schema.
pub(super) fn given_within(schema: Option<&str>, word: &str, current: &Catalog) -> AccessList {
    merged(schema, word, |schema| list(current.get(&ObjectId::new(KIND, [schema, current.role.as_str(), word]))))
}

/// The same for a member of an extension, which comes while some of it is set aside ([`around`]).
pub(super) fn given_to_member(extension: &ObjectId, schema: &str, word: &str, cx: &Context) -> AccessList {
    let role = cx.catalogs.current.role.as_str();
    merged(Some(schema), word, |schema| kept(&ObjectId::new(KIND, [schema, role, word]), extension, cx))
}

fn merged(schema: Option<&str>, word: &str, in_force: impl Fn(&str) -> AccessList) -> AccessList {
    let mut list = in_force("");
    let here = schema.map(&in_force);
    for grant in here.iter().flat_map(|list| &list.granted) {
        let by_itself = grant.is_to_owner() || grant.is_to_public() && matches!(word, "FUNCTIONS" | "TYPES");
        list.add(grant.clone(), by_itself);
    }
    list
}

/// The catalogs, with a list of privileges for each object that would get others if the plan created it: also what has
/// none but those that PostgreSQL grants by itself must then be brought to that.
pub fn explicit(sides: Pair<&Catalog>) -> Pair<Cow<'_, Catalog>> {
    let role = &sides.current.role;
    if !sides.current.objects().keys().any(|id| id.kind == KIND && self::role(id) == role) {
        return sides.map(Cow::Borrowed);
    }
    sides.map(|catalog| {
        let lists = catalog.objects().iter().filter_map(|(id, object)| {
            let (list, object, given) = match object {
                Object::Column(column) => {
                    column.identity_sequence()?;
                    let (list, object) = InitialPrivilege::of_identity(id);
                    let given = object.given(&list, sides.current);
                    (list, Object::InitialPrivilege(Arc::new(object)), given)
                }
                _ => {
                    let list = ObjectId::satellite(ObjectKind::Privilege, id);
                    (list, Object::Privilege(Arc::default()), given_to(id, sides.current))
                }
            };
            (!catalog.contains(&list) && !given.is_empty()).then_some((list, Some(object)))
        });
        Cow::Owned(catalog.with(lists.collect()))
    })
}
