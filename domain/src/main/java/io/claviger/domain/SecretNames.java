package io.claviger.domain;

import java.util.Set;

/** The names of fields whose values are secrets, in whichever object they occur. */
public final class SecretNames {
  private static final Set<String> ALL =
      Set.of("api_key", "custom_headers", "client_secret", "assertion_key", "secret_access_key");

  private SecretNames() {}

  public static boolean contains(String field) {
    return ALL.contains(field);
  }
}
