create table batch_files (
  object_row      bigint             not null,
  requests        int                not null,
  path            text collate "C"   not null,
  first_stored    int,
  fault           text collate "C",
  fault_line      int,
  models          text[] collate "C" not null,
  first_lines     int[]              not null,
  model_requests  int[]              not null,
  model_bytes     bigint[]           not null,
  outputs         bigint[]           not null,
  largest_outputs bigint[]           not null,
  first_unbounded int[]              not null,

  constraint batch_files_pkey primary key (object_row),
  constraint batch_files_object_fkey foreign key (object_row)
    references provider_objects (id) on delete cascade,
  constraint batch_files_requests_bounds check (requests between 0 and 50000),
  constraint batch_files_path_length check (char_length(path) <= 100),
  constraint batch_files_fault_length check (char_length(fault) between 1 and 40),
  constraint batch_files_fault_line check ((fault is null) = (fault_line is null)),
  constraint batch_files_models_count check (cardinality(models) <= 100),
  constraint batch_files_same_counts check (
    cardinality(first_lines) = cardinality(models)
    and cardinality(model_requests) = cardinality(models)
    and cardinality(model_bytes) = cardinality(models)
    and cardinality(outputs) = cardinality(models)
    and cardinality(largest_outputs) = cardinality(models)
    and cardinality(first_unbounded) = cardinality(models))
);
comment on table batch_files is
  'What an uploaded file would ask for as the input of a batch. A file without a row can''t become one.';
comment on column batch_files.fault is 'Why it can''t be the input of a batch, whoever asks.';
comment on column batch_files.models is
  'The models that it names. The arrays behind it have an element for each of them.';
comment on column batch_files.outputs is
  'The most output tokens that all requests for the model state; null if one of them states none.';
comment on column batch_files.first_unbounded is
  'The first line whose input is more than its text; null if there is none.';
