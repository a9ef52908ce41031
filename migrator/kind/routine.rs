//! Functions and procedures, window functions included (CREATE FUNCTION; catalog `pg_proc`).
//! `CREATE OR REPLACE` keeps everything that hangs on a routine, but cannot change its result or its arguments' names.
//! Bodies in quotes have no recorded dependencies; they are not checked when they are created.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, Object, ObjectId, ObjectKind};
use crate::name::{qualified, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routine {
    procedure: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    window: bool,
    /// As `pg_get_functiondef` gives it.
    definition: String,
    /// Names, modes and types of the arguments, without defaults.
    arguments: String,
    defaults: i32,
    result: Option<String>,
    /// The types that consist of it and others, and that it speaks of: their shells are there before it, and it goes
    /// with them.
    part_of: Vec<ObjectId>,
    /// Its language, where that is not SQL or PL/pgSQL, which everybody may use.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    language: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    leakproof: bool,
}

impl Kind for Routine {
    const LABEL: &'static str = "function";
    const TYPES_AT: Option<usize> = Some(2);
    const ARGUMENTS: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("FUNCTIONS");
    const QUERY: &'static str = "
        with part as materialized (
            select d.refobjid, json_agg(distinct jsonb_build_object('kind', case t.typtype when 'b' then 'base_type' else 'range_type' end,
                'path', jsonb_build_array(n.nspname, t.typname))) as types
            from pg_depend d join pg_type t on t.oid = d.objid and t.typtype in ('b', 'r')
                join pg_namespace n on n.oid = t.typnamespace
                join pg_depend b on b.classid = 'pg_proc'::regclass and b.objid = d.refobjid
                    and b.refclassid = 'pg_type'::regclass and b.refobjid = t.oid
            where d.classid = 'pg_type'::regclass and d.refclassid = 'pg_proc'::regclass
            group by d.refobjid)
        select 'pg_proc'::regclass::oid, p.oid, 0,
            array[s.name, p.proname, coalesce((select string_agg(format_type(t.oid, null), ', ' order by t.n)
                from unnest(p.proargtypes) with ordinality t(oid, n)), '')]::text[],
            p.prokind = 'p' as procedure, p.prokind = 'w' as window, pg_get_functiondef(p.oid) as definition,
            pg_get_function_identity_arguments(p.oid) as arguments, p.pronargdefaults as defaults,
            pg_get_function_result(p.oid) as result, coalesce(t.types, '[]') as part_of,
            p.proleakproof as leakproof, (
                select l.lanname from pg_language l where l.oid = p.prolang and l.lanname not in ('sql', 'plpgsql')) as language
        from pg_proc p join user_schema s on s.oid = p.pronamespace left join part t on t.refobjid = p.oid
        where p.prokind in ('f', 'p', 'w')
            and not exists (select from pg_depend i where i.classid = 'pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i')
            and not exists (select from member m where m.classid = 'pg_proc'::regclass and m.objid = p.oid)";

    fn requires(&self, _: &ObjectId) -> Vec<ObjectId> {
        self.part_of.iter().map(super::base_type::shell).collect()
    }

    fn carried_by(&self, _: &ObjectId) -> Vec<ObjectId> {
        self.part_of.clone()
    }

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("routine", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let mut create = Statement::new(self.definition.trim_end());
        create.objection = self.language.as_ref().map(|language| super::objection::in_language(id, language));
        if self.leakproof {
            create = create.by_superuser(id, &[], "only a superuser defines leakproof functions");
        }
        let again = super::extension_dependency::again(id, cx);
        let recipe = |create| Recipe::many(std::iter::once(create).chain(again).collect());
        let Some(Object::Routine(current)) = cx.current(id) else {
            return recipe(if self.defaults > 0 && is_overloaded(id, cx) { create.contract() } else { create });
        };
        if self.result == current.result && self.arguments == current.arguments && self.defaults >= current.defaults {
            return recipe(create);
        }
        let note = "its result, or the names or defaults of its arguments, are no longer the same";
        recipe(create.contract().hazard(HazardKind::BreaksOldCode, id, note))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP {}", self.address(id))).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Routine { procedure, window, definition, arguments, defaults, result, part_of, .. } = change.desired;
        // Both stand in the definition too.
        let Routine { language: _, leakproof: _, .. } = change.desired;
        let current = change.current;
        if *part_of != current.part_of && *definition == current.definition {
            return Alteration::InPlace(Recipe::none());
        }
        let kind = (*procedure, *window) == (current.procedure, current.window);
        let same = kind && *arguments == current.arguments && *result == current.result;
        if same && *defaults >= current.defaults {
            return Alteration::InPlace(change.desired.create(id, &[], cx));
        }
        Alteration::Replace
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt && used.kind.is_satellite()
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("{} {}", if self.procedure { "PROCEDURE" } else { "FUNCTION" }, signature(id))
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let note = "application code that uses the old name fails";
        let rename = Statement::new(format!("ALTER {} RENAME TO {}", self.address(id), quote(name))).contract();
        Some(Recipe::one(rename.hazard(HazardKind::BreaksOldCode, id, note)))
    }

    fn renamed(&mut self, id: &ObjectId, renaming: &Renaming, _: &Catalog) {
        if *id == renaming.from {
            let (old, new) = (qualified(id.path.head(2).iter()), qualified(renaming.to().path.head(2).iter()));
            self.definition = self.definition.replacen(&old, &new, 1);
        }
        renaming.text(&mut self.definition);
        // A quoted body is a string: what it names is not followed, and the desired one is put in its place.
        renaming.sql(&mut self.arguments);
        self.result.iter_mut().for_each(|result| renaming.sql(result));
    }

    fn title(id: &ObjectId) -> String {
        format!("function {}", signature(id))
    }
}

/// Whether one of its name is on its way out. Beside one with defaults, a call that fits both would be ambiguous.
fn is_overloaded(id: &ObjectId, cx: &Context) -> bool {
    let mut routines = cx.catalogs.current.objects().keys().filter(|other| other.kind == ObjectKind::Routine);
    routines.any(|other| other.path.names()[..2] == id.path.names()[..2] && cx.is_dropped(other))
}

/// `schema.name(integer, text)`.
pub(super) fn signature(id: &ObjectId) -> String {
    match id.path.names()[..] {
        [schema, name, arguments] => format!("{}.{}({arguments})", quote(schema), quote(name)),
        _ => id.sql(),
    }
}
