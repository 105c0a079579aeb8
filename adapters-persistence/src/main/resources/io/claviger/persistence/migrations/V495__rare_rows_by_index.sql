-- Each node looks once a minute for services whose objects end with the shares. These are few, and were
-- looked for among all services.
create index instances_deleting on instances (id) where on_end = 'delete' and not is_everybodys;

-- Each deletion of a service read all changes that wait for consent, or have waited.
create index approvals_of_service on approvals (instance_id);
