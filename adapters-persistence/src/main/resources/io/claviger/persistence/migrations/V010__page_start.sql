create function page_start(owner text, after_owner text, after_handle text) returns text
  language sql immutable parallel safe
  return case
    when owner collate "C" > after_owner collate "C" then ''
    when owner = after_owner then after_handle
  end;
comment on function page_start is
  'Behind which handle of one owner a page begins that begins behind (after_owner, after_handle); null where that owner is past. A row comparison together with one owner would read the index from there to its end.';
