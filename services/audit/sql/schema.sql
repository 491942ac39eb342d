-- What the migrations of audit give: made by `make schemas`, never run.

CREATE FUNCTION add_records(expected integer, customers integer[], grounds integer[], subjects bigint[], ids uuid[], tickets uuid[], contents bytea[]) RETURNS bigint[]
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  last integer;
  earlier bigint;
  begins bigint := expected::bigint << 34;
  ends bigint := (expected + 1)::bigint << 34;
  places bigint[];
  kept bigint;
  is_kept boolean;
begin
  -- Shared: records do not wait for each other, only for who reads how far they have come.
  perform pg_advisory_xact_lock_shared(1668245091);
  select max(month) into last from month;
  if last is distinct from expected then
    return null;
  end if;
  select max(month)::bigint into earlier from month where month < expected;
  with added as (
    insert into record (customer, ground_id, subject_key, record_id, ticket, content)
    select n.customer, n.ground_id, n.subject_key, n.record_id, n.ticket, n.content
    from unnest(customers, grounds, subjects, ids, tickets, contents)
      as n (customer, ground_id, subject_key, record_id, ticket, content)
    where earlier is null or not exists (
      select from record known
      where known.sequence >= earlier << 34 and known.sequence < (earlier + 1) << 34
        and known.record_id = n.record_id
    )
    on conflict do nothing
    returning sequence
  )
  select coalesce(array_agg(sequence), '{}') into places from added;
  -- What waits for the commit takes place now.
  set constraints all immediate;
  select array_agg(record_id order by sequence) = ids
    and array_agg(customer order by sequence) = customers
    and array_agg(ground_id order by sequence) = grounds
    and array_agg(subject_key order by sequence) = subjects
    and array_agg(ticket order by sequence) = tickets
    and array_agg(content order by sequence) = contents
  into is_kept
  from record
  where sequence = any(places) and sequence >= begins and sequence < ends;
  if is_kept then
    return places;
  end if;
  select count(distinct record.sequence) into kept
  from unnest(customers, grounds, subjects, ids, tickets, contents)
    as n (customer, ground_id, subject_key, record_id, ticket, content)
  join record
    on record.record_id = n.record_id and record.ticket = n.ticket
    and record.customer = n.customer and record.ground_id = n.ground_id
    and record.subject_key is not distinct from n.subject_key and record.content = n.content
  where record.sequence = any(places) and record.sequence >= begins and record.sequence < ends;
  if kept < cardinality(places) then
    raise exception 'records are not kept as they were handed over';
  end if;
  if cardinality(places) < cardinality(ids) and exists (
    select from unnest(ids) as n (record_id)
    where not exists (
      select from record known
      where known.record_id = n.record_id
        and known.sequence >= coalesce(earlier << 34, begins) and known.sequence < ends
    )
  ) then
    raise exception 'records are not kept';
  end if;
  return places;
end
$$;

CREATE FUNCTION begin_month(version smallint, wrapped bytea) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  today timestamp := clock_timestamp() at time zone 'UTC';
  asked integer := extract(year from today)::integer * 12 + extract(month from today)::integer - 1;
  last integer;
begin
  perform pg_advisory_xact_lock(1668245091);
  select max(month) into last from month;
  if last is not null and last >= asked then
    return last;
  end if;
  execute format(
    'create table record_%s partition of record for values from (%s) to (%s)',
    asked, asked::bigint << 34, (asked + 1)::bigint << 34
  );
  execute format(
    'create unique index record_%s_known on record_%s (record_id) with (fillfactor = 100)',
    asked, asked
  );
  insert into month (month, key_version, wrapped_key) values (asked, version, wrapped);
  perform setval('record_sequence', asked::bigint << 34, false);
  return asked;
end
$$;

CREATE FUNCTION ground_run(sequence bigint, ground_id integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (((sequence >> 18) << 32) | (ground_id)::bigint);

CREATE FUNCTION settled() RETURNS bigint
    LANGUAGE plpgsql
    AS $$
begin
  perform pg_advisory_xact_lock(1668245091);
  return (select case when is_called then last_value else last_value - 1 end from record_sequence);
end
$$;

CREATE FUNCTION subject_run(sequence bigint, subject_key bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((((sequence >> 22) & (4095)::bigint) << 52) | (subject_key & (((1)::bigint << 52) - 1)));

CREATE TABLE alert (
    alert_id uuid NOT NULL,
    sequence bigint NOT NULL,
    organization text NOT NULL,
    code text NOT NULL,
    rule_of date NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    count integer NOT NULL,
    tickets uuid[] NOT NULL,
    told_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    due date NOT NULL,
    CONSTRAINT alert_check CHECK ((last_day >= first_day)),
    CONSTRAINT alert_count_check CHECK ((count > 0)),
    CONSTRAINT alert_organization_check CHECK ((organization ~ '^[0-9]{10}$'::text))
);

CREATE TABLE alert_answer (
    alert_id uuid NOT NULL,
    sequence bigint NOT NULL,
    finding smallint NOT NULL,
    answered_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT alert_answer_finding_check CHECK (((finding >= 1) AND (finding <= 3)))
);

ALTER TABLE alert_answer ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME alert_answer_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE alert ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME alert_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE correction_notice (
    report_id uuid NOT NULL,
    recipient text NOT NULL,
    sequence bigint NOT NULL,
    legal_context text NOT NULL,
    acknowledged_at timestamp with time zone,
    CONSTRAINT correction_notice_legal_context_check CHECK ((length(legal_context) <= 64)),
    CONSTRAINT correction_notice_recipient_check CHECK ((recipient ~ '^[0-9]{10}$'::text))
);

ALTER TABLE correction_notice ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME correction_notice_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE decision (
    decision_id uuid NOT NULL,
    sequence bigint NOT NULL,
    organization text NOT NULL,
    subject_key bytea NOT NULL,
    subject_key_version smallint NOT NULL,
    subject_encrypted bytea NOT NULL,
    content_key_version smallint NOT NULL,
    content bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT decision_organization_check CHECK ((organization ~ '^[0-9]{10}$'::text)),
    CONSTRAINT decision_subject_key_check CHECK ((length(subject_key) = 16))
);

ALTER TABLE decision ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME decision_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE error_report (
    report_id uuid NOT NULL,
    sequence bigint NOT NULL,
    subject_key bytea NOT NULL,
    subject_key_version smallint NOT NULL,
    subject_encrypted bytea NOT NULL,
    data_contract text NOT NULL,
    field_path text NOT NULL,
    source text NOT NULL,
    reporter text,
    claim smallint NOT NULL,
    evidence_reference text NOT NULL,
    legal_context text NOT NULL,
    state smallint DEFAULT 1 NOT NULL,
    refusal_ground smallint,
    reported_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    due_date date NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT decided_or_open CHECK (((state = 1) = (decided_at IS NULL))),
    CONSTRAINT error_report_claim_check CHECK (((claim >= 1) AND (claim <= 4))),
    CONSTRAINT error_report_data_contract_check CHECK ((length(data_contract) <= 64)),
    CONSTRAINT error_report_evidence_reference_check CHECK ((length(evidence_reference) <= 64)),
    CONSTRAINT error_report_field_path_check CHECK ((length(field_path) <= 128)),
    CONSTRAINT error_report_legal_context_check CHECK ((length(legal_context) <= 64)),
    CONSTRAINT error_report_refusal_ground_check CHECK (((refusal_ground >= 1) AND (refusal_ground <= 3))),
    CONSTRAINT error_report_reporter_check CHECK ((reporter ~ '^[0-9]{10}$'::text)),
    CONSTRAINT error_report_source_check CHECK ((source ~ '^[0-9]{10}$'::text)),
    CONSTRAINT error_report_state_check CHECK (((state >= 1) AND (state <= 4))),
    CONSTRAINT error_report_subject_key_check CHECK ((length(subject_key) = 16)),
    CONSTRAINT ground_of_refusal CHECK (((state = 3) = (refusal_ground IS NOT NULL)))
);

ALTER TABLE error_report ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME error_report_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ground (
    ground_id integer NOT NULL,
    sha256 bytea NOT NULL,
    customer integer NOT NULL,
    legal_context text NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT ground_sha256_check CHECK ((length(sha256) = 32))
);

ALTER TABLE ground ALTER COLUMN ground_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ground_ground_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE log_object (
    name text NOT NULL COLLATE pg_catalog."C",
    content bytea NOT NULL
);
ALTER TABLE ONLY log_object ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE log_state (
    only_one boolean DEFAULT true NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    size bigint DEFAULT 0 NOT NULL,
    root bytea NOT NULL,
    last_sequence bigint DEFAULT 0 NOT NULL,
    advanced_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT log_state_only_one_check CHECK (only_one)
);

CREATE TABLE month (
    month integer NOT NULL,
    begun_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    key_version smallint,
    wrapped_key bytea,
    frozen_for text,
    forgotten_at timestamp with time zone,
    CONSTRAINT key_or_forgotten CHECK (((forgotten_at IS NULL) = ((wrapped_key IS NOT NULL) AND (key_version IS NOT NULL))))
);

CREATE TABLE monthly_report (
    organization text NOT NULL,
    month integer NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT monthly_report_organization_check CHECK ((organization ~ '^[0-9]{10}$'::text))
);

CREATE TABLE record (
    sequence bigint NOT NULL,
    customer integer NOT NULL,
    ground_id integer NOT NULL,
    subject_key bigint,
    record_id uuid NOT NULL,
    ticket uuid NOT NULL,
    content bytea NOT NULL
)
PARTITION BY RANGE (sequence);

CREATE SEQUENCE record_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE record_sequence OWNED BY record.sequence;

CREATE TABLE replacement (
    event_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    old_key bytea NOT NULL,
    old_key_version smallint NOT NULL,
    old_encrypted bytea NOT NULL,
    new_key bytea NOT NULL,
    new_key_version smallint NOT NULL,
    new_encrypted bytea NOT NULL,
    CONSTRAINT replacement_new_key_check CHECK ((length(new_key) = 16)),
    CONSTRAINT replacement_old_key_check CHECK ((length(old_key) = 16))
);

CREATE TABLE span (
    first_index bigint NOT NULL,
    first_sequence bigint NOT NULL,
    count integer NOT NULL,
    integrated_at timestamp with time zone NOT NULL,
    CONSTRAINT span_count_check CHECK ((count > 0))
);

ALTER TABLE ONLY record ALTER COLUMN sequence SET DEFAULT nextval('record_sequence'::regclass);

ALTER TABLE ONLY alert_answer
    ADD CONSTRAINT alert_answer_pkey PRIMARY KEY (alert_id, sequence);

ALTER TABLE ONLY alert_answer
    ADD CONSTRAINT alert_answer_sequence_key UNIQUE (sequence);

ALTER TABLE ONLY alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (alert_id);

ALTER TABLE ONLY alert
    ADD CONSTRAINT alert_sequence_key UNIQUE (sequence);

ALTER TABLE ONLY correction_notice
    ADD CONSTRAINT correction_notice_pkey PRIMARY KEY (recipient, report_id);

ALTER TABLE ONLY correction_notice
    ADD CONSTRAINT correction_notice_sequence_key UNIQUE (sequence);

ALTER TABLE ONLY decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (decision_id);

ALTER TABLE ONLY decision
    ADD CONSTRAINT decision_sequence_key UNIQUE (sequence);

ALTER TABLE ONLY error_report
    ADD CONSTRAINT error_report_pkey PRIMARY KEY (report_id);

ALTER TABLE ONLY error_report
    ADD CONSTRAINT error_report_sequence_key UNIQUE (sequence);

ALTER TABLE ONLY ground
    ADD CONSTRAINT ground_pkey PRIMARY KEY (ground_id);

ALTER TABLE ONLY ground
    ADD CONSTRAINT ground_sha256_key UNIQUE (sha256);

ALTER TABLE ONLY log_object
    ADD CONSTRAINT log_object_pkey PRIMARY KEY (name);

ALTER TABLE ONLY log_state
    ADD CONSTRAINT log_state_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY month
    ADD CONSTRAINT month_pkey PRIMARY KEY (month);

ALTER TABLE ONLY monthly_report
    ADD CONSTRAINT monthly_report_pkey PRIMARY KEY (organization, month);

ALTER TABLE ONLY replacement
    ADD CONSTRAINT replacement_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY span
    ADD CONSTRAINT span_first_sequence_key UNIQUE (first_sequence);

ALTER TABLE ONLY span
    ADD CONSTRAINT span_pkey PRIMARY KEY (first_index);

CREATE INDEX alert_by_due ON alert USING btree (due);

CREATE INDEX alert_by_organization ON alert USING btree (organization, sequence);

CREATE INDEX correction_notice_by_recipient ON correction_notice USING btree (recipient, sequence);

CREATE INDEX correction_notice_by_report ON correction_notice USING btree (report_id);

CREATE INDEX decision_by_instant ON decision USING btree (recorded_at);

CREATE INDEX decision_by_subject ON decision USING btree (subject_key);

CREATE INDEX error_report_by_due ON error_report USING btree (due_date) WHERE (state = ANY (ARRAY[1, 2]));

CREATE INDEX error_report_by_end ON error_report USING btree (decided_at) WHERE (state = ANY (ARRAY[3, 4]));

CREATE INDEX error_report_by_reporter ON error_report USING btree (reporter, sequence);

CREATE INDEX error_report_by_source ON error_report USING btree (source, sequence);

CREATE INDEX error_report_by_subject ON error_report USING btree (subject_key);

CREATE INDEX ground_by_customer ON ground USING btree (customer);

CREATE INDEX ground_by_legal_context ON ground USING btree (legal_context);

CREATE INDEX record_by_ground ON ONLY record USING btree (ground_run(sequence, ground_id));

CREATE UNIQUE INDEX record_by_sequence ON ONLY record USING btree (sequence) WITH (fillfactor='100');

CREATE INDEX record_by_subject ON ONLY record USING btree (subject_run(sequence, subject_key), sequence);

CREATE INDEX record_by_ticket ON ONLY record USING btree (ticket, sequence);

CREATE INDEX replacement_by_new ON replacement USING btree (new_key);

CREATE INDEX replacement_by_old ON replacement USING btree (old_key);

CREATE INDEX span_by_time ON span USING btree (integrated_at, first_sequence);

ALTER TABLE ONLY alert_answer
    ADD CONSTRAINT alert_answer_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alert(alert_id);

ALTER TABLE ONLY correction_notice
    ADD CONSTRAINT correction_notice_report_id_fkey FOREIGN KEY (report_id) REFERENCES error_report(report_id);

REVOKE ALL ON FUNCTION add_records(expected integer, customers integer[], grounds integer[], subjects bigint[], ids uuid[], tickets uuid[], contents bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION add_records(expected integer, customers integer[], grounds integer[], subjects bigint[], ids uuid[], tickets uuid[], contents bytea[]) TO audit;

REVOKE ALL ON FUNCTION begin_month(version smallint, wrapped bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION begin_month(version smallint, wrapped bytea) TO audit;

REVOKE ALL ON FUNCTION ground_run(sequence bigint, ground_id integer) FROM PUBLIC;
GRANT ALL ON FUNCTION ground_run(sequence bigint, ground_id integer) TO audit;

REVOKE ALL ON FUNCTION settled() FROM PUBLIC;
GRANT ALL ON FUNCTION settled() TO audit;

REVOKE ALL ON FUNCTION subject_run(sequence bigint, subject_key bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION subject_run(sequence bigint, subject_key bigint) TO audit;

GRANT SELECT,INSERT ON TABLE alert TO audit;

GRANT SELECT,INSERT ON TABLE alert_answer TO audit;

GRANT SELECT,INSERT ON TABLE correction_notice TO audit;

GRANT UPDATE(acknowledged_at) ON TABLE correction_notice TO audit;

GRANT SELECT,INSERT ON TABLE decision TO audit;

GRANT SELECT,INSERT ON TABLE error_report TO audit;

GRANT UPDATE(state) ON TABLE error_report TO audit;

GRANT UPDATE(refusal_ground) ON TABLE error_report TO audit;

GRANT UPDATE(decided_at) ON TABLE error_report TO audit;

GRANT SELECT,INSERT ON TABLE ground TO audit;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE log_object TO audit;

GRANT SELECT,UPDATE ON TABLE log_state TO audit;

GRANT SELECT ON TABLE month TO audit;

GRANT SELECT,INSERT ON TABLE monthly_report TO audit;

GRANT UPDATE(content) ON TABLE monthly_report TO audit;

GRANT SELECT,INSERT ON TABLE record TO audit;

GRANT SELECT,USAGE ON SEQUENCE record_sequence TO audit;

GRANT SELECT,INSERT ON TABLE replacement TO audit;

GRANT SELECT,INSERT ON TABLE span TO audit;
