//! Foreign servers (CREATE SERVER, chapter 5.12; catalog `pg_foreign_server`).
//! Version and options are altered in place; another type or wrapper needs a new server, with all that stands on it.

use serde::{Deserialize, Serialize};

use super::generic_options::{GenericOptions, UNKNOWN};
use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Disturbance, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignServer {
    wrapper: String,
    #[serde(rename = "type")]
    server_type: Option<String>,
    version: Option<String>,
    options: GenericOptions,
}

impl Kind for ForeignServer {
    const LABEL: &'static str = "foreign server";
    const SELDOM: Option<&'static str> = Some("pg_foreign_server");
    const QUERY: &'static str = "
        select 'pg_foreign_server'::regclass::oid, s.oid, 0, array[s.srvname]::text[],
            w.fdwname as wrapper, s.srvtype as type, s.srvversion as version,
            s.srvoptions as options
        from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw
        where not exists (select from member m where m.classid = 'pg_foreign_server'::regclass and m.objid = s.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], _: &Context) -> Recipe {
        let mut sql = format!("CREATE SERVER {}", id.sql());
        sql.extend(self.server_type.iter().map(|name| format!(" TYPE {}", literal(name))));
        sql.extend(self.version.iter().map(|version| format!(" VERSION {}", literal(version))));
        sql.push_str(&format!(" FOREIGN DATA WRAPPER {}", quote(&self.wrapper)));
        let create = Statement::of(self.options.behind(&sql));
        Recipe::one(self.options.confess(&GenericOptions::default(), create, id))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP SERVER {}", id.sql())).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let ForeignServer { wrapper, server_type, version, options } = change.desired;
        let current = change.current;
        if *wrapper != current.wrapper || *server_type != current.server_type {
            return Alteration::Replace;
        }
        let mut sql = format!("ALTER SERVER {}", id.sql());
        let versioned = *version != current.version;
        if versioned {
            sql.push_str(&format!(" VERSION {}", version.as_deref().map_or("NULL".to_owned(), literal)));
        }
        let altered = GenericOptions::change(Pair::new(&current.options, options), &sql).map(Statement::of);
        let altered = altered.or_else(|| versioned.then(|| Statement::new(sql)));
        match altered {
            Some(statement) => {
                let statement = options.confess(&current.options, statement, id);
                let note = "what is read and written through it is in another place from now on, if these options lead there";
                let elsewhere = *options != current.options;
                Alteration::InPlace(Recipe::one(if elsewhere {
                    statement.hazard(HazardKind::DataLoss, id, note)
                } else {
                    statement
                }))
            }
            None => Alteration::Inform(UNKNOWN.to_owned()),
        }
    }

    fn withstands(_: Pair<&Self>, disturbance: Disturbance, _: &ObjectId) -> bool {
        disturbance == Disturbance::Rebuilt
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER SERVER {} RENAME TO {}", id.sql(), quote(name)))))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        if renaming.from.kind == ObjectKind::ForeignDataWrapper && renaming.from.raw_name() == self.wrapper {
            self.wrapper.clone_from(&renaming.name);
        }
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("SERVER {}", id.sql())
    }

    fn grant_address(&self, id: &ObjectId) -> String {
        format!("FOREIGN SERVER {}", id.sql())
    }
}
