internal import Core

extension RolloutRunner {
  /// Tells where the rollout goes on.
  func announceResumption() {
    for target in targets where target.isExposed {
      let record = target.record
      journal.tell(
        .resumed(target.function, step: record.step, of: record.steps, weight: record.weight?.fraction ?? 1))
    }
  }

  /// Tells what the traffic does now.
  func announce(_ event: RolloutMachine.Event) {
    let ours = targets.filter { $0.foreign == nil }
    switch event {
    case .shifted(let step, _):
      guard case .traffic(let weight, _) = settings.plan.steps[step] else { return }
      for target in ours {
        journal.tell(
          .shifted(
            target.function, version: target.canary, weight: weight.fraction, step: step + 1,
            of: settings.plan.steps.count, until: machine.phaseEnd))
      }
    case .promoted where machine.isBaking:
      for target in ours {
        journal.tell(.baking(target.function, version: target.canary, until: machine.phaseEnd))
      }
    default: break
    }
  }

  /// Takes down how this run's part has ended for each function.
  ///
  /// - Returns: how it has ended as a whole.
  mutating func report(_ end: RolloutMachine.End) async -> Outcome {
    for target in targets {
      journal.tell(.candidate(target.function, from: nil, to: target.canary, codeSHA256: nil))
    }
    if end == .lost { return await reportLost() }
    var whole = Outcome(end)
    if end == .promoted, targets.allSatisfy({ $0.foreign != nil }) {
      // Whoever was faster with the last write has the last word.
      whole = targets.allSatisfy { $0.foreign?.isTakenBack ?? false } ? .rolledBack : .failed
    }
    for target in targets { journal.tell(.ended(target.function, outcome(of: target, end, whole))) }
    return whole
  }

  private func outcome(
    of target: RolloutTarget, _ end: RolloutMachine.End, _ whole: Outcome
  ) -> Outcome {
    if let hand = target.foreign {
      // A part that a person, or another run, has taken is as they have left it.
      if hand.isTakenBack { return .rolledBack }
      return end == .promoted ? .failed : whole
    }
    switch end {
    case .promoted: return target.isSplit ? .detached : .promoted
    case .held, .detached:
      guard !target.isExposed else { return whole }
      return machine.hasBegun ? .rolledBack : .failed
    case .rolledBack, .failed, .lost: return whole
    }
  }

  /// Another run has the release: what serves now is for the aliases to tell.
  private func reportLost() async -> Outcome {
    let reader = AliasReader(lambda: services.lambda, alias: writer.alias, parallel: settings.parallel)
    let names = targets.map(\.name)
    let aliases = await Task { try? await reader.read(names) }.value ?? [:]
    var isBack = !aliases.isEmpty
    for target in targets {
      let snapshot = aliases[target.function]
      var wasTakenBack = false
      if case .rolledBack = snapshot?.record?.state, snapshot?.record?.release == release {
        wasTakenBack = true
      }
      isBack = isBack && wasTakenBack
      journal.tell(.serves(target.function, snapshot?.alias.shares ?? [:]))
      journal.tell(.ended(target.function, wasTakenBack ? .rolledBack : .failed))
    }
    return isBack ? .rolledBack : .failed
  }
}

extension Outcome {
  fileprivate init(_ end: RolloutMachine.End) {
    self =
      switch end {
      case .promoted: .promoted
      case .rolledBack: .rolledBack
      case .failed, .lost: .failed
      case .held: .held
      case .detached: .detached
      }
  }
}
