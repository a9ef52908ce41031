CREATE TABLE visit (id integer, country text) PARTITION BY LIST (country);
CREATE TABLE visit_de PARTITION OF visit FOR VALUES IN ('de', NULL);
