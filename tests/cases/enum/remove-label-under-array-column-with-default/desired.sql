CREATE TYPE channel AS ENUM ('mail', 'push');
CREATE TABLE subscriber (id integer PRIMARY KEY, channels channel[] NOT NULL DEFAULT '{mail}', extra channel[] DEFAULT ARRAY['push'::channel]);
