-- Rows of times that no node records, such as infinity, stay in the default partition, and a month
-- whose partition can't be made keeps no other from getting one.
create or replace function make_month_partitions() returns integer
language plpgsql security definer
set timezone = 'UTC' set datestyle = 'ISO' set lock_timeout = '2s' as $$
declare
  whole record;
  month date;
  months date[];
  strays date[];
  made integer := 0;
begin
  perform lock_partitions();
  for whole in
    select name::regclass as name, key
    from (values ('usage_daily', 'day'), ('audit_events', 'at')) t (name, key)
  loop
    months := array(
      select (date_trunc('month', clock_timestamp()) + make_interval(months => n))::date
      from generate_series(0, 3) n);
    execute format(
      'select array(
        select distinct date_trunc(''month'', %1$I)::date from %2$I
        where %1$I >= ''2000-01-01'' and %1$I < clock_timestamp() + interval ''10 years''
        order by 1 limit 100)',
      whole.key, whole.name || '_default') into strays;
    foreach month in array months || strays loop
      if not exists (
        select from partitions_of(whole.name) p
        where p.ends > month and (p.begins is null or p.begins <= month))
      then
        begin
          perform add_month_partition(whole.name, whole.key, month);
          made := made + 1;
        exception
          when lock_not_available or deadlock_detected then raise;
          when others then
            raise warning 'the partition of % for % was not made: %', whole.name, month, sqlerrm;
        end;
      end if;
    end loop;
  end loop;
  return made;
end
$$;
comment on function make_month_partitions is
  'Makes the partitions of this month and the next three, and of months from 2000 until in ten years of which the default partition has rows. Waits at most two seconds for each lock. Runs with the rights of its owner, so that a role that owns no tables can call it.';

do $$
begin
  execute format('alter function make_month_partitions() set search_path = %I, pg_temp',
    current_schema());
end
$$;
