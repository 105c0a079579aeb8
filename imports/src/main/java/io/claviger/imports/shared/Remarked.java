package io.claviger.imports.shared;

import java.util.List;

/**
 * Something to import, with remarks for the report of the run that makes it.
 *
 * @param remarks about it
 */
public record Remarked(Incoming incoming, List<Remark> remarks) implements Incoming {
  public Remarked {
    remarks = List.copyOf(remarks);
  }

  /** What the report says about it. */
  public record Remark(ReportReason reason, String detail) {}

  @Override
  public ImportedKind kind() {
    return incoming.kind();
  }

  @Override
  public String id() {
    return incoming.id();
  }

  @Override
  public String label() {
    return incoming.label();
  }

  @Override
  public List<Needed> needed() {
    return incoming.needed();
  }

  @Override
  public Made make(Arrivals arrivals) {
    Made made = incoming.make(arrivals);
    if (made instanceof Made.New) {
      remarks.forEach(r -> arrivals.addRemark(kind(), label(), r.reason(), r.detail()));
    }
    return made;
  }
}
