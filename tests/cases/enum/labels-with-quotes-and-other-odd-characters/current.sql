CREATE TYPE odd AS ENUM ('it''s', 'a,b');
CREATE TABLE t (o odd DEFAULT 'it''s');
