-- For wrk: each request carries the cookie of another session.
local cookies = {}
for line in io.lines(os.getenv("COOKIES")) do
  cookies[#cookies + 1] = "SHOP_SESSION_TOKEN=" .. line
end
local target = os.getenv("TARGET")
math.randomseed(7)

request = function()
  return wrk.format("GET", target, { ["Cookie"] = cookies[math.random(#cookies)] })
end
