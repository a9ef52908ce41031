CREATE TABLE article (id integer PRIMARY KEY, title text, published date);
CREATE INDEX by_date ON article (published DESC NULLS LAST);
CREATE INDEX by_title ON article (title COLLATE "C" DESC);
CREATE INDEX by_prefix ON article (title text_pattern_ops NULLS FIRST);
