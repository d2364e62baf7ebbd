-- Origins that an operator withdrew at every store and that the app does not list now. Listing one anew leaves it withdrawn.
create table withdrawn_origin (
  client_id         varchar(64)  not null references app on delete cascade,
  origin            varchar(255) not null,
  decided_by        bigint,
  decided_at        timestamp with time zone not null,
  primary key (client_id, origin)
);
