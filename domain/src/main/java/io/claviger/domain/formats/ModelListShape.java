package io.claviger.domain.formats;

import java.util.List;
import java.util.Set;

/**
 * The form that lists of models have in a format, for reading and writing them.
 *
 * @param paths the paths, below services, of the operation that lists models; most services use the
 *     first of these paths
 * @param ends the last path segments of the operations that list models
 * @param members the members of an answer that can contain the list
 * @param idMember the member of an element with the model's id
 * @param idPrefix a prefix before the id in the list; empty if there is none
 * @param leavesOutEmpty whether an answer that contains no members means an empty list
 */
public record ModelListShape(
    List<String> paths,
    Set<String> ends,
    Set<String> members,
    String idMember,
    String idPrefix,
    Paging paging,
    boolean leavesOutEmpty) {
  /** Creates the form for formats whose answers contain the list even if the list is empty. */
  ModelListShape(
      List<String> paths,
      Set<String> ends,
      Set<String> members,
      String idMember,
      String idPrefix,
      Paging paging) {
    this(paths, ends, members, idMember, idPrefix, paging, false);
  }

  /**
   * The names of the parameters and members with which a list is read page by page. A name is empty
   * if the format has no such parameter or member.
   *
   * @param size the query parameter for the greatest number of models on a page
   * @param usual the size of a page if a request does not have the parameter {@code size}
   * @param zeroIsUsual whether a size of zero means the usual size
   * @param after the query parameter that states where the wanted page begins. The parameter's
   *     value is in the previous page
   * @param before the query parameter with the id of the model directly after the wanted page
   * @param isOpaque whether {@code after} is a text that only the server understands, instead of an
   *     id
   * @param next the answer's member that states where the next page begins
   * @param more the answer's member that is true only if another page follows. Empty if there is no
   *     such member; then the last page has no {@code next}
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
    static Paging byId(String after, String before) {
      return new Paging("limit", 20, false, after, before, false, "last_id", "has_more");
    }

    /** The paging in which an opaque text from the server states where a page begins. */
    static Paging byToken(String size, int usual, String token, String next) {
      return new Paging(size, usual, false, token, "", true, next, "");
    }

    Paging withZeroAsUsual() {
      return new Paging(size, usual, true, after, before, isOpaque, next, more);
    }

    /** Returns the query for pages of the given size; empty if lists always have one page. */
    public String query(int most) {
      return size.isEmpty() ? "" : size + "=" + most;
    }
  }

  static final Set<String> USUAL_MEMBERS = Set.of("data", "models");

  /** The paging of stored objects in APIs whose lists of models always have one page. */
  static final Paging OBJECT_PAGES = Paging.byId("after", "");

  /** The form of lists of an object's parts, for APIs in which pages begin after an id. */
  static ModelListShape ofParts(String path) {
    return new ModelListShape(List.of(path), Set.of(), Set.of("data"), "id", "", OBJECT_PAGES);
  }

  /** Returns the path at which most services list their models. */
  public String path() {
    return paths.get(0);
  }

  /**
   * Whether an operation lists models.
   *
   * @param of the path of the operation, relative to the service
   */
  public boolean isListed(String of) {
    return ends.contains(of.substring(of.lastIndexOf('/') + 1));
  }

  /** Returns the model's id in the form in which requests state it. */
  public String id(String listed) {
    return !idPrefix.isEmpty() && listed.startsWith(idPrefix)
        ? listed.substring(idPrefix.length())
        : listed;
  }
}
