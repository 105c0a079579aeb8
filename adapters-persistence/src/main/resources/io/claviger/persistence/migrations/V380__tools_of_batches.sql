alter table batch_files
  add column tools text[] collate "C" not null default '{}',
  add constraint batch_files_tools_count check (cardinality(tools) in (0, cardinality(models)));
comment on column batch_files.tools is
  'The tools of the provider that the requests for each model may use, each kind with its first line, such as web_search=3; an asterisk stands for tools of an unknown kind. Empty for files that were read before there was this column.';
