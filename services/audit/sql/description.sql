-- What a database is made of, as lines: whatever could answer otherwise than the tables hold.
-- name: describe_relations
select format('relation %s %s%s owner %s rights %s row security %s %s options %s',
    c.relname, c.relkind, c.relpersistence, pg_get_userbyid(c.relowner), coalesce(c.relacl::text, '-'),
    c.relrowsecurity, c.relforcerowsecurity, coalesce(c.reloptions::text, '-')) as line
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind <> 't';

-- name: describe_columns
select format('column %s.%s %s %s not null %s default %s identity %s generated %s rights %s',
    c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    coalesce(pg_get_expr(d.adbin, d.adrelid), '-'), a.attidentity, a.attgenerated,
    coalesce(a.attacl::text, '-')) as line
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and a.attnum > 0 and not a.attisdropped;

-- name: describe_constraints
select format('constraint %s.%s %s validated %s', c.relname, o.conname, pg_get_constraintdef(o.oid), o.convalidated) as line
from pg_constraint o
join pg_class c on c.oid = o.conrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and o.contype <> 'n';

-- name: describe_indexes
select format('index %s valid %s ready %s live %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indislive) as line
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema';

-- name: describe_partitions
select format('partition %s of %s %s', c.relname, p.relname, pg_get_expr(c.relpartbound, c.oid)) as line
from pg_inherits h
join pg_class c on c.oid = h.inhrelid
join pg_class p on p.oid = h.inhparent
where c.relkind not in ('i', 'I');

-- name: describe_triggers
-- Those of foreign keys are the database's own, as long as they are on.
select format('trigger %s on %s %s', case when tgisinternal then 'switched off' else pg_get_triggerdef(t.oid) end, c.relname, t.tgenabled) as line
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
where not t.tgisinternal or t.tgenabled <> 'O'
union all
select format('event trigger %s on %s calls %s', evtname, evtevent, evtfoid::regproc) from pg_event_trigger;

-- name: describe_rules
select format('rule %s', pg_get_ruledef(r.oid)) as line
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select format('policy %s on %s for %s %s %s', p.polname, c.relname, p.polcmd,
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
from pg_policy p
join pg_class c on c.oid = p.polrelid;

-- name: describe_functions
select format('function %s owner %s rights %s',
    case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) else p.proname::text end,
    pg_get_userbyid(p.proowner), coalesce(p.proacl::text, '-')) as line
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema';

-- name: describe_rest
-- All else that somebody may have made since the database was, whatever it is called.
select format('%s %s', kind, name) as line
from (
  select 'schema', nspname || ' ' || coalesce(nspacl::text, '-') from pg_namespace
  where nspname !~ '^pg_' and nspname <> 'information_schema'
  union all select 'extension', extname::text from pg_extension
  union all select 'language', lanname::text from pg_language where oid >= 16384
  union all select 'operator', oprname || ' ' || oprcode::text from pg_operator where oid >= 16384
  union all select 'operator class', opcname::text from pg_opclass where oid >= 16384
  union all select 'cast', castsource::regtype || ' to ' || casttarget::regtype from pg_cast where oid >= 16384
  union all select 'collation', collname::text from pg_collation where oid >= 16384
  union all select 'type', typname::text from pg_type t where oid >= 16384 and typrelid = 0 and typelem = 0
  union all select 'foreign server', srvname::text from pg_foreign_server
  union all select 'publication', pubname::text from pg_publication
  union all select 'setting', coalesce(r.rolname, 'everybody') || ' ' || s.setconfig::text
    from pg_db_role_setting s
    left join pg_roles r on r.oid = s.setrole
    join pg_database d on d.datname = current_database()
    where s.setdatabase in (0, d.oid) and (s.setrole in (0, d.datdba) or r.rolname = 'audit')
  union all select 'altered system function', p.oid::regprocedure::text from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'pg_catalog' and p.oid >= 16384
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
) as made (kind, name);

-- name: describe_role
select format('role %s above all %s makes roles %s makes databases %s passes row security %s replicates %s is also %s',
    r.rolname, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolbypassrls, r.rolreplication,
    (select coalesce(array_agg(m.roleid::regrole order by 1)::text, '-') from pg_auth_members m where m.member = r.oid)) as line
from pg_roles r
where r.rolname = $1;

-- name: find_owner
select pg_get_userbyid(datdba)::text from pg_database where datname = current_database();

-- name: list_month_numbers
select month, forgotten_at is not null as is_forgotten from month;
