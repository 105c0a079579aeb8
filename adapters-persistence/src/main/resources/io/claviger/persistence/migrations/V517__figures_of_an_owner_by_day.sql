-- The figures of an owner's services are summed up for a few days, out of the many days that are kept.
drop index bill_days_of_owner;
create index bill_days_of_owner on bill_days (owner_id, day);
