package io.claviger.domain.formats;

import java.util.List;
import java.util.Set;

/**
 * The shape of a format's lists of models, for reading and for writing them.
 *
 * @param paths the paths, below services, of the operation that lists models; at most services, the
 *     first path is the right one
 * @param ends the last path segments that lead to a list of models
 * @param members the members of an answer that may hold the list
 * @param idMember the member of an element that holds the model's id
 * @param idPrefix a prefix that the list may put before the id; empty if there is no prefix
 */
public record ModelListShape(
    List<String> paths,
    Set<String> ends,
    Set<String> members,
    String idMember,
    String idPrefix,
    Paging paging) {
  /**
   * The paging of a list: the names by which the list is read page by page. A name in this record
   * is empty if the format has no such parameter or member.
   *
   * @param size the query parameter for the greatest number of models on a page
   * @param usual the size of a page if the parameter is absent
   * @param zeroIsUsual whether a size of zero requests the usual size
   * @param after the parameter that says where the wanted page begins; its value is stated in the
   *     previous page
   * @param before the query parameter for the id of the model that follows directly after the
   *     wanted page
   * @param isOpaque whether {@code after} is a text that only the server understands, instead of
   *     the last id
   * @param next the member of an answer that states where the next page begins
   * @param more the member that is true only if another page follows; empty if the format has no
   *     such member, and {@code next} is absent on the last page instead
   */
  public record Paging(
      String size,
      int usual,
      boolean zeroIsUsual,
      String after,
      String before,
      boolean isOpaque,
      String next,
      String more) {
    /** The paging of lists that always have one page. */
    public static final Paging NONE = new Paging("", 0, false, "", "", false, "", "");

    /** The paging in which a page begins after the id of a model. */
    static Paging byId(
        String size, int usual, String after, String before, String next, String more) {
      return new Paging(size, usual, false, after, before, false, next, more);
    }

    /**
     * The paging in which the beginning of a page is stated as a text that only the server
     * understands.
     */
    static Paging byToken(String size, int usual, String token, String next) {
      return new Paging(size, usual, false, token, "", true, next, "");
    }

    Paging withZeroAsUsual() {
      return new Paging(size, usual, true, after, before, isOpaque, next, more);
    }

    /** The query that requests pages of this size; empty if lists always have one page. */
    public String query(int most) {
      return size.isEmpty() ? "" : size + "=" + most;
    }
  }

  static final Set<String> USUAL_MEMBERS = Set.of("data", "models");

  /** The path below most services. */
  public String path() {
    return paths.get(0);
  }

  /**
   * Whether an operation's answer lists models.
   *
   * @param of the path of the operation
   */
  public boolean isListed(String of) {
    return ends.contains(of.substring(of.lastIndexOf('/') + 1));
  }

  /** The model's id in the form in which requests name it. */
  public String id(String listed) {
    return !idPrefix.isEmpty() && listed.startsWith(idPrefix)
        ? listed.substring(idPrefix.length())
        : listed;
  }
}
