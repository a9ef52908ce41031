//! Security labels (SECURITY LABEL; catalogs `pg_seclabel` and, for subscriptions, `pg_shseclabel`) on objects of every
//! kind. Each is given by a provider, a module that the server has loaded; an object has at most one of each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::kind::{Kind, ObjectId};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityLabel {
    /// By provider.
    labels: BTreeMap<String, String>,
}

impl Kind for SecurityLabel {
    const LABEL: &'static str = "security label";
    const SATELLITE: bool = true;
    const QUERY: &'static str = "
        select l.classoid, l.objoid, l.objsubid,
            true, json_object_agg(l.provider, l.label) as labels
        from (
            select s.classoid, s.objoid, s.objsubid, s.provider, s.label from pg_seclabel s
            union all select s.classoid, s.objoid, 0, s.provider, s.label from pg_shseclabel s
                join pg_subscription u on u.oid = s.objoid join pg_database d on d.oid = u.subdbid and d.datname = current_database()
                where s.classoid = 'pg_subscription'::regclass
        ) l
        where not exists (select from member m where m.classid = l.classoid and m.objid = l.objoid)
            and (l.objoid >= 16384 or l.classoid in ('pg_namespace'::regclass, 'pg_extension'::regclass))
            and l.classoid <> 'pg_largeobject'::regclass
        group by 1, 2, 3";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        id.target()
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
        id.target().map_or("security label".to_owned(), |target| format!("security label of {target}"))
    }
}

impl SecurityLabel {
    fn changes(&self, current: &Self, id: &ObjectId, cx: &Context) -> Vec<Statement> {
        let Self { labels } = self;
        let gone = current.labels.keys().filter(|provider| !labels.contains_key(*provider));
        let gone = gone.map(|provider| label(id, provider, "NULL", cx));
        let set = labels.iter().filter(|(provider, text)| current.labels.get(*provider) != Some(*text));
        gone.chain(set.map(|(provider, text)| label(id, provider, &literal(text), cx))).collect()
    }
}

fn label(id: &ObjectId, provider: &str, text: &str, cx: &Context) -> Statement {
    let sql = format!("SECURITY LABEL FOR {} ON {} IS {text}", quote(provider), cx.address_of_target(id));
    let note = format!("the provider {provider}, which the server must have loaded, judges by it who may do what");
    let statement = Statement::new(sql).hazard(HazardKind::PrivilegeChange, id, note);
    let relation = id.target().and_then(|target| super::table::relation_of(&target, cx));
    statement.lock_each(LockMode::ShareUpdateExclusive, relation)
}
