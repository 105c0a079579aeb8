package io.claviger.imports.shared;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The report of what an import has done, or would do in a dry run. The report contains names of
 * things, but no keys.
 *
 * @param source the source database's {@link ImportSource#identity}
 * @param counts the numbers of found and imported things of each kind, in the order of the kinds
 * @param remarks the remarks, in the order of the report's sections
 * @param run the run's id, for undoing the run; empty if it can't be undone
 * @param undone whether the report is about things that were removed by undoing a run
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
   * Returns this report with its run's id, for undoing the run. The returned report also says
   * whether the run was undone.
   */
  ImportReport ofRun(UUID its, boolean isUndone) {
    return new ImportReport(dryRun, source, counts, remarks, Optional.of(its), isUndone);
  }

  /**
   * @param found the number of rows in the source
   * @param moved the number of rows that this run has imported
   * @param here the number of rows that already existed in Claviger, whether or not an earlier run
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
