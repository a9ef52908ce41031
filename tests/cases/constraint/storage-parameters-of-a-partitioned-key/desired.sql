CREATE TABLE event (id integer, day date, CONSTRAINT event_pkey PRIMARY KEY (id, day) WITH (fillfactor = 70)) PARTITION BY RANGE (day);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
