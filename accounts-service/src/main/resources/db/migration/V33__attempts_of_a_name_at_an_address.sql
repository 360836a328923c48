-- Where an administrator is known, what was tried for them from there counts: under name and address.
alter table admin_attempt
    drop constraint admin_attempt_key_is_bounded,
    add constraint admin_attempt_key_is_bounded check (length(key) <= 128);
