package io.claviger.console.trusts;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trusts of a service account.
 *
 * @param account the handle
 * @param path the path of this page
 * @param back the page of the account
 * @param next the address of the next page; null on the last one
 * @param issuers the names of those that a trust may name
 */
public record TrustsModel(
    String account,
    String path,
    String back,
    List<Line> trusts,
    @Nullable String next,
    List<String> issuers,
    FormState form) {
  public TrustsModel {
    trusts = List.copyOf(trusts);
    issuers = List.copyOf(issuers);
  }

  /**
   * A trust.
   *
   * @param claims one a line, such as {@code repository_id = 5088}
   */
  public record Line(
      String name, String issuer, String subject, List<String> claims, long minutes, long version) {
    public Line {
      claims = List.copyOf(claims);
    }
  }
}
