package io.claviger.console.audit;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the audit trail.
 *
 * @param filters as they are in the address
 * @param actions all that can be filtered by
 * @param next the address of the next page; null on the last one
 * @param export the address of the same events as a file
 */
public record AuditModel(
    FormState filters,
    List<String> actions,
    List<AuditLine> lines,
    @Nullable String next,
    String export) {
  public AuditModel {
    actions = List.copyOf(actions);
    lines = List.copyOf(lines);
  }
}
