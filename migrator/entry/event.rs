//! What an event may say, and who may say what.
//! Every field is known or refused: a field that is passed over is an approval that is not meant, or a limit that does
//! not hold. Never names a database: those are the function's own.

use std::str::FromStr;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use crate::app::Failure;
use crate::code::Code;
use crate::entry::args::{Many, PhaseChoice, SyncArguments};
use crate::entry::config::{extents, hash, list, time};
use crate::plan::gate::Approval;
use crate::rename::Renaming;
use crate::scope::{Pattern, With};

/// What a function is for. One image serves several, each with rights of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handler {
    /// Every action; `sync` if the event names none.
    Migrate,
    /// As `migrate`, for Step Functions: a failure is a function error, named by its code, that `Retry` and `Catch` see.
    Task,
    /// This action and no other.
    Only(Action),
}

impl FromStr for Handler {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        match name {
            "migrate" => Ok(Self::Migrate),
            "task" => Ok(Self::Task),
            _ => Action::ALL.into_iter().find(|action| action.word() == name).map(Self::Only).ok_or_else(|| {
                let known = Action::ALL.map(Action::word).join(", ");
                Failure::new(
                    Code::BadRequest,
                    format!("There is no handler '{name}'; there are migrate, task, {known}."),
                )
            }),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Sync,
    Plan,
    Rollback,
    Check,
    History,
    Status,
    Show,
}

impl Action {
    const ALL: [Self; 7] =
        [Self::Sync, Self::Plan, Self::Rollback, Self::Check, Self::History, Self::Status, Self::Show];

    fn word(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Plan => "plan",
            Self::Rollback => "rollback",
            Self::Check => "check",
            Self::History => "history",
            Self::Status => "status",
            Self::Show => "show",
        }
    }
}

/// The event; `{}` is a sync.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Event {
    #[serde(deserialize_with = "given")]
    action: Option<Action>,
    /// A sync or a rollback that stops before its first statement.
    #[serde(deserialize_with = "given")]
    pub dry_run: Option<bool>,
    #[serde(deserialize_with = "given")]
    phase: Option<PhaseChoice>,
    #[serde(deserialize_with = "list")]
    allow: Vec<Approval>,
    #[serde(deserialize_with = "given_hash")]
    plan_hash: Option<String>,
    #[serde(deserialize_with = "given")]
    strict: Option<bool>,
    #[serde(deserialize_with = "given")]
    prove: Option<bool>,
    #[serde(deserialize_with = "list")]
    renames: Vec<Renaming>,
    #[serde(deserialize_with = "list")]
    include: Vec<Pattern>,
    #[serde(deserialize_with = "list")]
    exclude: Vec<Pattern>,
    #[serde(deserialize_with = "extents")]
    with: Vec<With>,
    #[serde(deserialize_with = "given_time")]
    pub timeout: Option<Duration>,
    #[serde(deserialize_with = "given")]
    takeover: Option<bool>,
    #[serde(deserialize_with = "given")]
    idempotency_key: Option<String>,
    /// For `show` and `rollback`: a number, the beginning of a hash, or `latest`.
    #[serde(deserialize_with = "given")]
    pub revision: Option<String>,
}

/// `{"handler": "plan", "event": {..}}`, for a function that serves several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    handler: String,
    #[serde(default)]
    event: Map<String, Value>,
}

impl Event {
    /// An event that this handler takes.
    pub fn read(payload: Value, configured: Handler) -> Result<(Self, Handler), Failure> {
        let refused =
            |error: serde_json::Error| Failure::new(Code::BadEvent, format!("The event is not understood: {error}"));
        let Value::Object(mut fields) = payload else {
            return Err(Failure::new(Code::BadEvent, "The event is not understood: it is no JSON object"));
        };
        let mut handler = configured;
        if fields.contains_key("handler") {
            let envelope: Envelope = serde_json::from_value(Value::Object(fields)).map_err(refused)?;
            let wanted = envelope.handler.parse().map_err(|failure| Failure { code: Code::BadEvent, ..failure })?;
            handler = allowed(configured, wanted)?;
            fields = envelope.event;
        }
        let mut event: Self = serde_json::from_value(Value::Object(fields)).map_err(refused)?;
        event.check()?;
        if let Handler::Only(only) = handler {
            let asked = *event.action.get_or_insert(only);
            // A dry run of a sync is a plan.
            if event.action() != only && asked != only {
                let message =
                    format!("This function does nothing but {}, and was asked for {}.", only.word(), asked.word());
                return Err(Failure::new(Code::ActionDenied, message));
            }
        }
        Ok((event, handler))
    }

    /// A field that this action has no use for was meant for another.
    fn check(&self) -> Result<(), Failure> {
        let action = self.action();
        let changes = matches!(action, Action::Sync | Action::Plan | Action::Rollback);
        if action == Action::Rollback && self.revision.is_none() {
            let message = "The event is not understood: rollback needs 'revision', the first one to take back";
            return Err(Failure::new(Code::BadEvent, message));
        }
        let misplaced = [
            ("revision", self.revision.is_some() && !matches!(action, Action::Show | Action::Rollback)),
            ("renames", !self.renames.is_empty() && action == Action::Rollback),
            ("dry_run", self.dry_run.is_some() && !changes),
            ("phase", self.phase.is_some() && !changes),
            ("allow", !self.allow.is_empty() && !changes),
            ("plan_hash", self.plan_hash.is_some() && !changes),
            ("takeover", self.takeover.is_some() && !changes),
            ("strict", self.strict.is_some() && !changes),
            ("prove", self.prove.is_some() && !changes),
        ];
        match misplaced.into_iter().find(|(_, is_misplaced)| *is_misplaced) {
            Some((field, _)) => {
                let message = format!("The event is not understood: {} has no use for '{field}'", action.word());
                Err(Failure::new(Code::BadEvent, message))
            }
            None => Ok(()),
        }
    }

    pub fn action(&self) -> Action {
        match self.action.unwrap_or(Action::Sync) {
            Action::Sync if self.dry_run == Some(true) => Action::Plan,
            action => action,
        }
    }

    /// What the event says goes before what the variables and the file say.
    pub fn apply_to(&self, settings: &mut SyncArguments) {
        let SyncArguments { comparison, policy, execution, .. } = settings;
        policy.phase = self.phase.or(policy.phase);
        policy.plan_hash = self.plan_hash.clone().or_else(|| policy.plan_hash.take());
        policy.strict = self.strict.or(policy.strict);
        policy.prove = self.prove.or(policy.prove);
        execution.takeover = self.takeover.or(execution.takeover);
        execution.idempotency_key = self.idempotency_key.clone().or_else(|| execution.idempotency_key.take());
        replace(&mut policy.allow, &self.allow);
        replace(&mut comparison.rename, &self.renames);
        replace(&mut comparison.bounds.include, &self.include);
        replace(&mut comparison.bounds.exclude, &self.exclude);
        replace(&mut comparison.bounds.with, &self.with);
    }
}

/// A function that serves one action does not become another by being asked to.
fn allowed(configured: Handler, wanted: Handler) -> Result<Handler, Failure> {
    match configured {
        Handler::Only(_) if configured != wanted => Err(Failure::new(
            Code::ActionDenied,
            "This function serves one action, and the event names another handler.",
        )),
        _ => Ok(wanted),
    }
}

fn replace<T: Clone>(setting: &mut Vec<Many<T>>, said: &[T]) {
    if !said.is_empty() {
        *setting = vec![Many(said.to_vec())];
    }
}

fn given_hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    given(deserializer)?.map_or(Ok(None), |value: Value| hash(value).map_err(de::Error::custom))
}

fn given_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    given(deserializer)?.map_or(Ok(None), |value: Value| time(value).map_err(de::Error::custom))
}

/// A value that may also be null or empty: a pipeline has such ones for inputs that were not given.
fn given<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let value = Some(Value::deserialize(deserializer)?).filter(|value| !value.is_null() && value != "");
    value.map(serde_json::from_value).transpose().map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(payload: Value, handler: Handler) -> Result<Event, Code> {
        Event::read(payload, handler).map(|(event, _)| event).map_err(|failure| failure.code)
    }

    #[test]
    fn nothing_said_is_a_sync() {
        assert_eq!(read(json!({}), Handler::Migrate).unwrap().action(), Action::Sync);
        assert_eq!(read(json!({ "dry_run": true }), Handler::Migrate).unwrap().action(), Action::Plan);
        assert_eq!(
            read(json!({ "action": "check", "timeout": "90s" }), Handler::Task).unwrap().action(),
            Action::Check
        );
        let empty = json!({ "allow": null, "phase": null, "plan_hash": "", "renames": [], "idempotency_key": "", "strict": null });
        assert_eq!(read(empty, Handler::Migrate).unwrap().action(), Action::Sync);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let unknown = [
            json!({ "allows": ["data_loss"] }),
            json!({ "action": "drop" }),
            json!({ "allow": ["everything"] }),
            json!({ "phase": "later" }),
            json!({ "timeout": "20" }),
            json!({ "plan_hash": "abc" }),
            json!({ "prod": "postgresql://elsewhere/shop" }),
            json!({ "handler": "plan", "action": "sync" }),
            json!({ "handler": "nonsense", "event": {} }),
            json!({ "action": "history", "plan_hash": "0".repeat(64) }),
            json!({ "revision": "3" }),
            json!({ "action": "rollback" }),
            json!({ "action": "rollback", "revision": "3", "renames": ["table public.a -> b"] }),
            json!([]),
            json!("sync"),
            json!(null),
        ];
        for payload in unknown {
            assert_eq!(read(payload.clone(), Handler::Migrate).err(), Some(Code::BadEvent), "{payload}");
        }
        let failure = Event::read(json!({ "allows": [] }), Handler::Migrate).unwrap_err();
        assert!(failure.message.contains("`allows`") && failure.message.contains("`allow`"), "{failure}");
    }

    #[test]
    fn a_function_for_one_action_does_no_other() {
        let plan = Handler::Only(Action::Plan);
        assert_eq!(read(json!({}), plan).unwrap().action(), Action::Plan);
        assert_eq!(read(json!({ "action": "sync", "dry_run": true }), plan).unwrap().action(), Action::Plan);
        assert_eq!(read(json!({ "action": "sync" }), plan).err(), Some(Code::ActionDenied));
        assert_eq!(read(json!({ "handler": "migrate", "event": {} }), plan).err(), Some(Code::ActionDenied));
        let envelope = json!({ "handler": "plan", "event": { "phase": "expand" } });
        assert_eq!(read(envelope, Handler::Migrate).unwrap().action(), Action::Plan);
    }
}
