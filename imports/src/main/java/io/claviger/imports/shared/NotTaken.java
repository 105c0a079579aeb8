package io.claviger.imports.shared;

import java.util.List;

/**
 * Something that the rules leave out. If an earlier run made it, it still exists in Claviger.
 *
 * @param needed what is missed first if it does not exist
 */
public record NotTaken(
    ImportedKind kind,
    String id,
    String label,
    List<Needed> needed,
    ReportReason reason,
    String detail)
    implements Incoming {
  public NotTaken {
    needed = List.copyOf(needed);
  }

  /** Something whose id is its name. */
  public NotTaken(ImportedKind kind, String name, ReportReason reason, String detail) {
    this(kind, name, name, List.of(), reason, detail);
  }

  @Override
  public Made make(Arrivals arrivals) {
    return new Made.LeftOut(reason, detail);
  }
}
