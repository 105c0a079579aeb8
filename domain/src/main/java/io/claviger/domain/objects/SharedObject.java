package io.claviger.domain.objects;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A permission for a service's borrowers to refer to an object in the service's account.
 *
 * @param sharedBy the owner of the service who shared the object
 * @param ofAccount whether this owner was the owner of the account at the provider when sharing the
 *     object. An object that the account's owner shared is shared even if it has no holder
 */
public record SharedObject(Access access, UUID sharedBy, boolean ofAccount) {
  /** The maximum number of users and groups with whom an object can be shared by name. */
  public static final int MOST_BORROWERS = 200;

  /** How borrowers can access a shared object. */
  public enum Access implements WireNamed {
    /** Borrowers may refer to the object in requests. */
    REFER,
    /** Borrowers may refer to the object in requests, and may read the object and its content. */
    READ;

    /**
     * @throws InvalidValue if the text is not one of the allowed values; the exception lists the
     *     allowed values
     */
    public static Access of(String wireName) {
      return WireNamed.of(values(), wireName, "access");
    }
  }

  /** The names of the kinds of objects that can be shared, in the order of the kinds. */
  public static final List<String> KINDS =
      Stream.of(ObjectKind.values())
          .filter(SharedObject::isShareable)
          .map(ObjectKind::wireName)
          .toList();

  /** The kinds of objects that can be shared. */
  public static final Set<ObjectKind> SHAREABLE =
      Stream.of(ObjectKind.values())
          .filter(SharedObject::isShareable)
          .collect(Collectors.toUnmodifiableSet());

  /** Whether an object of the given kind can be shared. */
  public static boolean isShareable(ObjectKind kind) {
    return switch (kind) {
      case FILES, VECTOR_STORES, PROMPTS, CACHES -> true;
      case BATCHES, RESPONSES, CONVERSATIONS, CONTAINERS, OTHER -> false;
    };
  }
}
