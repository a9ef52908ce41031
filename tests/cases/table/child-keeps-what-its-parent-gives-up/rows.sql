INSERT INTO stamped (editor) VALUES ('ann');
INSERT INTO page (title, editor) VALUES ('home', 'bob');
