package io.claviger.oidc;

import io.claviger.application.identity.OidcSettings;
import io.claviger.domain.identity.GroupsClaim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An identity provider's claims about a person, from the id token and then from the user info. */
final class PersonClaims {
  private static final String OVERAGE = "_claim_names";
  private static final String OVERAGE_OF_ENTRA = "hasgroups";
  private static final String EMAIL = "email";
  private static final String EMAIL_VERIFIED = "email_verified";

  private final OidcSettings.Claims names;
  private final Map<String, Object> claims;

  PersonClaims(OidcSettings.Claims names, Map<String, Object> idToken) {
    this.names = names;
    this.claims = new HashMap<>(idToken);
  }

  /** Whether the id token lacks a claim that the user info could add. */
  boolean lacksSomething() {
    return !claims.containsKey(names.handle())
        || (names.handle().equals(EMAIL) && !claims.containsKey(EMAIL_VERIFIED))
        || names
            .groups()
            .filter(groups -> !claims.containsKey(groups) && !isOverage(groups))
            .isPresent();
  }

  /**
   * Adds the claims of the user info. If the id token contains the same claim, the id token's claim
   * is kept.
   */
  void add(Map<String, Object> userInfo) {
    userInfo.forEach(claims::putIfAbsent);
  }

  /**
   * Returns the name from which a new user's handle is made. An address that the provider states as
   * not verified is no such name, because a person could enter somebody else's address.
   */
  Optional<String> handle() {
    boolean unverified = names.handle().equals(EMAIL) && isFalse(claims.get(EMAIL_VERIFIED));
    return unverified ? Optional.empty() : text(names.handle());
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(claims.get(name))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(text -> !text.isBlank());
  }

  GroupsClaim groups() {
    return names.groups().map(this::groups).orElseGet(GroupsClaim.Absent::new);
  }

  private GroupsClaim groups(String name) {
    if (isOverage(name)) {
      return new GroupsClaim.TooMany();
    }
    @Nullable Object value = claims.get(name);
    if (value instanceof String one) {
      return GroupsClaim.of(List.of(one));
    }
    if (value instanceof List<?> several) {
      return GroupsClaim.of(
          several.stream().filter(String.class::isInstance).map(String.class::cast).toList());
    }
    return new GroupsClaim.Absent();
  }

  /**
   * Whether the provider left out the list of groups because it is too long (OpenID Connect Core,
   * section 5.6.2).
   */
  private boolean isOverage(String groups) {
    return (claims.get(OVERAGE) instanceof Map<?, ?> elsewhere && elsewhere.containsKey(groups))
        || isTrue(claims.get(OVERAGE_OF_ENTRA));
  }

  private static boolean isTrue(@Nullable Object claim) {
    return Boolean.TRUE.equals(claim) || "true".equals(claim);
  }

  private static boolean isFalse(@Nullable Object claim) {
    return Boolean.FALSE.equals(claim) || "false".equals(claim);
  }
}
