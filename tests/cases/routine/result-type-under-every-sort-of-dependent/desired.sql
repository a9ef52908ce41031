-- Default, check, generated column, index, view and policy hang on the function that has to be dropped.
CREATE FUNCTION norm(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
CREATE TABLE word (
    id integer PRIMARY KEY,
    w text DEFAULT norm('NONE') CONSTRAINT normal CHECK (norm(w) = w),
    generated text GENERATED ALWAYS AS (norm(w)) STORED
);
CREATE INDEX word_norm ON word (norm(w));
CREATE VIEW words AS SELECT norm(w) AS w FROM word;
ALTER TABLE word ENABLE ROW LEVEL SECURITY;
CREATE POLICY short ON word USING (length(norm(w)) < 10);
