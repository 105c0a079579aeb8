-- A link with the largest number of all would leave none for the next, and no link can be removed.
-- The schema is named, because a temporary table could have the name of the chain.
create function audit_chain_follows() returns trigger language plpgsql as $$
declare
  first   bigint;
  last    bigint;
  links   bigint;
  follows boolean;
begin
  select min(number), max(number), count(*) into first, last, links from added;
  if links = 0 or (first = 1 and last = links) then
    return null;
  end if;
  execute format('select exists (select from %I.audit_chain where number = $1)', tg_table_schema)
    into follows using first - 1;
  if not follows or last - first + 1 <> links then
    raise exception 'the numbers of the audit chain have no gaps'
      using errcode = 'check_violation', constraint = 'audit_chain_follows';
  end if;
  return null;
end
$$;

create trigger audit_chain_follows after insert on audit_chain
  referencing new table as added for each statement execute function audit_chain_follows();
alter table audit_chain enable always trigger audit_chain_follows;
