package io.claviger.domain.formats;

/**
 * Where answers state more about an object, as members of the outermost object. Empty texts stand
 * for what is not stated.
 *
 * @param expires the member that says when the object expires: seconds since 1970, or a time as RFC
 *     3339 writes it
 * @param bytes the member that states its size in bytes
 * @param purpose the member that states what it is for
 */
public record ObjectDetails(String expires, String bytes, String purpose) {
  public static final ObjectDetails NONE = new ObjectDetails("", "", "");
}
