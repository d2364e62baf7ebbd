-- Who changes a store or a customer says which revision they saw, so that of two changes at once none is lost.
alter table store add column revision bigint default 1 not null;
alter table customer add column revision bigint default 1 not null;
