package io.claviger.application.moving;

import io.claviger.application.keys.AdmitKeyring;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.moving.out.Arrivals;
import io.claviger.application.moving.out.OldDatabase;
import io.claviger.application.moving.out.OldSealing;
import io.claviger.application.shared.LostRace;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.domain.moving.OldContent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class MoveInService implements MoveIn {
  private static final int TRIES = 5;

  private final OldDatabase old;
  private final OldSealing oldSealing;
  private final Arrivals arrivals;
  private final ApiStandards standards;
  private final AdmitKeyring admitKeyring;
  private final Sealer sealer;
  private final Transactions transactions;
  private final AuditTrail trail;
  private final Ids ids;
  private final InstantSource clock;

  MoveInService(
      OldDatabase old,
      OldSealing oldSealing,
      Arrivals arrivals,
      ApiStandards standards,
      AdmitKeyring admitKeyring,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      InstantSource clock) {
    this.old = old;
    this.oldSealing = oldSealing;
    this.arrivals = arrivals;
    this.standards = standards;
    this.admitKeyring = admitKeyring;
    this.sealer = sealer;
    this.transactions = transactions;
    this.trail = trail;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public Outcome moveIn(Command command) {
    String source = old.identity();
    if (source.equals(arrivals.database())) {
      return new Outcome.SameDatabase();
    }
    OldContent content = old.content();
    List<String> unknown = unknownNames(content, command);
    if (!unknown.isEmpty()) {
      return new Outcome.UnknownNames(unknown);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return transactions.inTransaction(() -> moved(command, source, content));
      } catch (Undone e) {
        return e.outcome();
      } catch (LostRace e) {
        if (attempt == TRIES) {
          return new Outcome.InTheWay();
        }
      }
    }
  }

  private Outcome moved(Command command, String source, OldContent content) {
    arrivals.begin();
    AdmitKeyring.Outcome admitted = admitKeyring.admitCommand();
    if (!(admitted instanceof AdmitKeyring.Outcome.Admitted)) {
      throw new Undone(new Outcome.NotAdmitted(admitted));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Journal journal = new Journal(arrivals, trail, ids, now, source);
    Move move = new Move(content, command.renames(), arrivals, journal, arrivals.from(source), now);
    MovingKeys keys = new MovingKeys(move, old, oldSealing, sealer);
    new MovingUsers(move, ids).move();
    new MovingStandards(move, standards).move();
    new MovingDefinitions(move, ids).move();
    new MovingServices(move, ids, keys).move();
    keys.allClosed().ifPresent(n -> undo(new Outcome.WrongLegacyKey(n)));
    new MovingShares(move).move();
    new MovingProjects(move, ids).move();
    journal.flush();
    Outcome outcome = new Outcome.Moved(move.tally.report(command.dryRun(), source));
    if (command.dryRun()) {
      undo(outcome);
    }
    return outcome;
  }

  private static void undo(Outcome outcome) {
    throw new Undone(outcome);
  }

  private static List<String> unknownNames(OldContent content, Command command) {
    Set<String> names = new HashSet<>();
    content.users().forEach(u -> names.add(u.handle()));
    content.definitions().forEach(d -> names.add(d.name()));
    content.services().forEach(s -> names.add(s.name()));
    content.projects().forEach(p -> names.add(p.name()));
    return command.renames().keySet().stream().filter(n -> !names.contains(n)).sorted().toList();
  }
}
