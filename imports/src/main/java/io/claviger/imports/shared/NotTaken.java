package io.claviger.imports.shared;

import java.util.List;

/**
 * Something that the rules leave out. If an earlier run created the thing, it is nevertheless
 * treated as existing.
 *
 * @param needed the things that are reported as missing first, if they do not exist
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

  /** Creates a thing that has its id as its name. */
  public NotTaken(ImportedKind kind, String name, ReportReason reason, String detail) {
    this(kind, name, name, List.of(), reason, detail);
  }

  @Override
  public Made make(Arrivals arrivals) {
    return new Made.LeftOut(reason, detail);
  }
}
