-- Pulls of boxes that do as they are told: who is turned away waits for as long as Retry-After says.
local wait = 0
function response(status, headers)
  if status ~= 503 then return end
  wait = tonumber(headers["Retry-After"] or headers["retry-after"] or "5") * 1000
end
-- Asked before each request of the thread: the next one waits, whichever connection it is on.
function delay()
  local now = wait
  wait = 0
  return now
end
