package io.claviger.domain.formats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members that one kind of object may have in the body that creates a batch. Bodies with other
 * members are refused, because it is not known what these members do at the provider.
 */
public final class BatchMembers {
  /** The meaning of a member's value. */
  public enum Meaning {
    /** The value is an object, which has members of its own. */
    OBJECT,
    /** The value is an array with one object for each request. */
    REQUESTS,
    /** The body of a request's call. Each request has exactly one member of this meaning. */
    CALL,
    /**
     * The caller's name for a request, which is unique in the batch. Each request has exactly one
     * member of this meaning.
     */
    ID,
    /** The name of the model, which the path also contains. */
    MODEL,
    /** A text or a number that can't refer to a stored object. */
    SETTING,
    /**
     * The priority with which the provider processes the batch, relative to the account's other
     * batches. The gateway replaces it by the usual priority.
     */
    PRIORITY,
    /** Arbitrary data from the caller, which the provider returns with the result. */
    DATA
  }

  /**
   * A member.
   *
   * @param inside the members of the object that is the member's value or, if the value is an
   *     array, of each object in the array
   */
  public record Member(Meaning meaning, BatchMembers inside) {}

  private final Map<String, Member> bySpelling = new HashMap<>();

  BatchMembers member(String spellings, Meaning meaning) {
    return member(spellings, meaning, new BatchMembers());
  }

  /**
   * @param spellings the names that the provider accepts for the member, separated by spaces
   */
  BatchMembers member(String spellings, Meaning meaning, BatchMembers inside) {
    Member added = new Member(meaning, inside);
    for (String spelling : List.of(spellings.split(" "))) {
      bySpelling.put(spelling, added);
    }
    return this;
  }

  /**
   * Returns the member with the given name, in exactly this spelling; empty if there is no such
   * member.
   */
  public Optional<Member> find(String name) {
    return Optional.ofNullable(bySpelling.get(name));
  }

  /** Whether each object must have a member with this meaning. */
  public boolean demands(Meaning meaning) {
    return (meaning == Meaning.CALL || meaning == Meaning.ID)
        && bySpelling.values().stream().anyMatch(each -> each.meaning() == meaning);
  }
}
