//! Casts (CREATE CAST; catalog `pg_cast`). A cast has no name but its two types, and belongs to nobody.
//! Those that PostgreSQL makes with a range type, from the range to its multirange, are the range's.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    method: String,
    context: char,
}

impl Kind for Cast {
    const LABEL: &'static str = "cast";
    const TYPES_AT: Option<usize> = Some(0);
    const SELDOM: Option<&'static str> = Some("pg_cast");
    const QUERY: &'static str = "
        select 'pg_cast'::regclass::oid, c.oid, 0,
            array[format_type(c.castsource, null), format_type(c.casttarget, null)]::text[],
            case c.castmethod when 'f' then 'WITH FUNCTION ' || c.castfunc::regprocedure
                when 'i' then 'WITH INOUT' else 'WITHOUT FUNCTION' end as method, c.castcontext as context
        from pg_cast c
        where c.oid >= 16384
            and not exists (select from pg_depend i where i.classid = 'pg_cast'::regclass and i.objid = c.oid and i.deptype = 'i')
            and not exists (select from member m where m.classid = 'pg_cast'::regclass and m.objid = c.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let Cast { method, context } = self;
        let context = match context {
            'a' => " AS ASSIGNMENT",
            'i' => " AS IMPLICIT",
            _ => "",
        };
        let create = Statement::new(format!("CREATE {} {method}{context}", self.address(id)));
        // What was cast without a word may have to say it now. With another method it comes before what is made anew with it.
        let narrows = |current: &Self| current.reach() > self.reach() && current.method == *method;
        let narrowed = matches!(cx.current(id), Some(Object::Cast(current)) if narrows(current));
        let create = if narrowed { create.contract() } else { create };
        if method != "WITHOUT FUNCTION" {
            return Recipe::one(create);
        }
        let note = "only a superuser creates a cast WITHOUT FUNCTION";
        Recipe::one(create.by_superuser(id, &[], note))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP {}", self.address(id))).contract())
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Context) -> Alteration {
        Alteration::Replace
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.method);
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("CAST {}", types(id))
    }

    fn title(id: &ObjectId) -> String {
        format!("cast {}", types(id))
    }
}

impl Cast {
    /// Where it is applied: everywhere, in assignments, or where somebody writes it.
    fn reach(&self) -> u8 {
        match self.context {
            'i' => 2,
            'a' => 1,
            _ => 0,
        }
    }
}

/// The path holds types as `format_type` writes them: quoted already.
fn types(id: &ObjectId) -> String {
    format!("({})", id.path.join(" AS "))
}
