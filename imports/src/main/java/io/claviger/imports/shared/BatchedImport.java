package io.claviger.imports.shared;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.imports.shared.ArrivalJournal.Earlier;
import io.claviger.imports.shared.ArrivalJournal.MadeRow;
import io.claviger.imports.shared.ArrivalJournal.State;
import io.claviger.imports.shared.ArrivalJournal.Undoable;
import io.claviger.imports.shared.Incoming.Made;
import io.claviger.imports.shared.Incoming.Needed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;

/**
 * Imports from any {@link ImportSource}, with at most a thousand things per transaction. Each
 * transaction records its things in a journal, so that an interrupted import can continue. Undoing
 * a run removes the things that it created, except things that somebody has changed or uses.
 */
public final class BatchedImport {
  private static final int BATCH = 1_000;
  private static final int TRIES = 5;
  private static final int LONGEST_ID = 1_000;

  /**
   * The kinds of things that belong to another thing and end with it. If such a thing was imported
   * before and has ended since then, the report does not mention its end.
   */
  private static final Set<ImportedKind> BELONGING =
      Set.of(
          ImportedKind.KEY,
          ImportedKind.LINK,
          ImportedKind.SHARE,
          ImportedKind.DEFINITION_SHARE,
          ImportedKind.MEMBER);

  private final ArrivalJournal journal;
  private final KeyringAdmission admission;
  private final AuditedChanges changes;
  private final Runnable afterRemoval;

  /**
   * @param afterRemoval the action that repairs data after the removal of things, in the same
   *     transaction as the removal
   */
  public BatchedImport(
      ArrivalJournal journal,
      KeyringAdmission admission,
      AuditedChanges changes,
      Runnable afterRemoval) {
    this.journal = journal;
    this.admission = admission;
    this.changes = changes;
    this.afterRemoval = afterRemoval;
  }

  /** The result of an import run. */
  public sealed interface Outcome {
    record Done(ImportReport report) implements Outcome {}

    /** The source is the same Claviger database as the target. */
    record SameDatabase() implements Outcome {}

    /** This program's encryption keys do not match the recorded keys in the database. */
    record NotAdmitted(KeyringAdmission.AdmissionOutcome why) implements Outcome {}

    /**
     * The import was given up, because others changed the same rows at the same time again and
     * again. Batches that were committed earlier are kept.
     */
    record InTheWay() implements Outcome {}

    /** The source could not be read to its end. Batches that were committed earlier are kept. */
    record SourceLost(UnreadableSource why) implements Outcome {}
  }

  /** Decides whether an import continues an earlier run. */
  @FunctionalInterface
  public interface RunChoice {
    /**
     * Called after the source was read, and before anything is written.
     *
     * @param source the source database's {@link ImportSource#identity}
     * @param fresh the id of a new run
     * @return the id of the run that the created things belong to
     */
    UUID of(String source, UUID fresh);
  }

  /**
   * @param dryRun whether everything is rolled back in the end
   */
  public Outcome run(ImportSource source, boolean dryRun, RunChoice runs) {
    String from = source.identity();
    if (from.equals(journal.database())) {
      return new Outcome.SameDatabase();
    }
    ReportBuilder report = new ReportBuilder();
    List<? extends Incoming> incoming = source.incoming(report);
    UUID run = runs.of(from, changes.ids().next());
    Progress progress = new Progress(from, source.program(), run, report);
    List<Incoming> once = progress.withoutDuplicates(incoming);
    Iterator<? extends Incoming> further = source.further(progress.report);
    return whole(
        dryRun,
        progress,
        tries ->
            inBatches(once.iterator(), progress, tries) || inBatches(further, progress, tries));
  }

  /**
   * Removes the things that a run has created, last first.
   *
   * @param program the name of the system from which the run imported
   * @param source the source database's {@link ImportSource#identity}
   */
  public Outcome undo(String program, String source, UUID run, boolean dryRun) {
    Progress progress = new Progress(source, program, run, new ReportBuilder());
    return whole(dryRun, progress, tries -> undoInBatches(progress, tries));
  }

  /** Runs all batches. A dry run is one transaction for all batches, and is rolled back. */
  private Outcome whole(boolean dryRun, Progress progress, IntPredicate batches) {
    try {
      // A dry run tries each batch only once: all batches are in one transaction, and a part of a
      // transaction can't be repeated.
      boolean undone =
          dryRun
              ? changes.transactions().inTransaction(() -> rolledBack(progress, batches.test(1)))
              : batches.test(TRIES);
      return new Outcome.Done(progress.reported(false, undone));
    } catch (RolledBack e) {
      return e.outcome;
    } catch (ConcurrencyConflict e) {
      return new Outcome.InTheWay();
    } catch (UnreadableSource e) {
      if (dryRun || !progress.madeSomething) {
        throw e;
      }
      return new Outcome.SourceLost(e);
    }
  }

  private static boolean rolledBack(Progress progress, boolean undone) {
    throw new RolledBack(new Outcome.Done(progress.reported(true, undone)));
  }

  private boolean inBatches(Iterator<? extends Incoming> incoming, Progress progress, int tries) {
    List<Incoming> part = new ArrayList<>();
    int weight = 0;
    while (incoming.hasNext()) {
      Incoming one = incoming.next();
      if (weight + one.weight() > BATCH) {
        make(part, progress, tries);
        part = new ArrayList<>();
        weight = 0;
      }
      part.add(one);
      weight += one.weight();
    }
    make(part, progress, tries);
    return false;
  }

  private void make(List<Incoming> part, Progress progress, int tries) {
    if (!part.isEmpty()) {
      progress.add(changes.repeated(tries, () -> make(part, progress)));
    }
  }

  private Batch make(List<Incoming> part, Progress progress) {
    journal.begin();
    KeyringAdmission.AdmissionOutcome admitted = admission.admitCommand();
    if (!(admitted instanceof KeyringAdmission.AdmissionOutcome.Admitted)) {
      throw new RolledBack(new Outcome.NotAdmitted(admitted));
    }
    Set<ArrivalJournal.Key> asked = new HashSet<>();
    for (Incoming one : part) {
      asked.add(key(one));
      one.needed().stream()
          .filter(needed -> isStorable(needed.id()))
          .forEach(needed -> asked.add(new ArrivalJournal.Key(needed.kind(), needed.id())));
    }
    Batch batch =
        new Batch(
            progress,
            journal.nextOf(progress.source, progress.run),
            journal.find(progress.source, asked));
    part.forEach(batch::make);
    journal.record(progress.source, progress.run, batch.made);
    changes.trail().recordAll(batch.events);
    return batch;
  }

  /** Whether the journal can store an id of the source. An id from a file can be any text. */
  private static boolean isStorable(String id) {
    return id.length() <= LONGEST_ID && id.indexOf('\0') < 0;
  }

  private static ArrivalJournal.Key key(Incoming one) {
    return new ArrivalJournal.Key(one.kind(), one.id());
  }

  private AuditEvent event(
      Progress progress, AuditAction action, AuditTarget target, List<String> fields) {
    return AuditEvent.withoutActor(
        changes.ids().next(),
        changes.now(),
        AuditEvent.COMMAND_LINE,
        "import " + progress.program,
        action,
        target,
        AuditOutcome.DONE,
        fields);
  }

  private boolean undoInBatches(Progress progress, int tries) {
    List<Undoable> left = journal.madeBy(progress.source, progress.run);
    int from = 0;
    while (from < left.size()) {
      ImportedKind kind = left.get(from).key().kind();
      int to = from + 1;
      while (to < left.size() && to - from < BATCH && left.get(to).key().kind() == kind) {
        to++;
      }
      List<Undoable> part = left.subList(from, to);
      progress.report.addAll(changes.repeated(tries, () -> undo(kind, part, progress)));
      from = to;
    }
    return true;
  }

  private ReportBuilder undo(ImportedKind kind, List<Undoable> part, Progress progress) {
    journal.begin();
    ReportBuilder report = new ReportBuilder();
    Map<ArrivalJournal.Key, State> states = journal.lock(progress.source, kind, part);
    List<Undoable> removed = new ArrayList<>();
    List<Undoable> forgotten = new ArrayList<>();
    for (Undoable thing : part) {
      report.countFound(kind);
      switch (states.getOrDefault(thing.key(), State.GONE)) {
        case AS_MADE -> {
          removed.add(thing);
          forgotten.add(thing);
          report.countImported(kind);
        }
        case GONE -> {
          forgotten.add(thing);
          report.countExisting(kind);
        }
        case CHANGED -> report.addLeftOut(kind, thing.ref(), ReportReason.CHANGED_HERE);
        case IN_USE -> report.addLeftOut(kind, thing.ref(), ReportReason.IN_USE_HERE);
      }
    }
    if (!removed.isEmpty()) {
      journal.remove(kind, removed);
      afterRemoval.run();
    }
    journal.forget(progress.program, progress.source, forgotten);
    AuditAction action = UndoableRows.of(kind).removed();
    changes
        .trail()
        .recordAll(
            removed.stream().map(t -> event(progress, action, t.target(), List.of())).toList());
    return report;
  }

  /** The progress of a run: what it has stored so far. */
  private static final class Progress {
    private final String source;
    private final String program;
    private final UUID run;
    private final ReportBuilder report;
    private final Map<ArrivalJournal.Key, UUID> here = new HashMap<>();
    private boolean madeSomething;

    Progress(String source, String program, UUID run, ReportBuilder report) {
      this.source = source;
      this.program = program;
      this.run = run;
      this.report = report;
    }

    List<Incoming> withoutDuplicates(List<? extends Incoming> incoming) {
      Set<ArrivalJournal.Key> seen = new HashSet<>();
      List<Incoming> once = new ArrayList<>();
      for (Incoming one : incoming) {
        if (!isStorable(one.id())) {
          report.countFound(one.kind());
          report.addLeftOut(
              one.kind(), one.label(), ReportReason.INVALID_VALUE, "its id can't be recorded");
        } else if (seen.add(key(one))) {
          once.add(one);
        } else {
          report.countFound(one.kind());
          report.addLeftOut(one.kind(), one.label(), ReportReason.DUPLICATE);
        }
      }
      return once;
    }

    void add(Batch batch) {
      report.addAll(batch.report);
      here.putAll(batch.here);
      madeSomething |= !batch.made.isEmpty();
    }

    ImportReport reported(boolean dryRun, boolean undone) {
      return report.build(dryRun, source).ofRun(run, undone);
    }
  }

  /** One attempt to import a batch. The attempt is discarded if its transaction fails. */
  private final class Batch implements Arrivals {
    private final Progress progress;
    private final int first;
    private final Map<ArrivalJournal.Key, Earlier> earlier;
    private final ReportBuilder report = new ReportBuilder();
    private final Map<ArrivalJournal.Key, UUID> here = new HashMap<>();
    private final List<MadeRow> made = new ArrayList<>();
    private final List<AuditEvent> events = new ArrayList<>();
    private final Instant now = changes.now();

    /**
     * @param first the next thing's position among all things of the run
     */
    Batch(Progress progress, int first, Map<ArrivalJournal.Key, Earlier> earlier) {
      this.progress = progress;
      this.first = first;
      this.earlier = earlier;
      earlier.forEach((key, came) -> came.id().ifPresent(id -> here.put(key, id)));
    }

    void make(Incoming one) {
      Optional<Earlier> before = Optional.ofNullable(earlier.get(key(one)));
      if (before.isPresent()) {
        report.countFound(one.kind());
        if (before.get().id().isEmpty() && !BELONGING.contains(one.kind())) {
          addRemark(one.kind(), one.label(), ReportReason.ENDED_HERE, "it was imported before");
        }
        before
            .get()
            .id()
            .flatMap(id -> one.again(id, this))
            .ifPresentOrElse(
                changed -> {
                  events.add(event(progress, changed.action(), changed.target(), changed.fields()));
                  report.countImported(one.kind());
                },
                () -> report.countExisting(one.kind()));
        return;
      }
      Optional<Needed> missing =
          one.needed().stream().filter(n -> find(n.kind(), n.id()).isEmpty()).findFirst();
      if (missing.isPresent()) {
        missing.get().otherwise().ifPresent(reason -> leaveOut(one, reason));
        return;
      }
      report.countFound(one.kind());
      try {
        add(one, one.make(this));
      } catch (InvalidValue e) {
        report.addLeftOut(one.kind(), one.label(), ReportReason.invalid(e.field()), e.allowed());
      }
    }

    private void leaveOut(Incoming one, ReportReason reason) {
      report.countFound(one.kind());
      report.addLeftOut(one.kind(), one.label(), reason);
    }

    private void add(Incoming one, Made result) {
      switch (result) {
        case Made.New what -> {
          here.put(key(one), what.id());
          made.add(new MadeRow(key(one), what, first + made.size()));
          events.add(event(progress, what.action(), what.target(), what.fields()));
          report.countImported(one.kind());
        }
        case Made.Existing existing -> {
          here.put(key(one), existing.id());
          report.countExisting(one.kind());
        }
        case Made.LeftOut out ->
            report.addLeftOut(one.kind(), one.label(), out.reason(), out.detail());
      }
    }

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public UUID nextId() {
      return changes.ids().next();
    }

    @Override
    public Optional<UUID> find(ImportedKind kind, String id) {
      ArrivalJournal.Key key = new ArrivalJournal.Key(kind, id);
      return Optional.ofNullable(here.get(key)).or(() -> found(key));
    }

    private Optional<UUID> found(ArrivalJournal.Key key) {
      // If `earlier` contains the thing, this batch has looked for the thing again and has not
      // found it. So the thing no longer exists, even if earlier batches still found it.
      return earlier.containsKey(key)
          ? Optional.empty()
          : Optional.ofNullable(progress.here.get(key));
    }

    @Override
    public void addRemark(ImportedKind kind, String label, ReportReason reason, String detail) {
      report.addRemark(kind, label, reason, detail);
    }
  }

  /** Thrown to roll the transaction back. Contains the run's outcome. */
  private static final class RolledBack extends RuntimeException {
    private final Outcome outcome;

    RolledBack(Outcome outcome) {
      super(null, null, false, false);
      this.outcome = outcome;
    }
  }
}
