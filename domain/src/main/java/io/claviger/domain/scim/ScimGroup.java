package io.claviger.domain.scim;

import io.claviger.domain.Characters;
import io.claviger.domain.DisplayName;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.Optional;

/**
 * A group's SCIM record, which an identity provider writes.
 *
 * @param externalId the identity provider's own id of the group, compared character by character
 * @param deletedAt when the identity provider deleted the group; empty if it has not deleted the
 *     group
 */
public record ScimGroup(
    Group.Id group, Issuer issuer, Optional<String> externalId, Optional<Instant> deletedAt) {
  /** The maximum number of members of a group. */
  public static final int MOST_MEMBERS = 50_000;

  /** The maximum number of groups of one issuer, including deleted groups. */
  public static final int MOST = 10_000;

  public ScimGroup {
    externalId.ifPresent(ScimGroup::demandId);
  }

  /**
   * Checks an identity provider's own id of a group.
   *
   * @throws InvalidValue if the text can't be such an id
   */
  public static void demandId(String externalId) {
    if (externalId.isBlank()
        || !Characters.isAtMost(255, externalId)
        || !Characters.isLine(externalId)) {
      throw new InvalidValue("externalId", "one line of 1 to 255 characters");
    }
  }

  public boolean deleted() {
    return deletedAt.isPresent();
  }

  /**
   * Returns the exact text by which an issuer identifies a group: the group's id, or the group's
   * name if the issuer gives no id. In ID tokens, the claim that lists a person's groups contains
   * the same text.
   */
  public static String claimValue(Optional<String> externalId, DisplayName name) {
    return externalId.orElseGet(name::value);
  }
}
