/** What the service answered instead: `code` is stable, `message` is for people. */
export class Refusal extends Error {
  constructor(status, problem) {
    const fields = problem?.errors?.map(({ message }) => message).join("; ")
    super([problem?.title ?? `The service answered ${status}`, fields].filter(Boolean).join(": "))
    this.status = status
    this.code = problem?.code ?? "unknown"
  }
}

const call = async (token, method, path, body) => {
  const response = await fetch(path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" })
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const answer = await response.json().catch(() => undefined)
  if (!response.ok) throw new Refusal(response.status, answer)
  return answer
}

/** A token of the development sign-in. */
const tokenFor = async (userId, role) => {
  try {
    return (await call(undefined, "POST", "/development/sign-in", role ? { userId, role } : { userId })).token
  } catch (error) {
    if (error.status !== 404) throw error
    throw new Error(
      "There is no development sign-in here: this service takes the tokens it was configured for."
    )
  }
}

/** REST as one person, or as a program of the platform with the role `service`. */
export class Service {
  #userId
  #role
  #token

  constructor(userId, role) {
    this.#userId = userId
    this.#role = role
  }

  async freshToken() {
    this.#token = await tokenFor(this.#userId, this.#role)
    return this.#token
  }

  async ask(method, path, body) {
    const token = this.#token ?? (await this.freshToken())
    try {
      return await call(token, method, path, body)
    } catch (error) {
      if (error.status !== 401) throw error
      // Tokens end; a second refusal in a row is meant.
      return call(await this.freshToken(), method, path, body)
    }
  }
}
