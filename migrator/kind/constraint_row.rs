//! What the query of constraints returns, and the constraint that is put together from it.

use serde::Deserialize;

use crate::kind::backing_index::BackingIndex;
use crate::kind::constraint::{Constraint, Contype};
use crate::kind::definition::{Checking, ForeignKey, Names, key};
use crate::kind::enforcement::Enforcement;
use crate::kind::{ObjectId, ObjectKind};

/// Without a definition, it is put together from the rest.
#[derive(Deserialize)]
pub(super) struct ConstraintRow {
    contype: Contype,
    definition: Option<String>,
    /// Of a check.
    expression: Option<String>,
    no_inherit: bool,
    relation: u32,
    columns: Vec<i16>,
    included: Vec<i16>,
    nulls_not_distinct: bool,
    /// Of a foreign key.
    references: Option<Vec<String>>,
    referenced: u32,
    referenced_columns: Vec<i16>,
    matching: char,
    on_update: char,
    on_delete: char,
    deferrable: bool,
    deferred: bool,
    enforced: bool,
    validated: bool,
    local: bool,
    partitioned: bool,
    partition: bool,
    inherited: Vec<ObjectId>,
    index_options: Vec<String>,
    tablespace: Option<String>,
    index_parent: Option<ObjectId>,
    clustered: Option<bool>,
    replica_identity: Option<bool>,
    btree: Option<bool>,
    index_comment: Option<String>,
    statistics: Vec<(i32, i32)>,
    enforcement: Option<Enforcement>,
}

impl ConstraintRow {
    pub fn constraint<E: serde::de::Error>(self, names: Names) -> Result<Constraint, E> {
        let definition = self.definition(names)?;
        let primary: &[i16] = if self.contype == Contype::PrimaryKey { &self.columns } else { &[] };
        let columns = names.columns(self.relation, primary)?.into_iter().map(str::to_owned).collect();
        let index = self.clustered.zip(self.replica_identity).zip(self.btree);
        Ok(Constraint {
            contype: self.contype,
            definition,
            validated: self.validated,
            local: self.local,
            partitioned: self.partitioned,
            partition: self.partition,
            inherited: self.inherited,
            columns,
            index: index.map(|((clustered, replica_identity), btree)| BackingIndex {
                options: self.index_options,
                tablespace: self.tablespace,
                parent: self.index_parent,
                clustered,
                replica_identity,
                btree,
                comment: self.index_comment,
                statistics: self.statistics,
            }),
            enforcement: self.enforcement,
            references: self.references.map(|path| {
                names.relation(self.referenced).unwrap_or_else(|| ObjectId::new(ObjectKind::Table, &path))
            }),
        })
    }

    fn definition<E: serde::de::Error>(&self, names: Names) -> Result<String, E> {
        if let Some(definition) = &self.definition {
            return Ok(definition.clone());
        }
        let body = match (self.contype, &self.references) {
            (Contype::Check, _) => {
                let no_inherit = if self.no_inherit { " NO INHERIT" } else { "" };
                format!("CHECK ({}){no_inherit}", self.expression.as_deref().unwrap_or_default())
            }
            (Contype::ForeignKey, Some(references)) => {
                let columns = &names.columns(self.relation, &self.columns)?;
                let referenced = &names.columns(self.referenced, &self.referenced_columns)?;
                let (matching, on_update, on_delete) = (self.matching, self.on_update, self.on_delete);
                ForeignKey { columns, references, referenced, matching, on_update, on_delete }.definition()
            }
            (contype, _) => {
                let words = match contype {
                    Contype::PrimaryKey => "PRIMARY KEY",
                    _ if self.nulls_not_distinct => "UNIQUE NULLS NOT DISTINCT",
                    _ => "UNIQUE",
                };
                let included = names.columns(self.relation, &self.included)?;
                key(words, &names.columns(self.relation, &self.columns)?, &included)
            }
        };
        let Self { deferrable, deferred, enforced, validated, .. } = *self;
        Ok(body + &Checking { deferrable, deferred, enforced, validated }.words())
    }
}
