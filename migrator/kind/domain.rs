//! Domains (documentation chapter 8.18; `pg_type` with typtype `d`).
//! Default and NOT NULL are altered in place, constraints are objects of their own; a new base type needs a new domain.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    base: String,
    collation: Option<String>,
    default: Option<String>,
    not_null: bool,
    /// What NOT NULL is called, if not as PostgreSQL calls it by itself: from 17 on it has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_null_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_null_comment: Option<String>,
}

impl Kind for Domain {
    const LABEL: &'static str = "domain";
    const NAMES_TYPES: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TYPES");
    const QUERY: &'static str = "
        select 'pg_type'::regclass::oid, t.oid, 0, array[s.name, t.typname]::text[],
            format_type(t.typbasetype, t.typtypmod) as base,
            case when t.typcollation <> b.typcollation then t.typcollation::regcollation::text end as collation,
            pg_get_expr(t.typdefaultbin, 0) as default, t.typnotnull as not_null,
            nullif(k.conname, t.typname || '_not_null') as not_null_name, (
                select d.description from pg_description d
                where d.objoid = k.oid and d.classoid = 'pg_constraint'::regclass) as not_null_comment
        from pg_type t join user_schema s on s.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype
            left join pg_constraint k on k.contypid = t.oid and k.contype = 'n'
        where t.typtype = 'd'
            and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("type", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, parts: &[Fragment], _: &Context) -> Recipe {
        let mut sql = format!("CREATE DOMAIN {} AS {}", id.sql(), self.base);
        sql.extend(self.collation.iter().map(|collation| format!(" COLLATE {collation}")));
        sql.extend(self.default.iter().map(|default| format!(" DEFAULT {default}")));
        if self.not_null {
            sql.extend(self.not_null_name.iter().map(|name| format!(" CONSTRAINT {}", quote(name))));
            sql.push_str(" NOT NULL");
        }
        sql.extend(parts.iter().map(|part| format!("\n    {}", part.sql)));
        let comment = self.not_null_comment.iter().map(|_| self.comment(id).joined());
        Recipe::many(std::iter::once(Statement::new(sql)).chain(comment).collect())
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP DOMAIN {}", id.sql())).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Domain { base, collation, default, not_null, not_null_name, not_null_comment } = change.desired;
        if *base != change.current.base || *collation != change.current.collation {
            let note = "columns of the domain are cast to its new base type";
            return replaced(id, change, cx, note);
        }
        if *not_null && !change.current.not_null && super::composite_type::is_stored_inside(id, cx) {
            let note = "a null inside another type makes the cast fail; PostgreSQL would not look for it there";
            return replaced(id, change, cx, note);
        }
        let alter = |what: String| Statement::new(format!("ALTER DOMAIN {} {what}", id.sql()));
        let mut statements = Vec::new();
        if *default != change.current.default {
            statements.push(match default {
                Some(default) => alter(format!("SET DEFAULT {default}")),
                None => alter("DROP DEFAULT".to_owned()).contract(),
            });
        }
        if *not_null != change.current.not_null {
            statements.push(if *not_null {
                let note = "a null in a column of the domain makes it fail";
                let named = not_null_name.as_ref().map(|name| format!("ADD CONSTRAINT {} NOT NULL", quote(name)));
                let set = named.unwrap_or("SET NOT NULL".to_owned());
                alter(set).contract().lock_each(LockMode::Share, columns(id, cx)).scanning(columns(id, cx)).hazard(HazardKind::MayFailOnData, id, note)
            } else {
                alter("DROP NOT NULL".to_owned())
            });
        } else if *not_null_name != change.current.not_null_name {
            let names = change.map(|domain| quote(&domain.constraint_name(id)));
            statements.push(alter(format!("RENAME CONSTRAINT {} TO {}", names.current, names.desired)));
        }
        let before = change.current.not_null_comment.as_ref().filter(|_| *not_null && change.current.not_null);
        if *not_null && not_null_comment.as_ref() != before {
            statements.push(change.desired.comment(id));
        }
        Alteration::InPlace(Recipe::many(statements))
    }

    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if used.kind == ObjectKind::DomainConstraint {
            let note = "a value inside another type that breaks the check makes the cast fail";
            return replaced(id, change, cx, note);
        }
        if cx.is_dropped(used) || matches!(used.kind, ObjectKind::Routine | ObjectKind::Sequence) {
            return Alteration::Replace;
        }
        let note = "columns of the domain are cast to its new base type";
        replaced(id, change, cx, note)
    }

    fn match_versions(&mut self, _: &ObjectId, prod: &Self, majors: Pair<u32>) -> Option<String> {
        if majors.current < 17 || majors.desired < 17 {
            self.not_null_name.clone_from(&prod.not_null_name);
            self.not_null_comment.clone_from(&prod.not_null_comment);
        }
        None
    }

    fn grant_address(&self, id: &ObjectId) -> String {
        format!("TYPE {}", id.sql())
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER DOMAIN {} RENAME TO {}", id.sql(), quote(name))).contract()))
    }

    fn renamed(&mut self, id: &ObjectId, renaming: &Renaming, catalog: &Catalog) {
        if *id == renaming.from && self.not_null && catalog.major >= 17 {
            // It keeps the name that it was given.
            let name = self.constraint_name(id);
            self.not_null_name = Some(name).filter(|name| *name != usual_name(&renaming.name));
        }
        renaming.sql(&mut self.base);
        self.default.iter_mut().for_each(|default| renaming.sql(default));
    }
}

impl Domain {
    fn constraint_name(&self, id: &ObjectId) -> String {
        self.not_null_name.clone().unwrap_or_else(|| usual_name(id.raw_name()))
    }

    fn comment(&self, id: &ObjectId) -> Statement {
        let address = format!("CONSTRAINT {} ON DOMAIN {}", quote(&self.constraint_name(id)), id.sql());
        super::comment::on(&address, self.not_null_comment.as_deref())
    }

    /// Whether the type is what the domain restricts, and not only a part of that.
    pub(super) fn is_over(&self, id: &ObjectId) -> bool {
        self.base == id.sql()
    }
}

/// The tables with a column of the domain, or of one over it: whoever tightens the domain reads their rows.
pub(super) fn columns(id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
    let users = cx.catalogs.current.used_by(id).flat_map(|user| match (user.kind, cx.current(user)) {
        (ObjectKind::Column, Some(Object::Column(column))) if column.is_of(id) => vec![user.parent(ObjectKind::Table)],
        (ObjectKind::Domain, Some(Object::Domain(domain))) if domain.is_over(id) => columns(user, cx),
        _ => Vec::new(),
    });
    users.collect()
}

/// What PostgreSQL calls a domain's NOT NULL by itself.
fn usual_name(domain: &str) -> String {
    format!("{domain}_not_null")
}

/// The domain of this name, which the user is of.
fn named<'a>(data_type: &str, user: &ObjectId, catalog: &'a Catalog) -> Option<(&'a ObjectId, &'a Domain)> {
    let mut used = catalog.uses(user).filter(|used| used.kind == ObjectKind::Domain && used.sql() == data_type);
    used.find_map(|id| match catalog.get(id) {
        Some(Object::Domain(domain)) => Some((id, &**domain)),
        _ => None,
    })
}

/// The type under the domain that it names, or under its array's, down to what is no domain. The user is of that type.
pub(super) fn bare<'a>(data_type: &'a str, user: &ObjectId, catalog: &'a Catalog) -> Cow<'a, str> {
    let (element, array) = data_type.strip_suffix("[]").map_or((data_type, ""), |element| (element, "[]"));
    match named(element, user, catalog) {
        Some((id, domain)) => Cow::Owned(format!("{}{array}", bare(&domain.base, id, catalog))),
        None => Cow::Borrowed(data_type),
    }
}

/// Whether the type of this name, which the user is of, is a domain that does not take every value: a column of it is
/// checked row by row when it is added (`ATExecAddColumn`).
pub(super) fn is_constrained(data_type: &str, user: &ObjectId, cx: &Context) -> bool {
    let desired = cx.catalogs.desired;
    named(data_type, user, desired).is_some_and(|(id, domain)| {
        let checked = desired.used_by(id).any(|part| part.kind == ObjectKind::DomainConstraint);
        checked || domain.not_null || is_constrained(&domain.base, id, cx)
    })
}

/// The new domain has its constraints from the start: the cast of every value checks them.
fn replaced(id: &ObjectId, change: Pair<&Domain>, cx: &Context, note: &str) -> Alteration {
    let desired = cx.catalogs.desired;
    let constraints = desired.used_by(id).filter(|user| super::domain_constraint::comes_with_domain(user, id, cx));
    let parts: Vec<Fragment> = constraints.clone().filter_map(|part| cx.desired(part)?.fragment(part, &[], cx)).collect();
    let hazard = super::retype::replaced(change.map(|domain| &*domain.base));
    let aside = super::composite_type::set_aside("TYPE", id, change.desired.create(id, &parts, cx), (hazard, note));
    let called = constraints.flat_map(|part| desired.uses(part)).filter(|used| cx.is_new(used));
    match aside {
        Alteration::Swap(recipe) => Alteration::Swap(recipe.needs(called.cloned())),
        other => other,
    }
}
