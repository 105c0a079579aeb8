package io.claviger.domain.scim;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import java.util.Optional;
import java.util.UUID;

/** Chooses the handles of users and groups that an identity provider creates by SCIM. */
public final class ScimHandles {
  private static final int OF_ID = 8;

  private ScimHandles() {}

  /** The present or former holder of a handle. */
  public enum Holder {
    NOBODY,
    /** The holder is another person from the new user's issuer. */
    SAME_ISSUER,
    /** A different person, who is now deleted, had the handle. */
    FORMER,
    /** The holder does not come from the issuer. */
    OTHER
  }

  /**
   * Returns the part of a {@code userName} before the {@literal @}, in lower case; empty if this
   * part is not a valid handle.
   */
  public static Optional<Handle> ofUserName(String userName) {
    int at = userName.indexOf('@');
    return HandleNormalizer.exact(at < 0 ? userName : userName.substring(0, at));
  }

  /** Returns the name of a group as a handle; empty if it is not a valid handle. */
  public static Optional<Handle> ofGroup(String displayName) {
    return HandleNormalizer.exact(displayName);
  }

  /** Returns {@code u-} and the last 8 characters of a user's id, which are random. */
  public static Handle ofUser(UUID id) {
    return new Handle("u-" + end(id));
  }

  /** Returns {@code g-} and the last 8 characters of a group's id, which are random. */
  public static Handle ofGroup(UUID id) {
    return new Handle("g-" + end(id));
  }

  private static String end(UUID id) {
    String text = id.toString();
    return text.substring(text.length() - OF_ID);
  }

  /**
   * Returns the handle of a new user or group; empty if the user or group may not be created. A
   * handle is given only to its present or former holder, and never to anybody else. If the holder
   * does not come from the issuer, the new user or group is refused. The reason is that the new
   * user and the holder could be the same person, whose account was created in another way. If
   * another person from the same issuer or a deleted user holds the handle, the new user or group
   * gets a handle made from its id.
   *
   * @param wanted the handle that is made from the name; empty if the name is not a valid handle
   * @param holder the present or former holder of the wanted handle
   * @param ofId the handle that is made from the id
   */
  public static Optional<Handle> choose(Optional<Handle> wanted, Holder holder, Handle ofId) {
    if (wanted.isEmpty()) {
      return Optional.of(ofId);
    }
    if (wanted.get().equals(Handle.ROOT)) {
      return Optional.empty();
    }
    return switch (holder) {
      case NOBODY -> wanted;
      case SAME_ISSUER, FORMER -> Optional.of(ofId);
      case OTHER -> Optional.empty();
    };
  }
}
