package io.claviger.domain.objects;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Says that borrowers of a service may refer to an object of its account.
 *
 * @param by the owner of the service who shared it
 * @param ofAccount whether they shared it as the one whose account it is in, so that it is shared
 *     also while nobody holds it
 */
public record SharedObject(Access access, UUID by, boolean ofAccount) {
  /** The most users and groups who are named as borrowers of one object. */
  public static final int MOST_BORROWERS = 200;

  /** What borrowers may do with it. */
  public enum Access {
    /** Name it in requests. */
    REFER,
    /** Read it and its content, too. */
    READ;

    /**
     * @throws InvalidValue naming what there is
     */
    public static Access of(String wireName) {
      return Stream.of(values())
          .filter(access -> access.wireName().equals(wireName))
          .findFirst()
          .orElseThrow(() -> new InvalidValue("access", "refer or read"));
    }

    /** The stored and shown name. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The names of the kinds that can be shared, in their order. */
  public static final List<String> KINDS =
      Stream.of(ObjectKind.values())
          .filter(SharedObject::isShareable)
          .map(ObjectKind::wireName)
          .toList();

  /** Whether an object of this kind can be shared. */
  public static boolean isShareable(ObjectKind kind) {
    return switch (kind) {
      case FILES, VECTOR_STORES, PROMPTS, CACHES -> true;
      case BATCHES, RESPONSES, CONVERSATIONS, CONTAINERS, OTHER -> false;
    };
  }
}
