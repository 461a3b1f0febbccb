-- Rights in the database of the box. May be run again; it takes back what it does not name.
-- langnghe_results may not even connect.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, langnghe_respond, langnghe_results, langnghe_organize;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO langnghe_respond, langnghe_organize;
GRANT SELECT ON alembic_version TO langnghe_respond, langnghe_organize;
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC, langnghe_results', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO langnghe_respond, langnghe_organize', current_database());
    EXECUTE format('ALTER SCHEMA public OWNER TO %I', (SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'ballot'));
    EXECUTE format('ALTER DATABASE %I OWNER TO langnghe_organize', current_database());
END $$;

-- respond: puts ballots in, and asks for one by its 256-bit key (sent twice?); it cannot list, change or remove any.
-- `cover` has a row for each box: which cover key it was begun with (docs/decisions/0014-order-of-arrival.md), and
-- whether it is shut (0019-shut-first.md). Whoever answers reads it; only the organizers' side begins, shuts and reopens.
GRANT INSERT ON ballot TO langnghe_respond;
GRANT SELECT ON cover TO langnghe_respond;
GRANT EXECUTE ON FUNCTION ballot_at(text, bytea) TO langnghe_respond, langnghe_organize;

-- organize: begins the box, shuts it, opens it at the end and destroys it. It changes no ballot.
GRANT SELECT, INSERT, DELETE ON ballot, cover TO langnghe_organize;
GRANT UPDATE (identity, shut, counted) ON cover TO langnghe_organize;
