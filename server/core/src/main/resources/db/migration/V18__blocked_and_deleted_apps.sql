-- disabled is the owner's own switch; blocked is what operators decided. Either one stops tokens.
alter table app add column blocked boolean default false not null;

-- Nobody knows who disabled a developer's app before: it may have been an operator, so an operator has to lift it.
update app set blocked = true where disabled and owner_id is not null;

-- Client ids of deleted apps, which are never registered again. Nothing refers to the owner: members can leave.
create table deleted_app (
  client_id         varchar(64)  not null primary key,
  name              varchar(200) not null,
  owner_id          bigint,
  deleted_at        timestamp with time zone not null
);
create index deleted_app_by_owner on deleted_app (owner_id);

-- The stores that had barred an app when it was deleted.
create table deleted_app_bar (
  client_id         varchar(64)  not null references deleted_app,
  store_hash        varchar(32)  not null references store,
  primary key (client_id, store_hash)
);
create index deleted_app_bar_by_store on deleted_app_bar (store_hash);
