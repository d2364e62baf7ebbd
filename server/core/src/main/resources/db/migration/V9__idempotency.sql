-- Requests that were sent with an Idempotency-Key, for a day: request is the SHA-256 of who sent which key where. answer is what
-- was answered, sealed, since it may tell a secret; null while the request is at work, or when it was cut off.
create table idempotent_request (
  request   varchar(64) not null primary key,
  began_at  timestamp with time zone not null,
  answer    bytea
);
create index idempotent_request_by_time on idempotent_request (began_at);
