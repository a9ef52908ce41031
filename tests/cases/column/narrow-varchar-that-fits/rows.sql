INSERT INTO airport VALUES ('TXL', 'Berlin'), ('CDG', 'Paris');
