//! What goes with an extension without being a member (`ALTER .. DEPENDS ON EXTENSION`; `pg_depend`, deptype 'x'):
//! functions and procedures, triggers, materialized views and indexes. DROP EXTENSION takes them along.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, Object, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Fragment, LockMode, Recipe, Statement};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionDependency {
    extensions: Vec<String>,
}

impl Kind for ExtensionDependency {
    const LABEL: &'static str = "extension dependency";
    const SATELLITE: bool = true;
    const QUERY: &'static str = "
        select d.classid, d.objid, 0, true, array_agg(e.extname order by e.extname)::text[] as extensions
        from (select * from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'x' offset 0) d
            join pg_extension e on e.oid = d.refobjid
        where not exists (select from member m where m.classid = d.classid and m.objid = d.objid)
        group by 1, 2";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        id.target()
    }

    fn requires(&self, _: &ObjectId) -> Vec<ObjectId> {
        self.extensions.iter().map(|extension| ObjectId::new(ObjectKind::Extension, [extension])).collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        Recipe::many(self.changes(&Self::default(), id, cx))
    }

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
        Recipe::many(Self::default().changes(self, id, cx))
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        Alteration::InPlace(Recipe::many(change.desired.changes(change.current, id, cx)))
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn title(id: &ObjectId) -> String {
        id.target().map_or("extension dependency".to_owned(), |target| format!("dependency on an extension of {target}"))
    }
}

impl ExtensionDependency {
    fn changes(&self, current: &Self, id: &ObjectId, cx: &Context) -> Vec<Statement> {
        let Self { extensions } = self;
        let gone = current.extensions.iter().filter(|extension| !extensions.contains(extension));
        let come = extensions.iter().filter(|extension| !current.extensions.contains(extension));
        gone.map(|extension| depends(id, "NO DEPENDS", extension, cx))
            .chain(come.map(|extension| depends(id, "DEPENDS", extension, cx)))
            .collect()
    }
}

/// `CREATE OR REPLACE` forgets what its target depends on.
pub(super) fn again(target: &ObjectId, cx: &Context) -> Vec<Statement> {
    let id = ObjectId::satellite(ObjectKind::ExtensionDependency, target);
    // One that comes anew says so itself.
    let kept = cx.desired(&id).filter(|_| cx.current(&id).is_some() && !cx.is_new(&id));
    let Some(Object::ExtensionDependency(dependency)) = kept else { return Vec::new() };
    dependency.extensions.iter().map(|extension| depends(&id, "DEPENDS", extension, cx).joined()).collect()
}

fn depends(id: &ObjectId, verb: &str, extension: &str, cx: &Context) -> Statement {
    let relation = id.target().and_then(|target| super::table::relation_of(&target, cx));
    Statement::new(format!("ALTER {} {verb} ON EXTENSION {}", cx.address_of_target(id), quote(extension)))
        .lock_each(LockMode::AccessExclusive, relation)
}
