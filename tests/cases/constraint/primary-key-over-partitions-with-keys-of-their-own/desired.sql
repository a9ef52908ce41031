-- doc_a's key is taken over under its own name, doc_b gets one.
CREATE TABLE doc (id integer NOT NULL, kind text NOT NULL) PARTITION BY LIST (kind);
CREATE TABLE doc_a PARTITION OF doc FOR VALUES IN ('a');
ALTER TABLE doc_a ADD CONSTRAINT doc_a_key PRIMARY KEY (id, kind);
CREATE TABLE doc_b PARTITION OF doc FOR VALUES IN ('b');
ALTER TABLE doc ADD CONSTRAINT doc_key PRIMARY KEY (id, kind);
