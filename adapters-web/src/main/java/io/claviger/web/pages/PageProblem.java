package io.claviger.web.pages;

import io.claviger.domain.Fault;
import io.claviger.web.problems.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A request whose answer is a page that describes an error. */
public final class PageProblem extends RuntimeException {
  /**
   * Some texts in refusals are written for callers of the API. Each of these texts is followed here
   * by the text that pages show instead. Pages have buttons, boxes, and fields that can be empty.
   * Pages show neither null nor JSON names.
   */
  static final List<String> WORDS =
      List.of(
          ", or null for ",
          ", or nothing for ",
          "Send api_key and custom_headers again with this change, or clear them with null.",
          "Enter the key and the custom headers again with this change, or remove them.",
          "Send api_key again with this change, or clear it with null.",
          "Enter the key again with this change, or remove it.",
          "Send custom_headers again in a change of the service, together with its key if it has one,"
              + " or clear them with null.",
          "Type them again in the settings of the service, together with its key if it has one, or"
              + " remove them.",
          "Send the whole credential with its secret in the same request.",
          "Enter the whole credential with its secret again.",
          "In the same request, name the endpoint that may receive the api_key, credential or"
              + " custom_headers.",
          "Also name the endpoint that may receive the key, credential or custom headers.",
          "Turn on central_key, user_keys or both.",
          "Tick the stored key, the caller's own key, or both.",
          "A fallback needs both central_key and user_keys to be true.",
          "This box needs the other two: tick both.",
          "or set may_do_more to true.",
          "or tick this box.",
          ": true keeps the objects, false ends them.",
          ".",
          "Give the current addresses in the credential's token_url, sts_url and impersonation_url,"
              + " except the provider's own addresses.",
          "Give the current addresses that are asked for tokens, except the provider's own addresses.",
          "To bind it anyway, send allow_dimension_change: true.",
          "To bind it anyway, tick the box below.",
          "Delete with force=true to unbind what others have.",
          "To delete the account nevertheless, tick the box below.",
          "or delete with force=true.",
          "or tick the box below.",
          " in the console, or with PUT /v1/llm-services/{owner}/{handle}/user-key.",
          ".",
          "one of the providers that GET /v1/providers lists",
          "one of the providers on the page Providers",
          "The stored resource is not as this request expects: it has another version, exists already,"
              + " or does not exist. Read it again.",
          "Somebody else has changed this since you opened the page. Perhaps it exists already, or no"
              + " longer exists. Nothing was done. Open the page again.");

  private static final Html ACCOUNT = Html.link("/console/account", "My account");

  private final int status;
  private final String title;
  private final String sentence;
  private final Html next;
  private final Optional<Duration> retryAfter;

  private PageProblem(
      int status, String title, String sentence, Html next, Optional<Duration> retryAfter) {
    super(title, null, false, false);
    this.status = status;
    this.title = title;
    this.sentence = sentence;
    this.next = next;
    this.retryAfter = retryAfter;
  }

  public PageProblem(int status, String title, String sentence) {
    this(status, title, sentence, ACCOUNT, Optional.empty());
  }

  /** Returns a text of a refusal in the words of a page. */
  public static String words(String refusal) {
    String said = refusal;
    for (int i = 0; i < WORDS.size(); i += 2) {
      said = said.replace(WORDS.get(i), WORDS.get(i + 1));
    }
    return said;
  }

  /** Returns everything that a problem says, in the words of a page. */
  static String words(Problem problem) {
    return problem.faults().isEmpty()
        ? words(problem.detail())
        : problem.faults().stream()
            .map(PageProblem::words)
            .distinct()
            .collect(Collectors.joining(" "));
  }

  /**
   * Returns the label of the field with the fault, followed by the text of the fault in the words
   * of a page. If the text alone says what is meant, the label is left out.
   */
  private static String words(Fault fault) {
    String[] parts = fault.pointer().split("/", -1);
    String field = KeptForm.words(parts[parts.length - 1]);
    String said = words(fault.detail());
    boolean isLabelled = !field.isEmpty() && !fault.standsWithoutField();
    return (isLabelled ? field + ": " + said : said) + (said.endsWith(".") ? "" : ".");
  }

  /** Returns a problem that the visitor might solve by signing in again. */
  static PageProblem tryAgain(int status, String title, String sentence) {
    return new PageProblem(
        status, title, sentence, Html.link(SignInPages.PATH, "Sign in"), Optional.empty());
  }

  /** Returns a problem that the visitor can solve by signing in again after some time. */
  static PageProblem tooMany(String title, String sentence, Duration retryAfter) {
    return new PageProblem(
        429, title, sentence, Html.link(SignInPages.PATH, "Sign in"), Optional.of(retryAfter));
  }

  /** Returns this problem for a visitor who can sign in at the given address. */
  PageProblem leadingTo(String address) {
    return new PageProblem(status, title, sentence, Html.link(address, "Sign in"), retryAfter);
  }

  /** Returns this problem for a visitor who is signed in. */
  PageProblem leadingToAccount() {
    return new PageProblem(status, title, sentence, ACCOUNT, retryAfter);
  }

  /**
   * Returns this problem with a link to the page on which the visitor can request the missing
   * terms.
   *
   * @param path the path of this page
   */
  PageProblem askingAt(String path) {
    return new PageProblem(
        status, title, sentence, Html.link(path, "Ask the owner for it"), retryAfter);
  }

  int status() {
    return status;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /**
   * @param user the handle of the visitor; empty if they are not signed in
   */
  HtmlPage page(Optional<String> user) {
    return new HtmlPage(title, user, Html.all(Html.warning(sentence), Html.paragraph(next)));
  }
}
