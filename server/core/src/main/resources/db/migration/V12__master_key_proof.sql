-- What the master key sealed when there was nothing else to seal: tells another key before anything is sealed with it, on
-- this node or the next.
create table master_key_proof (
  proof_id          integer      not null primary key,
  sealed            bytea        not null
);
