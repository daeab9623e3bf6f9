extension Progress {
  /// Progress as the options and the terminal want it.
  convenience init(_ options: GlobalOptions, in context: Context) {
    let mode: Mode = options.quiet ? .quiet : context.errorTerminal.isLive ? .live : .lines
    self.init(
      mode: mode, output: context.errors, terminal: context.errorTerminal, clock: context.clock,
      speller: context.speller)
  }
}
