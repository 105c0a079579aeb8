package io.claviger.domain.objects;

/**
 * Why a request may not refer to an object.
 *
 * @param reference the reference; empty fields unless the reason is about one
 */
public record ObjectRefusal(Reason reason, ObjectReference reference) {
  /** What is wrong. The earlier reason is stated if there are several. */
  public enum Reason {
    /** Readers may understand the reference differently. */
    UNCLEAR,
    /** There are more references than one request may have. */
    TOO_MANY,
    /** The request goes on with a response that the caller may not use. */
    PREVIOUS_RESPONSE,
    /** The request contains an item by its id alone. */
    ITEM,
    /** There is no such object that the caller may use. */
    NOT_FOUND,
    /** The request has a tool of a type of which nobody knows what it uses in the account. */
    UNKNOWN_TOOL,
    /** The provider would make an object of a kind that is not lent. */
    NOT_LENT
  }
}
