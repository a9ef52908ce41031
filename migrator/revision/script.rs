//! A plan as a script for psql, and a catalog as readable SQL.
//! The archive must be readable without this program. Never decides what may run: what is withheld stands in the
//! script as comments.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::catalog::Catalog;
use crate::pair::Pair;
use crate::plan::gate::Withheld;
use crate::plan::{Options, Plan};
use crate::statement::TransactionMode;

/// The settings under which the statements mean what they meant when they were planned.
const HEAD: &str = "\
set search_path = '';
set check_function_bodies = off;
set standard_conforming_strings = on;
set lock_timeout = '2s';
";

/// The plan's statements, for `psql -v ON_ERROR_STOP=1 -f`.
pub fn plan(plan: &Plan, withheld: &[Withheld]) -> String {
    if plan.is_empty() {
        return comment("Nothing to do.");
    }
    let withheld: BTreeMap<usize, &Withheld> = withheld.iter().map(|withheld| (withheld.batch, withheld)).collect();
    let mut script = format!("-- plan {}\n{HEAD}", plan.hash);
    for (index, batch) in plan.batches.iter().enumerate() {
        let block = batch.transaction == TransactionMode::Block && batch.statements.len() > 1;
        let mut lines = batch.statements.iter().fold(String::new(), |mut lines, statement| {
            let _ = writeln!(lines, "{};", statement.sql);
            lines
        });
        if block {
            lines = format!("begin;\n{lines}commit;\n");
        }
        script.push('\n');
        match withheld.get(&index) {
            None => script.push_str(&lines),
            Some(withheld) => {
                let allow = withheld.approvals().iter().fold(String::new(), |text, allow| text + " --allow " + allow);
                script.push_str(&comment(&format!("withheld{allow}\n{lines}")));
            }
        }
    }
    script
}

/// Every line as a comment.
pub fn comment(text: &str) -> String {
    text.trim_end().lines().fold(String::new(), |comment, line| comment + "-- " + line + "\n")
}

/// The whole schema: what would turn an empty database into this one.
pub fn catalog(catalog: &Catalog) -> String {
    let mut empty = Catalog::new(catalog.major, BTreeMap::new(), BTreeSet::new());
    empty.role.clone_from(&catalog.role);
    empty.roles.clone_from(&catalog.roles);
    match crate::plan::plan(Pair::new(&empty, catalog), &Options::default()) {
        Ok(all) => plan(&all, &[]),
        Err(error) => comment(&format!("This schema could not be written as SQL: {error}")),
    }
}
