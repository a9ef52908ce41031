CREATE TABLE unrelated (id integer);
CREATE TABLE hit (host text, path text, at timestamp) PARTITION BY RANGE (lower(host) COLLATE "C", at);
CREATE TABLE hit_low PARTITION OF hit FOR VALUES FROM (MINVALUE, MINVALUE) TO ('n', '2024-01-01');
CREATE TABLE hit_high PARTITION OF hit FOR VALUES FROM ('n', '2024-01-01') TO (MAXVALUE, MAXVALUE);
CREATE TABLE word (w text) PARTITION BY LIST (left(w, 1));
CREATE TABLE word_quotes PARTITION OF word FOR VALUES IN ('''', '"', E'\\', '');
