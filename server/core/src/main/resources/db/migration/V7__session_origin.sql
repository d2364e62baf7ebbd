-- Where a session was begun from: for the store's staff to see, and gone with the session. In a table of its own, so that
-- the row that every token is made from stays small.
create table session_origin (
  session_key       bigint       not null primary key references session on delete cascade,
  address           varchar(60)  not null,
  browser           varchar(60)  not null
);
