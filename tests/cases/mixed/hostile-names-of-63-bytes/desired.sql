-- Any prefix or suffix for a helper object would be cut off and collide; generated names are truncated by the server.
CREATE TABLE table_name_that_fills_all_the_sixty_three_bytes_postgres_allows (id integer CONSTRAINT constraint_name_that_is_exactly_sixty_three_bytes_long_as_allow PRIMARY KEY, "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx" bigint NOT NULL DEFAULT 0 UNIQUE);
CREATE INDEX "🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘abc" ON table_name_that_fills_all_the_sixty_three_bytes_postgres_allows ("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx" DESC);
CREATE TABLE "🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘xyz" ("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx" bigint REFERENCES table_name_that_fills_all_the_sixty_three_bytes_postgres_allows ("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx"), "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüy" serial);
ALTER TABLE table_name_that_fills_all_the_sixty_three_bytes_postgres_allows ADD CONSTRAINT "🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘chk" CHECK ("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx" >= 0);
