CREATE TABLE visit (id integer, country text) PARTITION BY LIST (country);
CREATE TABLE visit_de PARTITION OF visit FOR VALUES IN ('de', 'at', NULL);
CREATE TABLE visit_rest PARTITION OF visit DEFAULT;
