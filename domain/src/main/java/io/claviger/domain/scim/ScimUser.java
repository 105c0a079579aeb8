package io.claviger.domain.scim;

import io.claviger.domain.Characters;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.Optional;

/**
 * A user's SCIM record, which an identity provider writes.
 *
 * @param active whether the user may act; false suspends the user
 * @param deletedAt when the identity provider deleted the user; empty if it has not deleted the
 *     user. A deleted user does not exist for SCIM
 */
public record ScimUser(
    User.Id user,
    Issuer issuer,
    Names names,
    boolean active,
    Optional<Instant> deletedAt,
    Instant createdAt,
    Instant updatedAt) {
  /** The maximum number of users of an issuer, including deleted users. */
  public static final int MOST = 100_000;

  /**
   * The identity provider's names for the user. Each text has at most {@value #LONGEST} characters.
   *
   * @param externalId the identity provider's own id of the user, compared character by character
   * @param userName the user name, unique among the users of an issuer; upper and lower case are
   *     not distinguished
   */
  public record Names(
      Optional<String> externalId,
      String userName,
      Optional<String> formatted,
      Optional<String> givenName,
      Optional<String> familyName) {
    public static final int LONGEST = 255;

    public Names {
      demandText("userName", userName);
      externalId.ifPresent(text -> demandText("externalId", text));
      formatted.ifPresent(text -> demandText("name.formatted", text));
      givenName.ifPresent(text -> demandText("name.givenName", text));
      familyName.ifPresent(text -> demandText("name.familyName", text));
    }

    private static void demandText(String field, String text) {
      if (text.isBlank() || !Characters.isAtMost(LONGEST, text) || !Characters.isLine(text)) {
        throw new InvalidValue(field, "one line of 1 to " + LONGEST + " characters");
      }
    }
  }

  /**
   * Whether SCIM created the user. If this is false, the user existed before, and the identity
   * provider has taken the user over.
   */
  public boolean made(User whom) {
    return user.equals(whom.id()) && createdAt.equals(whom.createdAt());
  }

  public boolean deleted() {
    return deletedAt.isPresent();
  }

  /** Whether the user may sign in. */
  public boolean admitted() {
    return active && !deleted();
  }

  /**
   * Returns a copy with the values that the identity provider now states. The copy is not marked as
   * deleted.
   */
  public ScimUser with(Issuer from, Names others, boolean nowActive, Instant now) {
    return new ScimUser(user, from, others, nowActive, Optional.empty(), createdAt, now);
  }

  public ScimUser withDeletion(Instant now) {
    return new ScimUser(user, issuer, names, false, Optional.of(now), createdAt, now);
  }
}
