package io.claviger.domain.formats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of one kind of object in a body that makes a batch. All others are refused, because
 * nobody knows what a provider would do with them.
 */
public final class BatchMembers {
  /** What the value of a member is. */
  public enum Meaning {
    /** An object with further members. */
    OBJECT,
    /** An array with an object for each request. */
    REQUESTS,
    /** The body of the call that a request makes. Each request has one. */
    CALL,
    /**
     * The caller's name for a request, which no other one in the batch has. Each request has one.
     */
    ID,
    /** The model that the path names too. */
    MODEL,
    /** A text or a number that refers to nothing. */
    SETTING,
    /** Arbitrary data of the caller's, which comes back with the result. */
    DATA
  }

  /**
   * A member.
   *
   * @param inside the members of an object in it, or of each object in an array
   */
  public record Member(Meaning meaning, BatchMembers inside) {}

  private final Map<String, Member> bySpelling = new HashMap<>();

  BatchMembers member(String spellings, Meaning meaning) {
    return member(spellings, meaning, new BatchMembers());
  }

  /**
   * @param spellings those that the provider takes, separated by spaces
   */
  BatchMembers member(String spellings, Meaning meaning, BatchMembers inside) {
    Member added = new Member(meaning, inside);
    for (String spelling : List.of(spellings.split(" "))) {
      bySpelling.put(spelling, added);
    }
    return this;
  }

  /** The member of this name, in exactly this spelling; empty if there is none. */
  public Optional<Member> find(String name) {
    return Optional.ofNullable(bySpelling.get(name));
  }

  /** Whether each object has to have a member of this meaning. */
  public boolean demands(Meaning meaning) {
    return (meaning == Meaning.CALL || meaning == Meaning.ID)
        && bySpelling.values().stream().anyMatch(each -> each.meaning() == meaning);
  }
}
