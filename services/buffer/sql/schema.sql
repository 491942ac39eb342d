-- What the migrations of buffer give: made by `make schemas`, never run.

CREATE TABLE fact (
    ssin bigint NOT NULL,
    sector smallint NOT NULL,
    institution smallint NOT NULL,
    fact_type text NOT NULL,
    begin_date date NOT NULL,
    end_date date DEFAULT 'infinity'::date NOT NULL,
    as_of timestamp with time zone NOT NULL,
    expires_on date NOT NULL,
    value bigint,
    decided_on date,
    CONSTRAINT fact_fact_type_check CHECK (((length(fact_type) >= 1) AND (length(fact_type) <= 64))),
    CONSTRAINT period_is_a_period CHECK ((begin_date <= end_date))
);

CREATE TABLE feed (
    sector smallint NOT NULL,
    institution smallint NOT NULL,
    fact_type text NOT NULL,
    expires_on date NOT NULL,
    as_of timestamp with time zone NOT NULL,
    facts bigint NOT NULL,
    CONSTRAINT feed_facts_check CHECK ((facts > 0))
);

CREATE TABLE followed (
    one boolean DEFAULT true NOT NULL,
    sequence bigint NOT NULL,
    CONSTRAINT followed_one_check CHECK (one)
);

CREATE TABLE membership (
    ssin bigint NOT NULL,
    scope text NOT NULL,
    begin_date date NOT NULL,
    end_date date DEFAULT 'infinity'::date NOT NULL,
    household bigint NOT NULL,
    "position" smallint NOT NULL,
    sector smallint NOT NULL,
    institution smallint NOT NULL,
    as_of timestamp with time zone NOT NULL,
    expires_on date NOT NULL,
    CONSTRAINT membership_period_is_a_period CHECK ((begin_date <= end_date)),
    CONSTRAINT membership_scope_check CHECK (((length(scope) >= 1) AND (length(scope) <= 64)))
);

CREATE TABLE replaced (
    ssin bigint NOT NULL,
    replaced_by bigint NOT NULL,
    CONSTRAINT replaces_another CHECK ((replaced_by <> ssin))
);

CREATE TABLE silence (
    ssin bigint NOT NULL,
    sector smallint NOT NULL,
    institution smallint NOT NULL,
    as_of timestamp with time zone NOT NULL
);

CREATE TABLE whole (
    sector smallint NOT NULL,
    institution smallint NOT NULL,
    as_of timestamp with time zone NOT NULL
);

ALTER TABLE ONLY fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (ssin, sector, institution, fact_type, begin_date);

ALTER TABLE ONLY feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (sector, institution, fact_type, expires_on);

ALTER TABLE ONLY followed
    ADD CONSTRAINT followed_pkey PRIMARY KEY (one);

ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (ssin, scope, begin_date);

ALTER TABLE ONLY replaced
    ADD CONSTRAINT replaced_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY silence
    ADD CONSTRAINT silence_pkey PRIMARY KEY (ssin, sector, institution);

ALTER TABLE ONLY whole
    ADD CONSTRAINT whole_pkey PRIMARY KEY (sector, institution);

CREATE INDEX fact_by_expiry ON fact USING btree (expires_on);

CREATE INDEX membership_by_expiry ON membership USING btree (expires_on);

CREATE INDEX membership_by_household ON membership USING btree (household, scope);

CREATE INDEX replaced_by_number ON replaced USING btree (replaced_by);

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE fact TO buffer;

GRANT SELECT,DELETE,UPDATE ON TABLE feed TO buffer;

GRANT SELECT,UPDATE ON TABLE followed TO buffer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE membership TO buffer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE replaced TO buffer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE silence TO buffer;

GRANT SELECT ON TABLE whole TO buffer;
