//! What stands in a revision's files.
//! JSON for this program, SQL for people and for psql: an archive must be of use without us. Pure: same plan and
//! catalogs, same bytes.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Objects};
use crate::pair::Pair;
use crate::plan::{Options, Plan, plan};
use crate::report::Gated;
use crate::report::sql::{Secrets, comment, sql, terminated};
use crate::revision::{Bundle, Revision, json};

/// What a revision's files are written from.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    pub plan: &'a Plan,
    /// The way back, or why there is none.
    pub down: Result<&'a Plan, &'a str>,
    pub before: &'a Catalog,
    pub after: Option<&'a Catalog>,
}

impl Contents<'_> {
    /// The revision with its files, and both fingerprints.
    pub fn bundle(self, mut revision: Revision) -> Bundle {
        revision.before = self.before.fingerprint().clone();
        revision.after = self.after.map(Catalog::fingerprint).cloned();
        let up = sql(Gated { plan: self.plan, withheld: &revision.withheld }, Secrets::Hidden);
        let down = match self.down {
            Ok(plan) => sql(Gated { plan, withheld: &[] }, Secrets::Hidden),
            Err(reason) => comment(reason),
        };
        let mut files = BTreeMap::from([
            ("plan.json".to_owned(), json(self.plan)),
            ("up.sql".to_owned(), up.into_bytes()),
            ("down.sql".to_owned(), down.into_bytes()),
        ]);
        for (name, catalog) in [("before", Some(self.before)), ("after", self.after)] {
            if let Some(catalog) = catalog {
                files.insert(format!("{name}.json"), json(catalog));
                files.insert(format!("{name}.sql"), schema(catalog).into_bytes());
            }
        }
        Bundle::new(revision, files)
    }
}

/// The whole schema: what would turn a database that was just created into this one.
fn schema(catalog: &Catalog) -> String {
    let initial = catalog.objects().iter().filter(|(id, object)| object.is_initial(id));
    let initial: Objects = initial.map(|(id, object)| (id.clone(), object.clone())).collect();
    let mut empty = Catalog::new(catalog.major, initial, []);
    empty.role.clone_from(&catalog.role);
    empty.roles.clone_from(&catalog.roles);
    empty.strangers.clone_from(&catalog.strangers);
    match plan(Pair::new(&empty, catalog), &Options::default()) {
        Ok(all) => {
            let head = comment(&format!("The schema {}, on PostgreSQL {}", catalog.fingerprint(), catalog.major));
            let statements = all.batches.iter().flat_map(|batch| &batch.statements);
            statements.fold(head, |script, statement| script + "\n" + &terminated(statement, Secrets::Hidden))
        }
        Err(error) => comment(&format!("This schema could not be written as SQL: {error}")),
    }
}
