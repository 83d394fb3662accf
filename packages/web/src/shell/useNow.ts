import { useEffect, useState } from "react"

/** The time, told again every so many milliseconds while that matters. */
export const useNow = (every: number, active = true): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!active) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every, active])
  return now
}

/** Often enough for "today" to become "yesterday" while a page stays open overnight. */
export const useMinute = () => useNow(60_000)
