alter table access_tokens
  add column parent_id uuid,
  add column depth integer not null default 0,
  add column parent_depth integer,
  add constraint access_tokens_lineage_key unique (id, user_id, depth),
  add constraint access_tokens_parent_fkey foreign key (parent_id, user_id, parent_depth)
    references access_tokens (id, user_id, depth) on update cascade on delete cascade,
  add constraint access_tokens_depth_bounds check (depth between 0 and 3),
  add constraint access_tokens_parent_whole check (num_nonnulls(parent_id, parent_depth) in (0, 2)),
  add constraint access_tokens_below_parent check (depth = coalesce(parent_depth + 1, 0)),
  add constraint access_tokens_narrower_is_use check (parent_id is null or scope = 'use');
comment on column access_tokens.parent_id is
  'The token that this one is a narrower one of. It is of the same user, and this one ends with it.';
comment on column access_tokens.depth is
  'How many parents the token has above it.';
comment on column access_tokens.parent_depth is
  'The depth of the parent, so that a foreign key can compare the two.';

create index access_tokens_narrower on access_tokens (parent_id, user_id, parent_depth)
  where parent_id is not null;
create index access_tokens_expired on access_tokens (expires_at)
  where origin in ('device', 'narrowed', 'exchanged');

create function access_tokens_bound_narrower() returns trigger language plpgsql as $$
begin
  -- Whoever adds another one waits here, and then counts what this transaction added.
  perform from access_tokens where id = new.parent_id for no key update;
  if (select count(*) from access_tokens
      where parent_id = new.parent_id
        and (expires_at is null or expires_at > new.created_at)) >= 100 then
    raise exception 'a token has at most 100 narrower ones that are valid'
      using errcode = 'check_violation', constraint = 'access_tokens_narrower_count';
  end if;
  return new;
end
$$;
create trigger access_tokens_bound_narrower before insert on access_tokens
  for each row when (new.parent_id is not null)
  execute function access_tokens_bound_narrower();
