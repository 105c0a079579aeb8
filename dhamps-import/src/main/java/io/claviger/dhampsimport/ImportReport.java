package io.claviger.dhampsimport;

import io.claviger.dhampsimport.rules.ImportedKind;
import io.claviger.dhampsimport.rules.ReportEntry;
import io.claviger.dhampsimport.rules.ReportReason;
import java.util.List;
import java.util.Map;

/**
 * What an import did, or would do. It holds names, and never a key.
 *
 * @param source which database it came from
 * @param counts by what was moved, in its order
 * @param remarks in the order of the sections
 */
public record ImportReport(
    boolean dryRun, String source, Map<ImportedKind, Counts> counts, List<ReportEntry> remarks) {

  /**
   * @param found there
   * @param moved came now
   * @param here already here: it came before, or was here anyway
   * @param leftOut did not come
   */
  public record Counts(int found, int moved, int here, int leftOut) {}

  public List<ReportEntry> of(ReportReason.Section section) {
    return remarks.stream().filter(r -> r.reason().section() == section).toList();
  }

  /** Whether a row or a key did not come. */
  public boolean leftSomethingOut() {
    return remarks.stream().anyMatch(r -> r.reason().section().leavesOut());
  }

  public boolean changedNothing() {
    return counts.values().stream().allMatch(c -> c.moved() == 0);
  }
}
