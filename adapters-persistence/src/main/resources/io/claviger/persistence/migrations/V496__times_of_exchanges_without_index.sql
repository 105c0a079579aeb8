-- Nodes change these times several times a second. Each change of an indexed column writes a new entry
-- to every index of the table, for a removal that runs once a minute and reads few rows.
drop index capacity_accounts_changed;
drop index capacity_nodes_stated;
drop index capacity_limits_learned_at;
