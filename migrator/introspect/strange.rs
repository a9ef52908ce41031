//! What a catalog holds that this version has never heard of.
//! It is here because a newer server, or a fork, may know more sorts of objects than we do: such a one is an error, and
//! never passed over. Names no object that it knows.

use std::collections::BTreeSet;

use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row};

use super::{IntrospectError, failed};

/// Who answers for the rows of a catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Each row is an object: the kinds read it, or the census names it.
    Counted,
    /// A row is part of an object in another catalog, or hangs on one.
    Part,
    /// It belongs to all databases of the cluster: roles, tablespaces, settings.
    Cluster,
    /// Rows, statistics and states, which are no schema.
    Data,
}

/// Every catalog of PostgreSQL 14 to 18.
pub const CATALOGS: [(&str, Place); 64] = [
    ("pg_aggregate", Place::Part),
    ("pg_am", Place::Counted),
    ("pg_amop", Place::Counted),
    ("pg_amproc", Place::Counted),
    ("pg_attrdef", Place::Counted),
    ("pg_attribute", Place::Part),
    ("pg_auth_members", Place::Cluster),
    ("pg_authid", Place::Cluster),
    ("pg_cast", Place::Counted),
    ("pg_class", Place::Counted),
    ("pg_collation", Place::Counted),
    ("pg_constraint", Place::Counted),
    ("pg_conversion", Place::Counted),
    ("pg_database", Place::Cluster),
    ("pg_db_role_setting", Place::Cluster),
    ("pg_default_acl", Place::Counted),
    ("pg_depend", Place::Part),
    ("pg_description", Place::Part),
    ("pg_enum", Place::Part),
    ("pg_event_trigger", Place::Counted),
    ("pg_extension", Place::Counted),
    ("pg_foreign_data_wrapper", Place::Counted),
    ("pg_foreign_server", Place::Counted),
    ("pg_foreign_table", Place::Part),
    ("pg_index", Place::Part),
    ("pg_inherits", Place::Part),
    ("pg_init_privs", Place::Part),
    ("pg_language", Place::Counted),
    ("pg_largeobject", Place::Data),
    ("pg_largeobject_metadata", Place::Data),
    ("pg_namespace", Place::Counted),
    ("pg_opclass", Place::Counted),
    ("pg_operator", Place::Counted),
    ("pg_opfamily", Place::Counted),
    ("pg_parameter_acl", Place::Cluster),
    ("pg_partitioned_table", Place::Part),
    ("pg_policy", Place::Counted),
    ("pg_proc", Place::Counted),
    ("pg_publication", Place::Counted),
    ("pg_publication_namespace", Place::Counted),
    ("pg_publication_rel", Place::Counted),
    ("pg_range", Place::Part),
    ("pg_replication_origin", Place::Cluster),
    ("pg_rewrite", Place::Counted),
    ("pg_seclabel", Place::Part),
    ("pg_sequence", Place::Part),
    ("pg_shdepend", Place::Cluster),
    ("pg_shdescription", Place::Cluster),
    ("pg_shseclabel", Place::Cluster),
    ("pg_statistic", Place::Data),
    ("pg_statistic_ext", Place::Counted),
    ("pg_statistic_ext_data", Place::Data),
    ("pg_subscription", Place::Counted),
    ("pg_subscription_rel", Place::Data),
    ("pg_tablespace", Place::Cluster),
    ("pg_transform", Place::Counted),
    ("pg_trigger", Place::Counted),
    ("pg_ts_config", Place::Counted),
    ("pg_ts_config_map", Place::Part),
    ("pg_ts_dict", Place::Counted),
    ("pg_ts_parser", Place::Counted),
    ("pg_ts_template", Place::Counted),
    ("pg_type", Place::Counted),
    ("pg_user_mapping", Place::Counted),
];

/// The letters by which four catalogs tell sorts of objects apart, and the catalogs that `pg_depend` speaks of.
const STRANGERS: &str = "
    select s.what, s.letter, s.name from (
        select 'pg_class.relkind', c.relkind::text, c.oid::regclass::text from pg_class c
            where c.relkind not in ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I', 'c', 't')
        union all select 'pg_type.typtype', t.typtype::text, t.oid::regtype::text from pg_type t
            where t.typtype not in ('b', 'c', 'd', 'e', 'm', 'p', 'r')
        union all select 'pg_proc.prokind', p.prokind::text, p.proname::text from pg_proc p
            where p.prokind not in ('f', 'p', 'a', 'w')
        union all select 'pg_constraint.contype', k.contype::text, k.conname::text from pg_constraint k
            where k.contype not in ('p', 'u', 'f', 'c', 'x', 'n', 't')
        union all select 'pg_depend.classid', u.class::text, coalesce(u.class::regclass::text, '?')
            from unnest($1::oid[]) u (class) where not exists (select from pg_class c
                where c.oid = u.class and c.relnamespace = 'pg_catalog'::regnamespace and c.relname = any ($2))
    ) s (what, letter, name) limit 1";

/// What the dependencies of a database speak of.
#[derive(Debug, Default)]
pub(super) struct Sorts {
    classes: BTreeSet<u32>,
    deptypes: BTreeSet<char>,
}

impl Sorts {
    pub fn see(&mut self, class: u32, deptype: char) {
        self.classes.insert(class);
        self.deptypes.insert(deptype);
    }

    /// Fails on the first that nobody knows.
    pub async fn check(self, connection: &mut PgConnection) -> Result<(), IntrospectError> {
        let stranger = |what: &str, letter: String, name: String| {
            Err(IntrospectError::Strange { what: what.to_owned(), letter, name })
        };
        if let Some(deptype) = self.deptypes.into_iter().find(|deptype| !"naiePSx".contains(*deptype)) {
            return stranger("pg_depend.deptype", deptype.to_string(), "a dependency".to_owned());
        }
        let classes: Vec<Oid> = self.classes.into_iter().map(Oid).collect();
        let known = CATALOGS.iter().filter(|(_, place)| *place != Place::Cluster).map(|(name, _)| *name);
        let known: Vec<&str> = known.collect();
        let found = sqlx::query(STRANGERS).bind(classes).bind(known).fetch_optional(connection).await;
        match found.map_err(failed("census"))? {
            Some(row) => stranger(row.get(0), row.get(1), row.get(2)),
            None => Ok(()),
        }
    }
}
