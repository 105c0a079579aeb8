-- Usage and the audit trail get a partition for each month (UTC). This migration prepares that: it
-- makes the functions, and bounds the rows that are there, without reading them. V065 does the rest.

create function partitions_of(whole regclass)
returns table (partition regclass, begins timestamp with time zone, ends timestamp with time zone)
language sql stable set timezone = 'UTC' set datestyle = 'ISO' as $$
  select
    c.oid::regclass,
    substring(b.bound from 'FROM \(''([^'']+)''\)')::timestamptz,
    substring(b.bound from 'TO \(''([^'']+)''\)')::timestamptz
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
  cross join lateral (select pg_get_expr(c.relpartbound, c.oid)) b (bound)
  where i.inhparent = whole $$;
comment on function partitions_of is
  'The partitions of a table and their months: begins is null for the one of all earlier months, and both are null for the default partition.';

create function lock_partitions() returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended('claviger partitions ' || current_schema(), 0)) $$;
comment on function lock_partitions is
  'Keeps other nodes from making or dropping partitions until the end of the transaction.';

create function prepare_partition(whole regclass, part text) returns void language plpgsql as $$
declare
  held record;
begin
  execute format(
    'create table %I (like %s including defaults including constraints including storage)',
    part, whole);
  if whole = 'audit_events'::regclass then
    -- The whole trail has no key, because one would have to hold the time as well.
    execute format('alter table %I add constraint %I primary key (id)', part, part || '_pkey');
    -- The trigger of the whole is not asked by who names the partition itself.
    execute format(
      'create trigger audit_events_stand before update or delete or truncate on %I
      for each statement execute function audit_events_stand()', part);
    execute format('alter table %I enable always trigger audit_events_stand', part);
  end if;
  for held in
    select distinct grantee
    from pg_class, aclexplode(relacl)
    where oid = part::regclass and grantee <> relowner
  loop
    execute format('revoke all on %I from %s', part,
      case held.grantee when 0 then 'public' else held.grantee::regrole::text end);
  end loop;
  execute format('comment on table %I is %L', part, 'A part of ' || whole || '.');
end
$$;
comment on function prepare_partition is
  'Makes a table that can become a partition. No role but the owner has rights on it: it is read and written through the whole.';

create function add_month_partition(whole regclass, key text, month date) returns void
language plpgsql set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  part text := format('%s_%s', (select relname from pg_class where oid = whole),
    to_char(month, 'YYYY_MM'));
  rest text := (select relname from pg_class where oid = whole) || '_default';
  after date := month + interval '1 month';
  strays boolean;
  guard name;
begin
  perform prepare_partition(whole, part);
  execute format('lock table %I in access exclusive mode', rest);
  execute format('select exists (select from %I where %I >= $1 and %I < $2)', rest, key, key)
    into strays using month, after;
  if strays then
    -- Nothing is lost here: the rows move to the partition of their month.
    execute format('alter table %I disable trigger user', rest);
    execute format(
      'with moved as (delete from %I where %I >= $1 and %I < $2 returning *)
      insert into %I select * from moved', rest, key, key, part) using month, after;
    for guard in
      select tgname from pg_trigger where tgrelid = rest::regclass and not tgisinternal
    loop
      execute format('alter table %I enable always trigger %I', rest, guard);
    end loop;
  end if;
  execute format('alter table %s attach partition %I for values from (%L) to (%L)',
    whole, part, month, after);
end
$$;
comment on function add_month_partition is
  'Makes the partition of a month, and moves rows of that month there that the default partition has.';

create function make_month_partitions() returns integer
language plpgsql security definer
set timezone = 'UTC' set datestyle = 'ISO' set lock_timeout = '2s' as $$
declare
  whole record;
  month date;
  months date[];
  made integer := 0;
begin
  perform lock_partitions();
  for whole in
    select name::regclass as name, key
    from (values ('usage_daily', 'day'), ('audit_events', 'at')) t (name, key)
  loop
    execute format(
      'select array(
        select (date_trunc(''month'', clock_timestamp()) + make_interval(months => n))::date
        from generate_series(0, 3) n
        union select date_trunc(''month'', %I)::date from %I
        order by 1 limit 100)',
      whole.key, whole.name || '_default') into months;
    foreach month in array months loop
      if not exists (
        select from partitions_of(whole.name) p
        where p.ends > month and (p.begins is null or p.begins <= month))
      then
        perform add_month_partition(whole.name, whole.key, month);
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end
$$;
comment on function make_month_partitions is
  'Makes the partitions of this month and the next three, and of months of which the default partition has rows. Waits at most two seconds for each lock. Runs with the rights of its owner, so that a role that owns no tables can call it.';

create function drop_month_partitions(whole regclass, before date)
returns table (begins timestamp with time zone, ends timestamp with time zone)
language plpgsql set timezone = 'UTC' set datestyle = 'ISO' set lock_timeout = '2s' as $$
declare
  gone record;
begin
  perform lock_partitions();
  for gone in
    select p.partition, p.begins, p.ends from partitions_of(whole) p
    where p.ends <= before order by p.ends
  loop
    execute format('drop table %s', gone.partition);
    begins := gone.begins;
    ends := gone.ends;
    return next;
  end loop;
end
$$;
comment on function drop_month_partitions is
  'Drops the partitions that lie wholly before a day, and says which months they were. Only the owner of the tables can.';

create function analyze_partitioned() returns boolean
language plpgsql security definer set lock_timeout = '2s' as $$
declare
  due boolean;
begin
  perform lock_partitions();
  select bool_or(coalesce(s.last_analyze < clock_timestamp() - interval '7 days', true)) into due
  from pg_stat_user_tables s
  where s.relid in ('usage_daily'::regclass, 'audit_events'::regclass);
  if due then
    analyze usage_daily, audit_events;
  end if;
  return due;
end
$$;
comment on function analyze_partitioned is
  'Once a week, collects the statistics of the tables with partitions. Autovacuum collects those of their partitions alone.';

do $$
declare
  whole record;
  newest timestamp;
begin
  execute format('alter function make_month_partitions() set search_path = %I, pg_temp',
    current_schema());
  execute format('alter function analyze_partitioned() set search_path = %I, pg_temp',
    current_schema());
  set local timezone = 'UTC';
  set local datestyle = 'ISO';
  for whole in
    select * from (values ('usage_daily', 'day'), ('audit_events', 'at')) t (name, key)
  loop
    execute format('select max(%I)::timestamp from %I', whole.key, whole.name) into newest;
    if newest is not null then
      -- At least a month ahead: V065 takes the constraint away again long before it refuses a row.
      execute format('alter table %I add constraint %I check (%I < %L) not valid',
        whole.name, whole.name || '_before_bound', whole.key,
        date_trunc('month', greatest(newest, clock_timestamp()::timestamp + interval '1 month'))
          + interval '1 month');
    end if;
  end loop;
end
$$;
