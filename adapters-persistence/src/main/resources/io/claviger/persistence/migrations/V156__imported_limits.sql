-- Limits of all members of a group together can be imported beside those of users.
alter table arrivals drop constraint arrivals_kind_known;
alter table arrivals add constraint arrivals_kind_known check (
  kind in ('user', 'standard', 'definition', 'service', 'key', 'share', 'definition_share',
    'project', 'member', 'model', 'user_key', 'group', 'group_member', 'service_account', 'token',
    'limits', 'group_limits'));
