INSERT INTO event (at, kind) VALUES ('2023-05-01 12:00+00', 'login'), ('2024-05-01 12:00+00', 'logout');
