-- Scripts that apps put into shop pages: what the API says of them beyond what the script manager knows.
create table app_script (
  uuid                  varchar(36)   not null primary key,
  script_id             bigint        not null references script on delete cascade,
  store_hash            varchar(32)   not null references store,
  client_id             varchar(64)   not null references app on delete cascade,
  fields                varchar(300000) not null
);
create index app_script_by_app on app_script (store_hash, client_id);
create index app_script_by_script on app_script (script_id);
