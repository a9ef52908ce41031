//! Subscriptions (chapter 29.2; catalog `pg_subscription`), those of this database only.
//! Nothing here connects to a publisher: a new subscription is made without a connection and stays disabled, and the
//! slot of a dropped one stays where it is. Whether one is enabled is no part of the schema, as `pg_dump` has it: the
//! server itself disables what fails.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::connection_string::ConnectionString;
use crate::context::Context;
use crate::kind::{Kind, ObjectId, Server};
use crate::name::{Sql, list, literal, quote};
use crate::pair::Pair;
use crate::statement::{Alteration, Fragment, HazardKind, Recipe, Statement};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Absent where the role that reads the catalog may not see it.
    connection: Option<ConnectionString>,
    slot_name: Option<String>,
    publications: Vec<String>,
    synchronous_commit: String,
    binary: bool,
    /// `off`, `on` or `parallel`.
    streaming: String,
    two_phase: bool,
    disable_on_error: bool,
    password_required: bool,
    run_as_owner: bool,
    failover: bool,
    origin: String,
}

impl Kind for Subscription {
    const LABEL: &'static str = "subscription";
    const SELDOM: Option<&'static str> = Some("pg_subscription");
    const QUERY: &'static str = "
        select 'pg_subscription'::regclass::oid, s.oid, 0, array[s.subname]::text[],
            s.subslotname as slot_name, s.subpublications as publications, s.subsynccommit as synchronous_commit,
            s.subbinary as binary, case s.substream::text when 'f' then 'off' when 'false' then 'off'
                when 'p' then 'parallel' else 'on' end as streaming";

    fn query(server: Server) -> Cow<'static, str> {
        let since = |major: u32, column: &'static str, before: &'static str| {
            if server.major >= major { column } else { before }
        };
        let connection = if server.tells_connections { "json_build_object('value', s.subconninfo)" } else { "null::json" };
        Cow::Owned(format!(
            "{}, {connection} as connection, {} as two_phase, {} as disable_on_error, {} as password_required,
                {} as run_as_owner, {} as failover, {} as origin
            from pg_subscription s join pg_database d on d.oid = s.subdbid and d.datname = current_database()",
            Self::QUERY,
            since(15, "s.subtwophasestate <> 'd'", "false"),
            since(15, "s.subdisableonerr", "false"),
            since(16, "s.subpasswordrequired", "true"),
            since(16, "s.subrunasowner", "false"),
            since(17, "s.subfailover", "false"),
            since(16, "s.suborigin", "'any'"),
        ))
    }

    fn match_versions(&mut self, _: &ObjectId, prod: &Self, majors: Pair<u32>) {
        let usual = majors.map(|major| Self::usual(major).streaming);
        if self.streaming == usual.desired && prod.streaming == usual.current {
            self.streaming.clone_from(&prod.streaming);
        }
    }

    fn create(&self, id: &ObjectId, _: &[Fragment], cx: &Context) -> Recipe {
        let slot = self.slot_name.as_ref().map_or("NONE".to_owned(), |slot| literal(slot));
        let mut options = vec!["connect = false".to_owned(), format!("slot_name = {slot}")];
        options.extend(self.options(&Self::usual(cx.major())));
        if self.two_phase {
            options.push("two_phase = true".to_owned());
        }
        if self.failover {
            options.push("failover = true".to_owned());
        }
        let (head, tail) = (
            format!("CREATE SUBSCRIPTION {} ", id.sql()),
            format!(" PUBLICATION {} WITH ({})", list(&self.publications), options.join(", ")),
        );
        let note = "only a superuser, or since PostgreSQL 16 a member of pg_create_subscription, makes subscriptions";
        let create = Statement::of(connecting(&head, self.connection.as_ref(), &tail));
        let mut create = create.by_superuser(id, &["pg_create_subscription", "rds_superuser"], note);
        let note = format!(
            "it is made disabled and without a connection: have its slot at the publisher, then ENABLE it and REFRESH PUBLICATION{}",
            self.missing()
        );
        create = create.hazard(HazardKind::BreaksOldCode, id, note);
        Recipe::one(create)
    }

    fn drop(&self, id: &ObjectId, _: &Context) -> Recipe {
        let alter = |what: &str| Statement::new(format!("ALTER SUBSCRIPTION {} {what}", id.sql())).contract();
        let mut statements = vec![alter("DISABLE")];
        let mut stays = String::new();
        if let Some(slot) = &self.slot_name {
            // With its slot it would connect to the publisher and drop that too.
            statements.push(alter("SET (slot_name = NONE)").joined());
            stays = format!("; its slot {} stays at the publisher and holds back its WAL", quote(slot));
        }
        let note = format!("no more changes arrive, and how far they had come is forgotten{stays}");
        let drop = Statement::new(format!("DROP SUBSCRIPTION {}", id.sql())).contract().joined();
        statements.push(drop.hazard(HazardKind::DataLoss, id, note));
        Recipe::many(statements)
    }

    fn alter(id: &ObjectId, change: Pair<&Self>, _: &Context) -> Alteration {
        let Subscription { connection, slot_name, publications, two_phase, failover, .. } = change.desired;
        let Subscription { synchronous_commit: _, binary: _, streaming: _, disable_on_error: _, .. } = change.desired;
        let current = change.current;
        // Both have to be altered at the publisher too, for which the server would connect there.
        if *two_phase != current.two_phase || *failover != current.failover {
            return Alteration::Replace;
        }
        let head = format!("ALTER SUBSCRIPTION {} ", id.sql());
        let alter = |what: String| Statement::new(format!("{head}{what}"));
        let mut statements = Vec::new();
        let known = connection.as_ref().zip(current.connection.as_ref());
        if let Some((new, old)) = known.filter(|(new, old)| new != old) {
            statements.push(change.desired.reconnected(id, old.shown != new.shown));
        }
        if *slot_name != current.slot_name {
            statements.extend(change.desired.slot_change(id, current.slot_name.is_some()));
        }
        if *publications != current.publications {
            let set = alter(format!("SET PUBLICATION {} WITH (refresh = false)", list(publications)));
            let note = "which tables it receives changes only with REFRESH PUBLICATION, which connects to the publisher";
            statements.push(set.hazard(HazardKind::BreaksOldCode, id, note));
        }
        let options = change.desired.options(current);
        if !options.is_empty() {
            statements.push(alter(format!("SET ({})", options.join(", "))));
        }
        if statements.is_empty() {
            return Alteration::Inform("connects to what the role that reads the catalog may not see".to_owned());
        }
        Alteration::InPlace(Recipe::many(statements))
    }

    fn beyond(&self, id: &ObjectId) -> Option<String> {
        self.connection.is_none().then(|| format!("{}, whose connection only a superuser may see", id.sql()))
    }

    fn rename(&self, id: &ObjectId, name: &str) -> Option<Recipe> {
        let sql = format!("ALTER SUBSCRIPTION {} RENAME TO {}", id.sql(), quote(name));
        Some(Recipe::one(Statement::new(sql)))
    }
}

impl Subscription {
    /// What `WITH` need not say.
    fn usual(major: u32) -> Self {
        Self {
            connection: None,
            slot_name: None,
            publications: Vec::new(),
            synchronous_commit: "off".to_owned(),
            binary: false,
            streaming: if major >= 18 { "parallel" } else { "off" }.to_owned(),
            two_phase: false,
            disable_on_error: false,
            password_required: true,
            run_as_owner: false,
            failover: false,
            origin: "any".to_owned(),
        }
    }

    /// The options that differ and can be altered without the publisher.
    fn options(&self, current: &Self) -> Vec<String> {
        let text = |name: &str, pick: fn(&Self) -> &str| {
            (pick(self) != pick(current)).then(|| format!("{name} = {}", literal(pick(self))))
        };
        let flag = |name: &str, pick: fn(&Self) -> bool| {
            (pick(self) != pick(current)).then(|| format!("{name} = {}", pick(self)))
        };
        let options = [
            flag("binary", |options| options.binary),
            text("streaming", |options| &options.streaming),
            text("synchronous_commit", |options| &options.synchronous_commit),
            flag("disable_on_error", |options| options.disable_on_error),
            flag("password_required", |options| options.password_required),
            flag("run_as_owner", |options| options.run_as_owner),
            text("origin", |options| &options.origin),
        ];
        options.into_iter().flatten().collect()
    }

    fn reconnected(&self, id: &ObjectId, elsewhere: bool) -> Statement {
        let head = format!("ALTER SUBSCRIPTION {} ", id.sql());
        let set = Statement::of(connecting(&head, self.connection.as_ref(), ""));
        let note = format!("what the former publisher has not sent yet does not arrive{}", self.missing());
        match (elsewhere, self.missing()) {
            (true, _) => set.hazard(HazardKind::DataLoss, id, note),
            (false, "") => set,
            (false, _) => set.hazard(HazardKind::BreaksOldCode, id, note),
        }
    }

    /// Without a slot it cannot stay enabled.
    fn slot_change(&self, id: &ObjectId, had_one: bool) -> Vec<Statement> {
        let alter = |what: String| Statement::new(format!("ALTER SUBSCRIPTION {} {what}", id.sql())).contract();
        let Some(slot) = &self.slot_name else {
            let note = "what the slot holds does not arrive; it stays at the publisher and holds back its WAL";
            let set = alter("SET (slot_name = NONE)".to_owned()).joined();
            return vec![alter("DISABLE".to_owned()), set.hazard(HazardKind::DataLoss, id, note)];
        };
        let set = alter(format!("SET (slot_name = {})", literal(slot)));
        let note = "what the former slot holds does not arrive; it stays at the publisher and holds back its WAL";
        vec![if had_one { set.hazard(HazardKind::DataLoss, id, note) } else { set }]
    }

    /// What has to be added by hand.
    fn missing(&self) -> &'static str {
        match &self.connection {
            None => "; where dev connects to is not known: set its CONNECTION",
            Some(connection) if connection.is_incomplete() => "; its password is not known here: set its CONNECTION",
            Some(_) => "",
        }
    }
}

fn connecting(head: &str, connection: Option<&ConnectionString>, tail: &str) -> Sql {
    let (revealed, hidden) = match connection {
        Some(connection) => (connection.revealed(), connection.hidden()),
        None => (literal(""), literal("")),
    };
    let with = |connection: String| format!("{head}CONNECTION {connection}{tail}");
    Sql::with_secret(with(revealed), with(hidden))
}
