INSERT INTO live.item VALUES (1, 'live');
INSERT INTO archive.item VALUES (1, 'archived'), (2, NULL);
