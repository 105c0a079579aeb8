package io.claviger.web.oauth;

import io.claviger.domain.accounts.TokenScope;
import io.claviger.web.server.Form;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the field {@code scope}, a list of names separated by spaces. */
final class Scopes {
  static final TokenScope DEFAULT = TokenScope.USE;
  static final List<String> NAMES = List.of("use", "manage");

  private Scopes() {}

  /**
   * Returns the scope that the form requests; empty if the form has no scope. The scope {@code
   * manage} includes the scope {@code use}.
   */
  static Optional<TokenScope> wanted(Form form) {
    return form.value("scope").map(Scopes::of);
  }

  private static TokenScope of(String text) {
    Set<String> names = Set.copyOf(List.of(text.strip().split(" +", -1)));
    if (!NAMES.containsAll(names)) {
      throw new OAuthException("invalid_scope", "The scopes are 'use' and 'manage'.");
    }
    return names.contains("manage") ? TokenScope.MANAGE : TokenScope.USE;
  }
}
