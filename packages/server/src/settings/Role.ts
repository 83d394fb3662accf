/** What a node can do. Each is done by one node at least. */
export const allRoles = ["edge", "projector"] as const
export type Role = (typeof allRoles)[number]

export const isRole = (text: string): text is Role => allRoles.some((role) => role === text)
