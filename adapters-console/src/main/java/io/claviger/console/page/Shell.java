package io.claviger.console.page;

import io.claviger.domain.requests.MissingTerms;
import java.util.List;
import java.util.function.Function;

/**
 * The values that the frame around a page needs.
 *
 * @param title the title of the page
 * @param user the handle of the user who is signed in
 * @param area the part of the console that the page belongs to
 * @param administrator whether the viewer is an administrator
 * @param proof the value of the hidden field that each form of the page needs
 * @param asking returns the address of the page on which the viewer can request what they lack
 * @param suggesting returns the names that a field suggests
 */
public record Shell(
    String title,
    String user,
    Area area,
    boolean administrator,
    String proof,
    Function<MissingTerms, String> asking,
    Function<Suggestions.Of, List<String>> suggesting) {
  /** Returns the first names that a field suggests before anything is typed into it. */
  public List<String> suggested(Suggestions.Of what) {
    return suggesting.apply(what);
  }

  /**
   * Returns the address of the page on which the viewer can request from the owner of a service
   * what they lack.
   */
  public String askPath(MissingTerms missing) {
    return asking.apply(missing);
  }

  /** The name of the hidden field that proves that a form comes from a page of this session. */
  public String proofField() {
    return io.claviger.web.pages.Visit.PROOF;
  }

  /** Returns the links of the navigation. */
  public List<Area.AreaGroup> navigation() {
    return Area.offeredTo(administrator);
  }

  public String asset(String name) {
    return Assets.FILES.url(name);
  }
}
