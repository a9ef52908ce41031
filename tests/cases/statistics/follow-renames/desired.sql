CREATE TABLE u ("C" integer, d integer);
CREATE TABLE "T 2" (a integer, b integer);
CREATE STATISTICS t ON a, b FROM "T 2";
CREATE STATISTICS "an Other" ON (a + 1) FROM "T 2";
CREATE STATISTICS columns_follow ON "C", d FROM u;
