-- LiteLLM puts the ids of a response, a model, a user and a team into one id, encrypts it, and writes it in
-- Base64. Such an id has more than 550 characters.
alter table provider_objects
  drop constraint provider_objects_object_id_length,
  drop constraint provider_objects_parent_length,
  drop constraint provider_objects_result_of_length,
  add constraint provider_objects_object_id_length check (char_length(object_id) between 1 and 1024),
  add constraint provider_objects_parent_length check (char_length(parent) between 1 and 1024),
  add constraint provider_objects_result_of_length check (char_length(result_of) between 1 and 1024);
alter table shared_objects
  drop constraint shared_objects_object_id_length,
  add constraint shared_objects_object_id_length check (char_length(object_id) between 1 and 1024);
alter table batch_reservations
  drop constraint batch_reservations_batch_id_length,
  drop constraint batch_reservations_input_id_length,
  add constraint batch_reservations_batch_id_length check (char_length(batch_id) between 1 and 1024),
  add constraint batch_reservations_input_id_length check (char_length(input_id) between 1 and 1024);
