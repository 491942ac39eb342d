-- The names under which organizations are on the web: what people are sent to is one of them.
alter table organization add column web_names text[] not null default '{}';
