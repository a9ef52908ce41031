//! User mappings (CREATE USER MAPPING, chapter 5.12; view `pg_user_mappings`): as whom a role enters a foreign server.
//! Their options are what PostgreSQL hides from others, so all but the plainest are secrets here. A role that may not
//! see them compares nothing.

use serde::{Deserialize, Serialize};

use super::generic_options::{GenericOptions, UNKNOWN};
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMapping {
    /// Absent where the role that reads the catalog may not see them.
    options: Option<GenericOptions>,
}

impl Kind for UserMapping {
    const LABEL: &'static str = "user mapping";
    const SELDOM: Option<&'static str> = Some("pg_foreign_server");
    // Who may see the options is what the view itself asks.
    const QUERY: &'static str = "
        select 'pg_user_mapping'::regclass::oid, u.umid, 0, array[u.srvname, u.usename]::text[],
            case when u.umoptions is not null or (select r.rolsuper from pg_roles r where r.rolname = current_user)
                or pg_has_role(s.srvowner, 'USAGE') and u.umuser = 0
                or u.usename = current_user and u.umuser <> 0
                    and (pg_has_role(s.srvowner, 'USAGE') or has_server_privilege(s.oid, 'USAGE')) then (
                select coalesce(json_agg(json_build_object('name', o.option_name,
                    case when o.option_name in ('user', 'username', 'user_name') then 'value' else 'secret' end,
                    o.option_value) order by o.option_name), '[]')
                from pg_options_to_table(u.umoptions) o) end as options
        from pg_user_mappings u join pg_foreign_server s on s.oid = u.srvid
        where not exists (select from member m where m.classid = 'pg_user_mapping'::regclass and m.objid = u.umid)";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.parent(ObjectKind::ForeignServer))
    }

    /// DROP SERVER refuses while it is there.
    fn carried_by(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn roles(&self, id: &ObjectId) -> Vec<String> {
        // In pg_user_mappings too, `public` is everybody.
        Some(id.raw_name()).filter(|role| *role != "public").map(str::to_owned).into_iter().collect()
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let (nothing, options) = (GenericOptions::default(), self.options.clone().unwrap_or_default());
        let create = Statement::of(options.behind(&format!("CREATE USER MAPPING {}", target(id))));
        let create = guarded(options.confess(&nothing, create, id), Pair::new(&nothing, &options), id);
        let note = "its options are hidden from the role that reads dev: to be set by hand";
        let hidden = self.options.is_none();
        Recipe::one(if hidden { create.hazard(HazardKind::BreaksOldCode, id, note) } else { create })
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let drop = Statement::new(format!("DROP USER MAPPING {}", target(id))).contract();
        let note = "its options are hidden from the role that reads the catalog, and are lost";
        let hidden = self.options.is_none();
        Recipe::one(if hidden { drop.hazard(HazardKind::Irreversible, id, note) } else { drop })
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let UserMapping { options: desired } = change.desired;
        let Some((current, wanted)) = change.current.options.as_ref().zip(desired.as_ref()) else {
            return Alteration::Inform("has options that the role which reads the catalog may not see".to_owned());
        };
        let altered = GenericOptions::change(Pair::new(current, wanted), &format!("ALTER USER MAPPING {}", target(id)));
        match altered {
            Some(sql) => {
                let note = "prod's own credentials are replaced by dev's, and kept nowhere";
                let alter = guarded(wanted.confess(current, Statement::of(sql), id), Pair::new(current, wanted), id);
                Alteration::InPlace(Recipe::one(alter.hazard(HazardKind::DataLoss, id, note)))
            }
            None => Alteration::Inform(UNKNOWN.to_owned()),
        }
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn beyond(&self, id: &ObjectId) -> Option<String> {
        self.options.is_none().then(|| format!("{}, whose options are hidden", target(id)))
    }

    fn title(id: &ObjectId) -> String {
        format!("user mapping {}", target(id))
    }
}

/// What a wrapper may reserve for superusers: to go without a password, and files of the server.
fn guarded(mut statement: Statement, change: Pair<&GenericOptions>, id: &ObjectId) -> Statement {
    if change.desired.frees(change.current, &["password_required", "sslcert", "sslkey"]) {
        statement.objection = id.path.first().map(|server| super::objection::in_mapping(id, server));
    }
    statement
}

fn target(id: &ObjectId) -> String {
    let role = if id.raw_name() == "public" { "PUBLIC".to_owned() } else { id.name() };
    format!("FOR {role} SERVER {}", id.owner_sql())
}
