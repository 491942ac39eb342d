-- What the migrations of routing give: made by `make schemas`, never run.

CREATE UNLOGGED TABLE attachment (
    source bigint NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE batch (
    batch_id uuid NOT NULL,
    customer bigint NOT NULL,
    ticket text NOT NULL COLLATE pg_catalog."C",
    state smallint DEFAULT 0 NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    sealed bytea NOT NULL,
    legal_context text NOT NULL COLLATE pg_catalog."C",
    contract_code text NOT NULL COLLATE pg_catalog."C",
    contract_version integer NOT NULL,
    item_count integer DEFAULT 0 NOT NULL,
    done_count integer DEFAULT 0 NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    started_at timestamp with time zone,
    due_at timestamp with time zone,
    overdue boolean DEFAULT false NOT NULL,
    finished_at timestamp with time zone,
    kept_until timestamp with time zone,
    CONSTRAINT batch_done_once CHECK ((done_count <= item_count))
);

CREATE TABLE batch_chunk (
    batch_id uuid NOT NULL,
    first integer NOT NULL,
    item_count integer NOT NULL,
    items bytea NOT NULL,
    state smallint DEFAULT 1 NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    ended_badly smallint DEFAULT 0 NOT NULL,
    free_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    answered bytea,
    results bytea,
    counts jsonb
);

CREATE TABLE batch_file (
    sender bigint NOT NULL,
    contract_code text NOT NULL COLLATE pg_catalog."C",
    contract_version integer NOT NULL,
    number bigint NOT NULL,
    state smallint DEFAULT 1 NOT NULL,
    file_name text NOT NULL,
    digest bytea NOT NULL,
    announced_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    rejection smallint DEFAULT 0 NOT NULL,
    field text DEFAULT ''::text NOT NULL,
    status_code text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    batch_id uuid,
    CONSTRAINT batch_file_settled CHECK (((settled_at IS NOT NULL) = (state = ANY (ARRAY[3, 5]))))
);

CREATE TABLE event_content (
    event_id uuid NOT NULL,
    sealed bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE file_sequence (
    organization bigint NOT NULL,
    direction smallint NOT NULL,
    contract_code text NOT NULL COLLATE pg_catalog."C",
    contract_version integer NOT NULL,
    next_number bigint DEFAULT 1 NOT NULL,
    gap_number bigint,
    gap_at timestamp with time zone,
    CONSTRAINT file_sequence_gap CHECK (((gap_number IS NULL) = (gap_at IS NULL)))
);

CREATE TABLE notice (
    subscriber bigint NOT NULL,
    "position" bigint NOT NULL,
    notice_id uuid NOT NULL,
    event_id uuid NOT NULL,
    ssin bigint NOT NULL,
    subscription_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE published_event (
    source bigint NOT NULL,
    reference text NOT NULL COLLATE pg_catalog."C",
    event_id uuid NOT NULL,
    ssin bigint NOT NULL,
    contract_code text NOT NULL COLLATE pg_catalog."C",
    contract_version integer NOT NULL,
    kind smallint NOT NULL,
    attestation text NOT NULL COLLATE pg_catalog."C",
    step integer NOT NULL,
    event_type text NOT NULL COLLATE pg_catalog."C",
    occurred_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone NOT NULL,
    digest bytea NOT NULL,
    addressees jsonb NOT NULL
);

CREATE TABLE result_file (
    batch_id uuid NOT NULL,
    number bigint NOT NULL
);

CREATE TABLE submission (
    source bigint NOT NULL,
    reference text NOT NULL COLLATE pg_catalog."C",
    subscriber bigint NOT NULL,
    notice_id uuid NOT NULL,
    event_id uuid NOT NULL,
    reply_by timestamp with time zone NOT NULL,
    disposition smallint,
    file_reference text,
    answered_at timestamp with time zone,
    CONSTRAINT submission_answer CHECK (((disposition IS NULL) = (answered_at IS NULL)))
);

CREATE TABLE subscriber (
    subscriber bigint NOT NULL,
    last_position bigint DEFAULT 0 NOT NULL,
    expired_through bigint DEFAULT 0 NOT NULL,
    expired_count bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY attachment
    ADD CONSTRAINT attachment_key PRIMARY KEY (source, address);

ALTER TABLE ONLY batch_chunk
    ADD CONSTRAINT batch_chunk_key PRIMARY KEY (batch_id, first);

ALTER TABLE ONLY batch_file
    ADD CONSTRAINT batch_file_key PRIMARY KEY (sender, contract_code, contract_version, number);

ALTER TABLE ONLY batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (batch_id);

ALTER TABLE ONLY event_content
    ADD CONSTRAINT event_content_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY file_sequence
    ADD CONSTRAINT file_sequence_key PRIMARY KEY (organization, direction, contract_code, contract_version);

ALTER TABLE ONLY notice
    ADD CONSTRAINT notice_key PRIMARY KEY (subscriber, "position");

ALTER TABLE ONLY notice
    ADD CONSTRAINT notice_once UNIQUE (subscriber, notice_id);

ALTER TABLE ONLY published_event
    ADD CONSTRAINT publication_raced UNIQUE (source, attestation, step);

ALTER TABLE ONLY published_event
    ADD CONSTRAINT published_event_id UNIQUE (event_id);

ALTER TABLE ONLY published_event
    ADD CONSTRAINT published_event_key PRIMARY KEY (source, reference);

ALTER TABLE ONLY result_file
    ADD CONSTRAINT result_file_key PRIMARY KEY (batch_id);

ALTER TABLE ONLY submission
    ADD CONSTRAINT submission_addressee UNIQUE (subscriber, notice_id);

ALTER TABLE ONLY submission
    ADD CONSTRAINT submission_key PRIMARY KEY (source, reference, notice_id);

ALTER TABLE ONLY subscriber
    ADD CONSTRAINT subscriber_pkey PRIMARY KEY (subscriber);

CREATE INDEX attachment_seen ON attachment USING btree (seen_at);

CREATE INDEX batch_chunk_open ON batch_chunk USING btree (batch_id, first) WHERE (state <> 3);

CREATE INDEX batch_due ON batch USING btree (due_at) WHERE (state = ANY (ARRAY[1, 2, 4]));

CREATE INDEX batch_file_awaited ON batch_file USING btree (expires_at) WHERE (state = ANY (ARRAY[1, 2]));

CREATE INDEX batch_file_kept ON batch_file USING btree (settled_at) WHERE (settled_at IS NOT NULL);

CREATE INDEX batch_file_of_batch ON batch_file USING btree (batch_id) WHERE (batch_id IS NOT NULL);

CREATE INDEX batch_kept ON batch USING btree (kept_until) WHERE (kept_until IS NOT NULL);

CREATE INDEX batch_of_customer ON batch USING btree (customer, batch_id) WHERE (state <> 0);

CREATE UNIQUE INDEX batch_ticket ON batch USING btree (customer, ticket) WHERE (state <> 0);

CREATE INDEX batch_unfinished ON batch USING btree (received_at) WHERE (state = 0);

CREATE INDEX event_content_expiry ON event_content USING btree (expires_at);

CREATE INDEX file_sequence_gaps ON file_sequence USING btree (gap_at) WHERE (gap_at IS NOT NULL);

CREATE INDEX notice_event ON notice USING btree (event_id);

CREATE INDEX notice_expiry ON notice USING btree (expires_at);

CREATE INDEX published_event_at ON published_event USING btree (published_at);

CREATE INDEX submission_event ON submission USING btree (event_id);

ALTER TABLE ONLY batch_chunk
    ADD CONSTRAINT batch_chunk_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES batch(batch_id) ON DELETE CASCADE;

ALTER TABLE ONLY batch_file
    ADD CONSTRAINT batch_file_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES batch(batch_id) ON DELETE SET NULL;

ALTER TABLE ONLY notice
    ADD CONSTRAINT notice_subscriber_fkey FOREIGN KEY (subscriber) REFERENCES subscriber(subscriber);

ALTER TABLE ONLY result_file
    ADD CONSTRAINT result_file_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES batch(batch_id) ON DELETE CASCADE;

ALTER TABLE ONLY submission
    ADD CONSTRAINT submission_event_id_fkey FOREIGN KEY (event_id) REFERENCES published_event(event_id) ON DELETE CASCADE;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE attachment TO routing;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE batch TO routing;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE batch_chunk TO routing;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE batch_file TO routing;

GRANT SELECT,INSERT,DELETE ON TABLE event_content TO routing;

GRANT SELECT,INSERT,UPDATE ON TABLE file_sequence TO routing;

GRANT SELECT,INSERT,DELETE ON TABLE notice TO routing;

GRANT SELECT,INSERT,DELETE ON TABLE published_event TO routing;

GRANT SELECT,INSERT,DELETE ON TABLE result_file TO routing;

GRANT SELECT,INSERT,DELETE ON TABLE submission TO routing;

GRANT UPDATE(disposition) ON TABLE submission TO routing;

GRANT UPDATE(file_reference) ON TABLE submission TO routing;

GRANT UPDATE(answered_at) ON TABLE submission TO routing;

GRANT SELECT,INSERT,UPDATE ON TABLE subscriber TO routing;
