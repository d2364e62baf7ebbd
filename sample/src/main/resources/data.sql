-- What the demo customers subscribe to. Made once: what they cancelled stays cancelled.
insert into subscription select * from (values
  (1, 'abc123', 4927, 'Linseed oil for your boards', 'every 3 months', 'active'),
  (2, 'abc123', 4927, 'Candles, a dozen', 'every month', 'active'),
  (3, 'abc123', 4928, 'Coffee for the stoneware mug', 'every 2 weeks', 'active'),
  (4, 'other1', 4927, 'Somebody else''s tea', 'every week', 'active')
) as made where not exists (select 1 from subscription);
