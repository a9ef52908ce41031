//! Access control lists, as the difference from what is there by itself (chapter 5.8, `aclitem`).
//! Privileges, default privileges and initial privileges hold one each. The owner is written as such, because dev and
//! prod may have different ones; so is who granted, which is the owner where nothing is said.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::context::Wish;
use crate::kind::{Object, ObjectId, ObjectKind};
use crate::name::{has_keywords, quote};
use crate::pair::Pair;
use crate::statement::{HazardKind, Recipe, Statement};

/// The entries of an access control list that another does not have, as JSON: list, other, owner.
macro_rules! entries_beyond {
    ($list:literal, $other:literal, $owner:literal) => {
        concat!(
            "(select coalesce(json_agg(json_build_array(g.who, g.role, g.privilege, g.grantable, g.grantor)), '[]') from (",
            entries!($list, $owner), " except ", entries!($other, $owner), ") g)"
        )
    };
}

macro_rules! entries {
    ($list:literal, $owner:literal) => {
        concat!(
            "select case a.grantee when 0 then 'public' when ", $owner, " then 'owner' else 'role' end who,
                case when a.grantee not in (0, ", $owner, ") then pg_get_userbyid(a.grantee)::text end as role,
                a.privilege_type privilege, a.is_grantable grantable,
                case when a.grantor <> ", $owner, " then pg_get_userbyid(a.grantor)::text end as grantor
            from aclexplode(", $list, ") a"
        )
    };
}
pub(super) use {entries, entries_beyond};

/// What is granted beyond what is there by itself, and what of that is revoked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessList {
    pub(super) granted: BTreeSet<Grant>,
    pub(super) revoked: BTreeSet<Grant>,
}

/// Stored as `[grantee, role, privilege, grantable, grantor]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant(Grantee, Option<String>, String, bool, Option<String>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    Owner,
    Public,
    Role,
}

/// Who got something from whom.
type Parties<'a> = (Option<&'a str>, Grantee, Option<&'a str>);

impl Grant {
    pub(super) fn is_to_owner(&self) -> bool {
        self.0 == Grantee::Owner
    }

    pub(super) fn is_to_public(&self) -> bool {
        self.0 == Grantee::Public
    }

    pub(super) fn privilege(&self) -> &str {
        &self.2
    }

    pub(super) fn grantable(&self) -> bool {
        self.3
    }

    fn parties(&self) -> Parties<'_> {
        (self.4.as_deref(), self.0, self.1.as_deref())
    }

    /// The same privilege of the same parties, with or without grant option.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.parties() == other.parties() && self.privilege() == other.privilege()
    }

    fn roles(&self) -> impl Iterator<Item = &String> {
        self.1.iter().chain(&self.4)
    }

    fn plain(&self) -> Self {
        Self(self.0, self.1.clone(), self.2.clone(), false, self.4.clone())
    }
}

/// Whether the satellite is that of the schema public, which every database begins with. Before PostgreSQL 15 it belongs
/// to the system's superuser, and everybody may create there.
pub(super) fn is_schema_public(satellite: &ObjectId) -> bool {
    satellite.target() == Some(ObjectId::new(ObjectKind::Schema, ["public"]))
}

impl AccessList {
    pub(super) fn is_empty(&self) -> bool {
        self.granted.is_empty() && self.revoked.is_empty()
    }

    /// What both lists say.
    pub(super) fn common(&self, other: &Self) -> Self {
        let common = |one: &BTreeSet<Grant>, other: &BTreeSet<Grant>| one.intersection(other).cloned().collect();
        Self { granted: common(&self.granted, &other.granted), revoked: common(&self.revoked, &other.revoked) }
    }

    /// What names only roles among these, and the rest.
    pub(super) fn split(&self, roles: &BTreeSet<String>) -> (Self, Self) {
        let among = |grant: &&Grant| grant.roles().all(|role| roles.contains(role));
        let part = |set: &BTreeSet<Grant>, inside: bool| set.iter().filter(|grant| among(grant) == inside).cloned().collect();
        let part = |inside| Self { granted: part(&self.granted, inside), revoked: part(&self.revoked, inside) };
        (part(true), part(false))
    }

    /// The roles that it names, in order.
    pub(super) fn roles(&self) -> Vec<String> {
        self.granted.iter().flat_map(Grant::roles).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Takes over what another list says of a privilege of everybody, if this one has it exactly where `usual` says.
    pub(super) fn take_public(&mut self, other: &Self, privilege: &str, usual: bool) {
        let grant = Grant(Grantee::Public, None, privilege.to_owned(), false, None);
        if self.granted.contains(&grant) != usual || other.granted.contains(&grant) == usual {
            return;
        }
        if usual {
            self.granted.remove(&grant);
        } else {
            self.granted.insert(grant);
        }
    }

    /// Adds an entry as the server merges lists. What is there by itself is either there or revoked.
    pub(super) fn add(&mut self, grant: Grant, by_itself: bool) {
        if by_itself && !grant.grantable() {
            self.revoked.remove(&grant);
            return;
        }
        if grant.grantable() {
            self.granted.remove(&grant.plain());
            if by_itself {
                self.revoked.insert(grant.plain());
            }
        } else if self.granted.iter().any(|other| other.is_like(&grant)) {
            return;
        }
        self.granted.insert(grant);
    }

    /// The list once `owner` owns the object: what that role was granted before falls together with what it has anyway,
    /// which is nothing where the list is a column's.
    pub(super) fn owned_by(&self, owner: &str, of_column: bool) -> Self {
        let mut list = Self { granted: BTreeSet::new(), revoked: self.revoked.clone() };
        for Grant(grantee, role, privilege, grantable, grantor) in self.granted.clone() {
            let grantor = grantor.filter(|grantor| grantor != owner);
            let own = role.as_deref() == Some(owner);
            let (grantee, role) = if own { (Grantee::Owner, None) } else { (grantee, role) };
            let by_itself = own && grantor.is_none() && !of_column;
            list.add(Grant(grantee, role, privilege, grantable, grantor), by_itself);
        }
        list
    }

    /// What is wanted where the list of dev says one thing and that of prod another: entries that name a role of which
    /// the wish must not speak stay as they are.
    pub(super) fn wanted(lists: Pair<&Self>, owner: &str, of_column: bool, wish: &Wish, left: impl Fn(&str) -> bool) -> Self {
        let is_left = |grant: &Grant| grant.roles().any(|role| left(role));
        // Where one of the servers does not know a privilege, it stays as prod has it.
        let majors = wish.catalogs.map(|catalog| catalog.major);
        let unknown = |grant: &Grant| grant.privilege() == "MAINTAIN" && majors.current.min(majors.desired) < 17;
        let mut list = lists.desired.owned_by(owner, of_column);
        list.granted.retain(|grant| !is_left(grant) && !unknown(grant));
        list.revoked.retain(|grant| !unknown(grant));
        list.granted.extend(lists.current.granted.iter().filter(|grant| is_left(grant) || unknown(grant)).cloned());
        list.revoked.extend(lists.current.revoked.iter().filter(|grant| unknown(grant)).cloned());
        // What the role that runs the plan was given to do so is seldom in dev.
        let ours = Some(&wish.catalogs.current.role);
        for grant in lists.current.granted.iter().filter(|grant| wish.shared && grant.1.as_ref() == ours) {
            list.add(grant.clone(), false);
        }
        list
    }
}

/// Somebody who may do less, or everybody who may do more, is a change that has to be approved; a grant to a role is
/// what it says.
pub(super) fn confess(statement: Statement, id: &ObjectId, note: &str) -> Statement {
    let sql = statement.sql.as_str();
    let asks = has_keywords(sql, "REVOKE") || has_keywords(sql, "TO PUBLIC");
    if asks { statement.hazard(HazardKind::PrivilegeChange, id, note) } else { statement }
}

/// What is taken away, and what is granted: the one may wait while the other runs.
#[derive(Default)]
pub(super) struct Changes {
    revokes: Vec<Statement>,
    grants: Vec<Statement>,
}

impl Changes {
    pub(super) fn map(self, change: impl Fn(Statement) -> Statement) -> Self {
        let each = |statements: Vec<Statement>| {
            let changed = statements.into_iter().map(&change).enumerate();
            changed.map(|(at, statement)| Statement { joined: at > 0, ..statement }).collect()
        };
        Self { revokes: each(self.revokes), grants: each(self.grants) }
    }

    /// The grants first, and the rest when it may run.
    pub(super) fn recipe(self) -> Recipe {
        Recipe { finish: self.revokes, ..Recipe::many(self.grants) }
    }
}

/// How statements speak of what the list belongs to.
pub(super) struct Form<'a> {
    /// `ALTER DEFAULT PRIVILEGES .. `, or nothing.
    pub prefix: String,
    pub on: String,
    /// The column's name in parentheses, after each privilege.
    pub column: Option<String>,
    pub owner: &'a str,
}

impl Form<'_> {
    fn who(&self, (_, grantee, role): Parties) -> String {
        match (grantee, role) {
            (Grantee::Public, _) => "PUBLIC".to_owned(),
            (Grantee::Owner, _) | (Grantee::Role, None) => quote(self.owner),
            (Grantee::Role, Some(role)) => quote(role),
        }
    }

    fn phrases(&self, grants: &[&Grant]) -> String {
        let column = self.column.as_ref().map_or(String::new(), |column| format!(" ({column})"));
        grants.iter().map(|grant| format!("{}{column}", grant.privilege())).collect::<Vec<_>>().join(", ")
    }

    fn revoke(&self, grants: &[&Grant], parties: Parties, option: bool) -> Option<Statement> {
        let (prefix, on, who) = (&self.prefix, &self.on, self.who(parties));
        let option = if option { "GRANT OPTION FOR " } else { "" };
        let sql = format!("{prefix}REVOKE {option}{} ON {on} FROM {who}", self.phrases(grants));
        (!grants.is_empty()).then(|| Statement::new(sql).contract())
    }

    fn grant(&self, grants: &[&Grant], parties: Parties, option: bool) -> Option<Statement> {
        let (prefix, on, who) = (&self.prefix, &self.on, self.who(parties));
        let option = if option { " WITH GRANT OPTION" } else { "" };
        let sql = format!("{prefix}GRANT {} ON {on} TO {who}{option}", self.phrases(grants));
        (!grants.is_empty()).then(|| Statement::new(sql))
    }

    /// From one list to the other: what hangs on a grant option goes before it, and comes after it. Both may be there for
    /// a while, as they are told apart by who granted.
    /// `restore` says what has to be granted again once this was revoked.
    pub(super) fn statements(
        &self,
        change: Pair<&AccessList>,
        restore: impl Fn(&Self, &[&Grant], bool) -> Vec<Statement>,
    ) -> Changes {
        let touched: BTreeSet<Grant> = change.current.revoked.union(&change.desired.revoked).cloned().collect();
        let full = change.map(|list| touched.difference(&list.revoked).chain(&list.granted).collect::<BTreeSet<_>>());
        let differences = differences(&full);
        let mut changes = Changes::default();
        let order = ranked(&full);
        let rank = |parties: &Parties| order.get(parties).copied().unwrap_or_default();
        let mut backward: Vec<_> = differences.iter().collect();
        backward.sort_by_key(|(parties, _)| (std::cmp::Reverse(rank(parties)), **parties));
        for (parties, difference) in backward {
            let mut revokes: Vec<Statement> = Vec::new();
            for (grants, option) in [(&difference.revoked, false), (&difference.weakened, true)] {
                revokes.extend(self.revoke(grants, *parties, option));
                revokes.extend(if grants.is_empty() { Vec::new() } else { restore(self, grants, option) });
            }
            changes.revokes.extend(as_role(parties.0, revokes));
        }
        let mut forward: Vec<_> = differences.iter().collect();
        forward.sort_by_key(|(parties, _)| (rank(parties), **parties));
        for (parties, difference) in forward {
            let plain = self.grant(&difference.granted, *parties, false);
            let grants = plain.into_iter().chain(self.grant(&difference.grantable, *parties, true));
            changes.grants.extend(as_role(parties.0, grants.collect()));
        }
        changes
    }

    /// Grants an entry of another list, spoken of in this form.
    pub(super) fn again(&self, grant: &Grant) -> Vec<Statement> {
        let parties = grant.parties();
        as_role(parties.0, self.grant(&[grant], parties, grant.grantable()).into_iter().collect())
    }
}

/// Who grants without being the owner grants in his own name (chapter 5.8): `GRANTED BY` knows the current role only.
fn as_role(grantor: Option<&str>, statements: Vec<Statement>) -> Vec<Statement> {
    let Some(grantor) = grantor.filter(|_| !statements.is_empty()) else { return statements };
    let become_grantor = Statement::new(format!("SET LOCAL ROLE {}", quote(grantor))).by_member_of(grantor);
    let again = Statement::new("RESET ROLE");
    std::iter::once(become_grantor).chain(statements).chain([again]).collect()
}

#[derive(Debug, Default)]
struct Difference<'a> {
    revoked: Vec<&'a Grant>,
    /// The grant option alone is taken away.
    weakened: Vec<&'a Grant>,
    granted: Vec<&'a Grant>,
    grantable: Vec<&'a Grant>,
}

fn differences<'a>(full: &Pair<BTreeSet<&'a Grant>>) -> BTreeMap<Parties<'a>, Difference<'a>> {
    let mut differences: BTreeMap<Parties, Difference> = BTreeMap::new();
    for grant in full.current.difference(&full.desired) {
        let kept = full.desired.iter().any(|other| other.is_like(grant));
        let of = differences.entry(grant.parties()).or_default();
        match (kept, grant.grantable()) {
            (false, _) => of.revoked.push(grant),
            (true, true) => of.weakened.push(grant),
            // The option is added by the grant below.
            (true, false) => {}
        }
    }
    for grant in full.desired.difference(&full.current) {
        let had = full.current.iter().any(|other| other.is_like(grant));
        let of = differences.entry(grant.parties()).or_default();
        match (grant.grantable(), had) {
            (true, _) => of.grantable.push(grant),
            (false, false) => of.granted.push(grant),
            (false, true) => {}
        }
    }
    differences
}

/// How far each grant is from the owner: 0 for his own, 1 for what those grant whom he let grant, and so on.
fn ranked<'a>(full: &Pair<BTreeSet<&'a Grant>>) -> BTreeMap<Parties<'a>, usize> {
    let all: BTreeSet<Parties> = full.current.union(&full.desired).map(|grant| grant.parties()).collect();
    let mut rank: BTreeMap<Parties, usize> = BTreeMap::new();
    let mut grantors = BTreeSet::from([None]);
    for distance in 0..=all.len() {
        let reached: Vec<Parties> =
            all.iter().filter(|parties| grantors.contains(&parties.0) && !rank.contains_key(*parties)).copied().collect();
        grantors.extend(reached.iter().map(|parties| parties.2));
        rank.extend(reached.into_iter().map(|parties| (parties, distance)));
    }
    rank
}

/// The owner that the object has when its privileges are granted.
pub(super) fn owner(target: &ObjectId, catalogs: Pair<&Catalog>) -> String {
    let known = |id: &ObjectId| match catalogs.desired.get(id).or_else(|| catalogs.current.get(id)) {
        Some(Object::Ownership(ownership)) => Some(ownership.owner.clone()),
        _ => None,
    };
    let holder = owned(target, |id| catalogs.desired.get(id).or_else(|| catalogs.current.get(id)), |id| known(id).is_some());
    holder.and_then(|id| known(&id)).unwrap_or_else(|| catalogs.current.role.clone())
}

/// The owner in one database.
pub(super) fn owner_in(catalog: &Catalog, target: &ObjectId) -> String {
    owner(target, Pair::new(catalog, catalog))
}

/// The id of the ownership that decides about an object: its own, or that of what carries it.
pub(super) fn ownership(target: &ObjectId, catalogs: Pair<&Catalog>) -> Option<ObjectId> {
    let object = |id: &ObjectId| catalogs.desired.get(id).or_else(|| catalogs.current.get(id));
    owned(target, object, |id| object(id).is_some())
}

fn owned<'a>(
    target: &ObjectId,
    object: impl Fn(&ObjectId) -> Option<&'a Object>,
    known: impl Fn(&ObjectId) -> bool,
) -> Option<ObjectId> {
    let mut at = target.clone();
    loop {
        let id = ObjectId::satellite(ObjectKind::Ownership, &at);
        if known(&id) {
            return Some(id);
        }
        at = object(&at).and_then(|object| object.carried_by(&at).into_iter().next())?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_has_by_itself_is_taken_over_and_what_was_set_is_not() {
        let list = |names: &[&str]| AccessList {
            granted: names.iter().map(|name| Grant(Grantee::Public, None, (*name).to_owned(), false, None)).collect(),
            ..AccessList::default()
        };
        let (old, new) = (list(&["CREATE", "USAGE"]), list(&["USAGE"]));
        // Dev, prod, whether it is usual in dev, and what is wanted.
        for (dev, prod, usual, wanted) in
            [(&new, &old, false, &old), (&old, &new, true, &new), (&old, &new, false, &old), (&new, &old, true, &new)]
        {
            let mut matched = dev.clone();
            matched.take_public(prod, "CREATE", usual);
            assert_eq!(matched, *wanted);
        }
    }
}
