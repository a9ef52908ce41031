INSERT INTO leaf (id, remark, size, colour) VALUES (1, 'kept', 2, 'red');
INSERT INTO sibling (id, remark, weight) VALUES (2, 'lost', 3);
