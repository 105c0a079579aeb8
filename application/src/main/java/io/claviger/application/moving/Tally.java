package io.claviger.application.moving;

import io.claviger.application.moving.Report.Counts;
import io.claviger.domain.moving.Kind;
import io.claviger.domain.moving.Reason;
import io.claviger.domain.moving.Remark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A report in the making. */
final class Tally {
  private final Map<Kind, Counts> counts = new EnumMap<>(Kind.class);
  private final List<Remark> remarks = new ArrayList<>();

  void found(Kind kind) {
    add(kind, 1, 0, 0, 0);
  }

  void moved(Kind kind) {
    add(kind, 0, 1, 0, 0);
  }

  void here(Kind kind) {
    add(kind, 0, 0, 1, 0);
  }

  /** A row or a key that does not come. */
  void leftOut(Kind kind, String name, Reason reason, String detail) {
    add(kind, 0, 0, 0, 1);
    remark(kind, name, reason, detail);
  }

  void leftOut(Kind kind, String name, Reason reason) {
    leftOut(kind, name, reason, "");
  }

  /** What is said of a row that comes, or came. */
  void remark(Kind kind, String name, Reason reason, String detail) {
    remarks.add(new Remark(kind, name, reason, detail));
  }

  private void add(Kind kind, int found, int moved, int here, int leftOut) {
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

  Report report(boolean dryRun, String source) {
    List<Remark> inSections = new ArrayList<>(remarks);
    inSections.sort(Comparator.comparing(r -> r.reason().section()));
    return new Report(
        dryRun,
        source,
        Collections.unmodifiableMap(new EnumMap<>(counts)),
        List.copyOf(inSections));
  }
}
