//! Reads a database's catalog in one consistent snapshot.
//! Runs every kind's query and the server's own dependency table, and gives each address a name. Knows no kind, and
//! never takes a lock that anybody could notice.

mod row;
mod spelling;
pub mod strange;

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;
use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::catalog::{Catalog, Objects, Size, Unmodelled};
use crate::kind::definition::{Address, Names, Places};
use crate::kind::{Named, Object, ObjectId, ObjectKind, Server};
use spelling::Spelled;
use strange::Sorts;

/// What every query may speak of: schemas that are not the system's, RDS' or ours; members of extensions, which are
/// nobody else's; relations that are neither.
const PREAMBLE: &str = "
    with member as materialized (
        select classid, objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
    ), user_schema as materialized (
        select n.oid, n.nspname as name from pg_namespace n
        where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'rdsadmin', 'migrator')
    ), relation as not materialized (
        select c.*, s.name as schema from pg_class c join user_schema s on s.oid = c.relnamespace
        where not exists (select from member m where m.classid = 'pg_class'::regclass and m.objid = c.oid)
    )";

/// What went wrong while reading a catalog.
#[derive(Debug, thiserror::Error)]
pub enum IntrospectError {
    #[error("reading the {what} failed")]
    Query { what: &'static str, source: sqlx::Error },
    #[error("a {kind} was returned in a form that this version does not understand")]
    Form { kind: &'static str, source: serde_json::Error },
    #[error("{what} is '{letter}' for {name}: this version knows no such sort of object")]
    Strange { what: String, letter: String, name: String },
    #[error("the server is PostgreSQL {0}; 14 to 18 are supported")]
    Version(u32),
}

/// How many pages of `pg_depend` are asked for in one row: some 70,000 edges.
const PORTION: i64 = 512;

/// Edges that tell nothing: of a default to its own column, of a trigger that a foreign key made to that key.
const ITS_OWN: &str = "(classid, deptype) not in (('pg_attrdef'::regclass, 'a'), ('pg_trigger'::regclass, 'i'))";

/// What is a part of something else, to that.
type Folds = HashMap<Address, Address, RandomState>;

fn failed(what: &'static str) -> impl FnOnce(sqlx::Error) -> IntrospectError {
    move |source| IntrospectError::Query { what, source }
}

fn formed(kind: ObjectKind) -> impl FnOnce(serde_json::Error) -> IntrospectError {
    move |source| IntrospectError::Form { kind: kind.label(), source }
}

/// The catalog, in one REPEATABLE READ, READ ONLY transaction.
pub async fn introspect(connection: &mut PgConnection) -> Result<Catalog, IntrospectError> {
    // Many short queries: neither compiling them nor starting workers for them pays off. What they hash is small, but more
    // than the usual 4 MB, and sooner hashed than sorted.
    let begin = "begin isolation level repeatable read, read only;
        set local jit to off; set local max_parallel_workers_per_gather to 0; set local work_mem to '32MB';
        set local enable_sort to off;
        set local search_path to ''; set local datestyle to 'ISO'; set local intervalstyle to 'postgres';
        set local extra_float_digits to 3; set local quote_all_identifiers to off; set local timezone to 'UTC'";
    sqlx::raw_sql(begin).execute(&mut *connection).await.map_err(failed("transaction"))?;
    let read = read(connection).await;
    let end = sqlx::raw_sql("rollback").execute(connection).await.map_err(failed("transaction"));
    let catalog = read?;
    end?;
    Ok(catalog)
}

async fn read(connection: &mut PgConnection) -> Result<Catalog, IntrospectError> {
    let sql = "select current_setting('server_version_num')::integer / 10000, current_user::text,
        has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select'), (
            select t.spcname::text from pg_database d join pg_tablespace t on t.oid = d.dattablespace
            where d.datname = current_database())";
    let row = sqlx::query(sql).fetch_one(&mut *connection).await.map_err(failed("version"))?;
    let major = u32::try_from(row.get::<i32, _>(0)).unwrap_or_default();
    if !(14..=18).contains(&major) {
        return Err(IntrospectError::Version(major));
    }
    let server = Server { major, tells_connections: row.get(2) };
    let absent = absent(connection).await?;
    let mut reader = Reader::default();
    let mut kinds: Vec<ObjectKind> = ObjectKind::ALL.to_vec();
    kinds.retain(|kind| kind.seldom().is_none_or(|catalog| !absent.contains(catalog)));
    kinds.sort_by_key(|kind| (kind.is_satellite(), kind.is_composed()));
    for kind in kinds {
        reader.read_kind(connection, kind, server).await?;
    }
    let (dependencies, folds) = reader.read_dependencies(connection).await?;
    let unmodelled = reader.read_unmodelled(connection, &folds, major).await?;
    let sizes = reader.sizes(connection).await?;
    // What only reading needs is gone before there is more.
    let objects = reader.objects;
    drop((reader.places, folds));
    let mut catalog = Catalog::of_places(major, objects, dependencies);
    catalog.unmodelled = unmodelled;
    catalog.role = row.get(1);
    catalog.tablespace = row.get(3);
    (catalog.roles, catalog.strangers) = roles(connection).await?;
    catalog.sizes = sizes;
    Ok(catalog)
}

/// Of the catalogs that seldom hold anything of a user's, those that hold nothing.
async fn absent(connection: &mut PgConnection) -> Result<BTreeSet<&'static str>, IntrospectError> {
    let catalogs: BTreeSet<&'static str> = ObjectKind::ALL.iter().filter_map(|kind| kind.seldom()).collect();
    let holds = catalogs.iter().map(|catalog| format!("exists (select from {catalog} where oid >= 16384)"));
    let sql = format!("select array[{}]", holds.collect::<Vec<_>>().join(", "));
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(connection).await.map_err(failed("catalogs"))?;
    let holds: Vec<bool> = row.get(0);
    Ok(catalogs.into_iter().zip(holds).filter(|(_, holds)| !holds).map(|(catalog, _)| catalog).collect())
}

/// What comes between an object's address and its fields.
#[derive(Clone)]
enum Place {
    /// That of a satellite is in the address.
    Target {
        listed: bool,
    },
    Path(Vec<String>),
    Name(u32, String),
    Number(u32, i16),
}

impl Place {
    fn of(kind: ObjectKind, row: &PgRow) -> Result<Self, sqlx::Error> {
        let relation = || row.get::<Oid, _>(3).0;
        Ok(match kind.named() {
            _ if kind.is_satellite() => Self::Target { listed: row.get(3) },
            Named::ByPath => {
                Self::Path(row::texts(row.try_get_raw(3)?).map_err(|error| sqlx::Error::Decode(error.into()))?)
            }
            Named::InRelation => Self::Name(relation(), row.get(4)),
            Named::AsColumn => Self::Number(relation(), row.get(4)),
        })
    }

    /// Of a row that speaks of so many.
    fn all_of(kind: ObjectKind, row: &PgRow, count: usize) -> Vec<Self> {
        let relations = || row.get::<Vec<Oid>, _>(3).into_iter().map(|relation| relation.0);
        let name = |(relation, name)| Self::Name(relation, name);
        let number = |(relation, number)| Self::Number(relation, number);
        match kind.named() {
            Named::ByPath => vec![Self::Target { listed: row.get(3) }; count],
            Named::InRelation => relations().zip(row.get::<Vec<String>, _>(4)).map(name).collect(),
            Named::AsColumn => relations().zip(row.get::<Vec<i16>, _>(4)).map(number).collect(),
        }
    }
}

#[derive(Default)]
struct Reader {
    objects: Objects,
    places: Places,
    /// Satellites of what nobody reads.
    astray: Vec<(ObjectKind, Address)>,
}

impl Reader {
    fn names(&self) -> Names<'_> {
        Names { places: &self.places, objects: &self.objects }
    }

    async fn read_kind(
        &mut self,
        connection: &mut PgConnection,
        kind: ObjectKind,
        server: Server,
    ) -> Result<(), IntrospectError> {
        let query = kind.query(server);
        let query = query.trim_start();
        // A query that begins with a common table expression of its own goes on where the preamble ends.
        let sql = match query.strip_prefix("with ") {
            Some(rest) => format!("{PREAMBLE}, {rest}"),
            None => format!("{PREAMBLE} {query}"),
        };
        let spelled = match kind.spelling() {
            Some(spelling) => spelling::spelled(connection, kind, spelling, self.names()).await?,
            None => Spelled::default(),
        };
        if kind.is_grouped() {
            let mut rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(connection);
            while let Some(row) = rows.try_next().await.map_err(failed(kind.label()))? {
                self.read_group(kind, &row, &spelled)?;
            }
            return Ok(());
        }
        let mut alike = row::Alike::default();
        let mut rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch(connection);
        while let Some(row) = rows.try_next().await.map_err(failed(kind.label()))? {
            let address = (row.get::<Oid, _>(0).0, row.get::<Oid, _>(1).0, row.get::<i32, _>(2));
            let place = Place::of(kind, &row).map_err(failed(kind.label()))?;
            let Some(id) = self.id_of(kind, address, place).map_err(failed(kind.label()))? else { continue };
            let (shared, names) = (spelled.of(address.1), self.names());
            let object = if kind.is_composed() {
                row::object(&id, &row, shared, names)
            } else {
                alike.object(&id, &row, shared, names)
            };
            self.add(id, address, object.map_err(formed(kind))?);
        }
        Ok(())
    }

    /// The objects of which one row speaks.
    fn read_group(&mut self, kind: ObjectKind, row: &PgRow, spelled: &Spelled) -> Result<(), IntrospectError> {
        let class = row.get::<Oid, _>(0).0;
        let (objects, parts) = (row.get::<Vec<Oid>, _>(1), row.get::<Vec<i32>, _>(2));
        let places = Place::all_of(kind, row, objects.len());
        let mut group = row::Group::of(row).map_err(formed(kind))?;
        for (nth, ((object, part), place)) in objects.into_iter().zip(parts).zip(places).enumerate() {
            let address = (class, object.0, part);
            let Some(id) = self.id_of(kind, address, place).map_err(failed(kind.label()))? else { continue };
            let object = group.object(nth, &id, spelled, address.1, self.names()).map_err(formed(kind))?;
            self.add(id, address, object);
        }
        Ok(())
    }

    fn add(&mut self, id: ObjectId, address: Address, object: Object) {
        let kind = id.kind;
        let (place, _) = self.objects.insert_full(id, object);
        if let Some(place) = u32::try_from(place).ok().filter(|_| !kind.is_satellite() && address.1 != 0) {
            self.places.insert(address, place);
        }
    }

    /// `None` for a satellite of what nobody reads.
    fn id_of(&mut self, kind: ObjectKind, address: Address, place: Place) -> Result<Option<ObjectId>, sqlx::Error> {
        let id = match place {
            Place::Target { listed } => {
                let target = self.names().get(address).cloned();
                self.astray.extend(Some((kind, address)).filter(|_| listed && target.is_none()));
                return Ok(target.map(|target| ObjectId::satellite(kind, &target)));
            }
            Place::Path(path) => Some(ObjectId::new(kind, path)),
            Place::Name(relation, name) => self.names().relation(relation).map(|relation| relation.child(kind, &name)),
            Place::Number(relation, number) => {
                self.names().column(relation, number).map(|column| column.with_kind(kind))
            }
        };
        id.ok_or(sqlx::Error::RowNotFound).map(Some)
    }

    /// The edges between our objects. An endpoint that nobody read is folded, along the edge that makes it part of
    /// another, to what it belongs to: a row type to its table, a constraint's index to the constraint.
    async fn read_dependencies(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(Vec<(u32, u32)>, Folds), IntrospectError> {
        // A row of long arrays for so many pages: a row for each edge costs both ends several times as much, and one row for
        // all is as big as the rest of the catalog.
        let pages = "select pg_relation_size('pg_depend') / current_setting('block_size')::bigint";
        let pages: i64 = sqlx::query_scalar(pages).fetch_one(&mut *connection).await.map_err(failed("dependencies"))?;
        let (mut edges, mut unresolved, mut partitions) = (Vec::new(), Vec::new(), Vec::new());
        let mut folds = Folds::default();
        let mut sorts = Sorts::default();
        let mut last = (0, 0, ' ');
        for portion in 0..=pages / PORTION {
            let sql = format!(
                "select array_agg(classid), array_agg(objid), array_agg(objsubid), array_agg(refclassid),
                    array_agg(refobjid), array_agg(refobjsubid), string_agg(deptype::text, '')
                from pg_depend where objid >= 16384 and {ITS_OWN} and ctid >= '({},0)' and ctid < '({},0)'",
                portion * PORTION,
                (portion + 1) * PORTION
            );
            let row = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_one(&mut *connection).await;
            let row = row.map_err(failed("dependencies"))?;
            let oids = |at: usize| row.get::<Option<Vec<Oid>>, _>(at).unwrap_or_default().into_iter().map(|oid| oid.0);
            let parts = |at: usize| row.get::<Option<Vec<i32>>, _>(at).unwrap_or_default().into_iter();
            let addresses =
                |at| oids(at).zip(oids(at + 1)).zip(parts(at + 2)).map(|((class, object), part)| (class, object, part));
            let types = row.get::<Option<&str>, _>(6).unwrap_or_default();
            for ((from, to), deptype) in addresses(0).zip(addresses(3)).zip(types.chars()) {
                if last != (from.0, to.0, deptype) {
                    last = (from.0, to.0, deptype);
                    sorts.see(from.0, deptype);
                    sorts.see(to.0, deptype);
                }
                match deptype {
                    'i' | 'e' => _ = folds.entry(from).or_insert(to),
                    'P' if !self.places.contains_key(&from) => partitions.push((from, to)),
                    _ => {}
                }
                match (self.places.get(&from), self.places.get(&to)) {
                    _ if matches!(deptype, 'P' | 'S') => {}
                    (Some(from), Some(to)) => edges.push((*from, *to)),
                    _ => unresolved.push((from, to)),
                }
            }
        }
        sorts.check(connection).await?;
        // The index behind a partition's key is the key's before it is a part of the parent's index.
        for (from, to) in partitions {
            folds.entry(from).or_insert(to);
        }
        let folded =
            unresolved.iter().filter_map(|(from, to)| self.resolve(*from, &folds).zip(self.resolve(*to, &folds)));
        let edges = edges
            .into_iter()
            .chain(folded)
            .filter_map(|(from, to)| Some((self.in_need(from)?, to)).filter(|(from, to)| from != to));
        Ok((edges.collect(), folds))
    }

    /// The object's own place, or that of the whole that needs what it needs.
    fn in_need(&self, place: u32) -> Option<u32> {
        let (id, object) = self.objects.get_index(place as usize)?;
        if !id.kind.needs_as_whole() {
            return Some(place);
        }
        self.objects.get_index_of(&object.whole(id)?).and_then(|whole| u32::try_from(whole).ok())
    }

    fn resolve(&self, address: Address, folds: &Folds) -> Option<u32> {
        let mut at = address;
        // Chains are short (row type's array type, row type, table); the bound guards against a damaged catalog.
        for _ in 0..8 {
            if let Some(place) = self.places.get(&at) {
                return Some(*place);
            }
            let whole = (at.0, at.1, 0);
            at = match folds.get(&at) {
                Some(owner) => *owner,
                None if at.2 != 0 => whole,
                None => return None,
            };
        }
        None
    }

    async fn sizes(&self, connection: &mut PgConnection) -> Result<HashMap<ObjectId, Size>, IntrospectError> {
        // relpages is an estimate that costs nothing; pg_relation_size would open every file.
        let sql = "select c.oid, c.relpages::bigint * 8192, greatest(c.reltuples, 0)::bigint
            from pg_class c where c.relkind in ('r', 'm') and c.relpages > 0 and c.oid >= 16384";
        let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed("sizes"))?;
        let size = |row: &PgRow| {
            let number = |at: usize| u64::try_from(row.get::<i64, _>(at)).unwrap_or_default();
            Some((self.names().relation(row.get::<Oid, _>(0).0)?, Size { bytes: number(1), rows: number(2) }))
        };
        Ok(rows.iter().filter_map(size).collect())
    }

    /// Every object that could be a user's and that nobody read: named, never passed over.
    async fn read_unmodelled(
        &self,
        connection: &mut PgConnection,
        folds: &Folds,
        major: u32,
    ) -> Result<BTreeSet<Unmodelled>, IntrospectError> {
        let census = CENSUS.replace("{since_15}", if major >= 15 { CENSUS_SINCE_15 } else { "" });
        let sql = format!("{PREAMBLE} {census}");
        let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut *connection).await.map_err(failed("census"))?;
        let oids = |at: usize| row.get::<Option<Vec<Oid>>, _>(at).unwrap_or_default();
        let unread: Vec<(Oid, Oid)> = oids(0)
            .into_iter()
            .zip(oids(1))
            .filter(|(class, object)| self.resolve((class.0, object.0, 0), folds).is_none())
            .collect();
        let (classes, objects): (Vec<Oid>, Vec<Oid>) = unread.into_iter().unzip();
        let sql = "select i.type, coalesce(i.identity, i.name, '?')
            from unnest($1::oid[], $2::oid[]) u (class, object), pg_identify_object(u.class, u.object, 0) i where i.type is not null
            union all ";
        let sql = format!("{sql} {MAPPINGS}");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(classes)
            .bind(objects)
            .fetch_all(&mut *connection)
            .await
            .map_err(failed("census"))?;
        let beyond = self.objects.iter().filter_map(|(id, object)| {
            let object_type = id.kind.label().to_owned();
            object.beyond(id).map(|identity| Unmodelled { object_type, identity })
        });
        let named = |row: &sqlx::postgres::PgRow| Unmodelled { object_type: row.get(0), identity: row.get(1) };
        let mut unmodelled: BTreeSet<Unmodelled> = rows.iter().map(named).chain(beyond).collect();
        // Of what is read as a part of something else: the index behind a constraint.
        for (kind, address) in self.astray.iter().filter(|(_, address)| self.resolve(*address, folds).is_some()) {
            let described = sqlx::query_scalar("select pg_describe_object($1, $2, $3)");
            let described = described.bind(Oid(address.0)).bind(Oid(address.1)).bind(address.2);
            let target: Option<String> = described.fetch_one(&mut *connection).await.map_err(failed("census"))?;
            let object_type = kind.label().to_owned();
            unmodelled.extend(target.map(|identity| Unmodelled { object_type, identity }));
        }
        Ok(unmodelled)
    }
}

/// Whatever stands in a catalog that can hold a user's object, but for what belongs to an extension or to the system.
/// Not counted apart is what is part of another row (`strange::CATALOGS`), nor the triggers of foreign keys, NOT NULL of
/// domains, and the rules that make views. Of the defaults only those of foreign tables are: there are too many others,
/// which are read with the columns.
const CENSUS: &str = "
    select array_agg(o.class), array_agg(o.oid) from (
        select 'pg_class'::regclass::oid class, c.oid from relation c
        union all select 'pg_type'::regclass, t.oid from pg_type t join user_schema s on s.oid = t.typnamespace
            where t.typelem = 0 or t.typsubscript <> 'array_subscript_handler'::regproc
        union all select 'pg_proc'::regclass, p.oid from pg_proc p join user_schema s on s.oid = p.pronamespace
        union all select 'pg_constraint'::regclass, k.oid from pg_constraint k join relation c on c.oid = k.conrelid
            where c.relkind not in ('i', 'I', 'S')
        union all select 'pg_constraint'::regclass, k.oid
            from pg_constraint k join pg_type t on t.oid = k.contypid join user_schema s on s.oid = t.typnamespace
            where k.contypid <> 0 and k.contype <> 'n'
                and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)
        union all select 'pg_attrdef'::regclass, x.oid from pg_attrdef x join relation c on c.oid = x.adrelid
            join pg_attribute a on a.attrelid = x.adrelid and a.attnum = x.adnum
            where c.relkind = 'f' and a.attgenerated = ''
        union all select 'pg_rewrite'::regclass, x.oid from pg_rewrite x join relation c on c.oid = x.ev_class
            where x.rulename <> '_RETURN'
        union all select 'pg_trigger'::regclass, x.oid from pg_trigger x join relation c on c.oid = x.tgrelid
            where not x.tgisinternal and c.relkind not in ('i', 'I', 'S')
        union all select 'pg_policy'::regclass, x.oid from pg_policy x join relation c on c.oid = x.polrelid
        union all select 'pg_operator'::regclass, x.oid from pg_operator x join user_schema s on s.oid = x.oprnamespace
        union all select 'pg_opclass'::regclass, x.oid from pg_opclass x join user_schema s on s.oid = x.opcnamespace
        union all select 'pg_opfamily'::regclass, x.oid from pg_opfamily x join user_schema s on s.oid = x.opfnamespace
        union all select 'pg_amop'::regclass, x.oid from pg_amop x where x.oid >= 16384
            and not exists (select from member m where m.classid = 'pg_opfamily'::regclass and m.objid = x.amopfamily
                or m.classid = 'pg_operator'::regclass and m.objid = x.amopopr and x.amopfamily < 16384)
        union all select 'pg_amproc'::regclass, x.oid from pg_amproc x where x.oid >= 16384
            and not exists (select from member m where m.classid = 'pg_opfamily'::regclass and m.objid = x.amprocfamily
                or m.classid = 'pg_proc'::regclass and m.objid = x.amproc and x.amprocfamily < 16384)
        union all select 'pg_collation'::regclass, x.oid from pg_collation x join user_schema s on s.oid = x.collnamespace
        union all select 'pg_conversion'::regclass, x.oid from pg_conversion x join user_schema s on s.oid = x.connamespace
        union all select 'pg_ts_config'::regclass, x.oid from pg_ts_config x join user_schema s on s.oid = x.cfgnamespace
        union all select 'pg_ts_dict'::regclass, x.oid from pg_ts_dict x join user_schema s on s.oid = x.dictnamespace
        union all select 'pg_ts_parser'::regclass, x.oid from pg_ts_parser x join user_schema s on s.oid = x.prsnamespace
        union all select 'pg_ts_template'::regclass, x.oid from pg_ts_template x join user_schema s on s.oid = x.tmplnamespace
        union all select 'pg_statistic_ext'::regclass, x.oid from pg_statistic_ext x join user_schema s on s.oid = x.stxnamespace
        union all select 'pg_cast'::regclass, x.oid from pg_cast x where x.oid >= 16384
        union all select 'pg_language'::regclass, x.oid from pg_language x where x.oid >= 16384
        union all select 'pg_am'::regclass, x.oid from pg_am x where x.oid >= 16384
        union all select 'pg_transform'::regclass, x.oid from pg_transform x where x.oid >= 16384
        union all select 'pg_foreign_data_wrapper'::regclass, x.oid from pg_foreign_data_wrapper x
        union all select 'pg_foreign_server'::regclass, x.oid from pg_foreign_server x
        union all select 'pg_user_mapping'::regclass, x.umid from pg_user_mappings x
        union all select 'pg_publication'::regclass, x.oid from pg_publication x
        union all select 'pg_publication_rel'::regclass, x.oid from pg_publication_rel x
            join pg_class c on c.oid = x.prrelid join user_schema s on s.oid = c.relnamespace
        {since_15}
        union all select 'pg_subscription'::regclass, x.oid from pg_subscription x
            where x.subdbid = (select d.oid from pg_database d where d.datname = current_database())
        union all select 'pg_default_acl'::regclass, x.oid from pg_default_acl x
        union all select 'pg_event_trigger'::regclass, x.oid from pg_event_trigger x
    ) o
    where not exists (select from member m where m.classid = o.class and m.objid = o.oid)";

/// Text search configurations of the system that were altered: initdb maps each of 19 token types to one dictionary,
/// words to the stemmer of the configuration's name and all else to `simple`.
const MAPPINGS: &str = "
    select 'text search configuration', format('pg_catalog.%I, with mappings of its own', c.cfgname)
    from pg_ts_config c join pg_ts_config_map m on m.mapcfg = c.oid join pg_ts_dict d on d.oid = m.mapdict
        join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
    where c.oid < 16384
    group by c.cfgname having count(*) <> 19 or bool_or(m.mapseqno <> 1 or d.dictname <> all (array_remove(
        array['simple', case when t.alias ~ 'word' and t.alias !~ 'num' then c.cfgname || '_stem' end,
            case when t.alias ~ '^ascii|_asciipart$' then 'english_stem' end], null))
        or d.dictname = 'simple' and c.cfgname <> 'simple' and t.alias ~ 'word' and t.alias !~ 'num')";

const CENSUS_SINCE_15: &str = "
    union all select 'pg_publication_namespace'::regclass, x.oid from pg_publication_namespace x
        join user_schema s on s.oid = x.pnnspid";

/// All roles, and those of which ours is no member.
async fn roles(connection: &mut PgConnection) -> Result<(BTreeSet<String>, BTreeSet<String>), IntrospectError> {
    let sql = "select rolname::text, pg_has_role(oid, 'member') from pg_roles";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed("roles"))?;
    let strangers = rows.iter().filter(|row| !row.get::<bool, _>(1)).map(|row| row.get(0)).collect();
    Ok((rows.iter().map(|row| row.get(0)).collect(), strangers))
}
