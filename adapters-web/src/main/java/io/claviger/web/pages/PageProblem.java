package io.claviger.web.pages;

import java.util.Optional;

/** A request whose answer is a page that describes an error. */
public final class PageProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Html ACCOUNT = Html.link("/console/account", "My account");

  private final int status;
  private final String title;
  private final String sentence;
  private final transient Html next;

  private PageProblem(int status, String title, String sentence, Html next) {
    super(title, null, false, false);
    this.status = status;
    this.title = title;
    this.sentence = sentence;
    this.next = next;
  }

  public PageProblem(int status, String title, String sentence) {
    this(status, title, sentence, ACCOUNT);
  }

  /** Returns a problem that the visitor may solve by signing in again. */
  static PageProblem tryAgain(int status, String title, String sentence) {
    return new PageProblem(status, title, sentence, Html.link("/console/sign-in", "Sign in"));
  }

  /**
   * Returns this problem with a link to the page on which the visitor can request the missing
   * terms.
   *
   * @param path the path of this page
   */
  PageProblem askingAt(String path) {
    return new PageProblem(status, title, sentence, Html.link(path, "Ask the owner for it"));
  }

  int status() {
    return status;
  }

  /**
   * @param user the handle of the visitor; empty if they are not signed in
   */
  HtmlPage page(Optional<String> user) {
    return new HtmlPage(title, user, Html.all(Html.warning(sentence), Html.paragraph(next)));
  }
}
