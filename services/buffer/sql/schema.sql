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

CREATE TABLE replaced (
    ssin bigint NOT NULL,
    replaced_by bigint NOT NULL,
    CONSTRAINT replaces_another CHECK ((replaced_by <> ssin))
);

ALTER TABLE ONLY fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (ssin, sector, institution, fact_type, begin_date);

ALTER TABLE ONLY feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (sector, institution, fact_type, expires_on);

ALTER TABLE ONLY followed
    ADD CONSTRAINT followed_pkey PRIMARY KEY (one);

ALTER TABLE ONLY replaced
    ADD CONSTRAINT replaced_pkey PRIMARY KEY (ssin);

CREATE INDEX fact_by_expiry ON fact USING btree (expires_on);

CREATE INDEX replaced_by_number ON replaced USING btree (replaced_by);

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE fact TO buffer;

GRANT SELECT ON TABLE feed TO buffer;

GRANT SELECT,UPDATE ON TABLE followed TO buffer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE replaced TO buffer;
