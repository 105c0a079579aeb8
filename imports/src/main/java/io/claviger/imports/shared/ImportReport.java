package io.claviger.imports.shared;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The report of what an import has done or, for a dry run, of what it would do. It contains names
 * of things, but never a key.
 *
 * @param source the identity of the source database, as {@link ImportSource#identity} returns it
 * @param counts how many things were found and imported, by their kind, in the order of the kinds
 * @param remarks the remarks, in the order of the report's sections
 * @param run the id of the run, by which it can be undone; empty if it can't be undone
 * @param undone whether the report is about things that were removed because a run was undone
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

  /**
   * Returns this report with the id of its run, so that the run can be undone. The report also says
   * whether the run was undone.
   */
  ImportReport ofRun(UUID its, boolean isUndone) {
    return new ImportReport(dryRun, source, counts, remarks, Optional.of(its), isUndone);
  }

  /**
   * @param found the number of rows in the source
   * @param moved the number of rows that this run has imported
   * @param here the number of rows that existed in Claviger before, whether or not an earlier run
   *     imported them
   * @param leftOut the number of rows that were not imported
   */
  public record Counts(int found, int moved, int here, int leftOut) {}

  public List<ReportEntry> of(ReportReason.Section section) {
    return remarks.stream().filter(r -> r.reason().section() == section).toList();
  }

  /** Whether at least one row or key was not imported. */
  public boolean leftSomethingOut() {
    return remarks.stream().anyMatch(r -> r.reason().section().leavesOut());
  }

  public boolean changedNothing() {
    return counts.values().stream().allMatch(c -> c.moved() == 0);
  }
}
