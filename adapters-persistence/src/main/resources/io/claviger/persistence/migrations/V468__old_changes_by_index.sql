-- The clock is read once, so that an index finds the old lines. Otherwise each change would read the
-- lines of ten minutes while all other changes wait. All lines of a point are removed together, so
-- that nobody reads some of them and takes them for all.
create or replace function note_change(changed uuid) returns void language plpgsql as $$
declare
  mine bigint := nullif(current_setting('claviger.change_point', true), '');
  kept_since timestamp with time zone := clock_timestamp() - interval '10 minutes';
  newest_old bigint;
begin
  if mine is null then
    update change_counter set point = point + 1 returning point into mine;
    perform set_config('claviger.change_point', mine::text, true);
    -- Whoever comes here holds the counter, so nobody else is removing lines.
    select c.point into newest_old from changes c where c.at < kept_since order by c.at desc limit 1;
    if found then
      delete from changes where point <= newest_old;
    end if;
  end if;
  insert into changes (point, subject) values (mine, changed) on conflict do nothing;
end
$$;
