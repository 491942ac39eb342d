-- What the migrations of rights give: made by `make schemas`, never run.

CREATE TABLE followed (
    one boolean DEFAULT true NOT NULL,
    sequence bigint NOT NULL,
    CONSTRAINT followed_one_check CHECK (one)
);

CREATE TABLE told (
    ssin bigint NOT NULL,
    right_name text NOT NULL,
    customer text NOT NULL,
    day date NOT NULL,
    verdict smallint NOT NULL,
    begin_date date,
    end_date date,
    rule_version date,
    told_at timestamp with time zone NOT NULL,
    expires_on date NOT NULL,
    CONSTRAINT granted_has_days CHECK (((verdict = 1) = (begin_date IS NOT NULL))),
    CONSTRAINT told_customer_check CHECK (((length(customer) >= 1) AND (length(customer) <= 16))),
    CONSTRAINT told_right_name_check CHECK (((length(right_name) >= 1) AND (length(right_name) <= 48))),
    CONSTRAINT told_verdict_check CHECK (((verdict >= 1) AND (verdict <= 3)))
);

ALTER TABLE ONLY followed
    ADD CONSTRAINT followed_pkey PRIMARY KEY (one);

ALTER TABLE ONLY told
    ADD CONSTRAINT told_pkey PRIMARY KEY (ssin, right_name, customer);

CREATE INDEX told_by_expiry ON told USING btree (expires_on);

GRANT SELECT,UPDATE ON TABLE followed TO rights;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE told TO rights;
