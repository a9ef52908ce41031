CREATE TABLE article (id integer PRIMARY KEY, title text, published date);
CREATE INDEX by_date ON article (published);
CREATE INDEX by_title ON article (title);
CREATE INDEX by_prefix ON article (title);
