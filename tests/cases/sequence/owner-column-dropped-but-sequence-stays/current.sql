CREATE TABLE old_document (id integer PRIMARY KEY, number bigint);
CREATE SEQUENCE document_number OWNED BY old_document.number;
ALTER TABLE old_document ALTER number SET DEFAULT nextval('document_number');
CREATE TABLE document (id bigint PRIMARY KEY DEFAULT nextval('document_number'));
