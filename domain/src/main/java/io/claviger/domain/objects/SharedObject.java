package io.claviger.domain.objects;

import java.util.UUID;

/**
 * Says that borrowers of a service may refer to an object of its account.
 *
 * @param by the owner of the service who shared it
 */
public record SharedObject(Access access, UUID by) {
  /** What borrowers may do with it. */
  public enum Access {
    /** Name it in requests. */
    REFER,
    /** Read it and its content, too. */
    READ
  }

  /** Whether an object of this kind can be shared. */
  public static boolean isShareable(ObjectKind kind) {
    return switch (kind) {
      case FILES, VECTOR_STORES, PROMPTS, CACHES -> true;
      case BATCHES, RESPONSES, CONVERSATIONS, CONTAINERS, OTHER -> false;
    };
  }
}
