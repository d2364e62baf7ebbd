-- For wrk: each request asks at the host of another session, with its cookie, and for its app unless TARGET is given.
local requests = {}
for line in io.lines(os.getenv("REQUESTS")) do
  local host, session, client = line:match("(%S+) (%S+) (%S+)")
  requests[#requests + 1] = { host, "SHOP_SESSION_TOKEN=" .. session, client }
end
local target = os.getenv("TARGET")
math.randomseed(7)

request = function()
  local chosen = requests[math.random(#requests)]
  local path = target or ("/customer/current.jwt?app_client_id=" .. chosen[3])
  return wrk.format("GET", path, { ["Host"] = chosen[1], ["Cookie"] = chosen[2] })
end
