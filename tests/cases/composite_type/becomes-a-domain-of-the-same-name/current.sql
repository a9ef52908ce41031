CREATE TYPE code AS (part text, number integer);
