-- A rotation would pay for these with every value that it seals anew, twice over: each of its rows
-- leaves one end of the index for the other. What they were for is rare and reads the tables in a
-- second or so for a million values: retiring and discarding a key, and counting what is under it.
drop index instances_headers_sealed_under;
drop index instances_api_key_sealed_under;
drop index user_keys_api_key_sealed_under;
