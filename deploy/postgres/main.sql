-- Rights in the database of registry and results. May be run again; it takes back what it does not name.
-- tests/db/test_roles.py signs in as each role and tries what must be forbidden.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, langnghe_respond, langnghe_results, langnghe_organize;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO langnghe_respond, langnghe_results, langnghe_organize;
GRANT SELECT ON alembic_version TO langnghe_respond, langnghe_results, langnghe_organize;
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO langnghe_respond, langnghe_results, langnghe_organize', current_database());
    -- Closing gives the freed pages back (VACUUM FULL), which only a table's or the database's owner may do.
    EXECUTE format('ALTER SCHEMA public OWNER TO %I', (SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'wave'));
    EXECUTE format('ALTER DATABASE %I OWNER TO langnghe_organize', current_database());
END $$;

-- respond: reads what a form needs, counts codes that are spent, hands credentials out. No account, no result, no log.
GRANT SELECT ON wave, questionnaire, code, credential_key TO langnghe_respond;
GRANT SELECT, UPDATE (counted, asked) ON turnout TO langnghe_respond;
GRANT SELECT ON invitation, installation, undertaking TO langnghe_respond;
GRANT UPDATE (blinded) ON invitation TO langnghe_respond;

-- results: reads releases; keeps the sessions and passwords of leaders; adds to the log.
GRANT SELECT ON wave, questionnaire, unit, release, cell, comment TO langnghe_results;
GRANT SELECT, INSERT, UPDATE, DELETE ON throttle, undertaking TO langnghe_results;
GRANT SELECT ON account, account_link, installation TO langnghe_results;
GRANT UPDATE (state) ON account_link TO langnghe_results;
GRANT UPDATE (password, one_time) ON account TO langnghe_results;
GRANT SELECT, INSERT, DELETE ON session TO langnghe_results;
GRANT UPDATE (seen) ON session TO langnghe_results;
GRANT SELECT (number, hash), INSERT ON access_log TO langnghe_results;

-- organize: everything but changing what is final. Releases are written once; the log is only added to.
GRANT SELECT, INSERT, UPDATE, DELETE ON unit, questionnaire, wave, code, turnout, invitation, credential_key, account, account_link, session, throttle,
    installation, undertaking TO langnghe_organize;
GRANT SELECT, INSERT ON release, cell, comment, access_log TO langnghe_organize;
-- Comments are looked at before leaders see them: words may be masked, a comment withheld, and that is counted.
GRANT UPDATE (text, seen), DELETE ON comment TO langnghe_organize;
GRANT UPDATE (review) ON release TO langnghe_organize;

-- A results server that has been broken into must not become an organizer: it neither sees organizers' hashes,
-- nor sets their passwords, nor makes a session for them, nor spends their links.
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_link ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS everybody ON account;
DROP POLICY IF EXISTS everybody ON session;
DROP POLICY IF EXISTS leaders ON account;
DROP POLICY IF EXISTS leaders ON session;
DROP POLICY IF EXISTS everybody ON account_link;
DROP POLICY IF EXISTS leaders ON account_link;
-- The mail server's password is no business of those who send no letters.
ALTER TABLE installation ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS everybody ON installation;
DROP POLICY IF EXISTS shown ON installation;
CREATE POLICY everybody ON installation TO langnghe_organize USING (true) WITH CHECK (true);
CREATE POLICY shown ON installation FOR SELECT TO langnghe_respond, langnghe_results USING (name NOT LIKE 'mail%');
-- A comment nobody has looked at is no business of a results server.
ALTER TABLE comment ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS everybody ON comment;
DROP POLICY IF EXISTS looked_at ON comment;
CREATE POLICY everybody ON comment TO langnghe_organize USING (true) WITH CHECK (true);
CREATE POLICY looked_at ON comment FOR SELECT TO langnghe_results USING (seen);
-- What a unit has not announced is no business of the server that takes answers.
ALTER TABLE undertaking ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS announced ON undertaking;
DROP POLICY IF EXISTS with_accounts ON undertaking;
CREATE POLICY announced ON undertaking FOR SELECT TO langnghe_respond USING (announced);
CREATE POLICY with_accounts ON undertaking TO langnghe_results, langnghe_organize USING (true) WITH CHECK (true);
CREATE POLICY everybody ON account TO langnghe_organize USING (true) WITH CHECK (true);
CREATE POLICY everybody ON session TO langnghe_organize USING (true) WITH CHECK (true);
CREATE POLICY leaders ON account TO langnghe_results USING (role = 'leader') WITH CHECK (role = 'leader');
CREATE POLICY leaders ON session TO langnghe_results
    USING (account IN (SELECT name FROM account AS a)) WITH CHECK (account IN (SELECT name FROM account AS a));
CREATE POLICY everybody ON account_link TO langnghe_organize USING (true) WITH CHECK (true);
CREATE POLICY leaders ON account_link TO langnghe_results
    USING (account IN (SELECT name FROM account AS a)) WITH CHECK (account IN (SELECT name FROM account AS a));
