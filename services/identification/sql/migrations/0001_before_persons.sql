-- The numbers of persons. The number is the key, first and only: the table can be spread by it.
create table person (
  -- The eleven digits as a number.
  ssin bigint primary key,
  -- 1 active, 2 replaced, 3 cancelled; as in cbss.identification.v1.SsinState.
  state smallint not null,
  -- The number that replaced this one, which may have been replaced in its turn.
  replaced_by bigint,
  -- yyyymmdd, with 00 for a month or day that is not known.
  deceased_on integer,
  constraint state_is_known check (state between 1 and 3),
  constraint replacement_fits_state check ((state = 2) = (replaced_by is not null)),
  constraint replaces_another check (replaced_by <> ssin)
);

grant select on person to identification;
