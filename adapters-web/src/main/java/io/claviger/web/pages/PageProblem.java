package io.claviger.web.pages;

import io.claviger.domain.identity.ReturnPath;
import java.util.Optional;

/** A request that gets a page which says what is wrong. */
public final class PageProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final String sentence;
  private final transient Optional<ReturnPath> again;

  private PageProblem(int status, String title, String sentence, Optional<ReturnPath> again) {
    super(title, null, false, false);
    this.status = status;
    this.title = title;
    this.sentence = sentence;
    this.again = again;
  }

  public PageProblem(int status, String title, String sentence) {
    this(status, title, sentence, Optional.empty());
  }

  /** A problem that another sign-in may solve. */
  static PageProblem tryAgain(int status, String title, String sentence) {
    return new PageProblem(status, title, sentence, Optional.of(ReturnPath.START));
  }

  int status() {
    return status;
  }

  Page page() {
    return Page.open(
        title,
        Html.warning(sentence),
        again.isPresent()
            ? Html.paragraph(Html.link("/console/sign-in", "Sign in"))
            : Html.paragraph(Html.link("/console/account", "My account")));
  }
}
