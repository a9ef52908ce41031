//! What an object kind is, and the list of all kinds.
//! The rest of the program speaks of objects; only the files in `kind/` know tables from triggers.
//! Never reads a catalog or runs a statement: a kind holds the query and writes the SQL, others carry them.

use std::borrow::Cow;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use crate::catalog::Catalog;
use crate::context::{Context, Wish};
use crate::kind::definition::{Names, Spelling};
use crate::pair::Pair;
use crate::rename::{Moving, Renaming};
use crate::statement::{Alteration, Disturbance, Fragment, Recipe};

pub use name_path::NamePath;
pub use object_id::ObjectId;

/// What a query may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    pub major: u32,
    /// Whether our role may read where subscriptions connect to: only superusers may.
    pub tells_connections: bool,
}

/// Kinds that are compared as far as the user says (`--with`), all of a group alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Owner,
    Privileges,
}

impl Group {
    pub const ALL: [Self; 2] = [Self::Owner, Self::Privileges];

    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Privileges => "privileges",
        }
    }
}

/// How a kind's query says what an object is called. What is not said again need not be sent, nor kept twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Its path.
    ByPath,
    /// The oid of a table or view, and its name within that.
    InRelation,
    /// The oid of a table and the number of the column that it belongs to, whose names it has.
    AsColumn,
}

/// A name that two objects cannot have at once (relations of all sorts share one name space, types another).
pub type Claim = (&'static str, NamePath);

/// One kind of object: what it consists of, how it is read, created, altered and dropped.
pub trait Kind: Clone + Eq + Serialize + DeserializeOwned {
    /// What PostgreSQL calls it, in lower case: `materialized view`.
    const LABEL: &'static str;
    /// Returns (classid oid, objid oid, objsubid integer, path text[]) and the fields, by their names, for every user
    /// object of this kind: boolean, integers, text and its kin, text[]; json for what is nested. The reader puts the
    /// common table expressions of `introspect.rs` before it.
    const QUERY: &'static str;
    /// Whether its path ends with the types of its arguments: one name may stand for several.
    const ARGUMENTS: bool = false;
    /// From where on its path holds types as SQL writes them.
    const TYPES_AT: Option<usize> = None;
    /// A type, or a relation, whose rows are one: its name stands in other paths.
    const NAMES_TYPES: bool = false;
    /// The catalog without whose rows there are no such objects, where most databases have none: then the query is
    /// not even asked.
    const SELDOM: Option<&'static str> = None;
    /// A satellite's query returns the address of its target and, instead of a path, whether it is listed as unmodelled
    /// where nobody reads the target.
    const SATELLITE: bool = false;
    /// A constant of its whole's type: expressions hold it as a literal, and whoever uses the whole may hold it.
    const IS_CONSTANT: bool = false;
    /// What it needs, its whole needs: the edges that the server records for it are the whole's.
    const NEEDS_AS_WHOLE: bool = false;
    const NAMED: Named = Named::ByPath;
    /// Made of its own name and those of other objects besides the fields: read once those are.
    const COMPOSED: bool = false;
    /// Most say the same as many others: the query returns a row for all that do, with arrays of what comes before the
    /// fields but classid (and whether satellites are listed). A field that is `json[]` has an element for each.
    const GROUPED: bool = false;
    /// Compared as far as the user says (`--with`).
    const OPTIONAL: Option<Group> = None;
    /// As what `ALTER DEFAULT PRIVILEGES` knows it: `TABLES`, `SEQUENCES`, `FUNCTIONS`, `TYPES` or `SCHEMAS`.
    const DEFAULT_PRIVILEGES: Option<&'static str> = None;

    /// The query for this server and role, where one text does not do for all: a column or a whole catalog that older
    /// versions lack or that not everybody may read cannot stand in it, not even in a branch that is never taken.
    fn query(_server: Server) -> Cow<'static, str> {
        Cow::Borrowed(Self::QUERY)
    }

    /// The object, of the fields that the query returned.
    fn read<'de, D: Deserializer<'de>>(_id: &ObjectId, fields: D, _names: Names) -> Result<Self, D::Error> {
        Self::deserialize(fields)
    }

    /// How its expressions are read, where that is no part of the query.
    fn spelling() -> Option<Spelling> {
        None
    }

    /// Edges that `pg_depend` does not record.
    fn requires(&self, _id: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    /// The object of which this one is a part: created after it (inside its statement, if there is a fragment), and
    /// dropped with it.
    fn whole(&self, _id: &ObjectId) -> Option<ObjectId> {
        None
    }

    /// Objects whose drop takes this one along. Unlike a whole, they need not be there first.
    fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
        self.whole(id).into_iter().collect()
    }

    /// Objects whose rename gives this one the new name too: those of the parents. It has no rename of its own.
    fn named_by(&self) -> &[ObjectId] {
        &[]
    }

    /// Objects whose alteration changes this one too: what looks at it has to look away from it before.
    fn led_by(&self, _id: &ObjectId, _cx: &Context) -> Vec<ObjectId> {
        Vec::new()
    }

    /// The object, dropped in this plan, that takes this one along.
    fn goes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
        self.carried_by(id).into_iter().find(|carrier| cx.is_dropped(carrier))
    }

    /// The object that brings this one along when it is created: the same column of a parent table.
    fn comes_with(&self, _id: &ObjectId, _cx: &Context) -> Option<ObjectId> {
        None
    }

    /// Where it stands among the parts of its whole.
    fn position(&self) -> i32 {
        0
    }

    /// Its name among a schema's constraints, of which several may have the same.
    fn constraint_name(&self, _id: &ObjectId) -> Option<NamePath> {
        None
    }

    /// Names that it takes.
    fn claims(&self, _id: &ObjectId) -> Vec<Claim> {
        Vec::new()
    }

    /// How the statement that creates the whole holds it, if it may stand there.
    fn fragment(&self, _id: &ObjectId, _parts: &[Fragment], _cx: &Context) -> Option<Fragment> {
        None
    }

    fn create(&self, id: &ObjectId, parts: &[Fragment], cx: &Context) -> Recipe;

    fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe;

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration;

    /// Whether it stays as it is while something that it uses is replaced or rebuilt.
    fn withstands(_change: Pair<&Self>, _disturbance: Disturbance, _used: &ObjectId) -> bool {
        false
    }

    /// What has to be done to it when something that it uses is replaced: a column follows its type.
    fn follow(_id: &ObjectId, _change: Pair<&Self>, _used: &ObjectId, _cx: &Context) -> Alteration {
        Alteration::Replace
    }

    /// What has to be made anew for this one to come, or to be changed.
    fn demands(&self, _id: &ObjectId, _cx: &Context) -> Vec<ObjectId> {
        Vec::new()
    }

    /// What the object has and no plan can bring about: listed as unmodelled.
    fn beyond(&self, _id: &ObjectId) -> Option<String> {
        None
    }

    /// Takes over from prod's object what differs only because the two servers are of different major versions, and says
    /// what of it a person should know.
    fn match_versions(&mut self, _id: &ObjectId, _prod: &Self, _majors: Pair<u32>) -> Option<String> {
        None
    }

    /// What of it exists only since a major version, the youngest of all: `(18, "virtual generated columns")`.
    fn since(&self, _id: &ObjectId) -> Option<(u32, &'static str)> {
        None
    }

    /// The roles that it names: they must be there before it.
    fn roles(&self, _id: &ObjectId) -> Vec<String> {
        Vec::new()
    }

    /// What is wanted of an optional object that is not the same on both sides.
    fn wanted(_id: &ObjectId, sides: Pair<Option<&Self>>, _wish: &Wish) -> Option<Self> {
        sides.desired.cloned()
    }

    /// The roles of which whoever changes it must be a member: the owner of what it belongs to.
    fn governors(_id: &ObjectId, _sides: Pair<Option<&Self>>, _catalogs: Pair<&Catalog>) -> Vec<String> {
        Vec::new()
    }

    /// Whether a statement that was to remove it broke off half way: that is ended before anything else is done.
    fn is_half_done(&self) -> bool {
        false
    }

    /// Whether `CREATE DATABASE` brings it along.
    fn is_initial(&self, _id: &ObjectId) -> bool {
        false
    }

    /// The statement that gives it another name; `None` where PostgreSQL or this kind has no such thing.
    fn rename(&self, _id: &ObjectId, _name: &str) -> Option<Recipe> {
        None
    }

    /// Whether it may be the same under another name: the two are compared as if one name were already the other's.
    fn resembles(&self, other: &Self) -> bool {
        self == other
    }

    /// Follows the renaming of another object in every name and definition that it holds. The id is the old one.
    fn renamed(&mut self, _id: &ObjectId, _renaming: &Renaming, _catalog: &Catalog) {}

    /// How it gets into the schema where it shall be, together with what belongs to it and nobody reads.
    fn moving(&self, _id: &ObjectId, _desired: &Catalog) -> Option<Moving> {
        None
    }

    /// Its own id after the renaming of an object that its path names and of which it is no part: the parent in the
    /// place of a child table, the table of a publication.
    fn moved(&self, _id: &ObjectId, _renaming: &Renaming) -> Option<ObjectId> {
        None
    }

    /// How `COMMENT ON` and `ALTER .. OWNER TO` address it.
    fn address(&self, id: &ObjectId) -> String {
        format!("{} {}", Self::LABEL.to_uppercase(), id.sql())
    }

    /// How it is addressed once the plan has run: PostgreSQL does not change every name.
    fn address_afterwards(&self, id: &ObjectId, _cx: &Context) -> String {
        self.address(id)
    }

    /// How `GRANT .. ON` addresses it.
    fn grant_address(&self, id: &ObjectId) -> String {
        self.address(id)
    }

    /// What a person reads.
    fn title(id: &ObjectId) -> String {
        format!("{} {}", Self::LABEL, id.sql())
    }
}

macro_rules! kinds {
    ($($module:ident :: $kind:ident),* $(,)?) => {
        mod access;
        mod backfill;
        mod backing_index;
        mod connection_string;
        mod constraint_row;
        pub mod definition;
        mod detach;
        mod enforcement;
        mod foreign_key;
        mod generated;
        mod generic_options;
        mod identity;
        mod left_over;
        mod name_path;
        mod object_id;
        mod objection;
        mod partition_proof;
        mod retype;
        mod secret;
        mod slug;
        $(pub mod $module;)*

        /// The kinds, in the order in which a plan creates them where no dependency says otherwise.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ObjectKind { $($kind),* }

        /// An object of any kind; cheap to clone.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "is", content = "object", rename_all = "snake_case")]
        pub enum Object { $($kind(Arc<$module::$kind>)),* }

        impl ObjectKind {
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            pub fn label(self) -> &'static str {
                match self { $(Self::$kind => <$module::$kind as Kind>::LABEL),* }
            }

            pub fn query(self, server: Server) -> Cow<'static, str> {
                match self { $(Self::$kind => <$module::$kind as Kind>::query(server)),* }
            }

            pub fn has_arguments(self) -> bool {
                match self { $(Self::$kind => <$module::$kind as Kind>::ARGUMENTS),* }
            }

            pub fn types_at(self) -> Option<usize> {
                match self { $(Self::$kind => <$module::$kind as Kind>::TYPES_AT),* }
            }

            pub fn names_types(self) -> bool {
                match self { $(Self::$kind => <$module::$kind as Kind>::NAMES_TYPES),* }
            }

            pub fn seldom(self) -> Option<&'static str> {
                match self { $(Self::$kind => <$module::$kind as Kind>::SELDOM),* }
            }

            pub fn is_satellite(self) -> bool {
                match self { $(Self::$kind => <$module::$kind as Kind>::SATELLITE),* }
            }

            pub fn named(self) -> Named {
                match self { $(Self::$kind => <$module::$kind as Kind>::NAMED),* }
            }

            pub fn is_composed(self) -> bool {
                match self { $(Self::$kind => <$module::$kind as Kind>::COMPOSED),* }
            }

            pub fn is_grouped(self) -> bool {
                match self { $(Self::$kind => <$module::$kind as Kind>::GROUPED),* }
            }

            pub fn spelling(self) -> Option<Spelling> {
                match self { $(Self::$kind => <$module::$kind as Kind>::spelling()),* }
            }

            pub fn optional(self) -> Option<Group> {
                match self { $(Self::$kind => <$module::$kind as Kind>::OPTIONAL),* }
            }

            pub fn default_privileges(self) -> Option<&'static str> {
                match self { $(Self::$kind => <$module::$kind as Kind>::DEFAULT_PRIVILEGES),* }
            }

            pub fn is_constant(self) -> bool {
                match self { $(Self::$kind => <$module::$kind as Kind>::IS_CONSTANT),* }
            }

            pub fn needs_as_whole(self) -> bool {
                match self { $(Self::$kind => <$module::$kind as Kind>::NEEDS_AS_WHOLE),* }
            }

            fn title(self, id: &ObjectId) -> String {
                match self { $(Self::$kind => <$module::$kind as Kind>::title(id)),* }
            }

        }

        impl Object {
            /// Of the fields that the kind's query returned.
            pub fn read<'de, D: Deserializer<'de>>(id: &ObjectId, fields: D, names: Names) -> Result<Self, D::Error> {
                match id.kind {
                    $(ObjectKind::$kind => <$module::$kind as Kind>::read(id, fields, names).map(|object| Self::$kind(Arc::new(object)))),*
                }
            }
            pub fn kind(&self) -> ObjectKind {
                match self { $(Self::$kind(_) => ObjectKind::$kind),* }
            }
            /// The same for all clones of an object, and for no others that are there at the same time.
            pub fn shared(&self) -> *const () {
                match self { $(Self::$kind(object) => Arc::as_ptr(object).cast()),* }
            }
            pub fn requires(&self, id: &ObjectId) -> Vec<ObjectId> {
                match self { $(Self::$kind(object) => object.requires(id)),* }
            }
            pub fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
                match self { $(Self::$kind(object) => object.whole(id)),* }
            }
            pub fn carried_by(&self, id: &ObjectId) -> Vec<ObjectId> {
                match self { $(Self::$kind(object) => object.carried_by(id)),* }
            }
            pub fn named_by(&self) -> &[ObjectId] {
                match self { $(Self::$kind(object) => object.named_by()),* }
            }
            pub fn led_by(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
                match self { $(Self::$kind(object) => object.led_by(id, cx)),* }
            }
            pub fn goes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
                match self { $(Self::$kind(object) => object.goes_with(id, cx)),* }
            }
            pub fn comes_with(&self, id: &ObjectId, cx: &Context) -> Option<ObjectId> {
                match self { $(Self::$kind(object) => object.comes_with(id, cx)),* }
            }
            pub fn position(&self) -> i32 {
                match self { $(Self::$kind(object) => object.position()),* }
            }
            pub fn constraint_name(&self, id: &ObjectId) -> Option<NamePath> {
                match self { $(Self::$kind(object) => object.constraint_name(id)),* }
            }
            pub fn claims(&self, id: &ObjectId) -> Vec<Claim> {
                let mut claims = match self { $(Self::$kind(object) => object.claims(id)),* };
                // What is an extension's member on one side may be an object of its own on the other.
                if self.whole(id).is_none() {
                    claims.push(extension::claim(&extension::as_member(&self.address(id))));
                }
                claims
            }
            pub fn fragment(&self, id: &ObjectId, parts: &[Fragment], cx: &Context) -> Option<Fragment> {
                match self { $(Self::$kind(object) => object.fragment(id, parts, cx)),* }
            }
            pub fn create(&self, id: &ObjectId, parts: &[Fragment], cx: &Context) -> Recipe {
                match self { $(Self::$kind(object) => object.create(id, parts, cx)),* }
            }
            pub fn drop(&self, id: &ObjectId, cx: &Context) -> Recipe {
                match self { $(Self::$kind(object) => Kind::drop(object.as_ref(), id, cx)),* }
            }
            /// Two objects under one id are of one kind; anything else is replaced.
            pub fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
                match (change.current, change.desired) {
                    $((Self::$kind(current), Self::$kind(desired)) => {
                        <$module::$kind as Kind>::alter(id, Pair { current, desired }, cx)
                    })*
                    _ => Alteration::Replace,
                }
            }
            pub fn withstands(change: Pair<&Self>, disturbance: Disturbance, used: &ObjectId) -> bool {
                match (change.current, change.desired) {
                    $((Self::$kind(current), Self::$kind(desired)) => {
                        <$module::$kind as Kind>::withstands(Pair { current, desired }, disturbance, used)
                    })*
                    _ => false,
                }
            }
            pub fn follow(id: &ObjectId, change: Pair<&Self>, used: &ObjectId, cx: &Context) -> Alteration {
                match (change.current, change.desired) {
                    $((Self::$kind(current), Self::$kind(desired)) => {
                        <$module::$kind as Kind>::follow(id, Pair { current, desired }, used, cx)
                    })*
                    _ => Alteration::Replace,
                }
            }
            pub fn demands(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
                match self { $(Self::$kind(object) => object.demands(id, cx)),* }
            }
            pub fn beyond(&self, id: &ObjectId) -> Option<String> {
                match self { $(Self::$kind(object) => object.beyond(id)),* }
            }
            pub fn match_versions(&mut self, id: &ObjectId, prod: &Self, majors: Pair<u32>) -> Option<String> {
                match (self, prod) {
                    $((Self::$kind(object), Self::$kind(prod)) => Arc::make_mut(object).match_versions(id, prod, majors),)*
                    _ => None,
                }
            }
            pub fn since(&self, id: &ObjectId) -> Option<(u32, &'static str)> {
                match self { $(Self::$kind(object) => object.since(id)),* }
            }
            pub fn roles(&self, id: &ObjectId) -> Vec<String> {
                match self { $(Self::$kind(object) => object.roles(id)),* }
            }
            /// What is wanted of an optional object, and which roles have a say in it.
            pub fn wanted(id: &ObjectId, sides: Pair<Option<&Self>>, wish: &Wish) -> (Option<Self>, Vec<String>) {
                match id.kind {
                    $(ObjectKind::$kind => {
                        let sides = sides.map(|side| match side {
                            Some(Self::$kind(object)) => Some(object.as_ref()),
                            _ => None,
                        });
                        let wanted = <$module::$kind as Kind>::wanted(id, sides, wish);
                        let governors = <$module::$kind as Kind>::governors(id, sides, wish.catalogs);
                        (wanted.map(|object| Self::$kind(Arc::new(object))), governors)
                    })*
                }
            }
            pub fn is_half_done(&self) -> bool {
                match self { $(Self::$kind(object) => object.is_half_done()),* }
            }
            pub fn is_initial(&self, id: &ObjectId) -> bool {
                match self { $(Self::$kind(object) => object.is_initial(id)),* }
            }
            pub fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
                match self { $(Self::$kind(object) => object.rename(id, name)),* }
            }
            pub fn resembles(&self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$kind(object), Self::$kind(other)) => object.resembles(other),)*
                    _ => false,
                }
            }
            pub fn renamed(&mut self, id: &ObjectId, renaming: &Renaming, catalog: &Catalog) {
                match self { $(Self::$kind(object) => Arc::make_mut(object).renamed(id, renaming, catalog)),* }
            }
            pub fn moving(&self, id: &ObjectId, desired: &Catalog) -> Option<Moving> {
                match self { $(Self::$kind(object) => object.moving(id, desired)),* }
            }
            pub fn moved(&self, id: &ObjectId, renaming: &Renaming) -> Option<ObjectId> {
                match self { $(Self::$kind(object) => object.moved(id, renaming)),* }
            }
            pub fn address(&self, id: &ObjectId) -> String {
                match self { $(Self::$kind(object) => object.address(id)),* }
            }
            pub fn address_afterwards(&self, id: &ObjectId, cx: &Context) -> String {
                match self { $(Self::$kind(object) => object.address_afterwards(id, cx)),* }
            }
            pub fn grant_address(&self, id: &ObjectId) -> String {
                match self { $(Self::$kind(object) => object.grant_address(id)),* }
            }
        }
    };
}

// The order is taste: what others build upon comes first. Dependencies always win over it.
kinds! {
    schema::Schema,
    extension::Extension,
    collation::Collation,
    shell_type::ShellType,
    text_search_parser::TextSearchParser,
    text_search_template::TextSearchTemplate,
    text_search_dictionary::TextSearchDictionary,
    text_search_configuration::TextSearchConfiguration,
    access_method::AccessMethod,
    enum_type::EnumType,
    enum_label::EnumLabel,
    composite_type::CompositeType,
    domain::Domain,
    domain_constraint::DomainConstraint,
    sequence::Sequence,
    routine::Routine,
    aggregate::Aggregate,
    base_type::BaseType,
    range_type::RangeType,
    language::Language,
    cast::Cast,
    conversion::Conversion,
    transform::Transform,
    foreign_data_wrapper::ForeignDataWrapper,
    foreign_server::ForeignServer,
    user_mapping::UserMapping,
    operator::Operator,
    operator_family::OperatorFamily,
    operator_family_member::OperatorFamilyMember,
    operator_class::OperatorClass,
    table::Table,
    column::Column,
    column_default::ColumnDefault,
    not_null::NotNull,
    inheritance::Inheritance,
    constraint::Constraint,
    index::Index,
    statistics::Statistics,
    view::View,
    materialized_view::MaterializedView,
    attribute::Attribute,
    rule::Rule,
    trigger::Trigger,
    policy::Policy,
    publication::Publication,
    publication_table::PublicationTable,
    publication_schema::PublicationSchema,
    subscription::Subscription,
    event_trigger::EventTrigger,
    ownership::Ownership,
    privilege::Privilege,
    initial_privilege::InitialPrivilege,
    default_privilege::DefaultPrivilege,
    comment::Comment,
    clone_comment::CloneComment,
    security_label::SecurityLabel,
    extension_dependency::ExtensionDependency,
}

pub use default_privilege::explicit as with_default_privileges;
