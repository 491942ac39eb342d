-- What the migrations of directory give: made by `make schemas`, never run.

CREATE FUNCTION advance_catalogue() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  update revision set catalogue = catalogue + 1;
  return null;
end
$$;

CREATE FUNCTION advance_subscriptions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  update revision set subscriptions = subscriptions + 1 returning subscriptions into new.revision;
  return new;
end
$$;

CREATE FUNCTION dossiers_are_disjoint(organizations integer[], quality_codes smallint[], begin_dates date[], end_dates date[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
  for n in 1 .. cardinality(organizations) loop
    if begin_dates[n] > end_dates[n] then
      return false;
    end if;
    if n > 1
      and (organizations[n - 1], quality_codes[n - 1], end_dates[n - 1])
        >= (organizations[n], quality_codes[n], begin_dates[n])
    then
      return false;
    end if;
  end loop;
  return true;
end
$$;

CREATE FUNCTION keep_superseded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
  recorded timestamptz := (
    select min(at) from unnest(new.recorded_at) as at where at <> all (old.recorded_at)
  );
begin
  insert into superseded_dossier (
    ssin, organization, quality_code, phase, begin_date, end_date, recorded_at, superseded_at
  )
  select old.ssin, gone.*, greatest(coalesce(recorded, statement_timestamp()), gone.recorded_at)
  from (
    select *
    from unnest(
      old.organizations, old.quality_codes, old.phases, old.begin_dates, old.end_dates, old.recorded_at
    ) as before (organization, quality_code, phase, begin_date, end_date, recorded_at)
    except
    select *
    from unnest(
      new.organizations, new.quality_codes, new.phases, new.begin_dates, new.end_dates, new.recorded_at
    ) as after (organization, quality_code, phase, begin_date, end_date, recorded_at)
  ) as gone
  -- Two corrections in one transaction have one instant; the first of them was never believed.
  on conflict do nothing;
  return null;
end
$$;

CREATE TABLE bulk_load (
    sha256 text NOT NULL,
    lines bigint NOT NULL,
    rejected bigint NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE figure (
    month date NOT NULL,
    sector smallint,
    persons bigint NOT NULL,
    actors bigint NOT NULL,
    active_dossiers bigint NOT NULL,
    counted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT figure_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

CREATE TABLE followed (
    one boolean DEFAULT true NOT NULL,
    sequence bigint NOT NULL,
    CONSTRAINT followed_one_check CHECK (one)
);

CREATE TABLE organization (
    key integer NOT NULL,
    cbe_number bigint NOT NULL,
    sector smallint,
    institution smallint,
    CONSTRAINT organization_institution_check CHECK (((institution >= 0) AND (institution <= 999))),
    CONSTRAINT organization_place CHECK (((sector IS NULL) = (institution IS NULL))),
    CONSTRAINT organization_sector_check CHECK (((sector >= 0) AND (sector <= 999)))
);

CREATE TABLE subscription (
    key uuid NOT NULL,
    subscriber integer NOT NULL,
    legal_context text NOT NULL,
    data_contract text NOT NULL,
    contract_version smallint NOT NULL,
    event_type text NOT NULL,
    quality_codes smallint[] NOT NULL,
    minimum_phase smallint NOT NULL,
    fields text[] NOT NULL,
    mode text NOT NULL,
    begin_date date NOT NULL,
    end_date date,
    deliberation_number text NOT NULL,
    deliberation_version integer NOT NULL,
    given_at timestamp with time zone DEFAULT now() NOT NULL,
    revision bigint DEFAULT 0 NOT NULL,
    CONSTRAINT subscription_minimum_phase_check CHECK (((minimum_phase >= 0) AND (minimum_phase <= 99))),
    CONSTRAINT subscription_mode_check CHECK ((mode = ANY (ARRAY['STREAM'::text, 'BATCH'::text, 'QUEUE'::text]))),
    CONSTRAINT subscription_quality_codes_check CHECK ((cardinality(quality_codes) > 0))
);

CREATE VIEW held_subscription AS
 SELECT subscription.key,
    organization.cbe_number,
    subscription.legal_context,
    subscription.data_contract,
    subscription.contract_version,
    subscription.event_type,
    subscription.quality_codes,
    subscription.minimum_phase,
    subscription.fields,
    subscription.mode,
    subscription.begin_date,
    subscription.end_date,
    subscription.deliberation_number,
    subscription.deliberation_version,
    subscription.subscriber,
    subscription.revision
   FROM (subscription
     JOIN organization ON ((organization.key = subscription.subscriber)));

ALTER TABLE organization ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME organization_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE person_dossiers (
    ssin bigint NOT NULL,
    organizations integer[] NOT NULL,
    quality_codes smallint[] NOT NULL,
    phases smallint[] NOT NULL,
    begin_dates date[] NOT NULL,
    end_dates date[] NOT NULL,
    recorded_at timestamp with time zone[] NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
)
PARTITION BY HASH (ssin);

CREATE TABLE person_dossiers_00 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_01 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_02 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_03 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_04 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_05 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_06 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_07 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_08 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_09 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_10 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_11 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_12 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_13 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_14 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE person_dossiers_15 (
    ssin bigint CONSTRAINT person_dossiers_ssin_not_null NOT NULL,
    organizations integer[] CONSTRAINT person_dossiers_organizations_not_null NOT NULL,
    quality_codes smallint[] CONSTRAINT person_dossiers_quality_codes_not_null NOT NULL,
    phases smallint[] CONSTRAINT person_dossiers_phases_not_null NOT NULL,
    begin_dates date[] CONSTRAINT person_dossiers_begin_dates_not_null NOT NULL,
    end_dates date[] CONSTRAINT person_dossiers_end_dates_not_null NOT NULL,
    recorded_at timestamp with time zone[] CONSTRAINT person_dossiers_recorded_at_not_null NOT NULL,
    CONSTRAINT dossier_overlaps CHECK (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
    CONSTRAINT dossiers_are_whole CHECK (((cardinality(organizations) > 0) AND (cardinality(quality_codes) = cardinality(organizations)) AND (cardinality(phases) = cardinality(organizations)) AND (cardinality(begin_dates) = cardinality(organizations)) AND (cardinality(end_dates) = cardinality(organizations)) AND (cardinality(recorded_at) = cardinality(organizations)) AND (((0 <= ALL (quality_codes)) AND (999 >= ALL (quality_codes))) IS TRUE) AND (((0 <= ALL (phases)) AND (99 >= ALL (phases))) IS TRUE) AND (array_position(organizations, NULL::integer) IS NULL) AND (array_position(begin_dates, NULL::date) IS NULL) AND (array_position(end_dates, NULL::date) IS NULL) AND (array_position(recorded_at, NULL::timestamp with time zone) IS NULL)))
);

CREATE TABLE replaced (
    ssin bigint NOT NULL,
    replaced_by bigint NOT NULL,
    CONSTRAINT replaces_another CHECK ((replaced_by <> ssin))
);

CREATE TABLE revision (
    single boolean DEFAULT true NOT NULL,
    catalogue bigint DEFAULT 0 NOT NULL,
    subscriptions bigint DEFAULT 0 NOT NULL,
    CONSTRAINT revision_single_check CHECK (single)
);

CREATE TABLE superseded_dossier (
    ssin bigint NOT NULL,
    organization integer NOT NULL,
    quality_code smallint NOT NULL,
    phase smallint NOT NULL,
    begin_date date NOT NULL,
    end_date date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    superseded_at timestamp with time zone NOT NULL
)
PARTITION BY HASH (ssin);

CREATE TABLE superseded_dossier_00 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_01 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_02 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_03 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_04 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_05 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_06 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_07 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_08 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_09 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_10 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_11 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_12 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_13 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_14 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE superseded_dossier_15 (
    ssin bigint CONSTRAINT superseded_dossier_ssin_not_null NOT NULL,
    organization integer CONSTRAINT superseded_dossier_organization_not_null NOT NULL,
    quality_code smallint CONSTRAINT superseded_dossier_quality_code_not_null NOT NULL,
    phase smallint CONSTRAINT superseded_dossier_phase_not_null NOT NULL,
    begin_date date CONSTRAINT superseded_dossier_begin_date_not_null NOT NULL,
    end_date date CONSTRAINT superseded_dossier_end_date_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT superseded_dossier_recorded_at_not_null NOT NULL,
    superseded_at timestamp with time zone CONSTRAINT superseded_dossier_superseded_at_not_null NOT NULL
);

CREATE TABLE used_ticket (
    key bytea NOT NULL,
    digest bytea NOT NULL,
    attempt uuid NOT NULL,
    made uuid NOT NULL,
    held_until timestamp with time zone NOT NULL,
    took_effect boolean DEFAULT false NOT NULL,
    answer bytea,
    used_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_00 FOR VALUES WITH (modulus 16, remainder 0);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_01 FOR VALUES WITH (modulus 16, remainder 1);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_02 FOR VALUES WITH (modulus 16, remainder 2);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_03 FOR VALUES WITH (modulus 16, remainder 3);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_04 FOR VALUES WITH (modulus 16, remainder 4);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_05 FOR VALUES WITH (modulus 16, remainder 5);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_06 FOR VALUES WITH (modulus 16, remainder 6);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_07 FOR VALUES WITH (modulus 16, remainder 7);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_08 FOR VALUES WITH (modulus 16, remainder 8);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_09 FOR VALUES WITH (modulus 16, remainder 9);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_10 FOR VALUES WITH (modulus 16, remainder 10);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_11 FOR VALUES WITH (modulus 16, remainder 11);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_12 FOR VALUES WITH (modulus 16, remainder 12);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_13 FOR VALUES WITH (modulus 16, remainder 13);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_14 FOR VALUES WITH (modulus 16, remainder 14);

ALTER TABLE ONLY person_dossiers ATTACH PARTITION person_dossiers_15 FOR VALUES WITH (modulus 16, remainder 15);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_00 FOR VALUES WITH (modulus 16, remainder 0);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_01 FOR VALUES WITH (modulus 16, remainder 1);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_02 FOR VALUES WITH (modulus 16, remainder 2);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_03 FOR VALUES WITH (modulus 16, remainder 3);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_04 FOR VALUES WITH (modulus 16, remainder 4);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_05 FOR VALUES WITH (modulus 16, remainder 5);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_06 FOR VALUES WITH (modulus 16, remainder 6);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_07 FOR VALUES WITH (modulus 16, remainder 7);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_08 FOR VALUES WITH (modulus 16, remainder 8);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_09 FOR VALUES WITH (modulus 16, remainder 9);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_10 FOR VALUES WITH (modulus 16, remainder 10);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_11 FOR VALUES WITH (modulus 16, remainder 11);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_12 FOR VALUES WITH (modulus 16, remainder 12);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_13 FOR VALUES WITH (modulus 16, remainder 13);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_14 FOR VALUES WITH (modulus 16, remainder 14);

ALTER TABLE ONLY superseded_dossier ATTACH PARTITION superseded_dossier_15 FOR VALUES WITH (modulus 16, remainder 15);

ALTER TABLE ONLY bulk_load
    ADD CONSTRAINT bulk_load_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY figure
    ADD CONSTRAINT figure_month_sector UNIQUE NULLS NOT DISTINCT (month, sector);

ALTER TABLE ONLY followed
    ADD CONSTRAINT followed_pkey PRIMARY KEY (one);

ALTER TABLE ONLY organization
    ADD CONSTRAINT organization_cbe_number UNIQUE (cbe_number);

ALTER TABLE ONLY organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (key);

ALTER TABLE ONLY person_dossiers
    ADD CONSTRAINT person_dossiers_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_00
    ADD CONSTRAINT person_dossiers_00_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_01
    ADD CONSTRAINT person_dossiers_01_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_02
    ADD CONSTRAINT person_dossiers_02_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_03
    ADD CONSTRAINT person_dossiers_03_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_04
    ADD CONSTRAINT person_dossiers_04_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_05
    ADD CONSTRAINT person_dossiers_05_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_06
    ADD CONSTRAINT person_dossiers_06_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_07
    ADD CONSTRAINT person_dossiers_07_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_08
    ADD CONSTRAINT person_dossiers_08_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_09
    ADD CONSTRAINT person_dossiers_09_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_10
    ADD CONSTRAINT person_dossiers_10_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_11
    ADD CONSTRAINT person_dossiers_11_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_12
    ADD CONSTRAINT person_dossiers_12_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_13
    ADD CONSTRAINT person_dossiers_13_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_14
    ADD CONSTRAINT person_dossiers_14_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY person_dossiers_15
    ADD CONSTRAINT person_dossiers_15_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY replaced
    ADD CONSTRAINT replaced_pkey PRIMARY KEY (ssin);

ALTER TABLE ONLY revision
    ADD CONSTRAINT revision_pkey PRIMARY KEY (single);

ALTER TABLE ONLY subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (key);

ALTER TABLE ONLY superseded_dossier
    ADD CONSTRAINT superseded_dossier_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_00
    ADD CONSTRAINT superseded_dossier_00_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_01
    ADD CONSTRAINT superseded_dossier_01_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_02
    ADD CONSTRAINT superseded_dossier_02_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_03
    ADD CONSTRAINT superseded_dossier_03_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_04
    ADD CONSTRAINT superseded_dossier_04_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_05
    ADD CONSTRAINT superseded_dossier_05_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_06
    ADD CONSTRAINT superseded_dossier_06_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_07
    ADD CONSTRAINT superseded_dossier_07_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_08
    ADD CONSTRAINT superseded_dossier_08_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_09
    ADD CONSTRAINT superseded_dossier_09_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_10
    ADD CONSTRAINT superseded_dossier_10_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_11
    ADD CONSTRAINT superseded_dossier_11_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_12
    ADD CONSTRAINT superseded_dossier_12_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_13
    ADD CONSTRAINT superseded_dossier_13_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_14
    ADD CONSTRAINT superseded_dossier_14_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY superseded_dossier_15
    ADD CONSTRAINT superseded_dossier_15_pkey PRIMARY KEY (ssin, organization, quality_code, begin_date, recorded_at);

ALTER TABLE ONLY used_ticket
    ADD CONSTRAINT used_ticket_pkey PRIMARY KEY (key);

CREATE INDEX replaced_by_number ON replaced USING btree (replaced_by);

CREATE INDEX subscription_end ON subscription USING btree (COALESCE(end_date, 'infinity'::date));

CREATE INDEX subscription_revision ON subscription USING btree (revision);

CREATE INDEX subscription_subscriber ON subscription USING btree (subscriber, key);

CREATE INDEX used_ticket_at ON used_ticket USING btree (used_at);

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_00_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_01_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_02_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_03_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_04_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_05_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_06_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_07_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_08_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_09_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_10_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_11_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_12_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_13_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_14_pkey;

ALTER INDEX person_dossiers_pkey ATTACH PARTITION person_dossiers_15_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_00_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_01_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_02_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_03_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_04_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_05_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_06_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_07_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_08_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_09_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_10_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_11_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_12_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_13_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_14_pkey;

ALTER INDEX superseded_dossier_pkey ATTACH PARTITION superseded_dossier_15_pkey;

CREATE TRIGGER advanced AFTER INSERT OR DELETE OR UPDATE ON organization FOR EACH STATEMENT EXECUTE FUNCTION advance_catalogue();

CREATE TRIGGER advanced BEFORE INSERT OR UPDATE ON subscription FOR EACH ROW EXECUTE FUNCTION advance_subscriptions();

CREATE TRIGGER superseded AFTER UPDATE ON person_dossiers FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION keep_superseded();

ALTER TABLE ONLY subscription
    ADD CONSTRAINT subscription_subscriber_fkey FOREIGN KEY (subscriber) REFERENCES organization(key);

GRANT SELECT ON TABLE figure TO directory;

GRANT SELECT,UPDATE ON TABLE followed TO directory;

GRANT SELECT ON TABLE organization TO directory;

GRANT INSERT(cbe_number) ON TABLE organization TO directory;

GRANT INSERT(sector) ON TABLE organization TO directory;

GRANT INSERT(institution) ON TABLE organization TO directory;

GRANT SELECT,INSERT ON TABLE subscription TO directory;

GRANT UPDATE(end_date) ON TABLE subscription TO directory;

GRANT SELECT ON TABLE held_subscription TO directory;

GRANT SELECT,INSERT,UPDATE ON TABLE person_dossiers TO directory;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE replaced TO directory;

GRANT SELECT,UPDATE ON TABLE revision TO directory;

GRANT SELECT ON TABLE superseded_dossier TO directory;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE used_ticket TO directory;
