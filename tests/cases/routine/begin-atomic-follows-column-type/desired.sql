-- Such a body has real dependencies and blocks the ALTER TYPE.
CREATE TABLE account (id integer PRIMARY KEY, balance numeric(10,0) NOT NULL);
CREATE FUNCTION total() RETURNS numeric LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT sum(balance) FROM account;
END;
CREATE PROCEDURE deposit(who integer, amount integer) LANGUAGE sql
BEGIN ATOMIC
    UPDATE account SET balance = balance + amount WHERE id = who;
    INSERT INTO account VALUES (who + 1000, 0);
END;
