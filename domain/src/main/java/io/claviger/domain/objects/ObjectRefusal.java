package io.claviger.domain.objects;

/**
 * The reason why a request is not allowed to refer to an object.
 *
 * @param reference the refused reference; the reference's fields are empty unless the reason
 *     concerns a reference
 */
public record ObjectRefusal(Reason reason, ObjectReference reference) {
  /**
   * The reason for a refusal. If there are several reasons, the reason that comes first in this
   * list is stated.
   */
  public enum Reason {
    /** Different parsers may understand the reference differently. */
    UNCLEAR,
    /** The request has too many references. */
    TOO_MANY,
    /** The request continues a response that the caller is not allowed to use. */
    PREVIOUS_RESPONSE,
    /** The request contains an item that is given only by its id, and responses are not lent. */
    ITEM,
    /** The object does not exist, or the caller is not allowed to use it. */
    NOT_FOUND,
    /**
     * The request has a tool of an unknown type, so Claviger can't know which objects of the
     * account the tool uses.
     */
    UNKNOWN_TOOL,
    /** The provider would make an object of a kind that is not lent. */
    NOT_LENT
  }
}
