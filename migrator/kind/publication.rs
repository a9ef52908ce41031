//! Publications (chapter 29.1, logical replication; catalog `pg_publication`).
//! The tables and schemas that one publishes are objects of their own; that it publishes everything is not, and cannot
//! be altered.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    all_tables: bool,
    /// The operations, as the option `publish` lists them.
    publish: String,
    via_partition_root: bool,
    /// Since PostgreSQL 18.
    stored_generated_columns: bool,
}

impl Kind for Publication {
    const LABEL: &'static str = "publication";
    const SELDOM: Option<&'static str> = Some("pg_publication");
    const QUERY: &'static str = "
        select 'pg_publication'::regclass::oid, p.oid, 0, array[p.pubname]::text[],
            p.puballtables as all_tables, concat_ws(', ', case when p.pubinsert then 'insert' end,
                case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end,
                case when p.pubtruncate then 'truncate' end) as publish,
            p.pubviaroot as via_partition_root,
            coalesce(to_jsonb(p)->>'pubgencols' = 's', false) as stored_generated_columns
        from pg_publication p
        where not exists (select from member m where m.classid = 'pg_publication'::regclass and m.objid = p.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let what = if self.all_tables { " FOR ALL TABLES" } else { "" };
        let usual = Self {
            publish: "insert, update, delete, truncate".to_owned(),
            via_partition_root: false,
            stored_generated_columns: false,
            ..*self
        };
        let options = self.options(&usual);
        let options = if options.is_empty() { options } else { format!(" WITH ({options})") };
        let create = Statement::new(format!("CREATE PUBLICATION {}{what}{options}", id.sql()));
        Recipe::one(if self.all_tables { superuser(create, id) } else { create })
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        self.stored_generated_columns.then_some((18, "publish_generated_columns"))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let note = "subscriptions to it fail until they are altered";
        let drop = Statement::new(format!("DROP PUBLICATION {}", id.sql())).contract();
        Recipe::one(drop.hazard(HazardKind::BreaksOldCode, id, note))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let Publication { all_tables, publish, via_partition_root, stored_generated_columns: _ } = change.desired;
        let current = change.current;
        if *all_tables != current.all_tables {
            return Alteration::Replace;
        }
        let options = change.desired.options(current);
        let mut set = Statement::new(format!("ALTER PUBLICATION {} SET ({options})", id.sql()));
        let lost: Vec<&str> = current.publish.split(", ").filter(|operation| !publish.contains(operation)).collect();
        if !lost.is_empty() {
            let note = format!("subscribers receive no {} any more", lost.join(", "));
            set = set.contract().hazard(HazardKind::BreaksOldCode, id, note);
        }
        if *via_partition_root != current.via_partition_root {
            let note = "changes of partitions arrive under another table's name";
            set = set.contract().hazard(HazardKind::BreaksOldCode, id, note);
        }
        let recipe = Recipe::one(set);
        // Row filters and column lists of partitioned tables are refused without it.
        if current.via_partition_root && !via_partition_root {
            return Alteration::Rebuild(recipe);
        }
        Alteration::InPlace(recipe)
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let note = "subscriptions to the old name fail until they are altered";
        let rename = Statement::new(format!("ALTER PUBLICATION {} RENAME TO {}", id.sql(), quote(name))).contract();
        Some(Recipe::one(rename.hazard(HazardKind::BreaksOldCode, id, note)))
    }
}

impl Publication {
    /// Whether subscribers must find rows that are no more.
    pub(super) fn tells_old_rows(&self) -> bool {
        ["update", "delete"].iter().any(|operation| self.publish.contains(operation))
    }

    /// The options that differ, as WITH and SET list them.
    fn options(&self, current: &Self) -> String {
        let mut options = Vec::new();
        if self.publish != current.publish {
            options.push(format!("publish = {}", literal(&self.publish)));
        }
        if self.via_partition_root != current.via_partition_root {
            options.push(format!("publish_via_partition_root = {}", self.via_partition_root));
        }
        if self.stored_generated_columns != current.stored_generated_columns {
            let columns = if self.stored_generated_columns { "stored" } else { "none" };
            options.push(format!("publish_generated_columns = {columns}"));
        }
        options.join(", ")
    }
}

/// For what reaches beyond single tables.
pub(super) fn superuser(statement: Statement, id: &ObjectId) -> Statement {
    let note = "only a superuser, or rds_superuser on RDS, publishes all tables of a database or a schema";
    statement.by_superuser(id, &["rds_superuser"], note)
}
