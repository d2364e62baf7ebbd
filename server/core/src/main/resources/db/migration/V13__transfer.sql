-- The tables that ./patron migrate has copied here so far, and a row without a name since it began; empty once it is done.
-- No server starts on half of a database.
create table transferred_table (
  table_name        varchar(100) not null primary key,
  row_count         bigint       not null,
  checksum          varchar(64)  not null
);
