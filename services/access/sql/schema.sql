-- What the migrations of access give: made by `make schemas`, never run.

CREATE FUNCTION keep_accession() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into accession_history (number, recipient, valid_from, since, valid_until, regulation)
  select new.number, new.recipient, new.valid_from, ordinal, new.valid_until, new.regulation
  from revision
  on conflict (number, recipient, valid_from, since) do update
  set valid_until = excluded.valid_until, regulation = excluded.regulation;
  return null;
end
$$;

CREATE FUNCTION keep_standing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into standing_history (number, version, since, standing, enacted, day)
  select new.number, new.version, ordinal, new.standing, new.enacted, new.moved_on from revision
  on conflict (number, version, since) do update
  set standing = excluded.standing, enacted = excluded.enacted, day = excluded.day;
  return null;
end
$$;

CREATE FUNCTION note_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  update revision set changed_in = pg_current_xact_id(), ordinal = ordinal + 1
  where changed_in <> pg_current_xact_id();
  if found then
    perform pg_notify('deliberations', '');
  end if;
  return null;
end
$$;

CREATE TABLE accession (
    number text NOT NULL,
    recipient text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    regulation text NOT NULL
);

CREATE TABLE accession_history (
    number text NOT NULL,
    recipient text NOT NULL,
    valid_from date NOT NULL,
    since bigint NOT NULL,
    valid_until date,
    regulation text NOT NULL
);

CREATE TABLE accession_proposal (
    number text NOT NULL,
    recipient text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    regulation text NOT NULL,
    proposed_by text NOT NULL,
    CONSTRAINT accession_proposal_check CHECK ((valid_until >= valid_from))
);

CREATE TABLE asked (
    day date NOT NULL,
    question_digest bytea NOT NULL,
    question bytea NOT NULL,
    times bigint NOT NULL,
    CONSTRAINT asked_question_check CHECK ((length(question) <= 1024)),
    CONSTRAINT asked_question_digest_check CHECK ((length(question_digest) = 32)),
    CONSTRAINT asked_times_check CHECK ((times > 0))
);

CREATE TABLE deliberation (
    number text NOT NULL,
    version integer NOT NULL,
    standing text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    digest text NOT NULL,
    body jsonb NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    enacted boolean DEFAULT true NOT NULL,
    moved_by text DEFAULT ''::text NOT NULL,
    moved_on date DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT deliberation_check CHECK ((valid_until >= valid_from)),
    CONSTRAINT deliberation_standing_check CHECK ((standing = ANY (ARRAY['PROPOSED'::text, 'IN_FORCE'::text, 'SUSPENDED'::text, 'WITHDRAWN'::text, 'EXPIRED'::text]))),
    CONSTRAINT deliberation_version_check CHECK ((version > 0))
);

CREATE TABLE legal_context (
    legal_context text NOT NULL,
    number text NOT NULL
);

CREATE TABLE official (
    name text NOT NULL,
    office text NOT NULL,
    CONSTRAINT official_office_check CHECK ((office = ANY (ARRAY['BANK'::text, 'COMMITTEE'::text])))
);

CREATE TABLE revision (
    one boolean DEFAULT true NOT NULL,
    changed_in xid8 NOT NULL,
    ordinal bigint DEFAULT 1 NOT NULL,
    CONSTRAINT revision_one_check CHECK (one)
);

CREATE TABLE standing_history (
    number text NOT NULL,
    version integer NOT NULL,
    since bigint NOT NULL,
    standing text NOT NULL,
    enacted boolean NOT NULL,
    day date NOT NULL
);

CREATE TABLE step (
    request_id uuid NOT NULL,
    content_digest text NOT NULL,
    taken_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY accession_history
    ADD CONSTRAINT accession_history_pkey PRIMARY KEY (number, recipient, valid_from, since);

ALTER TABLE ONLY accession
    ADD CONSTRAINT accession_overlaps EXCLUDE USING gist (number WITH =, recipient WITH =, daterange(valid_from, valid_until, '[]'::text) WITH &&);

ALTER TABLE ONLY accession
    ADD CONSTRAINT accession_pkey PRIMARY KEY (number, recipient, valid_from);

ALTER TABLE ONLY accession_proposal
    ADD CONSTRAINT accession_proposal_pkey PRIMARY KEY (number, recipient, valid_from);

ALTER TABLE ONLY asked
    ADD CONSTRAINT asked_pkey PRIMARY KEY (day, question_digest);

ALTER TABLE ONLY deliberation
    ADD CONSTRAINT deliberation_pkey PRIMARY KEY (number, version);

ALTER TABLE ONLY legal_context
    ADD CONSTRAINT legal_context_owned PRIMARY KEY (legal_context);

ALTER TABLE ONLY official
    ADD CONSTRAINT official_pkey PRIMARY KEY (name);

ALTER TABLE ONLY revision
    ADD CONSTRAINT revision_pkey PRIMARY KEY (one);

ALTER TABLE ONLY standing_history
    ADD CONSTRAINT standing_history_pkey PRIMARY KEY (number, version, since);

ALTER TABLE ONLY step
    ADD CONSTRAINT step_pkey PRIMARY KEY (request_id);

CREATE UNIQUE INDEX deliberation_proposed_once ON deliberation USING btree (number) WHERE (standing = 'PROPOSED'::text);

CREATE INDEX legal_context_by_number ON legal_context USING btree (number);

CREATE TRIGGER note_change AFTER INSERT OR DELETE OR UPDATE ON accession FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TRIGGER note_change AFTER INSERT OR DELETE OR UPDATE ON deliberation FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TRIGGER note_change AFTER INSERT OR DELETE OR UPDATE ON legal_context FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TRIGGER then_keep_accession AFTER INSERT OR UPDATE ON accession FOR EACH ROW EXECUTE FUNCTION keep_accession();

CREATE TRIGGER then_keep_standing AFTER INSERT OR UPDATE ON deliberation FOR EACH ROW EXECUTE FUNCTION keep_standing();

GRANT SELECT,INSERT ON TABLE accession TO access;

GRANT UPDATE(valid_until) ON TABLE accession TO access;

GRANT SELECT ON TABLE accession_history TO access;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE accession_proposal TO access;

GRANT SELECT,INSERT,DELETE ON TABLE asked TO access;

GRANT UPDATE(times) ON TABLE asked TO access;

GRANT SELECT,INSERT ON TABLE deliberation TO access;

GRANT UPDATE(standing) ON TABLE deliberation TO access;

GRANT UPDATE(enacted) ON TABLE deliberation TO access;

GRANT UPDATE(moved_by) ON TABLE deliberation TO access;

GRANT UPDATE(moved_on) ON TABLE deliberation TO access;

GRANT SELECT,INSERT ON TABLE legal_context TO access;

GRANT SELECT,INSERT ON TABLE official TO access;

GRANT SELECT ON TABLE revision TO access;

GRANT SELECT ON TABLE standing_history TO access;

GRANT SELECT,INSERT ON TABLE step TO access;
