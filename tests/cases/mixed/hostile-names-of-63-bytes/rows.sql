INSERT INTO table_name_that_fills_all_the_sixty_three_bytes_postgres_allows VALUES (1, 1), (2, 2);
