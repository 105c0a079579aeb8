package io.claviger.domain.formats;

/**
 * The members of an answer's outermost object that state more about an object. A name is empty if
 * answers do not state that detail.
 *
 * @param expires the member that says when the object expires: as seconds since 1970, or as a time
 *     in the format of RFC 3339
 * @param bytes the member that states the object's size in bytes
 * @param purpose the member that states the object's purpose
 */
public record ObjectDetails(String expires, String bytes, String purpose) {
  public static final ObjectDetails NONE = new ObjectDetails("", "", "");
}
