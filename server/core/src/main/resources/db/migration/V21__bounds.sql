-- Whose the request is, so that what is kept of one member is bounded; null for the operator token.
alter table idempotent_request add column member_id bigint;
create index idempotent_request_by_member on idempotent_request (member_id);
