-- A partition that is still there without the index would leave the parent's invalid.
CREATE TABLE parts (region text, n integer) PARTITION BY LIST (region);
CREATE TABLE europe PARTITION OF parts FOR VALUES IN ('eu');
CREATE INDEX parts_n ON parts (n);
CREATE TABLE keyed (id integer NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
