//! Operator classes (CREATE OPERATOR CLASS, chapter 36.16; catalog `pg_opclass`, with the rows of `pg_amop` and `pg_amproc`
//! that `pg_depend` ties to the class).
//! PostgreSQL can alter nothing but name, schema and owner: a new definition is a new class, and new indexes.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::name::quote;
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

use super::operator_family::superuser;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorClass {
    default: bool,
    #[serde(rename = "type")]
    data_type: String,
    /// Schema and name, as SQL.
    family: String,
    storage: Option<String>,
    /// As CREATE OPERATOR CLASS lists them.
    members: Vec<String>,
}

impl Kind for OperatorClass {
    const LABEL: &'static str = "operator class";
    const SELDOM: Option<&'static str> = Some("pg_opclass");
    const QUERY: &'static str = "
        with held as materialized (
            select d.classid, d.objid, d.refobjid from pg_depend d where d.refclassid = 'pg_opclass'::regclass
                and d.classid in ('pg_amop'::regclass, 'pg_amproc'::regclass))
        select 'pg_opclass'::regclass::oid, c.oid, 0, array[s.name, a.amname, c.opcname]::text[],
            c.opcdefault as default, format_type(c.opcintype, null) as type, format('%I.%I', n.nspname, f.opfname) as family,
            format_type(nullif(c.opckeytype, 0), null) as storage,
            array(select format('OPERATOR %s %s', o.amopstrategy, o.amopopr::regoperator) || coalesce(
                    (select format(' FOR ORDER BY %I.%I', sn.nspname, sf.opfname) from pg_opfamily sf
                        join pg_namespace sn on sn.oid = sf.opfnamespace where sf.oid = o.amopsortfamily), '')
                from held h join pg_amop o on o.oid = h.objid
                where h.refobjid = c.oid and h.classid = 'pg_amop'::regclass
                order by o.amopstrategy, o.amopopr::regoperator::text)
            || array(select format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, null),
                    format_type(p.amprocrighttype, null), p.amproc::regprocedure)
                from held h join pg_amproc p on p.oid = h.objid
                where h.refobjid = c.oid and h.classid = 'pg_amproc'::regclass
                order by p.amprocnum, p.amproc::regprocedure::text) as members
        from pg_opclass c join user_schema s on s.oid = c.opcnamespace join pg_am a on a.oid = c.opcmethod
            join pg_opfamily f on f.oid = c.opcfamily join pg_namespace n on n.oid = f.opfnamespace
        where not exists (select from member m where m.classid = 'pg_opclass'::regclass and m.objid = c.oid)";

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let default = if self.default { "DEFAULT " } else { "" };
        let name = super::operator_family::name(&id.path);
        // PostgreSQL wants at least one item: the type itself stores as no STORAGE at all.
        let storage = self.storage.as_ref().or(self.members.is_empty().then_some(&self.data_type));
        let storage = storage.map(|storage| format!("STORAGE {storage}"));
        let items = storage.iter().chain(&self.members).map(|item| format!("\n    {item}")).collect::<Vec<_>>().join(",");
        let (class, using) = name.split_at(name.rfind(" USING ").unwrap_or(name.len()));
        let words = format!("CREATE OPERATOR CLASS {class}\n    {default}FOR TYPE {}{using}", self.data_type);
        let sql = format!("{words} FAMILY {} AS{items}", self.family);
        Recipe::one(superuser(Statement::new(sql), id)).needs(self.neighbours(id, cx))
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP {}", self.address(id))).contract())
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let OperatorClass { default: _, data_type: _, family: _, storage: _, members: _ } = change.desired;
        Alteration::Replace
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        Some(Recipe::one(Statement::new(format!("ALTER {} RENAME TO {}", self.address(id), quote(name)))))
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.data_type);
        renaming.sql(&mut self.family);
        self.storage.iter_mut().chain(&mut self.members).for_each(|item| renaming.sql(item));
    }

    fn address(&self, id: &ObjectId) -> String {
        format!("OPERATOR CLASS {}", super::operator_family::name(&id.path))
    }

    fn title(id: &ObjectId) -> String {
        format!("operator class {}", super::operator_family::name(&id.path))
    }
}

impl OperatorClass {
    /// The loose members of the family: one that goes may come back in the class, and one that is added when there is a
    /// class for its type becomes the class's.
    fn neighbours(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let Pair { current, desired } = cx.catalogs;
        let families = desired.uses(id).filter(|used| used.kind == ObjectKind::OperatorFamily);
        let of_type = |member: &&ObjectId| {
            let types = member.path.iter().rev().take(2);
            member.kind == ObjectKind::OperatorFamilyMember && types.into_iter().all(|of| *of == self.data_type)
        };
        let members = families.flat_map(|family| {
            let gone = current.used_by(family).filter(|member| cx.is_dropped(member) && !desired.contains(member));
            gone.chain(desired.used_by(family))
        });
        members.filter(of_type).cloned().collect()
    }
}
