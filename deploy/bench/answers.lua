-- One answer per request, each with a key and a box of its own.
math.randomseed(os.time())
local headers = { ["Content-Type"] = "application/json" }
-- The cue that takes them.
local cue = os.getenv("CUECAST_BENCH_CUE") or "now:once"
local sent = 0
-- Boxes in no order, as they come: an index by box gets no favours.
function request()
  sent = sent + 1
  local a, b = math.random(0, 0xffffff), math.random(0, 0xffffff)
  local body = string.format(
    '{"box":"bench-%06x%06x","answers":[{"key":"%06x00-0000-4000-a000-%012x","cue":"%s","interaction":"poll","version":1,"options":["a"],"answeredAtMs":%d}]}',
    a, b, b, sent, cue, os.time() * 1000)
  return wrk.format("POST", "/v1/answers", headers, body)
end
