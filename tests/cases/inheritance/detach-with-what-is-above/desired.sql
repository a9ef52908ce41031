CREATE TABLE n (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE n0 (a int, b int) PARTITION BY RANGE (b);
CREATE TABLE n00 (a int, b int);
