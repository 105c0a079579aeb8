-- Batches are taken in turns of the services, so that none of them takes the places of all.
create index batch_reservations_due_by_service on batch_reservations (service_id, due_at)
  where due_at is not null;
drop index batch_reservations_due;
