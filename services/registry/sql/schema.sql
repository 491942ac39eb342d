-- What the migrations of registry give: made by `make schemas`, never run.

CREATE TABLE act (
    act_id uuid NOT NULL,
    sequence bigint NOT NULL,
    content bytea NOT NULL,
    about bigint[] NOT NULL,
    state text NOT NULL,
    prepared_by text NOT NULL,
    prepared_at timestamp with time zone NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone,
    recorded boolean NOT NULL,
    version bigint NOT NULL,
    failure text NOT NULL,
    CONSTRAINT act_decided CHECK (((state = 'PREPARED'::text) = (decided_at IS NULL))),
    CONSTRAINT act_state_check CHECK ((state = ANY (ARRAY['PREPARED'::text, 'APPROVED'::text, 'IN_FORCE'::text, 'REFUSED'::text, 'FAILED'::text]))),
    CONSTRAINT act_version CHECK (((state = 'IN_FORCE'::text) = (version > 0)))
);

CREATE TABLE head (
    single boolean DEFAULT true NOT NULL,
    version bigint NOT NULL,
    digest bytea NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT head_single_check CHECK (single),
    CONSTRAINT head_version_check CHECK ((version >= 0))
);

ALTER TABLE ONLY act
    ADD CONSTRAINT act_pkey PRIMARY KEY (act_id);

ALTER TABLE ONLY act
    ADD CONSTRAINT act_sequence UNIQUE (sequence);

ALTER TABLE ONLY head
    ADD CONSTRAINT head_pkey PRIMARY KEY (single);

CREATE INDEX act_decider ON act USING btree (decided_by);

CREATE INDEX act_prepared ON act USING btree (prepared_by);

CREATE INDEX act_unrecorded ON act USING btree (sequence) WHERE ((NOT recorded) AND (state <> 'PREPARED'::text));

CREATE INDEX act_waiting ON act USING btree (sequence) WHERE (state = ANY (ARRAY['PREPARED'::text, 'APPROVED'::text]));

GRANT SELECT,INSERT ON TABLE act TO registry;

GRANT UPDATE(state) ON TABLE act TO registry;

GRANT UPDATE(decided_by) ON TABLE act TO registry;

GRANT UPDATE(decided_at) ON TABLE act TO registry;

GRANT UPDATE(recorded) ON TABLE act TO registry;

GRANT UPDATE(version) ON TABLE act TO registry;

GRANT UPDATE(failure) ON TABLE act TO registry;

GRANT SELECT,UPDATE ON TABLE head TO registry;
