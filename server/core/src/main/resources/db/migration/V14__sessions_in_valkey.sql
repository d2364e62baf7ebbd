-- For sessions that are kept in Valkey or Redis. That they have ended stands here, where a commit is durable: a server
-- that lost its latest writes, or a replica that took over without them, brings none back.

-- Goes up when all sessions of a customer end: those of an earlier generation are over.
alter table customer add column session_generation bigint default 0 not null;

-- Sessions that ended one by one, until they would have ended by themselves.
create table ended_session (
  session_key       bigint       not null primary key,
  forget_at         timestamp with time zone not null
);
create index ended_session_by_time on ended_session (forget_at);

-- What the keys of this database's sessions begin with, so that several can share a server.
create table session_keyspace (
  keyspace_id       integer      not null primary key,
  name              varchar(32)  not null
);
