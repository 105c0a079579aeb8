package io.claviger.imports.shared;

import io.claviger.imports.shared.ImportReport.Counts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects a report's counts and remarks. */
public final class ReportBuilder {
  private final Map<ImportedKind, Counts> counts = new EnumMap<>(ImportedKind.class);
  private final List<ReportEntry> remarks = new ArrayList<>();

  public void countFound(ImportedKind kind) {
    add(kind, 1, 0, 0, 0);
  }

  public void countImported(ImportedKind kind) {
    add(kind, 0, 1, 0, 0);
  }

  public void countExisting(ImportedKind kind) {
    add(kind, 0, 0, 1, 0);
  }

  /** Adds an entry about a row or key that is not imported. */
  public void addLeftOut(ImportedKind kind, String name, ReportReason reason, String detail) {
    add(kind, 0, 0, 0, 1);
    addRemark(kind, name, reason, detail);
  }

  public void addLeftOut(ImportedKind kind, String name, ReportReason reason) {
    addLeftOut(kind, name, reason, "");
  }

  /** Adds a remark about a row that this or an earlier run imported. */
  public void addRemark(ImportedKind kind, String name, ReportReason reason, String detail) {
    remarks.add(new ReportEntry(kind, name, reason, detail));
  }

  private void add(ImportedKind kind, int found, int moved, int here, int leftOut) {
    counts.merge(
        kind,
        new Counts(found, moved, here, leftOut),
        (a, b) ->
            new Counts(
                a.found() + b.found(),
                a.moved() + b.moved(),
                a.here() + b.here(),
                a.leftOut() + b.leftOut()));
  }

  /** Adds everything that another builder has collected. */
  public void addAll(ReportBuilder other) {
    other.counts.forEach((kind, c) -> add(kind, c.found(), c.moved(), c.here(), c.leftOut()));
    remarks.addAll(other.remarks);
  }

  public ImportReport build(boolean dryRun, String source) {
    List<ReportEntry> inSections = new ArrayList<>(remarks);
    inSections.sort(Comparator.comparing(r -> r.reason().section()));
    return new ImportReport(
        dryRun,
        source,
        Collections.unmodifiableMap(new EnumMap<>(counts)),
        List.copyOf(inSections));
  }
}
