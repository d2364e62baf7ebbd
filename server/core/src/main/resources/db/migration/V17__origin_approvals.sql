-- An origin that an app lists counts only where it is approved. every_store: an operator approved it at the stores that have
-- not decided themselves. Who decided is a member, or null for the operator token.
alter table app_origin add column every_store boolean default false not null;
alter table app_origin add column decided_by bigint;
alter table app_origin add column decided_at timestamp with time zone;

-- What operators listed for their own apps, operators decided. What developers listed, nobody has approved yet.
update app_origin set every_store = true where client_id in (select client_id from app where owner_id is null);

-- What one store decided about an origin; it goes before app_origin.every_store. An approval ends when the app lists the origin
-- no more. A refusal stays, so that listing the origin anew does not undo it.
create table app_origin_approval (
  client_id         varchar(64)  not null references app on delete cascade,
  origin            varchar(255) not null,
  store_hash        varchar(32)  not null references store,
  approved          boolean      not null,
  decided_by        bigint,
  decided_at        timestamp with time zone not null,
  primary key (client_id, origin, store_hash)
);
create index app_origin_approval_by_store on app_origin_approval (store_hash);
