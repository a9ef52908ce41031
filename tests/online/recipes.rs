//! What is changed while an application is at work: one recipe for each way in which a plan keeps out of its way.
//! It is here so that each change is stated once, in plain statements: dev is made by them, and they are what a sync is
//! measured against.
//! It never says how a sync does it.

use super::load::Transactions;
use crate::support::server::{Database, Server};

/// The tables that an application uses, and what it does with them. `:rows` is the number of rows of each.
#[derive(Debug)]
pub struct Stage {
    schema: &'static str,
    rows: &'static str,
    pub reads: Transactions,
    pub writes: Transactions,
}

#[derive(Debug)]
pub struct Recipe {
    pub name: &'static str,
    pub stage: &'static Stage,
    /// What is there besides.
    before: &'static str,
    /// From there to where dev is, as Alembic and migra write it.
    change: &'static str,
}

impl Stage {
    /// A database to be copied.
    pub fn fill(&self, server: &Server, rows: usize) -> Database {
        let database = server.database("filled");
        database.run(&with(rows, self.schema));
        database.run(&with(rows, self.rows));
        database.run("vacuum analyze");
        database
    }
}

impl Recipe {
    pub fn schema(&self, rows: usize) -> String {
        with(rows, self.stage.schema) + &self.before(rows)
    }

    pub fn before(&self, rows: usize) -> String {
        with(rows, self.before)
    }

    pub fn change(&self, rows: usize) -> String {
        with(rows, self.change)
    }
}

fn with(rows: usize, sql: &str) -> String {
    sql.replace(":rows", &rows.to_string())
}

pub const STAGES: &[&Stage] = &[&PLAIN, &PARTITIONED];

static PLAIN: Stage = Stage {
    schema: "
        CREATE TYPE state AS ENUM ('open', 'paid');
        CREATE TABLE customer (id integer PRIMARY KEY, name text NOT NULL, email text, visits integer DEFAULT 0 NOT NULL);
        CREATE TABLE purchase (id integer PRIMARY KEY, customer integer NOT NULL, amount integer DEFAULT 0,
            state state DEFAULT 'open' NOT NULL, note text);
        CREATE INDEX purchase_customer ON purchase (customer);
        CREATE VIEW paid AS SELECT id, customer, amount FROM purchase WHERE state = 'paid';",
    rows: "
        INSERT INTO customer SELECT g, 'name ' || g, 'mail' || g || '@example.org' FROM generate_series(1, :rows) g;
        INSERT INTO purchase SELECT g, 1 + g % 1000, 0, 'paid', repeat('x', 40) FROM generate_series(1, :rows) g;",
    reads: &[
        &["SELECT customer, amount, state::text, note FROM purchase WHERE id = $1"],
        &["SELECT name, email, visits FROM customer WHERE id = $1"],
        &["SELECT id, amount FROM paid WHERE id = $1"],
        &["SELECT c.name, p.amount FROM purchase p JOIN customer c ON c.id = p.customer WHERE p.id = $1"],
    ],
    writes: &[
        &["UPDATE purchase SET amount = amount + 1 WHERE id = $1"],
        &["UPDATE customer SET visits = visits + 1 WHERE id = $1"],
        &["INSERT INTO purchase (id, customer) VALUES ($1, 1 + $1 % 1000)"],
        &["INSERT INTO customer (id, name, email) VALUES ($1, 'new', format('new%s@example.org', $1))"],
        &[
            "UPDATE purchase SET amount = amount + 1 WHERE id = $1",
            "UPDATE customer SET visits = visits + 1 WHERE id = $1",
        ],
        &[
            "UPDATE customer SET visits = visits + 1 WHERE id = $1",
            "UPDATE purchase SET amount = amount + 1 WHERE id = $1",
        ],
    ],
};

/// A quarter of the rows in each of two partitions, the rest, and what comes, in the default one.
static PARTITIONED: Stage = Stage {
    schema: "
        CREATE TABLE customer (id integer PRIMARY KEY, visits integer DEFAULT 0 NOT NULL);
        CREATE TABLE event (id integer PRIMARY KEY, customer integer NOT NULL, amount integer DEFAULT 0)
            PARTITION BY RANGE (id);
        CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (MINVALUE) TO (:rows / 4);
        CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (:rows / 4) TO (:rows / 2);
        CREATE TABLE event_rest PARTITION OF event DEFAULT;
        CREATE TABLE note (id integer PRIMARY KEY, event integer NOT NULL, words integer DEFAULT 0);
        CREATE TABLE event_later (id integer PRIMARY KEY, customer integer NOT NULL, amount integer DEFAULT 0);",
    rows: "
        INSERT INTO customer SELECT g FROM generate_series(1, :rows) g;
        INSERT INTO event SELECT g, g FROM generate_series(1, :rows) g;
        INSERT INTO note SELECT g, g FROM generate_series(1, :rows) g;
        INSERT INTO event_later SELECT g + 10 * :rows, g FROM generate_series(1, :rows) g;",
    reads: &[
        &["SELECT customer, amount FROM event WHERE id = $1"],
        &["SELECT visits FROM customer WHERE id = $1"],
        &["SELECT n.words, e.amount FROM note n JOIN event e ON e.id = n.event WHERE n.id = $1"],
        &["SELECT customer, amount FROM event_later WHERE id = $1 + 10 * :rows"],
    ],
    writes: &[
        &["UPDATE event SET amount = amount + 1 WHERE id = $1"],
        &["UPDATE note SET words = words + 1 WHERE id = $1"],
        &["UPDATE event_later SET amount = amount + 1 WHERE id = $1 + 10 * :rows"],
        &["INSERT INTO event (id, customer) VALUES ($1, 1 + $1 % 1000)"],
        &["INSERT INTO event_later (id, customer) VALUES ($1 + 10 * :rows, 1 + $1 % 1000)"],
        &["INSERT INTO note (id, event) VALUES ($1, 1 + $1 % 1000)"],
        &[
            "UPDATE event SET amount = amount + 1 WHERE id = $1",
            "UPDATE customer SET visits = visits + 1 WHERE id = $1",
        ],
        &[
            "UPDATE customer SET visits = visits + 1 WHERE id = $1",
            "UPDATE event SET amount = amount + 1 WHERE id = $1",
        ],
        &["UPDATE note SET words = words + 1 WHERE id = $1", "UPDATE event SET amount = amount + 1 WHERE id = $1"],
        &["UPDATE event SET amount = amount + 1 WHERE id = $1", "UPDATE note SET words = words + 1 WHERE id = $1"],
    ],
};

pub const RECIPES: &[Recipe] = &[Recipe {
    name: "index",
    stage: &PLAIN,
    before: "",
    change: "CREATE INDEX purchase_note ON purchase (note, state);",
}];
