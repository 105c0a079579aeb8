package io.claviger.domain.objects;

/**
 * The refusal of a request because of an object to which it refers or which it would create.
 *
 * @param reference the refused reference; its fields are empty unless the reason concerns a
 *     reference
 */
public record ObjectRefusal(Reason reason, ObjectReference reference) {
  /**
   * The reason for a refusal. If there are several reasons, the first reason in this list is
   * stated.
   */
  public enum Reason {
    /** Different parsers might understand the reference differently. */
    UNCLEAR,
    /** The request has too many references. */
    TOO_MANY,
    /** The request continues a response that the caller may not use. */
    PREVIOUS_RESPONSE,
    /** The request gives an item only by its id, but responses are not lent. */
    ITEM,
    /** The object does not exist, or the caller may not use it. */
    NOT_FOUND,
    /** The request names a stored prompt but no model, so the prompt's own model would answer. */
    MODEL_MISSING,
    /**
     * The request has a tool of an unknown type, so that Claviger can't know which objects of the
     * account the tool uses.
     */
    UNKNOWN_TOOL,
    /** The provider would create an object of a kind that is not lent. */
    NOT_LENT
  }
}
