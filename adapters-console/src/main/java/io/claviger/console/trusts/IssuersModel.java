package io.claviger.console.trusts;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of trusted issuers.
 *
 * @param next the address of the next page; null on the last one
 * @param mayChange whether the viewer adds and deletes them
 */
public record IssuersModel(
    List<Line> issuers, @Nullable String next, boolean mayChange, FormState form) {
  public IssuersModel {
    issuers = List.copyOf(issuers);
  }

  /** A trusted issuer. */
  public record Line(String name, String issuer, String since, long version) {}
}
