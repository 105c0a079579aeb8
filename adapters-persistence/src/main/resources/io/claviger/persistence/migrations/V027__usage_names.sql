create function service_name_for(
  viewer uuid, instance uuid, owner uuid, instance_ref text, project_ref text)
  returns text language sql stable parallel safe
  return case
    when project_ref is null
      or owner = viewer
      or owner = '01900000-0000-7000-8000-000000000001'
      or exists (
        select from shares s
        where s.instance_id = instance and s.grantee_id = viewer
          and (s.expires_at is null or s.expires_at > now()))
    then instance_ref
    else project_ref
  end;
comment on function service_name_for is
  'What a line of usage calls its service: the project''s name for a viewer who reaches the service through the project alone and can''t see it.';
