package io.claviger.console.identity;

import io.claviger.console.page.FormState;
import org.jspecify.annotations.Nullable;

/**
 * The page of a user's account at the identity provider.
 *
 * @param user the handle
 * @param path the path of this page
 * @param back the page of the user
 * @param linked null if none is
 * @param ended what linking it has just ended; null if nothing
 */
public record IdentityModel(
    String user,
    String path,
    String back,
    @Nullable Linked linked,
    @Nullable String ended,
    FormState form) {

  /**
   * A linked account.
   *
   * @param signedInAt when it was last used (ISO 8601, as the other); null if it never was
   * @param leftOut the groups there that were left out here, the first by name; null if none was
   */
  public record Linked(
      String issuer,
      String subject,
      String linkedAt,
      @Nullable String signedInAt,
      @Nullable String leftOut) {}
}
