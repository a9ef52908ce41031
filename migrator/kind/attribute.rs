//! The columns of what is no table: views, materialized views, composite types (`pg_attribute`).
//! They come and go with their relation; they are objects because comments, privileges and defaults hang on them.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    of: ObjectKind,
    default: Option<String>,
    statistics: Option<i32>,
    storage: Option<String>,
    type_storage: String,
    compression: Option<String>,
}

impl Kind for Attribute {
    const LABEL: &'static str = "attribute";
    const NEEDS_AS_WHOLE: bool = true;
    const QUERY: &'static str = "
        select 'pg_class'::regclass::oid, c.oid, a.attnum::integer, array[c.schema, c.relname, a.attname]::text[],
            case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'composite_type' end as of,
            pg_get_expr(d.adbin, d.adrelid) as default,
            case when c.relkind = 'm' then nullif(a.attstattarget, -1) end as statistics,
            case when c.relkind = 'm' and a.attstorage <> t.typstorage then case a.attstorage
                when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end end as storage,
            case t.typstorage
                when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end as type_storage,
            case when c.relkind = 'm' then
                case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end end as compression
        from relation c join pg_attribute a on a.attrelid = c.oid left join pg_type t on t.oid = a.atttypid
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relkind in ('v', 'm', 'c') and a.attnum > 0 and not a.attisdropped";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.parent(self.of))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let fresh = Self { default: None, statistics: None, storage: None, compression: None, ..self.clone() };
        Recipe::many(self.changes(id, &fresh))
    }

    fn drop(&self, _: &ObjectId, _: &Context) -> Recipe {
        Recipe::none()
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        Alteration::InPlace(Recipe::many(change.desired.changes(id, change.current)))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    /// It comes with what took the name of its type.
    fn follow(_: &ObjectId, _: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
        if cx.is_dropped(used) { Alteration::Replace } else { Alteration::Rebuild(Recipe::none()) }
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.default.iter_mut().for_each(|default| renaming.sql(default));
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("COLUMN {}", id.sql())
    }
}

impl Attribute {
    fn changes(&self, id: &ObjectId, current: &Self) -> Vec<Statement> {
        let Attribute { of, default, statistics, storage, type_storage, compression } = self;
        let verb = if *of == ObjectKind::MaterializedView { "MATERIALIZED VIEW" } else { "VIEW" };
        let view = id.parent(*of);
        let alter = |what: String, mode: LockMode| {
            Statement::new(format!("ALTER {verb} {} ALTER COLUMN {} {what}", id.owner_sql(), id.name())).lock(mode, &view)
        };
        let mut statements = Vec::new();
        if *default != current.default {
            statements.push(match default {
                Some(default) => alter(format!("SET DEFAULT {default}"), LockMode::AccessExclusive),
                None => alter("DROP DEFAULT".to_owned(), LockMode::AccessExclusive).contract(),
            });
        }
        if *statistics != current.statistics {
            statements.push(alter(format!("SET STATISTICS {}", statistics.unwrap_or(-1)), LockMode::ShareUpdateExclusive));
        }
        if *storage != current.storage {
            statements.push(alter(format!("SET STORAGE {}", storage.as_ref().unwrap_or(type_storage)), LockMode::AccessExclusive));
        }
        if *compression != current.compression {
            statements.push(alter(format!("SET COMPRESSION {}", compression.as_deref().unwrap_or("default")), LockMode::AccessExclusive));
        }
        statements
    }
}
