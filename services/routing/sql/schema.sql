-- What the migrations of routing give: made by `make schemas`, never run.

CREATE TABLE event_content (
    event_id uuid NOT NULL,
    sealed bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
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

CREATE TABLE subscriber (
    subscriber bigint NOT NULL,
    last_position bigint DEFAULT 0 NOT NULL,
    expired_through bigint DEFAULT 0 NOT NULL,
    expired_count bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY event_content
    ADD CONSTRAINT event_content_pkey PRIMARY KEY (event_id);

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

ALTER TABLE ONLY subscriber
    ADD CONSTRAINT subscriber_pkey PRIMARY KEY (subscriber);

CREATE INDEX event_content_expiry ON event_content USING btree (expires_at);

CREATE INDEX notice_event ON notice USING btree (event_id);

CREATE INDEX notice_expiry ON notice USING btree (expires_at);

CREATE INDEX published_event_at ON published_event USING btree (published_at);

ALTER TABLE ONLY notice
    ADD CONSTRAINT notice_subscriber_fkey FOREIGN KEY (subscriber) REFERENCES subscriber(subscriber);

GRANT SELECT,INSERT,DELETE ON TABLE event_content TO routing;

GRANT SELECT,INSERT,DELETE ON TABLE notice TO routing;

GRANT SELECT,INSERT,DELETE ON TABLE published_event TO routing;

GRANT SELECT,INSERT,UPDATE ON TABLE subscriber TO routing;
