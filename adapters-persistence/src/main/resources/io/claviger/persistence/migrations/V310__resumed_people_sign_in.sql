-- Suspensions forgot the refresh token of people for whom no sign-in was due. When these had ended
-- without a sign-in, nothing asked the identity provider about the people again. Whoever signs in
-- without a refresh token gets a due time, so that only these have none. People who were linked and
-- never signed in are left alone.
update users u
set sign_in_due_at = now() + interval '7 days'
from identities i
where i.user_id = u.id and i.signed_in_at is not null and i.refresh_due_at is null
  and not i.offline and u.sign_in_due_at is null and u.suspended_at is null;
