-- A day has 23 hours when clocks are set forward in the time zone of the session. Then the constraint
-- refused a change that waits for 24 hours, also while a dump was restored.
alter table approvals
  drop constraint approvals_waits_a_day,
  add constraint approvals_waits_a_day
    check (until > asked_at and until <= asked_at + interval '24 hours');
