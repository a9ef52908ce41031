INSERT INTO old_document (id) VALUES (1), (2);
INSERT INTO document DEFAULT VALUES;
