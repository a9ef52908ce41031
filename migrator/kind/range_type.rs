//! Range types, each with its multirange type (documentation chapter 8.17; catalog `pg_range`).
//! Nothing but the names can be altered: a new type takes the name, and columns follow by a cast. The constructor
//! functions are the type's own, and keep their names when the type is renamed unless they are renamed too.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId};
use crate::name::{literal, qualified, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeType {
    subtype: String,
    /// Where it is not the subtype's default.
    operator_class: Option<String>,
    /// Where it is not the subtype's own.
    collation: Option<String>,
    canonical: Option<String>,
    /// Whether the canonical function is a user's, so that the type began as a shell.
    began_as_shell: bool,
    difference: Option<String>,
    multirange: Vec<String>,
}

impl Kind for RangeType {
    const LABEL: &'static str = "range type";
    const NAMES_TYPES: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TYPES");
    const QUERY: &'static str = "
        select 'pg_type'::regclass::oid, t.oid, 0, array[s.name, t.typname]::text[],
            format_type(r.rngsubtype, null) as subtype,
            case when not o.opcdefault then format('%I.%I', n.nspname, o.opcname) end as operator_class,
            case when r.rngcollation <> b.typcollation then r.rngcollation::regcollation::text end as collation,
            nullif(r.rngcanonical, 0)::regproc::text as canonical, r.rngcanonical >= 16384 as began_as_shell,
            nullif(r.rngsubdiff, 0)::regproc::text as difference, json_build_array(mn.nspname, m.typname) as multirange
        from pg_range r join pg_type t on t.oid = r.rngtypid join user_schema s on s.oid = t.typnamespace
            join pg_type b on b.oid = r.rngsubtype join pg_opclass o on o.oid = r.rngsubopc
            join pg_namespace n on n.oid = o.opcnamespace
            join pg_type m on m.oid = r.rngmultitypid join pg_namespace mn on mn.oid = m.typnamespace
        where not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)";

    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        self.began_as_shell.then(|| super::base_type::shell(id)).into_iter().collect()
    }

    /// The range's own name may be its shell's.
    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        let own = (!self.began_as_shell).then(|| ("type", id.path.clone()));
        own.into_iter().chain([("type", self.multirange.iter().collect())]).collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let RangeType { subtype, operator_class, collation, canonical, began_as_shell: _, difference, multirange } = self;
        let word = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} = {value}"));
        let options = [
            Some(format!("SUBTYPE = {subtype}")),
            Some(format!("MULTIRANGE_TYPE_NAME = {}", qualified(multirange))),
            word("SUBTYPE_OPCLASS", operator_class),
            word("COLLATION", collation),
            word("CANONICAL", canonical),
            word("SUBTYPE_DIFF", difference),
        ];
        let options = options.into_iter().flatten().collect::<Vec<_>>().join(",\n    ");
        Recipe::one(Statement::new(format!("CREATE TYPE {} AS RANGE (\n    {options}\n)", id.sql())))
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        if self.began_as_shell {
            return super::base_type::drop_with_functions(id, cx);
        }
        super::composite_type::drop_type(id)
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let RangeType { multirange, .. } = change.desired;
        let renamed = Self { multirange: multirange.clone(), ..change.current.clone() };
        if renamed == *change.desired && multirange.first() == change.current.multirange.first() {
            let name = multirange.last().map_or("", String::as_str);
            return Alteration::InPlace(Recipe::many(change.current.rename_multirange(id, name)));
        }
        replaced(id, change, cx)
    }

    fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if cx.is_dropped(used) { Alteration::Replace } else { replaced(id, change, cx) }
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("TYPE {}", id.sql())
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        if self.began_as_shell {
            return None;
        }
        let mut statements = self.rename_range(id, name);
        statements[0].phase = crate::statement::Phase::Contract;
        Some(Recipe::many(statements))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.subtype);
        let words = self.operator_class.iter_mut().chain(&mut self.collation).chain(&mut self.canonical);
        words.chain(&mut self.difference).for_each(|word| renaming.sql(word));
    }
}

/// Renames the type away and creates the new one under its name; columns follow by a cast (see `column.rs`).
fn replaced(id: &ObjectId, change: Pair<&RangeType>, cx: &Context) -> Alteration {
    let Pair { current, desired } = change;
    // A canonical function speaks of the type: it would have to be renamed with it.
    if current.began_as_shell || desired.began_as_shell {
        return Alteration::Replace;
    }
    let aside = super::index::temporary(id.raw_name());
    let multirange = current.multirange.last().map_or("", String::as_str);
    let away = format!("ALTER TYPE {} RENAME TO {}", id.sql(), quote(&aside));
    let many_away = format!("ALTER TYPE {} RENAME TO {}", qualified(&current.multirange), quote(&aside_multirange(multirange)));
    let note = "values of the type are cast through text";
    let hazard = super::retype::replaced(change.map(|range| &*range.subtype));
    let mut establish = vec![
        constructors(Statement::new(constructors_away(id)).contract(), id).hazard(hazard, id, note),
        Statement::new(away).contract().joined(),
        Statement::new(many_away).contract().joined(),
    ];
    establish.extend(desired.create(id, &[], cx).establish.into_iter().map(|made| made.contract().joined()));
    let drop = Statement::new(format!("DROP TYPE {}.{}", id.owner_sql(), quote(&aside))).contract();
    Alteration::Swap(Recipe::many(establish).finish(drop))
}

/// They are not his who made the type.
fn constructors(rename: Statement, id: &ObjectId) -> Statement {
    rename.by_superuser(id, &[], "a range type's constructors belong to the system's superuser, who alone renames them")
}

fn aside_multirange(name: &str) -> String {
    super::index::temporary(&format!("m_{name}"))
}

/// Renames the constructors, which the new type's would meet. Their arguments may be of types that were renamed before:
/// the server's own catalog knows them.
fn constructors_away(id: &ObjectId) -> String {
    let range = literal(&id.sql());
    super::base_type::block(&format!(
        "DECLARE
    constructor regprocedure;
BEGIN
    FOR constructor IN
        SELECT d.objid FROM pg_depend d JOIN pg_range r ON d.refobjid IN (r.rngtypid, r.rngmultitypid)
        WHERE r.rngtypid = {range}::regtype AND d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
    LOOP
        EXECUTE format('ALTER FUNCTION %s RENAME TO %I', constructor, 'migrator_tmp_' || constructor::oid);
    END LOOP;
END"
    ))
}

impl RangeType {
    /// The type and its constructors, for two and three arguments.
    fn rename_range(&self, id: &ObjectId, name: &str) -> Vec<Statement> {
        let (function, subtype, name) = (id.sql(), &self.subtype, quote(name));
        vec![
            constructors(Statement::new(format!("ALTER FUNCTION {function}({subtype}, {subtype}) RENAME TO {name}")), id),
            Statement::new(format!("ALTER FUNCTION {function}({subtype}, {subtype}, text) RENAME TO {name}")).joined(),
            Statement::new(format!("ALTER TYPE {} RENAME TO {name}", id.sql())).joined(),
        ]
    }

    /// The same of the multirange, for none, one and many arguments. Its constructors are in the range's schema.
    fn rename_multirange(&self, id: &ObjectId, name: &str) -> Vec<Statement> {
        let (multirange, name) = (qualified(&self.multirange), quote(name));
        let old = self.multirange.last().map(|name| quote(name)).unwrap_or_default();
        let (schema, range) = (id.owner_sql(), id.sql());
        let function = |arguments: &str| {
            Statement::new(format!("ALTER FUNCTION {schema}.{old}({arguments}) RENAME TO {name}")).joined()
        };
        vec![
            constructors(Statement::new(format!("ALTER TYPE {multirange} RENAME TO {name}")).contract(), id),
            function(""),
            function(&range),
            function(&format!("VARIADIC {range}[]")),
        ]
    }
}
