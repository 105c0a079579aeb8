package io.claviger.domain.formats;

/**
 * The members of an answer's outermost object that state details of a stored object. If the
 * operation adds a part to an object, the members state details of this part. A name is empty if
 * answers do not state the detail.
 *
 * @param expires the member with the time at which the object expires: seconds since 1970, or a
 *     time as in RFC 3339
 * @param bytes the member with the object's size in bytes
 * @param purpose the member with the object's purpose; for a container, the member with its memory
 */
public record ObjectDetails(String expires, String bytes, String purpose) {
  public static final ObjectDetails NONE = new ObjectDetails("", "", "");
}
