type Value = string | number | bigint | null

/**
 * The values of one column of a page, to be bound in place of a parameter and cast: `${column(ids)}::text[]::uuid[]`.
 *
 * The driver names an array's type after its elements and so refuses one of nothing but nulls; such a one goes as an
 * array literal, whose type the server takes from the cast.
 */
export const column = (values: ReadonlyArray<Value>): ReadonlyArray<Value> | string =>
  values.some((value) => value !== null) ? values : `{${values.map(() => "NULL").join(",")}}`
