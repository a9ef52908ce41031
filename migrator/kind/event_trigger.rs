//! Event triggers (chapter 38; catalog `pg_event_trigger`). Only a superuser creates them; on RDS, `rds_superuser` does.
//! They fire for our own statements too, so a plan creates them last and drops them first.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTrigger {
    event: String,
    tags: Vec<String>,
    function: Vec<String>,
    enabled: char,
}

impl Kind for EventTrigger {
    const LABEL: &'static str = "event trigger";
    const SELDOM: Option<&'static str> = Some("pg_event_trigger");
    const QUERY: &'static str = "
        select 'pg_event_trigger'::regclass::oid, e.oid, 0, array[e.evtname]::text[],
            e.evtevent as event, coalesce(e.evttags, '{}') as tags,
            json_build_array(n.nspname, p.proname) as function, e.evtenabled as enabled
        from pg_event_trigger e join pg_proc p on p.oid = e.evtfoid join pg_namespace n on n.oid = p.pronamespace
        where not exists (select from member m where m.classid = 'pg_event_trigger'::regclass and m.objid = e.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let tags = self.tags.iter().map(|tag| literal(tag)).collect::<Vec<_>>().join(", ");
        let when = if tags.is_empty() { String::new() } else { format!(" WHEN TAG IN ({tags})") };
        let function = crate::name::qualified(&self.function);
        let sql = format!("CREATE EVENT TRIGGER {} ON {}{when} EXECUTE FUNCTION {function}()", id.sql(), self.event);
        // Last of all: it would fire for the rest of the plan.
        let mut statements = vec![superuser(Statement::new(sql), id).contract()];
        if self.enabled != 'O' {
            statements.push(self.enabling(id).contract().joined());
        }
        Recipe::many(statements)
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP EVENT TRIGGER {}", id.sql())).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let EventTrigger { event, tags, function, enabled: _ } = change.desired;
        let current = change.current;
        if *event != current.event || *tags != current.tags || *function != current.function {
            return Alteration::Replace;
        }
        Alteration::InPlace(Recipe::one(change.desired.enabling(id)))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.function(&mut self.function);
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER EVENT TRIGGER {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql)))
    }
}

impl EventTrigger {
    fn enabling(&self, id: &ObjectId) -> Statement {
        Statement::new(format!("ALTER EVENT TRIGGER {} {}", id.sql(), super::rule::enable_words(self.enabled)))
    }
}

fn superuser(statement: Statement, id: &ObjectId) -> Statement {
    let note = "only a superuser, or rds_superuser on RDS, creates event triggers";
    statement.by_superuser(id, &["rds_superuser"], note)
}
