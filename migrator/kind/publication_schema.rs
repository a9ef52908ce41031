//! The schemas of publications (chapter 29.1; catalog `pg_publication_namespace`, since PostgreSQL 15): every table
//! of theirs is published, those to come too.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::publication::superuser;
use super::publication_table::{members, publication};
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind, Server};
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationSchema {}

impl Kind for PublicationSchema {
    const LABEL: &'static str = "publication schema";
    const SELDOM: Option<&'static str> = Some("pg_publication");
    const QUERY: &'static str = "
        select 'pg_publication_namespace'::regclass::oid, r.oid, 0, array[p.pubname, s.name]::text[]
        from pg_publication_namespace r join pg_publication p on p.oid = r.pnpubid join user_schema s on s.oid = r.pnnspid";

    fn query(server: Server) -> Cow<'static, str> {
        let none = "select 0::oid, 0::oid, 0, '{}'::text[] where false";
        Cow::Borrowed(if server.major >= 15 { Self::QUERY } else { none })
    }

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(publication(id))
    }

    fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![schema(id)]
    }

    fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![publication(id), schema(id)]
    }

    fn since(&self, _: &ObjectId) -> Option<(u32, &'static str)> {
        Some((15, "publications of whole schemas"))
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let add = Statement::new(change(id, "ADD"));
        // Tables with a column list leave before whole schemas come.
        Recipe::one(superuser(add, id)).needs(members(id, ObjectKind::PublicationTable, cx))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let note = "subscribers receive no changes of the schema's tables any more";
        Recipe::one(Statement::new(change(id, "DROP")).contract().hazard(HazardKind::BreaksOldCode, id, note))
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let PublicationSchema {} = change.desired;
        Alteration::Replace
    }

    fn title(id: &ObjectId) -> String {
        format!("tables in schema {} of publication {}", id.name(), publication(id).sql())
    }
}

fn schema(id: &ObjectId) -> ObjectId {
    ObjectId::new(ObjectKind::Schema, [id.raw_name()])
}

fn change(id: &ObjectId, word: &str) -> String {
    format!("ALTER PUBLICATION {} {word} TABLES IN SCHEMA {}", publication(id).sql(), id.name())
}
