//! Operators and support functions that stand loose in an operator family (ALTER OPERATOR FAMILY .. ADD; catalogs
//! `pg_amop`, `pg_amproc`): those that `pg_depend` ties to no operator class. The access method decides which they are
//! when they are added. Nothing of one can be altered.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, ObjectKind};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

use super::operator_family::superuser;

/// Its path is that of the family, then `OPERATOR` or `FUNCTION`, the number and the two types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorFamilyMember {
    /// With its arguments.
    member: String,
    /// The family by which an operator orders, if it does.
    sort_family: Option<String>,
}

impl Kind for OperatorFamilyMember {
    const LABEL: &'static str = "operator family member";
    const TYPES_AT: Option<usize> = Some(5);
    // A user may add to the system's families too; what extensions add there is theirs.
    const QUERY: &'static str = "
        with loose (classid, objid, family, word, number, left_type, right_type, refclassid, refobjid, member, sort_family) as (
            select 'pg_amop'::regclass::oid, o.oid, o.amopfamily, 'OPERATOR', o.amopstrategy, o.amoplefttype, o.amoprighttype,
                'pg_operator'::regclass::oid, o.amopopr, o.amopopr::regoperator::text, nullif(o.amopsortfamily, 0)
            from pg_amop o where o.oid >= 16384
            union all select 'pg_amproc'::regclass, p.oid, p.amprocfamily, 'FUNCTION', p.amprocnum, p.amproclefttype, p.amprocrighttype,
                'pg_proc'::regclass, p.amproc, p.amproc::regprocedure::text, null
            from pg_amproc p where p.oid >= 16384)
        select l.classid, l.objid, 0, array[n.nspname, a.amname, f.opfname, l.word, l.number::text,
                format_type(l.left_type, null), format_type(l.right_type, null)]::text[],
            l.member, (select format('%I.%I', sn.nspname, sf.opfname) from pg_opfamily sf
                join pg_namespace sn on sn.oid = sf.opfnamespace where sf.oid = l.sort_family) as sort_family
        from loose l join pg_opfamily f on f.oid = l.family join pg_am a on a.oid = f.opfmethod
            join pg_namespace n on n.oid = f.opfnamespace
        where not exists (select from pg_depend d where d.classid = l.classid and d.objid = l.objid and d.refclassid = 'pg_opclass'::regclass)
            and not exists (select from member m where m.classid = 'pg_opfamily'::regclass and m.objid = l.family)
            and not (f.oid < 16384 and exists (select from member m where m.classid = l.refclassid and m.objid = l.refobjid))";

    fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        Some(id.ancestor(ObjectKind::OperatorFamily, 3))
    }

    /// The class that holds a member of the same number and types gives it up first.
    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let [_, _, _, word, number, left, right] = id.path.names()[..] else { return Recipe::none() };
        let types = if word == "FUNCTION" { format!(" ({left}, {right})") } else { String::new() };
        let order = self.sort_family.as_ref().map_or(String::new(), |family| format!(" FOR ORDER BY {family}"));
        let family = super::operator_family::name(&id.path);
        let sql = format!("ALTER OPERATOR FAMILY {family} ADD {word} {number}{types} {}{order}", self.member);
        let classes = self.whole(id).into_iter().flat_map(|family| cx.catalogs.current.used_by(&family));
        let gone = classes.filter(|class| class.kind == ObjectKind::OperatorClass);
        let gone = gone.filter(|class| cx.is_dropped(class) && cx.desired(class).is_none());
        Recipe::one(superuser(Statement::new(sql), id)).needs(gone.cloned())
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let [_, _, _, word, number, left, right] = id.path.names()[..] else { return Recipe::none() };
        let family = super::operator_family::name(&id.path);
        let sql = format!("ALTER OPERATOR FAMILY {family} DROP {word} {number} ({left}, {right})");
        Recipe::one(superuser(Statement::new(sql), id).contract())
    }

    fn alter(_: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let OperatorFamilyMember { member: _, sort_family: _ } = change.desired;
        Alteration::Replace
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        renaming.sql(&mut self.member);
        self.sort_family.iter_mut().for_each(|family| renaming.sql(family));
    }

    fn title(id: &ObjectId) -> String {
        let family = super::operator_family::name(&id.path);
        match id.path.names()[..] {
            [_, _, _, word, number, left, right] => {
                format!("{} {number} ({left}, {right}) of operator family {family}", word.to_lowercase())
            }
            _ => format!("member of operator family {family}"),
        }
    }
}
