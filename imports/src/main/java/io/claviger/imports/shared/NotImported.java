package io.claviger.imports.shared;

import java.util.List;

/**
 * A thing that the rules do not import. If an earlier run created the thing, it still counts as
 * existing, so that other things can refer to it.
 *
 * @param needed the things that this thing needs; if one of them does not exist, the report says so
 *     instead of giving {@code reason}
 */
public record NotImported(
    ImportedKind kind,
    String id,
    String label,
    List<Needed> needed,
    ReportReason reason,
    String detail)
    implements Incoming {
  public NotImported {
    needed = List.copyOf(needed);
  }

  /** Creates an entry for a thing whose name is its id. */
  public NotImported(ImportedKind kind, String name, ReportReason reason, String detail) {
    this(kind, name, name, List.of(), reason, detail);
  }

  @Override
  public Made make(Arrivals arrivals) {
    return new Made.LeftOut(reason, detail);
  }
}
