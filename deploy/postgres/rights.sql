-- Who may do what in Dagster's database. deploy/postgres/prepare.py runs it, as often as it likes: it starts from nothing.
--
-- Roles: linkage, nlp, modelling, justice (code servers and the runs that they start), operators and daemon (which start runs
-- everywhere), governance (looks), alerts (looks at runs, events and sensors). Dagster's own tables are shared, so rows are kept apart: a zone reads and writes the
-- runs that were started in it, and the events of its own assets. Nobody deletes a run or an event, and nobody but the
-- owner changes a table. docs/deployment.md says what this cannot do.

CREATE SCHEMA IF NOT EXISTS pathways;

-- What belongs to whom: assets and pools as in deploy/postgres/zones.csv, crossings as in contracts/crossings.py
CREATE TABLE IF NOT EXISTS pathways.belongings (zone text, kind text, name text, PRIMARY KEY (zone, kind, name));
TRUNCATE pathways.belongings;
INSERT INTO pathways.belongings SELECT zone, kind, name FROM given_belongings;

-- The functions run as their owner, who sees every row; session_user is the role that logged in.
CREATE OR REPLACE FUNCTION pathways.has(wanted_kind text, wanted_name text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pathways, pg_temp AS $$
  SELECT EXISTS (SELECT FROM belongings WHERE zone = session_user AND kind = wanted_kind AND name = wanted_name)
$$;

CREATE OR REPLACE FUNCTION pathways.owns_run(wanted_run text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM run_tags JOIN pathways.belongings ON value = '__repository__@' || name
                 WHERE run_id = wanted_run AND key = '.dagster/repository' AND zone = session_user AND kind = 'location')
$$;

-- Asset keys stand in Dagster's tables as JSON: ["linked_pairs"]
CREATE OR REPLACE FUNCTION pathways.makes(asset_key text) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT pathways.has('asset', asset_key::json ->> 0) $$;

CREATE OR REPLACE FUNCTION pathways.sees(asset_key text) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT pathways.has('asset', asset_key::json ->> 0) OR pathways.has('reads', asset_key::json ->> 0) $$;

-- A run stays in the zone that it was started in: its body says to which code server Dagster sends it
CREATE OR REPLACE FUNCTION pathways.stays_in_zone(status text, run_body text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT status IN ('STARTED', 'SUCCESS', 'FAILURE', 'CANCELING', 'CANCELED')
  AND pathways.has('location', run_body::json
    #>> '{external_pipeline_origin,external_repository_origin,repository_location_origin,location_name}')
$$;

-- Nobody has anything that is not said below
REVOKE ALL ON ALL TABLES IN SCHEMA public, pathways FROM PUBLIC, linkage, nlp, modelling, justice, operators, daemon, governance, alerts;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, linkage, nlp, modelling, justice, operators, daemon, governance, alerts;
REVOKE ALL ON SCHEMA public, pathways FROM PUBLIC;
GRANT USAGE ON SCHEMA public, pathways TO linkage, nlp, modelling, justice, operators, daemon, governance, alerts;

DO $$
DECLARE policy record; each text;
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO linkage, nlp, modelling, justice, operators, daemon, governance, alerts', current_database());
  FOR policy IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP POLICY %I ON public.%I', policy.policyname, policy.tablename);
  END LOOP;
  FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', each);
    EXECUTE format('CREATE POLICY everything ON public.%I TO operators, daemon USING (true)', each);
    EXECUTE format('CREATE POLICY looking ON public.%I FOR SELECT TO governance, alerts USING (true)', each);
  END LOOP;
END $$;

-- Governance looks. The webserver keeps a cache in asset_keys while it looks: the policy has no row for that, so that
-- nothing is written and nothing fails.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO governance;
GRANT UPDATE (cached_status_data) ON asset_keys TO governance;

-- Alerts reads what happened and what sensors said
GRANT SELECT ON alembic_version, secondary_indexes, instance_info, snapshots, kvs, runs, run_tags, event_logs, instigators,
  jobs, job_ticks TO alerts;

-- Operators and the daemon start runs, sensors and schedules; what was recorded they neither delete nor change
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO operators, daemon;
REVOKE UPDATE ON event_logs, asset_event_tags FROM operators, daemon;
REVOKE INSERT, UPDATE ON alembic_version, secondary_indexes, instance_info FROM operators, daemon;
GRANT DELETE ON job_ticks, asset_daemon_asset_evaluations, concurrency_limits, concurrency_slots, pending_steps,
  daemon_heartbeats TO operators, daemon;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO operators, daemon;

-- Zones: what Dagster looks up before it runs anything
GRANT SELECT ON alembic_version, secondary_indexes, instance_info, snapshots TO linkage, nlp, modelling, justice;
CREATE POLICY looking_up ON alembic_version FOR SELECT TO linkage, nlp, modelling, justice USING (true);
CREATE POLICY looking_up ON secondary_indexes FOR SELECT TO linkage, nlp, modelling, justice USING (true);
CREATE POLICY looking_up ON instance_info FOR SELECT TO linkage, nlp, modelling, justice USING (true);
CREATE POLICY looking_up ON snapshots FOR SELECT TO linkage, nlp, modelling, justice USING (true);
GRANT SELECT ON kvs TO linkage, nlp, modelling, justice;
CREATE POLICY looking_up ON kvs FOR SELECT TO linkage, nlp, modelling, justice USING (key = '__latest_defs_state_info__');

-- Zones: runs that were started in them
GRANT SELECT ON runs, run_tags TO linkage, nlp, modelling, justice;
GRANT UPDATE (status, run_body, update_timestamp, start_time, end_time) ON runs TO linkage, nlp, modelling, justice;
GRANT INSERT, UPDATE (value) ON run_tags TO linkage, nlp, modelling, justice;
CREATE POLICY own_runs ON runs FOR SELECT TO linkage, nlp, modelling, justice USING (pathways.owns_run(run_id));
CREATE POLICY own_state ON runs FOR UPDATE TO linkage, nlp, modelling, justice
  USING (pathways.owns_run(run_id)) WITH CHECK (pathways.owns_run(run_id) AND pathways.stays_in_zone(status, run_body));
CREATE POLICY own_runs ON run_tags FOR SELECT TO linkage, nlp, modelling, justice USING (pathways.owns_run(run_id));
CREATE POLICY why_it_failed ON run_tags FOR INSERT TO linkage, nlp, modelling, justice
  WITH CHECK (pathways.owns_run(run_id) AND key IN ('dagster/failure_reason', 'dagster/will_retry'));
CREATE POLICY why_it_failed_again ON run_tags FOR UPDATE TO linkage, nlp, modelling, justice
  USING (pathways.owns_run(run_id) AND key IN ('dagster/failure_reason', 'dagster/will_retry'));

-- Zones: events of their runs and their assets; what crosses to them they see
GRANT SELECT, INSERT ON event_logs, asset_event_tags TO linkage, nlp, modelling, justice;
GRANT SELECT, INSERT, UPDATE ON asset_keys, asset_check_executions TO linkage, nlp, modelling, justice;
CREATE POLICY own_events ON event_logs FOR SELECT TO linkage, nlp, modelling, justice
  USING (pathways.owns_run(run_id) OR pathways.sees(asset_key));
CREATE POLICY own_new_events ON event_logs FOR INSERT TO linkage, nlp, modelling, justice
  WITH CHECK (pathways.owns_run(run_id) AND event::json ->> 'run_id' = run_id
              AND (asset_key IS NULL OR pathways.makes(asset_key)));
CREATE POLICY own_assets ON asset_event_tags FOR SELECT TO linkage, nlp, modelling, justice USING (pathways.sees(asset_key));
CREATE POLICY own_new_tags ON asset_event_tags FOR INSERT TO linkage, nlp, modelling, justice WITH CHECK (pathways.makes(asset_key));
CREATE POLICY own_assets ON asset_keys FOR SELECT TO linkage, nlp, modelling, justice USING (pathways.sees(asset_key));
CREATE POLICY own_new_assets ON asset_keys FOR INSERT TO linkage, nlp, modelling, justice WITH CHECK (pathways.makes(asset_key));
CREATE POLICY own_made_assets ON asset_keys FOR UPDATE TO linkage, nlp, modelling, justice USING (pathways.makes(asset_key));
CREATE POLICY own_checks ON asset_check_executions FOR SELECT TO linkage, nlp, modelling, justice USING (pathways.sees(asset_key));
CREATE POLICY own_new_checks ON asset_check_executions FOR INSERT TO linkage, nlp, modelling, justice
  WITH CHECK (pathways.makes(asset_key) AND pathways.owns_run(run_id));
CREATE POLICY own_made_checks ON asset_check_executions FOR UPDATE TO linkage, nlp, modelling, justice
  USING (pathways.makes(asset_key) AND pathways.owns_run(run_id));

-- Zones: places in the pools that their assets name
GRANT SELECT, INSERT, UPDATE, DELETE ON concurrency_limits, concurrency_slots, pending_steps TO linkage, nlp, modelling, justice;
CREATE POLICY own_pools ON concurrency_limits TO linkage, nlp, modelling, justice USING (pathways.has('pool', concurrency_key));
CREATE POLICY own_pools ON concurrency_slots TO linkage, nlp, modelling, justice USING (pathways.has('pool', concurrency_key));
CREATE POLICY own_pools ON pending_steps TO linkage, nlp, modelling, justice USING (pathways.has('pool', concurrency_key));

GRANT USAGE ON SEQUENCE run_tags_id_seq, event_logs_id_seq, asset_event_tags_id_seq, asset_keys_id_seq,
  asset_check_executions_id_seq, concurrency_limits_id_seq, concurrency_slots_id_seq, pending_steps_id_seq
  TO linkage, nlp, modelling, justice;
