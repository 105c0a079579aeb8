package io.claviger.web.pages;

import io.claviger.application.sessions.SessionActor;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.web.server.Form;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.Optional;

/**
 * A request of a visitor for a page, and the answer to the request.
 *
 * @param session the session of the user who is signed in with this browser; empty if nobody is
 *     signed in
 * @param frame the frame around the content of pages without a template
 */
public record Visit(
    OpenCall call, Site site, Optional<SessionActor> session, Pages.PageFrame frame) {
  /**
   * The name of a hidden form field. The field proves that a form comes from a page that was shown
   * in this browser.
   */
  public static final String PROOF = "page_token";

  private static final String PURPOSE = "page";

  /** The size, in bytes, from which pages are compressed. A smaller page fits into one packet. */
  private static final int SMALLEST_COMPRESSED = 1_500;

  Context ctx() {
    return call.ctx();
  }

  String address() {
    return call.address();
  }

  CallerOrigin from() {
    return call.from();
  }

  String requestId() {
    return call.requestId();
  }

  /** Returns a part of the page's path, with percent-encoding decoded. */
  public String pathParam(String name) {
    return Routes.parameter(ctx(), name);
  }

  public String path() {
    String query = ctx().queryString();
    return query == null ? ctx().path() : ctx().path() + "?" + query;
  }

  String userAgent() {
    return Optional.ofNullable(ctx().req().getHeader("User-Agent")).orElse("");
  }

  /** Whether the request comes from a script that needs only a part of the page. */
  public boolean wantsPart() {
    return "true".equals(ctx().req().getHeader("HX-Request"));
  }

  /**
   * Returns a parameter of the page's address; empty if the address has no parameter of this name.
   *
   * @throws PageProblem if the parameter contains the character NUL, which no text in the database
   *     can contain
   */
  public Optional<String> query(String name) {
    Optional<String> value = Optional.ofNullable(ctx().queryParam(name));
    if (value.filter(text -> text.indexOf('\0') >= 0).isPresent()) {
      throw new PageProblem(
          400, "No such page", "The address has a character that no text can have (NUL).");
    }
    return value;
  }

  /**
   * Returns a parameter of the page's address without surrounding spaces; empty if it is absent.
   */
  public String queryText(String name) {
    return query(name).orElse("").strip();
  }

  /**
   * Returns the user who is signed in. A visitor who is not signed in is redirected to the sign-in
   * page, and returns to this address after signing in.
   */
  public SessionActor signedIn() {
    return session.orElseThrow(
        () ->
            PageProblem.tryAgain(
                401, "You are not signed in", "Your session has ended, or there was none."));
  }

  /**
   * Reads a form that was sent from a page of this server in this browser.
   *
   * @throws PageProblem if the form was sent from another page or another browser
   */
  public Form form() {
    demandSafeConnection();
    if (!isFromHere()) {
      throw new PageProblem(
          403,
          "This did not come from here",
          "Your browser says that another site sent this form, or that you opened the form at"
              + " another address than "
              + site.origin()
              + ". Nothing was done.");
    }
    Form form = call.form();
    boolean proven =
        form.value(PROOF)
            .flatMap(given -> expectedProof().map(expected -> isMasked(given, expected)))
            .orElse(false);
    if (!proven) {
      throw session.isPresent() ? new StaleForm(form) : StaleForm.problem();
    }
    return form;
  }

  boolean isFromHere() {
    return site.isOriginOf(
        ctx().req().getHeader("Sec-Fetch-Site"), ctx().req().getHeader("Origin"));
  }

  boolean isForm() {
    return ctx().req().getMethod().equals("POST");
  }

  /**
   * Returns the hidden field {@link #PROOF} for a form. A visitor without a session gets a cookie
   * that belongs to this field.
   */
  Html proof() {
    return Html.hidden(PROOF, proofValue());
  }

  /** Returns a value of the hidden field {@link #PROOF} for the forms of one page. */
  public String proofValue() {
    return masked(
        expectedProof()
            .orElseGet(
                () -> {
                  BrowserSecret secret = Visitors.newSecret();
                  PageCookie.VISITOR.set(ctx(), site, secret);
                  return secret.derive(PURPOSE);
                }));
  }

  /**
   * @throws PageProblem if other people could read the cookie of a session on this connection
   */
  void demandSafeConnection() {
    if (!site.allowsSignIn()) {
      throw new PageProblem(
          403,
          "Nobody can sign in here",
          "This page was reached over plain HTTP, where others could read along. Use the address"
              + " that begins with https://, or http://localhost on the machine itself. Operators"
              + " set the address by CLAVIGER_PUBLIC_URL.");
    }
  }

  void show(HtmlPage page) {
    show(200, page);
  }

  void show(int status, HtmlPage page) {
    show(status, page.bytes(frame, isAdministrator()));
  }

  /** Returns the handle of the user who is signed in; empty if nobody is signed in. */
  Optional<String> user() {
    return session.map(who -> who.actor().handle().value());
  }

  boolean isAdministrator() {
    return session.filter(who -> who.actor().administrator()).isPresent();
  }

  /**
   * Answers with a page. A page that answers a form is not compressed, because it may show a secret
   * next to what was typed.
   *
   * @param html a page or a part of a page, in UTF-8
   */
  public void show(int status, byte[] html) {
    if (!isForm()) {
      ctx().minSizeForCompression(SMALLEST_COMPRESSED);
    }
    ctx().status(status).contentType("text/html; charset=utf-8").result(html);
  }

  /**
   * Answers with a file of any length for download.
   *
   * @param name the name of the file; it consists of letters, digits, dots and hyphens
   * @param parts the parts of the file, at least one; each part is requested after the previous
   *     parts were sent
   */
  public void download(String name, String mediaType, Iterator<byte[]> parts) {
    call.file(parts);
    ctx()
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .contentType(mediaType);
  }

  /**
   * Redirects the browser to a page of this server, which the browser requests with {@code GET}.
   */
  public void redirect(String path) {
    call.seeOther(path);
  }

  /**
   * Sends the browser to another server. The answer is not a redirect, but a page that leads the
   * browser to that server. The reason is the directive {@code form-action} of the content security
   * policy, which lists the servers to which forms may be sent. Browsers apply this directive to
   * redirects too.
   */
  void leaveTo(URI location) {
    ctx().header("Refresh", "0;url=" + location.toASCIIString());
    show(
        HtmlPage.open(
            "One moment",
            Html.paragraph(
                Html.text("You are being sent to "),
                Html.linkElsewhere(location, String.valueOf(location.getHost())),
                Html.text("."))));
  }

  private Optional<String> expectedProof() {
    return session
        .map(SessionActor::pageToken)
        .or(() -> PageCookie.VISITOR.sent(ctx(), site).map(secret -> secret.derive(PURPOSE)));
  }

  /**
   * Returns random bytes, followed by the XOR of these bytes and a token. So the token looks
   * different on each page. Otherwise, somebody who can store texts that a page shows, and who can
   * observe the encrypted pages, could store guesses of the token: the lengths of the compressed
   * pages would show which guesses are right (BREACH).
   */
  private static String masked(String token) {
    byte[] plain = token.getBytes(StandardCharsets.UTF_8);
    byte[] pad = Visitors.random(plain.length);
    byte[] masked = Arrays.copyOf(pad, 2 * plain.length);
    for (int i = 0; i < plain.length; i++) {
      masked[plain.length + i] = (byte) (pad[i] ^ plain[i]);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(masked);
  }

  /** Whether a text from a form is what {@link #masked} returns for a token. */
  private static boolean isMasked(String given, String token) {
    byte[] masked;
    try {
      masked = Base64.getUrlDecoder().decode(given);
    } catch (IllegalArgumentException e) {
      return false;
    }
    byte[] expected = token.getBytes(StandardCharsets.UTF_8);
    if (masked.length != 2 * expected.length) {
      return false;
    }
    byte[] plain = new byte[expected.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) (masked[i] ^ masked[plain.length + i]);
    }
    return MessageDigest.isEqual(plain, expected);
  }
}
