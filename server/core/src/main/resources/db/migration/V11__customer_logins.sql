-- Apps that may sign customers in at a store, by a login token. No app may unless it is here.
create table login_permission (
  client_id         varchar(64)  not null references app on delete cascade,
  store_hash        varchar(32)  not null references store,
  permitted_at      timestamp with time zone not null,
  primary key (client_id, store_hash)
);

-- Login tokens that were used, until they would be too old in any case. jwt_id_hash is the SHA-256 of the claim jti, which
-- may be any text. Nothing refers to the app: a token stays used when the app is deleted and made again.
create table used_login_token (
  client_id         varchar(64)  not null,
  jwt_id_hash       bytea        not null,
  forget_at         timestamp with time zone not null,
  primary key (client_id, jwt_id_hash)
);
create index used_login_token_by_time on used_login_token (forget_at);
