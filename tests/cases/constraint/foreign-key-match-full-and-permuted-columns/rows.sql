INSERT INTO place VALUES ('it', 'Rome');
INSERT INTO hotel VALUES (1, 'Rome', 'it'), (2, NULL, NULL);
