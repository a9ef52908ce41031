-- The check that a partition keeps is named after the columns that decide, and what is above it leaves too.
CREATE TABLE n (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE n0 PARTITION OF n FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (b);
CREATE TABLE n00 PARTITION OF n0 FOR VALUES FROM (0) TO (10);
