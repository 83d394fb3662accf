import { Component, type ReactNode } from "react"

interface Props {
  readonly children: ReactNode
  /** What stands in the place of what could not be shown. */
  readonly instead: ReactNode
}

/** Keeps a fault in one part of the page from taking the rest with it. React tells faults to a class alone. */
export class Crash extends Component<Props, { readonly crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override render() {
    return this.state.crashed ? this.props.instead : this.props.children
  }
}
