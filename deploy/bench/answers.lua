-- One answer per request, each with a key and a box of its own.
math.randomseed(os.time())
local function hex(count)
  local text = {}
  for index = 1, count do text[index] = string.format("%x", math.random(0, 15)) end
  return table.concat(text)
end
local sent = 0
function request()
  sent = sent + 1
  local key = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-a" .. hex(3) .. "-" .. hex(12)
  local body = string.format(
    '{"box":"bench-%s","answers":[{"key":"%s","cue":"answers:once","interaction":"poll","version":1,"options":["a"],"answeredAtMs":%d}]}',
    hex(12), key, os.time() * 1000)
  return wrk.format("POST", "/v1/answers", { ["Content-Type"] = "application/json" }, body)
end
