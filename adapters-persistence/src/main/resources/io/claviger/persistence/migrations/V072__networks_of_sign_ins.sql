-- An IPv6 customer has 256 or 65,536 networks of 64 bits. What they begin is counted for /56 and /48
-- as well. Rows of earlier versions have neither and count for their own block alone.
alter table device_codes
  add column wide_block text,
  add column site_block text,
  add constraint device_codes_wide_block_length check (char_length(wide_block) <= 100),
  add constraint device_codes_site_block_length check (char_length(site_block) <= 100);
comment on column device_codes.wide_block is
  'The network of 56 bits, if it is IPv6; else as address_block.';
comment on column device_codes.site_block is
  'The network of 48 bits, if it is IPv6; else as address_block.';

alter table sign_ins
  add column wide_origin text,
  add column site_origin text,
  add constraint sign_ins_wide_origin_length check (char_length(wide_origin) <= 64),
  add constraint sign_ins_site_origin_length check (char_length(site_origin) <= 64);
comment on column sign_ins.wide_origin is
  'The network of 56 bits, if it is IPv6; else as origin.';
comment on column sign_ins.site_origin is
  'The network of 48 bits, if it is IPv6; else as origin.';
create index sign_ins_of_wide_origin on sign_ins (wide_origin);
create index sign_ins_of_site_origin on sign_ins (site_origin);
