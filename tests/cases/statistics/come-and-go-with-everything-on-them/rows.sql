INSERT INTO address VALUES (1, 10115, 'Berlin', 'Invalidenstrasse');
