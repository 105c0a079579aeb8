package io.claviger.imports.shared;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The report of the effects of an import or, for a dry run, of the effects that it would have. It
 * contains names, but never a key.
 *
 * @param source the identity of the source database
 * @param counts the counts by kind, in the order of the kinds
 * @param remarks the remarks, in the order of the sections
 * @param run identifies the run, so that it can be undone; empty if it can't
 * @param undone whether it reports the things that undoing a run removed
 */
public record ImportReport(
    boolean dryRun,
    String source,
    Map<ImportedKind, Counts> counts,
    List<ReportEntry> remarks,
    Optional<UUID> run,
    boolean undone) {

  /** Creates the report of an import that can't be undone. */
  public ImportReport(
      boolean dryRun, String source, Map<ImportedKind, Counts> counts, List<ReportEntry> remarks) {
    this(dryRun, source, counts, remarks, Optional.empty(), false);
  }

  /** Returns this report as the report of a run that can be undone, or was undone. */
  ImportReport ofRun(UUID its, boolean isUndone) {
    return new ImportReport(dryRun, source, counts, remarks, Optional.of(its), isUndone);
  }

  /**
   * @param found rows in the source
   * @param moved rows imported by this run
   * @param here rows that existed in Claviger before, whether an earlier run imported them or not
   * @param leftOut rows that were not imported
   */
  public record Counts(int found, int moved, int here, int leftOut) {}

  public List<ReportEntry> of(ReportReason.Section section) {
    return remarks.stream().filter(r -> r.reason().section() == section).toList();
  }

  /** Whether a row or a key was not imported. */
  public boolean leftSomethingOut() {
    return remarks.stream().anyMatch(r -> r.reason().section().leavesOut());
  }

  public boolean changedNothing() {
    return counts.values().stream().allMatch(c -> c.moved() == 0);
  }
}
