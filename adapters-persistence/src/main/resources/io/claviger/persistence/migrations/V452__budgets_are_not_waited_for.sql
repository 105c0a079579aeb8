-- A node that hangs in a transaction may keep the rows of one account locked. An exchange of many
-- accounts that waited for these rows would keep the calls of all other accounts waiting. So it
-- fails soon, and the node then exchanges the accounts one by one.
alter function exchange_budgets set lock_timeout = '2s';
alter function note_dearest_calls set lock_timeout = '2s';
alter function write_off_silent_node set lock_timeout = '2s';
alter function reserve_for_batch set lock_timeout = '2s';
alter function charge_batch set lock_timeout = '2s';
