-- Which secret signs follows from three columns of the app's row and the time: next_secret_id from next_signs_from on, else
-- signing_secret_id. One row changes at once, so there are never two signing secrets, and never none.
alter table app add column next_secret_id bigint;
alter table app add column next_signs_from timestamp with time zone;
alter table app add constraint app_signs_next_with foreign key (next_secret_id) references app_secret;

-- What the app says it needs of a customer: for the operator to see. Tokens carry both.
alter table app add column needs_email boolean default true not null;
alter table app add column needs_group_id boolean default true not null;

alter table app_secret drop column state;
-- The first 64 bits of the secret's SHA-256, in hexadecimal: tells which secret a server has without telling the secret.
alter table app_secret add column fingerprint varchar(16) default '' not null;
-- In bytes: short ones may have to be allowed by the verifier.
alter table app_secret add column secret_length integer default 64 not null;
alter table app_secret add column last_signed_at timestamp with time zone;
alter table app_secret add column last_verified_at timestamp with time zone;
