package io.claviger.domain.scim;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import java.util.Optional;
import java.util.UUID;

/** Which handles the users and groups get that an identity provider makes by SCIM. */
public final class ScimHandles {
  private static final int OF_ID = 8;
  private static final Handle ROOT = new Handle("root");

  private ScimHandles() {}

  /** Who has a handle, or had it. */
  public enum Holder {
    NOBODY,
    /** Somebody of the same issuer, who is another person. */
    SAME_ISSUER,
    /** Nobody any more: it was that of somebody else, who was deleted. */
    FORMER,
    /** Somebody whom the issuer has nothing to do with. */
    OTHER
  }

  /**
   * Returns the part of a userName before the {@code @}, with capital letters in lower case; empty
   * if that is no handle.
   */
  public static Optional<Handle> ofUserName(String userName) {
    int at = userName.indexOf('@');
    return HandleNormalizer.exact(at < 0 ? userName : userName.substring(0, at));
  }

  /** Returns the name of a group as a handle; empty if it is none. */
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
   * Returns the handle of something new; empty if it may not be made. A handle that somebody has or
   * had is never given to somebody else. It is refused if the issuer has nothing to do with that
   * holder, who may be the same person by another way. Otherwise the holder is another person, whom
   * the issuer tells apart, or gone, and the new one is called by their id.
   *
   * @param wanted the handle that follows from the name, if any
   * @param holder who has it
   * @param ofId the handle that follows from the id
   */
  public static Optional<Handle> choose(Optional<Handle> wanted, Holder holder, Handle ofId) {
    if (wanted.isEmpty()) {
      return Optional.of(ofId);
    }
    if (wanted.get().equals(ROOT)) {
      return Optional.empty();
    }
    return switch (holder) {
      case NOBODY -> wanted;
      case SAME_ISSUER, FORMER -> Optional.of(ofId);
      case OTHER -> Optional.empty();
    };
  }
}
