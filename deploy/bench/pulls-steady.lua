-- Pulls of one channel after the other, each connection some milliseconds after its last reply.
local channels = tonumber(os.getenv("CUECAST_BENCH_CHANNELS") or "1")
local wait = tonumber(os.getenv("CUECAST_BENCH_WAIT_MS") or "0")
local turn = 0
function request()
  turn = turn + 1
  return wrk.format("GET", "/region-" .. (turn % channels))
end
function delay()
  return math.random(0, 2 * wait)
end
