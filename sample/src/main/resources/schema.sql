create table if not exists installation (
  store_hash     varchar(32)  primary key,
  access_token   varchar(200) not null
);

create table if not exists subscription (
  subscription_id  bigint       primary key,
  store_hash       varchar(32)  not null,
  customer_id      bigint       not null,
  name             varchar(200) not null,
  every            varchar(50)  not null,
  status           varchar(20)  not null
);
create index if not exists subscription_by_customer on subscription (store_hash, customer_id);
