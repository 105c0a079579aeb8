package io.claviger.console.page;

import io.claviger.domain.requests.MissingTerms;
import java.util.List;
import java.util.function.Function;

/**
 * The values for the frame around a page's content.
 *
 * @param title the title that the page shows
 * @param user the handle of the user who is signed in
 * @param area the part of the console to which the page belongs
 * @param administrator whether the viewer is an administrator
 * @param proof the value of the hidden field that each form of the page must contain
 * @param asking a function that returns the address of the page on which the viewer can request
 *     missing terms
 * @param suggesting a function that returns the suggested names for a field of a form
 */
public record Shell(
    String title,
    String user,
    Area area,
    boolean administrator,
    String proof,
    Function<MissingTerms, String> asking,
    Function<Suggestions.Of, List<String>> suggesting) {
  /** Returns the names that a field suggests before the user types anything. */
  public List<String> suggested(Suggestions.Of what) {
    return suggesting.apply(what);
  }

  /**
   * Returns the address of the page on which the viewer can request missing terms from a service's
   * owner.
   */
  public String askPath(MissingTerms missing) {
    return asking.apply(missing);
  }

  /** The name of the hidden field which proves that a form comes from a page of this session. */
  public String proofField() {
    return io.claviger.web.pages.Visit.PROOF;
  }

  /** Returns the links in the navigation, in their groups. */
  public List<Area.AreaGroup> navigation() {
    return Area.offeredTo(administrator);
  }

  public String asset(String name) {
    return Assets.FILES.url(name);
  }
}
