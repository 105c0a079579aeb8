package io.claviger.imports.shared;

import java.util.List;

/**
 * An imported thing with remarks. The report contains the remarks only if the thing is created.
 *
 * @param remarks the remarks about the thing
 */
public record Remarked(Incoming incoming, List<Remark> remarks) implements Incoming {
  public Remarked {
    remarks = List.copyOf(remarks);
  }

  /** A remark for the report. */
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
