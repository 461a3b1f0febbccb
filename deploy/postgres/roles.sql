-- Three roles, one for each surface, with no right but to connect. Run once by a superuser:
--   psql -f deploy/postgres/roles.sql
-- then main.sql in the database of registry and results, and box.sql in the box's, both by the owner of the
-- tables (the role that ran `langnghe` first) after every upgrade. Give each role its own way to sign in
-- (a password, or peer/cert in pg_hba.conf); none is set here.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['langnghe_respond', 'langnghe_results', 'langnghe_organize'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT', name);
        END IF;
    END LOOP;
END $$;
