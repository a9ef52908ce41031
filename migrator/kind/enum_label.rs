//! Labels of enumerated types, as far as one may get another name (ALTER TYPE .. RENAME VALUE; catalog `pg_enum`).
//! Which there are, and in what order, is the enum's own affair (`enum_type.rs`): nothing here makes or drops one.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::name::literal;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnumLabel {
    previous: Option<String>,
    next: Option<String>,
}

/// Another place is a difference of the enum.
impl PartialEq for EnumLabel {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for EnumLabel {}

impl Kind for EnumLabel {
    const LABEL: &'static str = "enum label";
    const SELDOM: Option<&'static str> = Some("pg_enum");
    const IS_CONSTANT: bool = true;
    const QUERY: &'static str = "
        select 0::oid, 0::oid, 0, array[s.name, t.typname, e.enumlabel]::text[],
            lag(e.enumlabel::text) over labels as previous, lead(e.enumlabel::text) over labels as next
        from pg_enum e join pg_type t on t.oid = e.enumtypid join user_schema s on s.oid = t.typnamespace
        where not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)
        window labels as (partition by e.enumtypid order by e.enumsortorder)";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.parent(ObjectKind::EnumType))
    }

    fn create(&self, _: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        Recipe::none()
    }

    fn drop(&self, _: &ObjectId, _: &Context) -> Recipe {
        Recipe::none()
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Context) -> Alteration {
        Alteration::InPlace(Recipe::none())
    }

    fn withstands(_: Pair<&Self>, _: Disturbance, _: &ObjectId) -> bool {
        true
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let (old, new) = (literal(id.raw_name()), literal(name));
        let note = "application code that uses the old label fails";
        let rename = Statement::new(format!("ALTER TYPE {} RENAME VALUE {old} TO {new}", id.owner_sql())).contract();
        Some(Recipe::one(rename.hazard(HazardKind::BreaksOldCode, id, note)))
    }

    /// Beside one of its neighbours, the same label may stand under another name.
    fn resembles(&self, other: &Self) -> bool {
        self.previous == other.previous || self.next == other.next
    }

    fn renamed(&mut self, id: &ObjectId, renaming: &Renaming, _: &Catalog) {
        if renaming.from.kind == id.kind && renaming.from.parent(id.kind) == id.parent(id.kind) {
            renaming.word(self.previous.iter_mut().chain(&mut self.next));
        }
    }
}
