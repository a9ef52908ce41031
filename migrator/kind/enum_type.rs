//! Enumerated types (documentation chapter 8.7; catalogs `pg_type`, `pg_enum`).
//! A label can be added in place but not used before that is committed (error 55P04), and never removed or moved: then
//! a new type takes the name, columns follow by a cast, and the old type goes.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Claim, Kind, ObjectId, ObjectKind};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    labels: Vec<String>,
}

impl Kind for EnumType {
    const LABEL: &'static str = "enum";
    const NAMES_TYPES: bool = true;
    const DEFAULT_PRIVILEGES: Option<&'static str> = Some("TYPES");
    const QUERY: &'static str = "
        select 'pg_type'::regclass::oid, t.oid, 0, array[s.name, t.typname]::text[],
            coalesce((
                select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '[]') as labels
        from pg_type t join user_schema s on s.oid = t.typnamespace
        where t.typtype = 'e'
            and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)";

    fn claims(&self, id: &ObjectId) -> Vec<Claim> {
        vec![("type", id.path.clone())]
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let labels = self.labels.iter().map(|label| literal(label)).collect::<Vec<_>>().join(", ");
        Recipe::one(Statement::new(format!("CREATE TYPE {} AS ENUM ({labels})", id.sql())))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        super::composite_type::drop_type(id)
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let EnumType { labels } = change.desired;
        let Some(additions) = additions(&change.current.labels, labels) else {
            let note = "rows that hold a removed label make the cast fail";
            return super::composite_type::rebuild_type(id, change.desired, cx, (HazardKind::MayFailOnData, note));
        };
        let note = "PostgreSQL cannot remove a label again";
        let statements = additions.into_iter().map(|(label, place)| {
            Statement::new(format!("ALTER TYPE {} ADD VALUE {}{place}", id.sql(), literal(label)))
                .autocommit()
                .hazard(HazardKind::Irreversible, id, note)
        });
        Alteration::InPlace(Recipe::many(statements.collect()))
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("TYPE {}", id.sql())
    }

    fn renamed(&mut self, id: &ObjectId, renaming: &Renaming, _: &Catalog) {
        if renaming.from.kind == ObjectKind::EnumLabel && renaming.from.parent(id.kind) == *id {
            renaming.word(&mut self.labels);
        }
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER TYPE {} RENAME TO {}", id.sql(), quote(name))).contract()))
    }
}

/// The labels to add, each with its place, if nothing but adding is to be done.
fn additions<'a>(current: &[String], desired: &'a [String]) -> Option<Vec<(&'a str, String)>> {
    let kept: Vec<&String> = desired.iter().filter(|label| current.contains(label)).collect();
    if !kept.iter().copied().eq(current) {
        return None;
    }
    let mut additions = Vec::new();
    let mut previous: Option<&String> = None;
    for label in desired {
        if !current.contains(label) {
            let place = match previous {
                // After the last label is where ADD VALUE puts it anyway.
                Some(before) if additions.is_empty() && Some(before) == current.last() => String::new(),
                Some(before) => format!(" AFTER {}", literal(before)),
                None => current.first().map_or(String::new(), |first| format!(" BEFORE {}", literal(first))),
            };
            additions.push((label.as_str(), place));
        }
        previous = Some(label);
    }
    Some(additions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn added_labels_find_their_place() {
        let desired = labels("z a m b c d");
        let added = additions(&labels("a b"), &desired).unwrap();
        let added: Vec<String> = added.into_iter().map(|(label, place)| format!("{label}{place}")).collect();
        assert_eq!(added, ["z BEFORE 'a'", "m AFTER 'a'", "c AFTER 'b'", "d AFTER 'c'"]);
        assert_eq!(additions(&labels("a b"), &labels("a b c")), Some(vec![]).map(|_: Vec<(&str, String)>| vec![("c", String::new())]));
    }

    #[test]
    fn removed_or_moved_labels_cannot_be_added() {
        assert_eq!(additions(&labels("a b"), &labels("b a")), None);
        assert_eq!(additions(&labels("a b"), &labels("a")), None);
    }
}
