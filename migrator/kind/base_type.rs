//! Base types (documentation chapter 36.13; `pg_type` with typtype `b`), which only a superuser creates.
//! The type's functions need its shell, and the type needs them: see `shell_type.rs`. They can only go together.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::name::literal;
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseType {
    length: i32,
    input: String,
    output: String,
    receive: Option<String>,
    send: Option<String>,
    typmod_in: Option<String>,
    typmod_out: Option<String>,
    analyze: Option<String>,
    subscript: Option<String>,
    default: Option<String>,
    element: Option<String>,
    category: char,
    preferred: bool,
    delimiter: char,
    alignment: String,
    storage: String,
    by_value: bool,
    collatable: bool,
}

impl Kind for BaseType {
    const LABEL: &'static str = "base type";
    const NAMES_TYPES: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TYPES");
    const QUERY: &'static str = "
        select 'pg_type'::regclass::oid, t.oid, 0, array[s.name, t.typname]::text[],
            t.typlen::integer as length, t.typinput::regproc::text as input, t.typoutput::regproc::text as output,
            nullif(t.typreceive, 0)::regproc::text as receive, nullif(t.typsend, 0)::regproc::text as send,
            nullif(t.typmodin, 0)::regproc::text as typmod_in, nullif(t.typmodout, 0)::regproc::text as typmod_out,
            nullif(t.typanalyze, 0)::regproc::text as analyze, nullif(t.typsubscript, 0)::regproc::text as subscript,
            t.typdefault as default, format_type(nullif(t.typelem, 0), null) as element,
            t.typcategory as category, t.typispreferred as preferred, t.typdelim as delimiter,
            case t.typalign when 'c' then 'char' when 's' then 'int2' when 'i' then 'int4' else 'double' end as alignment,
            case t.typstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end as storage,
            t.typbyval as by_value, t.typcollation <> 0 as collatable
        from pg_type t join user_schema s on s.oid = t.typnamespace
        where t.typtype = 'b'
            and not exists (select from pg_type e where e.oid = t.typelem and e.typarray = t.oid)
            and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)";

    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![shell(id)]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let BaseType { length, input, output, receive, send, typmod_in, typmod_out, analyze, .. } = self;
        let BaseType { subscript, default, element, category, preferred, delimiter, .. } = self;
        let BaseType { alignment, storage, by_value, collatable, .. } = self;
        let word = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} = {value}"));
        let length = if *length == -1 { "variable".to_owned() } else { length.to_string() };
        let options = [
            Some(format!("INPUT = {input}")),
            Some(format!("OUTPUT = {output}")),
            word("RECEIVE", receive),
            word("SEND", send),
            word("TYPMOD_IN", typmod_in),
            word("TYPMOD_OUT", typmod_out),
            word("ANALYZE", analyze),
            word("SUBSCRIPT", subscript),
            Some(format!("INTERNALLENGTH = {length}")),
            by_value.then(|| "PASSEDBYVALUE".to_owned()),
            Some(format!("ALIGNMENT = {alignment}")),
            Some(format!("STORAGE = {storage}")),
            Some(format!("CATEGORY = {}", literal(&category.to_string()))),
            preferred.then(|| "PREFERRED = true".to_owned()),
            default.as_ref().map(|default| format!("DEFAULT = {}", literal(default))),
            word("ELEMENT", element),
            Some(format!("DELIMITER = {}", literal(&delimiter.to_string()))),
            collatable.then(|| "COLLATABLE = true".to_owned()),
        ];
        let options = options.into_iter().flatten().collect::<Vec<_>>().join(",\n    ");
        let create = Statement::new(format!("CREATE TYPE {} (\n    {options}\n)", id.sql()));
        Recipe::one(superuser(create, id))
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        drop_with_functions(id, cx)
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let BaseType { receive, send, typmod_in, typmod_out, analyze, subscript, storage, .. } = change.desired;
        let current = change.current;
        let altered = BaseType {
            receive: receive.clone(),
            send: send.clone(),
            typmod_in: typmod_in.clone(),
            typmod_out: typmod_out.clone(),
            analyze: analyze.clone(),
            subscript: subscript.clone(),
            storage: storage.clone(),
            ..current.clone()
        };
        let toasted = *storage == current.storage || storage != "plain";
        if altered != *change.desired || !toasted {
            return Alteration::Replace;
        }
        let function = |name: &str, old: &Option<String>, new: &Option<String>| {
            (old != new).then(|| format!("{name} = {}", new.as_deref().unwrap_or("NONE")))
        };
        let properties = [
            function("RECEIVE", &current.receive, receive),
            function("SEND", &current.send, send),
            function("TYPMOD_IN", &current.typmod_in, typmod_in),
            function("TYPMOD_OUT", &current.typmod_out, typmod_out),
            function("ANALYZE", &current.analyze, analyze),
            function("SUBSCRIPT", &current.subscript, subscript),
            (*storage != current.storage).then(|| format!("STORAGE = {storage}")),
        ];
        let properties = properties.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let set = Statement::new(format!("ALTER TYPE {} SET ({properties})", id.sql()));
        Alteration::InPlace(Recipe::one(superuser(set, id)))
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("TYPE {}", id.sql())
    }
}

fn superuser(statement: Statement, id: &ObjectId) -> Statement {
    statement.by_superuser(id, &[], "only a superuser creates base types and alters their properties")
}

pub(super) fn shell(id: &ObjectId) -> ObjectId {
    id.with_kind(ObjectKind::ShellType)
}

/// Type and functions depend on each other, and only CASCADE drops them. What else might fall stops the plan: whatever
/// the plan knows has been dropped before.
pub(super) fn drop_with_functions(id: &ObjectId, cx: &Context) -> Recipe {
    let functions = cx.catalogs.current.carries(id).filter(|carried| carried.kind == ObjectKind::Routine);
    let functions = functions.map(|function| {
        let signature = literal(&super::routine::signature(function));
        format!(", ('pg_proc'::regclass::oid, {signature}::regprocedure::oid)")
    });
    let (of, functions) = (literal(&id.sql()), functions.collect::<String>());
    let check = block(&format!(
        "BEGIN
    IF EXISTS (
        WITH RECURSIVE own (class, id) AS (
            VALUES ('pg_type'::regclass::oid, {of}::regtype::oid){functions}
            UNION SELECT d.classid, d.objid FROM pg_depend d JOIN own ON (d.refclassid, d.refobjid) = (own.class, own.id) WHERE d.deptype = 'i'
        )
        SELECT FROM pg_depend d JOIN own ON (d.refclassid, d.refobjid) = (own.class, own.id)
        WHERE NOT EXISTS (SELECT FROM own WHERE (own.class, own.id) = (d.classid, d.objid))
    ) THEN
        RAISE EXCEPTION 'something that the plan does not know depends on the type or its functions' USING ERRCODE = '2BP01';
    END IF;
END"
    ));
    let drop = Statement::new(format!("DROP TYPE {} CASCADE", id.sql())).contract().joined();
    Recipe::many(vec![Statement::new(check).contract(), drop])
}

/// DO, in dollar quotes that the text itself does not hold.
pub(super) fn block(text: &str) -> String {
    let mut tag = "$plan$".to_owned();
    while text.contains(&tag) {
        tag.insert(1, '_');
    }
    format!("DO {tag}{text}{tag}")
}
