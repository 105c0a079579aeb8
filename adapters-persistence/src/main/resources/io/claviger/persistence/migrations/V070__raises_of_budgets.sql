-- What a co-owner added to a budget was within what they could give. It ends with the limits that it
-- was added to, so that nobody inherits it.
create function end_raises_of_share() returns trigger language plpgsql as $$
begin
  update budget_raises r set until = greatest(budget_clock(), r.created_at + interval '1 microsecond')
  from budget_accounts a
  where r.created_by = old.given_via and r.until > budget_clock() and a.id = r.account_id
    and (a.subject = 'service:' || old.instance_id || ':' || old.user_id
      or a.subject = 'service:' || old.instance_id || ':group:' || old.group_id
      or exists (
        select from group_members m
        where m.group_id = old.group_id
          and a.subject = 'service:' || old.instance_id || ':' || m.user_id));
  return null;
end
$$;
comment on function end_raises_of_share is
  'Ends what the co-owner who gave a share added to its budgets.';

create trigger shares_end_raises after delete on shares
  for each row when (old.given_via is not null) execute function end_raises_of_share();
create trigger shares_end_raises_of_limits after update on shares
  for each row when (old.given_via is not null and (
    old.given_via, old.limit_budgets, old.pooled_limit_budgets)
    is distinct from (new.given_via, new.limit_budgets, new.pooled_limit_budgets))
  execute function end_raises_of_share();

-- Nodes ask the ledger again about accounts whose budget was raised, or no longer is.
create constraint trigger budget_raises_note_change after insert or update of until on budget_raises
  deferrable initially deferred for each row execute function note_row('account_id');
comment on table changes is
  'Which users, instances, projects and accounts of budgets a transaction changed, by its point; the nil UUID stands for all. Nodes read from where they were and forget what they remembered of these. Old lines are removed; a node that was away longer forgets everything.';
