-- A hundred answers per request, of a box of its own, each to another cue, each with a key of its own.
math.randomseed(os.time())
local function hex(count)
  local text = {}
  for index = 1, count do text[index] = string.format("%x", math.random(0, 15)) end
  return table.concat(text)
end
local made = {}
for index = 1, 2000 do
  made[index] = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-a" .. hex(3) .. "-"
end
local sent = 0
function request()
  local now = os.time() * 1000
  local answers = {}
  for index = 1, 100 do
    sent = sent + 1
    answers[index] = string.format(
      '{"key":"%s%012x","cue":"m%d:once","interaction":"poll","version":1,"options":["a"],"answeredAtMs":%d}',
      made[sent % 2000 + 1], sent, index, now)
  end
  local body = '{"box":"bench-' .. hex(12) .. '","answers":[' .. table.concat(answers, ",") .. "]}"
  return wrk.format("POST", "/v1/answers", { ["Content-Type"] = "application/json" }, body)
end
