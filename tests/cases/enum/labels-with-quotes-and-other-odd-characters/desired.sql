CREATE TYPE odd AS ENUM ('it''s', E'back\\slash', 'a,b', '{curly}', ' lead', '$$;--', 'Ünï', '');
CREATE TABLE t (o odd DEFAULT E'back\\slash');
