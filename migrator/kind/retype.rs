//! What a change of a column's type costs and risks (ALTER TABLE .. ALTER COLUMN .. TYPE).
//! Known pairs are written down; everything else is taken to rewrite the table and to fail or lose on bad rows.
//! Types are compared as `format_type` writes them.

use crate::kind::ObjectId;
use crate::pair::Pair;
use crate::statement::{HazardKind, Statement};

/// How values get from one type to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cast {
    rewrites: bool,
    risk: Risk,
    route: Route,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Risk {
    None,
    /// A value that does not fit stops the statement.
    Fails,
    /// A value that does not fit is rounded or cut.
    Loses,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// PostgreSQL's assignment cast.
    Assignment,
    /// A cast that must be written.
    Explicit,
    /// Two of them: through the type that has both.
    Through(&'static str),
    /// No cast exists, or none that we know: through the text form.
    Text,
}

/// A type's name, its modifiers, and whether it is an array.
struct Parsed<'a> {
    base: String,
    modifiers: Vec<i64>,
    array: bool,
    text: &'a str,
}

impl<'a> Parsed<'a> {
    fn new(text: &'a str) -> Self {
        let array = text.ends_with("[]");
        let bare = text.trim_end_matches("[]");
        let (base, modifiers) = match (bare.find('('), bare.find(')')) {
            (Some(open), Some(close)) if open < close => {
                let base = format!("{}{}", &bare[..open], &bare[close + 1..]);
                (base, bare[open + 1..close].split(',').filter_map(|part| part.trim().parse().ok()).collect())
            }
            _ => (bare.to_owned(), Vec::new()),
        };
        Self { base, modifiers, array, text }
    }

    fn family(&self) -> Option<(Family, u8)> {
        Some(match self.base.as_str() {
            "smallint" => (Family::Number, 1),
            "integer" => (Family::Number, 2),
            "bigint" => (Family::Number, 3),
            "numeric" => (Family::Number, 4),
            "real" => (Family::Number, 5),
            "double precision" => (Family::Number, 6),
            "character" => (Family::String, 1),
            "character varying" => (Family::String, 2),
            "text" => (Family::String, 3),
            "date" => (Family::Moment, 1),
            "timestamp without time zone" => (Family::Moment, 2),
            "timestamp with time zone" => (Family::Moment, 3),
            "json" => (Family::Json, 1),
            "jsonb" => (Family::Json, 2),
            "inet" => (Family::Network, 2),
            "cidr" => (Family::Network, 1),
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Number,
    String,
    Moment,
    Json,
    Network,
}

/// Pairs whose cast must be written, and brings what the text form does not: `$1.00`, `true` and `0101` are no numbers, or
/// others.
fn by_cast(old: &Parsed, new: &Parsed) -> Option<(Risk, Route)> {
    let number = |parsed: &Parsed| matches!(parsed.family(), Some((Family::Number, _)));
    let bounded = |risk| if new.modifiers.is_empty() { Risk::None } else { risk };
    Some(match (&*old.base, &*new.base) {
        ("money", "numeric") => (bounded(Risk::Loses), Route::Explicit),
        ("money", _) if number(new) => (Risk::Loses, Route::Through("numeric")),
        ("boolean" | "\"char\"", "integer") | ("macaddr", "macaddr8") => (Risk::None, Route::Explicit),
        ("boolean", _) if number(new) => (bounded(Risk::Fails), Route::Through("integer")),
        ("smallint", "boolean" | "bit") | ("bigint", "boolean") => (Risk::Loses, Route::Through("integer")),
        ("bit", "smallint") => (Risk::Fails, Route::Through("integer")),
        ("bit", "integer" | "bigint") | ("integer", "\"char\"") | ("macaddr8", "macaddr") => (Risk::Fails, Route::Explicit),
        ("integer", "boolean" | "bit")
        | ("bigint", "bit")
        | ("interval", "time without time zone")
        | ("point", "box")
        | ("lseg", "point")
        | ("path", "polygon")
        | ("box", "point" | "lseg" | "circle" | "polygon")
        | ("circle", "point" | "box" | "polygon")
        | ("polygon", "point" | "box" | "circle" | "path") => (Risk::Loses, Route::Explicit),
        (range, several) if several.strip_suffix("multirange").is_some_and(|of| range.strip_suffix("range") == Some(of)) => {
            (Risk::None, Route::Explicit)
        }
        _ => return None,
    })
}

/// A text is cast as if somebody had written it: what is too long, too exact or too late in the day is cut without an
/// error. Types that take a text whole or not at all only fail.
fn by_text(old: &Parsed, new: &Parsed) -> Risk {
    let whole = ["smallint", "integer", "bigint", "numeric", "boolean", "uuid", "json", "inet", "text", "bytea"];
    let exact = whole.contains(&&*new.base) && new.modifiers.is_empty() || new.base.contains('.');
    let from_text = matches!(old.family(), Some((Family::String, _))) || old.base.is_empty() || old.base.contains('.');
    if exact && from_text { Risk::Fails } else { Risk::Loses }
}

impl Cast {
    pub(super) fn between(current: &str, desired: &str) -> Self {
        let (old, new) = (Parsed::new(current), Parsed::new(desired));
        let cast = |rewrites, risk, route| Self { rewrites, risk, route };
        if old.text == new.text {
            return cast(false, Risk::None, Route::Assignment);
        }
        if old.base == new.base && old.array == new.array {
            return modifiers(&old, &new);
        }
        if old.array || new.array {
            return cast(true, by_text(&old, &new), Route::Text);
        }
        if let Some((risk, route)) = by_cast(&old, &new) {
            return cast(true, risk, route);
        }
        match (old.family(), new.family()) {
            (Some((Family::Number, from)), Some((Family::Number, to))) => {
                let exact = from < to && to <= 4 || (from <= 2 && to == 6) || (from == 1 && to == 5) || (from == 5 && to == 6);
                let unbounded = new.modifiers.is_empty();
                let risk = if exact && unbounded {
                    Risk::None
                } else if from <= 3 && (to <= 3 || !unbounded) {
                    Risk::Fails
                } else {
                    Risk::Loses
                };
                cast(true, risk, Route::Assignment)
            }
            (Some((Family::String, from)), Some((Family::String, to))) => {
                let fits = new.modifiers.is_empty() && to > 1 || from == 2 && !old.modifiers.is_empty() && old.modifiers <= new.modifiers;
                cast(from == 1 || to == 1 || !fits, if fits { Risk::None } else { Risk::Fails }, Route::Assignment)
            }
            (Some((Family::Moment, from)), Some((Family::Moment, to))) => {
                // Between the two timestamps nothing is lost but the session's time zone decides.
                let kept = from < to || from == 3 && to == 2;
                let digits = |parsed: &Parsed| parsed.modifiers.first().copied().unwrap_or(6);
                let kept = kept && (from == 1 || digits(&old) <= digits(&new));
                cast(true, if kept { Risk::None } else { Risk::Loses }, Route::Assignment)
            }
            (Some((Family::Json, from)), Some((Family::Json, to))) => {
                // jsonb drops duplicate keys, white space and the order of keys.
                cast(true, if from < to { Risk::Loses } else { Risk::None }, Route::Explicit)
            }
            (Some((Family::Network, from)), Some((Family::Network, to))) => {
                cast(from > to, if from < to { Risk::None } else { Risk::Loses }, Route::Assignment)
            }
            (_, Some((Family::String, to))) if new.modifiers.is_empty() && to > 1 => cast(true, Risk::None, Route::Explicit),
            _ => cast(true, by_text(&old, &new), Route::Text),
        }
    }

    /// The same, told what the two are under the domains that they may be. A type that was set aside speaks for itself.
    pub(super) fn under_domains(self, bare: Pair<&str>, named: Pair<&str>) -> Self {
        if self.route != Route::Text || bare == named || named.current.is_empty() {
            return self;
        }
        Self { risk: self.risk.max(Self::written(bare).risk), ..self }
    }

    /// Where values go through text whatever the types are: what is too long is then cut, unlike by an assignment.
    fn written(change: Pair<&str>) -> Self {
        let cast = Self::between(change.current, change.desired);
        let cut = cast.risk == Risk::Fails && !Parsed::new(change.desired).modifiers.is_empty();
        if cut { Self { risk: Risk::Loses, ..cast } } else { cast }
    }

    pub(super) fn using(self, column: &str, desired: &str) -> Option<String> {
        match self.route {
            Route::Assignment => None,
            Route::Explicit => Some(format!("{column}::{desired}")),
            Route::Through(between) => Some(format!("{column}::{between}::{desired}")),
            Route::Text => Some(format!("{column}::text::{desired}")),
        }
    }

    /// Adds the hazards and the phase to the statement that carries out the cast.
    pub(super) fn confess(self, mut statement: Statement, column: &ObjectId, table: &ObjectId, size: &str) -> Statement {
        if self.rewrites {
            let note = format!("the whole table is rewritten while nobody can read it{size}");
            statement = statement.hazard(HazardKind::TableRewrite, table, note);
        }
        match self.risk {
            Risk::None => statement,
            Risk::Fails => {
                let note = "a value that does not fit the new type stops the statement";
                statement.contract().hazard(HazardKind::MayFailOnData, column, note)
            }
            Risk::Loses => {
                let note = "values are rounded or cut to fit the new type";
                statement.contract().hazard(HazardKind::DataLoss, column, note)
            }
        }
    }
}

/// The same type with other modifiers: `varchar(10)` to `varchar(20)`, `numeric(10,2)` to `numeric(12,2)`.
fn modifiers(old: &Parsed, new: &Parsed) -> Cast {
    let cast = |rewrites, risk| Cast { rewrites, risk, route: Route::Assignment };
    if new.modifiers.is_empty() && new.base != "character" {
        return cast(new.base == "bit", Risk::None);
    }
    match new.base.as_str() {
        "numeric" => {
            let part = |parsed: &Parsed, at: usize| parsed.modifiers.get(at).copied().unwrap_or(0);
            let (precision, scale) = (part(new, 0) - part(old, 0), part(new, 1) - part(old, 1));
            if old.modifiers.is_empty() || scale < 0 {
                return cast(true, Risk::Loses);
            }
            cast(scale != 0 || precision < 0, if precision >= scale { Risk::None } else { Risk::Fails })
        }
        "character varying" | "bit varying" => {
            let wider = !old.modifiers.is_empty() && old.modifiers <= new.modifiers;
            cast(!wider, if wider { Risk::None } else { Risk::Fails })
        }
        "character" | "bit" => {
            let wider = old.modifiers <= new.modifiers;
            cast(true, if wider { Risk::None } else { Risk::Fails })
        }
        _ => {
            let wider = !old.modifiers.is_empty() && old.modifiers <= new.modifiers;
            cast(!wider, if wider { Risk::None } else { Risk::Loses })
        }
    }
}

/// Whether code that knows the old type goes on with the new one: its operators, functions and literals are there still.
pub(super) fn is_familiar(change: Pair<&str>) -> bool {
    let (old, new) = (Parsed::new(change.current), Parsed::new(change.desired));
    if old.array != new.array {
        return false;
    }
    match (old.family(), new.family()) {
        _ if old.base == new.base => true,
        // `%` is not for floating point.
        (Some((Family::Number, from)), Some((Family::Number, to))) => from < to && (to <= 3 || from == 5),
        (Some((old, _)), Some((new, _))) => old == new && matches!(old, Family::String | Family::Network),
        _ => false,
    }
}

/// What becomes of the values of a type that is replaced, when they are cast through text.
pub(super) fn replaced(change: Pair<&str>) -> HazardKind {
    if Cast::written(change).risk == Risk::Loses { HazardKind::DataLoss } else { HazardKind::MayFailOnData }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn through_text_what_is_too_long_is_cut() {
        let lost = |from, to| replaced(Pair::new(from, to)) == HazardKind::DataLoss;
        assert!(lost("timestamp without time zone", "date") && lost("numeric", "integer"));
        assert!(lost("character varying(20)", "character varying(5)") && lost("integer", "numeric(3,0)"));
        assert!(!lost("integer", "bigint") && !lost("bigint", "integer") && !lost("text", "integer"));
    }

    #[test]
    fn what_a_domain_holds_is_rounded_too() {
        let risk = |bare, named: Pair<&str>| {
            Cast::between(named.current, named.desired).under_domains(bare, named).risk
        };
        let (plain, rounded) = ("timestamp without time zone", "timestamp(0) with time zone");
        assert_eq!(risk(Pair::new(plain, rounded), Pair::new("public.moment", rounded)), Risk::Loses);
        let exact = "timestamp(0) without time zone";
        assert_eq!(Cast::between(exact, rounded).risk, Risk::None);
        assert_eq!(Cast::between("timestamp(3) with time zone", exact).risk, Risk::Loses);
        assert_eq!(Cast::between("date", rounded).risk, Risk::None);
    }

    #[test]
    fn some_casts_take_two_steps() {
        let using = |from, to| Cast::between(from, to).using("c", to);
        assert_eq!(using("money", "integer"), Some("c::numeric::integer".to_owned()));
        assert_eq!(using("money", "numeric(9,2)"), Some("c::numeric(9,2)".to_owned()));
        assert_eq!(using("bigint", "boolean"), Some("c::integer::boolean".to_owned()));
        assert_eq!(using("int4range", "int4multirange"), Some("c::int4multirange".to_owned()));
        assert_eq!(using("int4range", "int8multirange"), Some("c::text::int8multirange".to_owned()));
    }

    #[test]
    fn known_pairs() {
        let check = |from, to| {
            let cast = Cast::between(from, to);
            (cast.rewrites, cast.risk)
        };
        assert_eq!(check("integer", "bigint"), (true, Risk::None));
        assert_eq!(check("timestamp without time zone", "timestamp(0) with time zone"), (true, Risk::Loses));
        assert_eq!(check("timestamp(3) without time zone", "timestamp(3) with time zone"), (true, Risk::None));
        assert_eq!(check("bigint", "integer"), (true, Risk::Fails));
        assert_eq!(check("numeric(10,2)", "integer"), (true, Risk::Loses));
        assert_eq!(check("character varying(10)", "character varying(20)"), (false, Risk::None));
        assert_eq!(check("character varying(20)", "character varying(10)"), (true, Risk::Fails));
        assert_eq!(check("character varying(10)", "text"), (false, Risk::None));
        assert_eq!(check("text", "character varying"), (false, Risk::None));
        assert_eq!(check("numeric(10,2)", "numeric(12,2)"), (false, Risk::None));
        assert_eq!(check("numeric(10,2)", "numeric(10,1)"), (true, Risk::Loses));
        assert_eq!(check("timestamp with time zone", "date"), (true, Risk::Loses));
        assert_eq!(check("text", "integer"), (true, Risk::Fails));
        assert_eq!(check("text", "public.mood"), (true, Risk::Fails));
        assert_eq!(check("text", "numeric(5,1)"), (true, Risk::Loses));
        assert_eq!(check("bigint", "character varying(5)"), (true, Risk::Loses));
        assert_eq!(check("timestamp with time zone[]", "date[]"), (true, Risk::Loses));
    }
}
