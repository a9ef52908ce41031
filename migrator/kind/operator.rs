//! Operators (CREATE OPERATOR, chapter 36.14; catalog `pg_operator`).
//! A commutator or negator that is not there yet is left as a shell, which its own creation fills; dropping an operator
//! frees those that name it. Until 17, of what exists only the estimators can be altered.

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Context;
use crate::kind::{Kind, Object, ObjectId, ObjectKind};
use crate::name::{literal, quote};
use crate::pair::Pair;
use crate::rename::Renaming;
use crate::statement::{Alteration, Fragment, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// A shell has none.
    function: Option<String>,
    commutator: Option<ObjectId>,
    negator: Option<ObjectId>,
    restrict: Option<String>,
    join: Option<String>,
    hashes: bool,
    merges: bool,
    /// A partner is a shell.
    waits: bool,
    /// Partners that do not name it in return.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    unrequited: Vec<ObjectId>,
    /// Operators that name it, and that it does not name in return.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    suitors: Vec<ObjectId>,
}

impl Kind for Operator {
    const LABEL: &'static str = "operator";
    const TYPES_AT: Option<usize> = Some(2);
    const SELDOM: Option<&'static str> = Some("pg_operator");
    // A shell that no operator names is what a dropped one left behind. Nothing creates it, so nobody wants it.
    const QUERY: &'static str = "
        with operator (oid, path) as not materialized (
            select o.oid, array[n.nspname, o.oprname, coalesce(format_type(nullif(o.oprleft, 0), null), 'NONE'),
                coalesce(format_type(nullif(o.oprright, 0), null), 'NONE')]::text[]
            from pg_operator o join pg_namespace n on n.oid = o.oprnamespace)
        select 'pg_operator'::regclass::oid, o.oid, 0, i.path, nullif(o.oprcode, 0)::regproc::text as function,
            (select json_build_object('kind', 'operator', 'path', c.path) from operator c where c.oid = o.oprcom) as commutator,
            (select json_build_object('kind', 'operator', 'path', c.path) from operator c where c.oid = o.oprnegate) as negator,
            nullif(o.oprrest, 0)::regproc::text as restrict, nullif(o.oprjoin, 0)::regproc::text as join,
            o.oprcanhash as hashes, o.oprcanmerge as merges,
            exists (select from pg_operator p where p.oid in (o.oprcom, o.oprnegate) and p.oprcode = 0) as waits, (
                select json_agg(json_build_object('kind', 'operator', 'path', n.path) order by n.path)
                from pg_operator p join operator n on n.oid = p.oid
                where p.oid = o.oprcom and p.oprcom <> o.oid or p.oid = o.oprnegate and p.oprnegate <> o.oid) as unrequited, (
                select json_agg(json_build_object('kind', 'operator', 'path', n.path) order by n.path)
                from pg_operator p join operator n on n.oid = p.oid
                where p.oprcom = o.oid and o.oprcom <> p.oid or p.oprnegate = o.oid and o.oprnegate <> p.oid) as suitors
        from pg_operator o join user_schema s on s.oid = o.oprnamespace join operator i on i.oid = o.oid
        where (o.oprcode <> 0 or o.oid in (select oprcom from pg_operator) or o.oid in (select oprnegate from pg_operator))
            and not exists (select from member m where m.classid = 'pg_operator'::regclass and m.objid = o.oid)";

    /// A partner that is not there yet is made as a shell.
    fn requires(&self, _: &ObjectId) -> Vec<ObjectId> {
        let schema = |partner: &ObjectId| partner.ancestor(ObjectKind::Schema, 1);
        self.partners().map(schema).collect()
    }

    /// Its name for a partner that goes leads nowhere, unless the partner has one for it.
    fn carried_by(&self, _: &ObjectId) -> Vec<ObjectId> {
        self.unrequited.clone()
    }

    fn goes_with(&self, _: &ObjectId, _: &Context) -> Option<ObjectId> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        // Whoever names the shell makes it.
        let Some(function) = &self.function else { return Recipe::none() };
        let argument = |at: usize| id.path.get(at).filter(|argument| *argument != "NONE");
        let partner = |partner: &Option<ObjectId>| partner.as_ref().map(name);
        let clauses = [
            Some(format!("FUNCTION = {function}")),
            argument(2).map(|left| format!("LEFTARG = {left}")),
            argument(3).map(|right| format!("RIGHTARG = {right}")),
            partner(&self.commutator).map(|name| format!("COMMUTATOR = OPERATOR({name})")),
            partner(&self.negator).map(|name| format!("NEGATOR = OPERATOR({name})")),
            self.restrict.as_ref().map(|function| format!("RESTRICT = {function}")),
            self.join.as_ref().map(|function| format!("JOIN = {function}")),
            self.hashes.then(|| "HASHES".to_owned()),
            self.merges.then(|| "MERGES".to_owned()),
        ];
        let clauses = clauses.into_iter().flatten().collect::<Vec<_>>().join(",\n    ");
        let create = Statement::new(format!("CREATE OPERATOR {} (\n    {clauses}\n)", name(id)));
        let create = if cx.major() >= 17 && self.is_onesided() { create.unless(unanswered(id)) } else { create };
        // Whom an operator names that names nobody takes the first for its partner, unless it comes later.
        let suitors = self.suitors.iter().filter(|suitor| cx.is_new(suitor)).cloned();
        Recipe { freed: self.rivals(id, cx), ..Recipe::one(create) }.needs(suitors)
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        Recipe::one(Statement::new(format!("DROP {}", self.address(id))).contract())
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, cx: &Context) -> Alteration {
        let Operator { function, commutator: _, negator: _, restrict, join, hashes, merges, .. } = change.desired;
        let Operator { waits: _, unrequited: _, suitors: _, .. } = change.desired;
        let current = change.current;
        if current.function.is_none() {
            return Alteration::InPlace(change.desired.create(id, &[], cx));
        }
        let lost = current.hashes && !hashes || current.merges && !merges;
        let gained = (*hashes, *merges) != (current.hashes, current.merges);
        if *function != current.function || lost || gained && cx.major() < 17 {
            return Alteration::Replace;
        }
        let onesided = change.current.is_onesided() || change.desired.is_onesided();
        if onesided && change.map(Operator::links).differs() {
            return Alteration::Replace;
        }
        let mut settings = Vec::new();
        for (word, link) in [("COMMUTATOR", Link::Commutator), ("NEGATOR", Link::Negator)] {
            match (link.step(id, change, cx), link.of(change.desired)) {
                (Step::Replace, _) => return Alteration::Replace,
                (Step::Set, Some(partner)) => settings.push(format!("{word} = OPERATOR({})", name(partner))),
                _ => {}
            }
        }
        let estimator = |word: &str, function: &Option<String>| format!("{word} = {}", function.as_deref().unwrap_or("NONE"));
        settings.extend((*restrict != current.restrict).then(|| estimator("RESTRICT", restrict)));
        settings.extend((*join != current.join).then(|| estimator("JOIN", join)));
        settings.extend((*hashes && !current.hashes).then(|| "HASHES".to_owned()));
        settings.extend((*merges && !current.merges).then(|| "MERGES".to_owned()));
        if settings.is_empty() {
            return Alteration::InPlace(Recipe::none());
        }
        let sql = format!("ALTER {} SET ({})", change.desired.address(id), settings.join(", "));
        Alteration::InPlace(Recipe { freed: change.desired.rivals(id, cx), ..Recipe::one(Statement::new(sql)) })
    }

    fn renamed(&mut self, _: &ObjectId, renaming: &Renaming, _: &Catalog) {
        [&mut self.function, &mut self.restrict, &mut self.join].into_iter().flatten().for_each(|name| renaming.sql(name));
        let partners = [&mut self.commutator, &mut self.negator].into_iter().flatten();
        partners.chain(&mut self.unrequited).chain(&mut self.suitors).for_each(|partner| renaming.id(partner));
    }

    fn address(&self, id: &ObjectId) -> String {
        Self::title(id).replacen("operator", "OPERATOR", 1)
    }

    fn title(id: &ObjectId) -> String {
        match id.path.names()[..] {
            [_, _, left, right] => format!("operator {} ({left}, {right})", name(id)),
            _ => format!("operator {}", id.sql()),
        }
    }
}

impl Operator {
    fn partners(&self) -> impl Iterator<Item = &ObjectId> {
        self.commutator.iter().chain(&self.negator)
    }

    fn is_onesided(&self) -> bool {
        !self.unrequited.is_empty() || !self.suitors.is_empty()
    }

    fn links(&self) -> [Vec<&ObjectId>; 4] {
        let Self { commutator, negator, unrequited, suitors, .. } = self;
        [commutator.iter().collect(), negator.iter().collect(), unrequited.iter().collect(), suitors.iter().collect()]
    }

    /// What is to be dropped before it names its partners: they, and it, may name others until then.
    fn rivals(&self, id: &ObjectId, cx: &Context) -> Vec<ObjectId> {
        let of = |link: Link| {
            let named = |id: &ObjectId| operator(cx.current(id)).and_then(|operator| link.of(operator)).cloned();
            let partner = link.of(self).cloned();
            let theirs = partner.as_ref().and_then(named);
            [partner, theirs, named(id)].into_iter().flatten()
        };
        let rivals = [Link::Commutator, Link::Negator].into_iter().flat_map(of);
        rivals.filter(|rival| rival != id && cx.is_dropped(rival)).collect()
    }
}

/// The two ways in which operators name each other.
#[derive(Debug, Clone, Copy)]
enum Link {
    Commutator,
    Negator,
}

/// What has to be done about a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It is right, or the partner's own creation, drop or alteration makes it so.
    Nothing,
    Set,
    Replace,
}

impl Link {
    fn of(self, operator: &Operator) -> Option<&ObjectId> {
        match self {
            Self::Commutator => operator.commutator.as_ref(),
            Self::Negator => operator.negator.as_ref(),
        }
    }

    /// Both ends of a link change with one statement: the first of the two has it. A link that is set cannot be altered.
    fn step(self, id: &ObjectId, change: Pair<&Operator>, cx: &Context) -> Step {
        let (current, desired) = (self.of(change.current), self.of(change.desired));
        let shell = |object| operator(object).is_none_or(|partner| partner.function.is_none());
        if current == desired {
            let emptied = desired.is_some_and(|partner| shell(cx.desired(partner)) && !shell(cx.current(partner)));
            return if emptied { Step::Replace } else { Step::Nothing };
        }
        let names_back = |object: Option<&Object>| operator(object).and_then(|partner| self.of(partner)) == Some(id);
        if let Some(partner) = current.filter(|partner| !is_gone(partner, cx)) {
            let mine = partner >= id || !names_back(cx.current(partner));
            if mine {
                return Step::Replace;
            }
        }
        let Some(partner) = desired else { return Step::Nothing };
        let made = shell(cx.current(partner)) || cx.is_new(partner);
        if shell(cx.desired(partner)) {
            return Step::Replace;
        }
        if names_back(cx.desired(partner)) && (made || partner < id) {
            return Step::Nothing;
        }
        if cx.major() < 17 { Step::Replace } else { Step::Set }
    }
}

fn operator(object: Option<&Object>) -> Option<&Operator> {
    match object {
        Some(Object::Operator(operator)) => Some(operator),
        _ => None,
    }
}

/// From PostgreSQL 17 on nothing makes an operator name another that has a partner already.
fn unanswered(id: &ObjectId) -> String {
    let told = format!("{id} names, or is named by, one that does not answer: nothing brings that about since PostgreSQL 17");
    format!("select {}", literal(&told))
}

/// Dropped for good.
fn is_gone(id: &ObjectId, cx: &Context) -> bool {
    cx.is_dropped(id) && cx.desired(id).is_none()
}

/// Schema and symbol; a symbol is never quoted.
fn name(id: &ObjectId) -> String {
    match id.path.names()[..] {
        [schema, symbol, ..] => format!("{}.{symbol}", quote(schema)),
        _ => id.sql(),
    }
}
