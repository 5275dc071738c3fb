-- The queue of many machines in PostgreSQL, version 1 (docs/scale.md).
--
-- A message is written once and never changes; what changes is one small row in `work`. Nothing is locked over the
-- time that a delivery takes: whoever works on a message has a lease on it, and a number that nobody else has.

create schema ehlo;
comment on schema ehlo is 'the mail queue of ehlo';

create table ehlo.version (number integer not null);
insert into ehlo.version values (1);

-- What was handed over, but for its content. `head` is what a queue in files has in front of a message.
create table ehlo.message (
    id text collate "C" primary key,
    origin text collate "C" not null,
    host text not null,
    uid bigint not null,
    submitter name not null default session_user,
    created timestamptz not null,
    inserted timestamptz not null default now(),
    size bigint not null,
    head bytea not null
);

-- Its content, in parts of 256 KiB, the last of which is shorter.
create table ehlo.body (
    id text collate "C" not null,
    part integer not null,
    data bytea not null,
    primary key (id, part)
);
alter table ehlo.body alter column data set storage external;

-- What happened to it: the lines of its journal, from 0.
create table ehlo.event (
    id text collate "C" not null,
    number integer not null,
    line text not null,
    primary key (id, number)
);

-- What happened to messages that have left of which nobody knew for a while whether they had arrived: they may be there
-- twice, and this says why.
create table ehlo.history (
    id text collate "C" not null,
    number integer not null,
    line text not null,
    at timestamptz not null default now(),
    primary key (id, number)
);
create index history_at on ehlo.history (at);

-- How it stands with it: queued (until `due`), sending (until `lease`), held, unknown, failed, damaged. An account that
-- is '' was not looked up yet; a dest is the domain of all its recipients, where each domain has servers of its own.
create table ehlo.work (
    id text collate "C" primary key,
    account text collate "C" not null default '',
    dest text collate "C" not null default '',
    state text not null,
    due timestamptz,
    token bigint not null default 0,
    lease timestamptz,
    dot_at timestamptz
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index work_due on ehlo.work (account, dest, due) where state = 'queued';
create index work_lease on ehlo.work (lease) where state = 'sending';
create index work_apart on ehlo.work (id) where state in ('failed', 'damaged');

-- Messages that have left, until the spool that handed them over has forgotten them, too.
create table ehlo.settled (
    id text collate "C" primary key,
    origin text collate "C" not null,
    head_sum text not null,
    inserted timestamptz not null,
    token bigint not null,
    at timestamptz not null default now()
);
create index settled_origin on ehlo.settled (origin, inserted);

-- Spools: what was inserted before `clean_at` is in none of them any more.
create table ehlo.origin (
    name text collate "C" primary key,
    host text not null,
    clean_at timestamptz not null
);

-- Connections to a destination, of all workers together: who has which of them.
create table ehlo.slot (
    account text collate "C" not null,
    dest text collate "C" not null,
    number integer not null,
    holder bigint not null,
    lease timestamptz not null,
    primary key (account, dest, number)
);

-- When the next message may go to a destination of which only so many are sent in a minute.
create table ehlo.pace (
    account text collate "C" not null,
    dest text collate "C" not null,
    next timestamptz not null,
    primary key (account, dest)
);

-- Accounts that a worker does not use at present.
create table ehlo.pause (
    account text collate "C" not null,
    worker text not null,
    until timestamptz not null,
    what bytea not null,
    primary key (account, worker)
);

-- When notices were sent lately, and about whose messages.
create table ehlo.notice (
    host text not null,
    uid bigint not null,
    at timestamptz not null default now()
);
create index notice_of on ehlo.notice (host, uid, at);

-- Workers that have nothing to do, and want to be woken. What is lost here costs a moment.
create unlogged table ehlo.idle (
    worker bigint primary key,
    until timestamptz not null
);

-- Where a message came from: the role that handed it over, and its spool; nothing for notices.
create function ehlo.source(origin text) returns text
language sql stable
as $$ select case when origin = '' then '' else session_user || '/' || origin end $$;

-- Whether this message is known: it waits, or has left. Another one of its name is an error.
create function ehlo.is_known(id text, source text, head bytea) returns boolean
language plpgsql security definer set search_path = ehlo, pg_temp
as $$
#variable_conflict use_column
begin
    if exists (select from ehlo.message m
            where m.id = is_known.id and m.origin = source and (source = '' or m.head = is_known.head))
        or exists (select from ehlo.settled s
            where s.id = is_known.id and s.origin = source and (source = '' or s.head_sum = md5(is_known.head))) then
        return true;
    end if;
    if exists (select from ehlo.message m where m.id = is_known.id)
        or exists (select from ehlo.settled s where s.id = is_known.id) then
        raise exception 'there is another message %', is_known.id using errcode = 'EH001';
    end if;
    -- It left, and was forgotten, in this very moment.
    raise exception 'message % cannot be taken now', is_known.id using errcode = 'serialization_failure';
end $$;

-- Takes a message, and says whether it is new. One that is there already, or has left, is not: whoever hands it over
-- does not know that it was taken.
create function ehlo.submit(
    id text, origin text, host text, uid bigint, age double precision, size bigint, head bytea,
    lines text[], state text, due_in double precision, body bytea
) returns boolean
language plpgsql security definer set search_path = ehlo, pg_temp
as $$
#variable_conflict use_column
declare
    source text := ehlo.source(submit.origin);
begin
    insert into ehlo.message (id, origin, host, uid, created, size, head)
        values (submit.id, source, submit.host, submit.uid, now() - make_interval(secs => submit.age),
            submit.size, submit.head)
        on conflict do nothing;
    if not found then
        return not ehlo.is_known(submit.id, source, submit.head);
    end if;
    -- It may have left a moment ago. Whoever took it out had committed before its name was free.
    if exists (select from ehlo.settled s where s.id = submit.id) then
        delete from ehlo.message m where m.id = submit.id;
        return not ehlo.is_known(submit.id, source, submit.head);
    end if;
    if submit.body is not null then
        insert into ehlo.body (id, part, data) values (submit.id, 0, submit.body);
    end if;
    insert into ehlo.event (id, number, line)
        select submit.id, l.number - 1, l.line from unnest(submit.lines) with ordinality as l (line, number);
    insert into ehlo.work (id, state, due)
        values (submit.id, submit.state, now() + make_interval(secs => submit.due_in));
    if exists (select from ehlo.idle i where i.until > now()) then
        perform pg_notify('ehlo', '');
    end if;
    return true;
end $$;

-- One more part of a message that was submitted in this transaction.
create function ehlo.add_part(id text, part integer, data bytea) returns void
language plpgsql security definer set search_path = ehlo, pg_temp
as $$
begin
    if not exists (select from ehlo.message m where m.id = add_part.id and m.submitter = session_user
            and m.inserted = now()) then
        raise exception 'message % was not submitted in this transaction', add_part.id using errcode = 'EH002';
    end if;
    insert into ehlo.body (id, part, data) values (add_part.id, add_part.part, add_part.data);
end $$;

-- A spool has none of those any more that were inserted before this moment, in seconds since 1970.
create function ehlo.confirm(origin text, host text, before double precision) returns void
language sql security definer set search_path = ehlo, pg_temp
as $$
    insert into ehlo.origin (name, host, clean_at)
        values (ehlo.source(confirm.origin), confirm.host, to_timestamp(before))
        on conflict (name) do update set clean_at = greatest(ehlo.origin.clean_at, excluded.clean_at);
$$;

-- Who submits calls these, and sees what is their own; who works does everything.
alter table ehlo.message enable row level security;
alter table ehlo.body enable row level security;
alter table ehlo.event enable row level security;
alter table ehlo.work enable row level security;
create policy own on ehlo.message for select to ehlo_submit using (submitter = current_user);
create policy own on ehlo.body for select to ehlo_submit
    using (exists (select from ehlo.message m where m.id = body.id and m.submitter = current_user));
create policy own on ehlo.event for select to ehlo_submit
    using (exists (select from ehlo.message m where m.id = event.id and m.submitter = current_user));
create policy own on ehlo.work for select to ehlo_submit
    using (exists (select from ehlo.message m where m.id = work.id and m.submitter = current_user));
create policy all_of_them on ehlo.message to ehlo_work using (true);
create policy all_of_them on ehlo.body to ehlo_work using (true);
create policy all_of_them on ehlo.event to ehlo_work using (true);
create policy all_of_them on ehlo.work to ehlo_work using (true);

revoke all on all functions in schema ehlo from public;
grant usage on schema ehlo to ehlo_submit, ehlo_work;
grant select on ehlo.version to ehlo_submit, ehlo_work;
grant select on ehlo.message, ehlo.body, ehlo.event, ehlo.work, ehlo.pause to ehlo_submit;
grant execute on function ehlo.submit, ehlo.add_part, ehlo.confirm, ehlo.source to ehlo_submit, ehlo_work;
grant select, insert, update, delete on all tables in schema ehlo to ehlo_work;

-- A worker sees what holds the database up: transactions of others that stay open. Whoever makes the queue may not be
-- allowed to grant that; then nobody is warned of them.
do $$ begin
    grant pg_read_all_stats to ehlo_work;
exception when insufficient_privilege then
    null;
end $$;
