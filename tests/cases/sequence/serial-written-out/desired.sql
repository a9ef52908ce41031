-- No change: the same thing in other words.
CREATE SEQUENCE note_id_seq AS int4;
CREATE TABLE note (id int4 NOT NULL, body text);
ALTER TABLE note ALTER COLUMN id SET DEFAULT nextval('note_id_seq'::regclass);
ALTER SEQUENCE note_id_seq OWNED BY note.id;
ALTER TABLE note ADD CONSTRAINT note_pkey PRIMARY KEY (id);
