package io.claviger.domain.scim;

import io.claviger.domain.Characters;
import io.claviger.domain.DisplayName;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.Optional;

/**
 * What an identity provider has said about a group by SCIM.
 *
 * @param externalId its own id of the group, compared character by character
 * @param deletedAt since when the identity provider no longer knows the group; empty if it does
 */
public record ScimGroup(
    Group.Id group, Issuer issuer, Optional<String> externalId, Optional<Instant> deletedAt) {
  /** The greatest number of members of a group. */
  public static final int MOST_MEMBERS = 50_000;

  /** The greatest number of groups that are made for one issuer. */
  public static final int MOST = 10_000;

  public ScimGroup {
    externalId.ifPresent(
        id -> {
          if (id.isBlank() || id.length() > 255 || !Characters.isLine(id)) {
            throw new InvalidValue("externalId", "one line of 1 to 255 characters");
          }
        });
  }

  public boolean deleted() {
    return deletedAt.isPresent();
  }

  /**
   * The exact value by which an issuer names a group: its id if it gives one, and the name
   * otherwise. Groups claims of ID tokens name groups in the same way.
   */
  public static String claimValue(Optional<String> externalId, DisplayName name) {
    return externalId.orElseGet(name::value);
  }
}
