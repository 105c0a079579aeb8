package io.claviger.domain.formats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of one kind of object in the body that creates a batch. Bodies with other members are
 * refused, because the effect of such members at the provider is not known.
 */
public final class BatchMembers {
  /** The meaning of a member's value. */
  public enum Meaning {
    /** An object with further members. */
    OBJECT,
    /** An array with one object for each request. */
    REQUESTS,
    /** The body of a request's call. Each request has exactly one member of this meaning. */
    CALL,
    /**
     * The caller's name for a request, which is unique in the batch. Each request has exactly one
     * member of this meaning.
     */
    ID,
    /** The model, which the path names too. */
    MODEL,
    /** A text or a number that can't refer to an object. */
    SETTING,
    /**
     * How soon the provider processes the batch, relative to the account's other batches. The
     * gateway sends the usual priority instead.
     */
    PRIORITY,
    /** Arbitrary data from the caller, which the provider returns with the result. */
    DATA
  }

  /**
   * A member.
   *
   * @param inside the members of the object in the member; if the member is an array, the members
   *     of each of its objects
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
