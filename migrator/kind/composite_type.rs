//! Composite types that stand alone (documentation chapter 8.16; `pg_type` with its `pg_class` row of relkind `c`).
//! The order of the attributes is part of the meaning. A table's row type is the table's.
//! Also here: how a type that cannot be altered is replaced under its columns, which domains and enums share.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, HazardKind, LockMode, Recipe, Statement};

const BY_POSITION: &str = "values of the type are cast through text, by position";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositeType {
    attributes: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Member {
    name: String,
    #[serde(rename = "type")]
    data_type: String,
    collation: Option<String>,
}

impl Member {
    fn sql(&self) -> String {
        let collation = self.collation.as_ref().map_or(String::new(), |collation| format!(" COLLATE {collation}"));
        format!("{} {}{collation}", quote(&self.name), self.data_type)
    }
}

impl Kind for CompositeType {
    const LABEL: &'static str = "composite type";
    const NAMES_TYPES: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TYPES");
    const QUERY: &'static str = "
        select 'pg_type'::regclass::oid, t.oid, 0, array[s.name, t.typname]::text[],
            coalesce((
                select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                    'collation', case when a.attcollation <> b.typcollation then a.attcollation::regcollation::text end)
                    order by a.attnum)
                from pg_attribute a join pg_type b on b.oid = a.atttypid
                where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '[]') as attributes
        from pg_type t join user_schema s on s.oid = t.typnamespace join pg_class c on c.oid = t.typrelid
        where t.typtype = 'c' and c.relkind = 'c'
            and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("type", id.path.clone()), ("relation", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let attributes = self.attributes.iter().map(Member::sql).collect::<Vec<_>>().join(", ");
        Recipe::one(Statement::new(format!("CREATE TYPE {} AS ({attributes})", id.sql())))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        drop_type(id)
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let CompositeType { attributes } = change.desired;
        let held = is_stored(id, cx);
        // PostgreSQL retypes no attribute under the eyes of whoever looks at it.
        let seen = |attribute: &str| {
            let attribute = id.child(ObjectKind::Attribute, attribute);
            cx.catalogs.current.used_by(&attribute).any(|user| !user.kind.is_satellite())
        };
        match in_place(id, &change.current.attributes, attributes, |attribute| held || seen(attribute)) {
            Some(statements) => {
                let mut recipe = Recipe::many(statements);
                let when = if is_seen_through(id, cx) { &mut recipe.finish } else { &mut recipe.establish };
                when.splice(0..0, dropped(id, change, held, cx));
                let all = recipe.establish.iter_mut().chain(&mut recipe.finish);
                all.for_each(|statement| *statement = cascading(statement.clone(), id, cx));
                Alteration::InPlace(recipe)
            }
            None => rebuild_type(id, change.desired, cx, (HazardKind::DataLoss, BY_POSITION)),
        }
    }

    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if cx.is_dropped(used) {
            return Alteration::Replace;
        }
        if change.differs() {
            return rebuild_type(id, change.desired, cx, (HazardKind::DataLoss, BY_POSITION));
        }
        let note = "values of the type are cast through text, because the type of an attribute is replaced";
        rebuild_type(id, change.desired, cx, (HazardKind::MayFailOnData, note))
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("TYPE {}", id.sql())
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER TYPE {} RENAME TO {}", id.sql(), quote(name))).contract()))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        for attribute in &mut self.attributes {
            renaming.sql(&mut attribute.data_type);
        }
    }
}

/// Whether columns hold values of the type, be it inside other types, so that PostgreSQL refuses to retype an attribute.
fn is_stored(id: &ObjectId, cx: &Context) -> bool {
    cx.catalogs.current.used_by(id).any(|user| match user.kind {
        ObjectKind::Column | ObjectKind::Table => !cx.is_new(user),
        ObjectKind::CompositeType | ObjectKind::Domain | ObjectKind::RangeType => is_stored(user, cx),
        _ => false,
    })
}

/// Whether columns hold values of the type inside other types: then PostgreSQL checks nothing about it.
pub(super) fn is_stored_inside(id: &ObjectId, cx: &Context) -> bool {
    cx.catalogs.current.used_by(id).any(|user| match (user.kind, cx.current(user)) {
        (ObjectKind::Column, Some(Object::Column(column))) => !cx.is_new(user) && !column.is_of(id),
        (ObjectKind::CompositeType | ObjectKind::RangeType, _) => is_stored(user, cx),
        (ObjectKind::Domain, Some(Object::Domain(domain))) => {
            if domain.is_over(id) { is_stored_inside(user, cx) } else { is_stored(user, cx) }
        }
        _ => false,
    })
}

/// Whether something looks at single attributes, and has to look away before one goes.
fn is_seen_through(id: &ObjectId, cx: &Context) -> bool {
    let current = cx.catalogs.current;
    let attributes = current.used_by(id).filter(|part| part.kind == ObjectKind::Attribute);
    attributes.flat_map(|part| current.used_by(part)).chain(current.used_by(id)).any(|user| {
        matches!(
            user.kind,
            ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Constraint
                | ObjectKind::Index
                | ObjectKind::Statistics
                | ObjectKind::Policy
                | ObjectKind::Rule
                | ObjectKind::ColumnDefault
                | ObjectKind::Routine
                | ObjectKind::Trigger
                | ObjectKind::DomainConstraint
        )
    })
}

/// CASCADE reaches tables of the type, but would also take along whatever looks at the attribute.
fn dropped(id: &ObjectId, change: Pair<&CompositeType>, held: bool, cx: &Context) -> Vec<Statement> {
    let typed = cx.catalogs.current.used_by(id).any(|user| user.kind == ObjectKind::Table);
    let cascade = if typed { " CASCADE" } else { "" };
    let drop = |gone: &Member| {
        let sql = format!("ALTER TYPE {} DROP ATTRIBUTE {}{cascade}", id.sql(), quote(&gone.name));
        let drop = Statement::new(sql).contract();
        if held { drop.hazard(HazardKind::DataLoss, id, "the attribute's values go with it") } else { drop }
    };
    change.current.attributes.iter().filter(|gone| !named(&change.desired.attributes, &gone.name)).map(drop).collect()
}

/// CASCADE alters the tables of the type along.
fn cascading(statement: Statement, id: &ObjectId, cx: &Context) -> Statement {
    let typed = cx.catalogs.current.used_by(id).filter(|user| user.kind == ObjectKind::Table && !cx.is_new(user));
    statement.lock_each(LockMode::AccessExclusive, typed.flat_map(|table| super::inheritance::tree(table, cx)))
}

fn named(members: &[Member], name: &str) -> bool {
    members.iter().any(|member| member.name == name)
}

fn in_place(
    id: &ObjectId,
    current: &[Member],
    desired: &[Member],
    fixed: impl Fn(&str) -> bool,
) -> Option<Vec<Statement>> {
    let kept: Vec<&Member> = current.iter().filter(|member| named(desired, &member.name)).collect();
    let aligned = kept.len() <= desired.len() && kept.iter().zip(desired).all(|(a, b)| a.name == b.name);
    if !aligned {
        return None;
    }
    let sql = id.sql();
    let mut statements = Vec::new();
    for (old, new) in kept.iter().zip(desired).filter(|(old, new)| **old != *new) {
        if fixed(&old.name) {
            return None;
        }
        let collation = new.collation.as_ref().map_or(String::new(), |collation| format!(" COLLATE {collation}"));
        let name = quote(&old.name);
        let sql = format!("ALTER TYPE {sql} ALTER ATTRIBUTE {name} TYPE {}{collation} CASCADE", new.data_type);
        statements.push(Statement::new(sql).contract());
    }
    let added = desired[kept.len()..].iter();
    // Code that writes whole values, `ROW(1, 2)` or '(1,2)', writes one field too few from then on.
    let add = |new: &Member| Statement::new(format!("ALTER TYPE {sql} ADD ATTRIBUTE {} CASCADE", new.sql())).contract();
    statements.extend(added.map(add));
    Some(statements)
}

pub(super) fn drop_type(id: &ObjectId) -> Recipe {
    Recipe::one(Statement::new(format!("DROP TYPE {}", id.sql())).contract())
}

/// Renames the type away and creates the new one under its name; the columns follow by a cast (see `column.rs`), and
/// then the old type is dropped.
pub(super) fn rebuild_type<K: Kind>(id: &ObjectId, desired: &K, cx: &Context, hazard: (HazardKind, &str)) -> Alteration {
    replaced_aside("TYPE", id, desired, cx, hazard)
}

/// The same for what ALTER and DROP know by another word than TYPE.
pub(super) fn replaced_aside<K: Kind>(
    word: &str,
    id: &ObjectId,
    desired: &K,
    cx: &Context,
    hazard: (HazardKind, &str),
) -> Alteration {
    let made = desired.create(id, &[], cx);
    set_aside(word, id, made, hazard)
}

/// The same with a recipe that makes the new one.
pub(super) fn set_aside(word: &str, id: &ObjectId, made: Recipe, hazard: (HazardKind, &str)) -> Alteration {
    let aside = super::index::temporary(id.raw_name());
    let schema = id.owner_sql();
    let away = Statement::new(format!("ALTER {word} {} RENAME TO {}", id.sql(), quote(&aside)));
    let mut establish = vec![away.contract().hazard(hazard.0, id, hazard.1)];
    establish.extend(made.establish.into_iter().map(|made| made.contract().joined()));
    let drop = Statement::new(format!("DROP {word} {schema}.{}", quote(&aside))).contract();
    Alteration::Swap(Recipe::many(establish).finish(drop))
}
