-- What the migrations of coding give: made by `make schemas`, never run.

CREATE TABLE chunk (
    project_id uuid NOT NULL,
    source bigint NOT NULL,
    chunk_id uuid NOT NULL,
    digest bytea NOT NULL
);

CREATE TABLE held_row (
    project_id uuid NOT NULL,
    place bytea NOT NULL,
    source bigint NOT NULL,
    sealed bytea NOT NULL
);

CREATE TABLE numbering (
    project_id uuid NOT NULL,
    source bigint NOT NULL,
    day date NOT NULL,
    units bigint NOT NULL
);

CREATE TABLE page (
    project_id uuid NOT NULL,
    number integer NOT NULL,
    sealed bytea NOT NULL
);

CREATE TABLE project (
    project_id uuid NOT NULL,
    sequence bigint NOT NULL,
    plan bytea NOT NULL,
    end_date date NOT NULL,
    state smallint NOT NULL,
    key_digest text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    seed bytea,
    destruction uuid,
    content_sha256 text COLLATE pg_catalog."C",
    report jsonb,
    released_at timestamp with time zone,
    delivered_at timestamp with time zone,
    CONSTRAINT project_delivered CHECK (((delivered_at IS NULL) OR (released_at IS NOT NULL))),
    CONSTRAINT project_destroyed CHECK (((destruction IS NULL) OR ((state = 7) AND (key_digest <> ''::text)))),
    CONSTRAINT project_seed CHECK (((state = ANY (ARRAY[4, 5, 6])) = (seed IS NOT NULL))),
    CONSTRAINT project_state_check CHECK (((state >= 1) AND (state <= 8)))
);

ALTER TABLE project ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME project_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE project_step (
    project_id uuid NOT NULL,
    number integer NOT NULL,
    state smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL COLLATE pg_catalog."C",
    office smallint NOT NULL,
    remark text NOT NULL,
    record_id uuid NOT NULL
);

CREATE TABLE reidentification (
    list_id uuid NOT NULL,
    sequence bigint NOT NULL,
    project_id uuid NOT NULL,
    ground text NOT NULL COLLATE pg_catalog."C",
    source bigint NOT NULL,
    remark text NOT NULL,
    code_count integer NOT NULL,
    digest bytea NOT NULL,
    codes bytea,
    state smallint NOT NULL,
    requested_by text NOT NULL COLLATE pg_catalog."C",
    requested_at timestamp with time zone NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    decided_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT reidentification_codes CHECK (((state = ANY (ARRAY[1, 2])) = (codes IS NOT NULL))),
    CONSTRAINT reidentification_state_check CHECK (((state >= 1) AND (state <= 4))),
    CONSTRAINT reidentification_two CHECK ((decided_by <> requested_by))
);

ALTER TABLE reidentification ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME reidentification_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY chunk
    ADD CONSTRAINT chunk_key PRIMARY KEY (project_id, source, chunk_id);

ALTER TABLE ONLY numbering
    ADD CONSTRAINT numbering_key PRIMARY KEY (project_id, source, day);

ALTER TABLE ONLY page
    ADD CONSTRAINT page_key PRIMARY KEY (project_id, number);

ALTER TABLE ONLY project
    ADD CONSTRAINT project_pkey PRIMARY KEY (project_id);

ALTER TABLE ONLY project
    ADD CONSTRAINT project_sequence UNIQUE (sequence);

ALTER TABLE ONLY project_step
    ADD CONSTRAINT project_step_key PRIMARY KEY (project_id, number);

ALTER TABLE ONLY project_step
    ADD CONSTRAINT project_step_once UNIQUE (project_id, state);

ALTER TABLE ONLY reidentification
    ADD CONSTRAINT reidentification_pkey PRIMARY KEY (list_id);

ALTER TABLE ONLY reidentification
    ADD CONSTRAINT reidentification_sequence UNIQUE (sequence);

ALTER TABLE ONLY held_row
    ADD CONSTRAINT unit_sent_already PRIMARY KEY (project_id, place, source);

CREATE INDEX project_ending ON project USING btree (end_date) WHERE (state <> ALL (ARRAY[7, 8]));

CREATE INDEX project_step_actor ON project_step USING btree (actor, office);

CREATE INDEX project_unconfirmed ON project USING btree (sequence) WHERE ((state = 7) AND (key_digest <> ''::text) AND (destruction IS NULL));

CREATE INDEX reidentification_decider ON reidentification USING btree (decided_by);

CREATE INDEX reidentification_of_project ON reidentification USING btree (project_id, sequence);

CREATE UNIQUE INDEX reidentification_pending ON reidentification USING btree (project_id) WHERE (state = ANY (ARRAY[1, 2]));

CREATE INDEX reidentification_requester ON reidentification USING btree (requested_by);

ALTER TABLE ONLY chunk
    ADD CONSTRAINT chunk_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(project_id);

ALTER TABLE ONLY held_row
    ADD CONSTRAINT held_row_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(project_id);

ALTER TABLE ONLY numbering
    ADD CONSTRAINT numbering_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(project_id);

ALTER TABLE ONLY page
    ADD CONSTRAINT page_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(project_id);

ALTER TABLE ONLY project_step
    ADD CONSTRAINT project_step_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(project_id);

ALTER TABLE ONLY reidentification
    ADD CONSTRAINT reidentification_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(project_id);

GRANT SELECT,INSERT,DELETE ON TABLE chunk TO coding;

GRANT SELECT,INSERT,DELETE ON TABLE held_row TO coding;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE numbering TO coding;

GRANT SELECT,INSERT,DELETE ON TABLE page TO coding;

GRANT SELECT,INSERT ON TABLE project TO coding;

GRANT UPDATE(state) ON TABLE project TO coding;

GRANT UPDATE(key_digest) ON TABLE project TO coding;

GRANT UPDATE(seed) ON TABLE project TO coding;

GRANT UPDATE(destruction) ON TABLE project TO coding;

GRANT UPDATE(content_sha256) ON TABLE project TO coding;

GRANT UPDATE(report) ON TABLE project TO coding;

GRANT UPDATE(released_at) ON TABLE project TO coding;

GRANT UPDATE(delivered_at) ON TABLE project TO coding;

GRANT SELECT,INSERT ON TABLE project_step TO coding;

GRANT SELECT,INSERT ON TABLE reidentification TO coding;

GRANT UPDATE(codes) ON TABLE reidentification TO coding;

GRANT UPDATE(state) ON TABLE reidentification TO coding;

GRANT UPDATE(decided_by) ON TABLE reidentification TO coding;

GRANT UPDATE(decided_at) ON TABLE reidentification TO coding;

GRANT UPDATE(ended_at) ON TABLE reidentification TO coding;
