//! Row security policies (chapter 5.9; catalog `pg_policy`). That row security is on at all is the table's setting.
//! Roles and expressions can be altered; the command, and removing an expression, need a new policy.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, Named, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, HazardKind, LockMode, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    command: char,
    permissive: bool,
    /// Sorted; empty means PUBLIC.
    roles: Vec<String>,
    using: Option<String>,
    check: Option<String>,
}

impl Kind for Policy {
    const LABEL: &'static str = "policy";
    const NAMED: Named = Named::InRelation;
    const QUERY: &'static str = "
        select 'pg_policy'::regclass::oid, p.oid, 0, c.oid, p.polname,
            p.polcmd as command, p.polpermissive as permissive,
            coalesce((select json_agg(r.rolname order by r.rolname) from pg_roles r where r.oid = any (p.polroles)), '[]') as roles,
            pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
        from relation c join pg_policy p on p.polrelid = c.oid";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(table(id))
    }

    fn roles(&self, _: &ObjectId) -> Vec<String> {
        self.roles.clone()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let mut sql = format!("CREATE POLICY {} ON {}", id.name(), id.owner_sql());
        if !self.permissive {
            sql.push_str(" AS RESTRICTIVE");
        }
        sql.push_str(match self.command {
            'r' => " FOR SELECT",
            'a' => " FOR INSERT",
            'w' => " FOR UPDATE",
            'd' => " FOR DELETE",
            _ => "",
        });
        if !self.roles.is_empty() {
            sql.push_str(&format!(" TO {}", self.role_list()));
        }
        sql.extend(self.using.iter().map(|using| format!(" USING ({using})")));
        sql.extend(self.check.iter().map(|check| format!(" WITH CHECK ({check})")));
        let create = Statement::new(sql);
        if cx.is_new(&table(id)) {
            return Recipe::one(create);
        }
        // One more lets roles do more, but for a restrictive one; what takes another's place may let them do less.
        let widens = self.permissive && cx.current(id).is_none();
        Recipe::one(confess(if widens { create } else { create.contract() }, id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(confess(Statement::new(format!("DROP POLICY {} ON {}", id.name(), id.owner_sql())), id).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let Policy { command, permissive, roles, using, check } = change.desired;
        let current = change.current;
        let removed = using.is_none() && current.using.is_some() || check.is_none() && current.check.is_some();
        if *command != current.command || *permissive != current.permissive || removed {
            return Alteration::Replace;
        }
        let mut sql = format!("ALTER POLICY {} ON {}", id.name(), id.owner_sql());
        if *roles != current.roles {
            sql.push_str(&format!(" TO {}", change.desired.role_list()));
        }
        let changed = |desired: &Option<String>, current: &Option<String>| desired.clone().filter(|_| desired != current);
        sql.extend(changed(using, &current.using).map(|using| format!(" USING ({using})")));
        sql.extend(changed(check, &current.check).map(|check| format!(" WITH CHECK ({check})")));
        Alteration::InPlace(Recipe::one(confess(Statement::new(sql), id).contract()))
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER POLICY {} ON {} RENAME TO {}", id.name(), id.owner_sql(), quote(name));
        Some(Recipe::one(Statement::new(sql).lock(LockMode::AccessExclusive, &table(id))))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        self.using.iter_mut().chain(&mut self.check).for_each(|expression| renaming.sql(expression));
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("POLICY {} ON {}", id.name(), id.owner_sql())
    }
}

impl Policy {
    fn role_list(&self) -> String {
        if self.roles.is_empty() { "PUBLIC".to_owned() } else { crate::name::list(&self.roles) }
    }
}

fn table(id: &ObjectId) -> ObjectId {
    id.parent(ObjectKind::Table)
}

fn confess(statement: Statement, id: &ObjectId) -> Statement {
    let note = "which rows a role may see or change is no longer the same";
    statement.lock(LockMode::AccessExclusive, &table(id)).hazard(HazardKind::PrivilegeChange, id, note)
}
