-- DROP COLUMN silently takes an owned sequence along: OWNED BY must change first.
CREATE TABLE old_document (id integer PRIMARY KEY);
CREATE TABLE document (id bigint PRIMARY KEY);
CREATE SEQUENCE document_number OWNED BY document.id;
ALTER TABLE document ALTER id SET DEFAULT nextval('document_number');
