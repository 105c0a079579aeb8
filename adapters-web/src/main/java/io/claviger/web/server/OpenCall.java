package io.claviger.web.server;

import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenText;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonWriter;
import io.javalin.http.Context;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request to a path that anyone may use without an access token, and the answer to the request.
 */
public final class OpenCall {
  private final Context ctx;
  private final CallerOrigin from;
  private final Caller caller;
  private @Nullable ReceivedBody form;
  private Runnable pageMade = () -> {};

  OpenCall(Context ctx, CallerOrigin from, Caller caller) {
    this.ctx = ctx;
    this.from = from;
    this.caller = caller;
  }

  /**
   * Returns the bearer token that the caller presents; empty unless the request has exactly one
   * bearer token.
   */
  public Optional<TokenText> token() {
    return BearerToken.of(ctx);
  }

  /**
   * Counts this request against the limits of its address, because the caller is unknown.
   *
   * @throws io.claviger.web.problems.ProblemException if callers from the address make too many
   *     requests
   */
  public void countUnknown() {
    caller.countUnknown(ctx);
  }

  /**
   * Counts this request as one of a program that is not a user, and receives the body of the
   * request.
   *
   * @param name the name of the program as it appears in the log
   * @param program the id that distinguishes the program from others
   * @throws io.claviger.web.problems.ProblemException if the program makes too many requests, or if
   *     the body is too large or incomplete
   */
  public ProgramCall program(String name, UUID program) {
    return caller.program(ctx, name, program);
  }

  /** Returns Javalin's context, for purposes for which this class has no method. */
  public Context ctx() {
    return ctx;
  }

  /** Returns the origin of the request: the address and the certificate of the caller. */
  public CallerOrigin from() {
    return from;
  }

  public String address() {
    return from.address();
  }

  public String requestId() {
    return ApiCall.requestId(ctx);
  }

  /**
   * Counts this request as one of a signed-in user. It counts against the limit of requests per
   * minute and against the limit of concurrent requests. If the request sends a form, the form is
   * received before that.
   *
   * @throws io.claviger.web.problems.ProblemException if the user makes too many requests, or if
   *     the form is too large or incomplete
   */
  public void countFor(Actor user) {
    Places.PagePlace place = caller.page(ctx, user);
    form = place.form();
    pageMade = place.made();
  }

  /** Records that the page has been made, so that the user may request another page. */
  public void pageMade() {
    pageMade.run();
  }

  /**
   * Answers with a file of any length. Until the whole file is sent, the request keeps its place
   * among the requests for pages.
   *
   * @param parts the parts of the file, at least one; each part is made when the previous parts
   *     have been sent
   */
  public void file(Iterator<byte[]> parts) {
    InputStream content = FileParts.of(ctx, parts);
    pageMade = () -> {};
    ctx.result(content);
  }

  /**
   * Reads the body as a form. If the caller is unknown, the size of the body counts against the
   * limits of the caller's address.
   *
   * @throws io.claviger.web.problems.ProblemException if the body is not a form, or if it is too
   *     large
   */
  public Form form() {
    return form(Form.LARGEST);
  }

  /**
   * Reads the body as a form that somebody sent after their session had ended. The form may be as
   * large as the form of a user, but counts against the limits of the caller's address.
   *
   * @throws io.claviger.web.problems.ProblemException if the body is not a form, or if it is too
   *     large
   */
  public Form formWithoutSession() {
    return form(Form.LARGEST_OF_USER);
  }

  private Form form(int largestOfUnknown) {
    if (form == null) {
      form = caller.form(ctx, from.address(), largestOfUnknown);
    }
    return BodyReader.form(ctx.req(), form);
  }

  /**
   * Reads the body as JSON. If the caller is unknown, the size of the body counts against the
   * limits of the caller's address.
   *
   * @throws io.claviger.web.problems.ProblemException if the body is not JSON, or if it is too
   *     large
   */
  public Body body() {
    if (form == null) {
      form = caller.form(ctx, from.address(), Form.LARGEST);
    }
    return BodyReader.json(ctx.req(), form);
  }

  /**
   * Counts this request as one of a kind of which each address may make only a few.
   *
   * @param perMinute the number of such requests that callers from the address may make in a minute
   * @throws io.claviger.web.problems.ProblemException if more requests come from the address than
   *     are permitted
   */
  public void countRarely(int perMinute) {
    caller.countRare(ctx, AddressBlock.of(from.address()), perMinute);
  }

  /** Answers with status 204, without a body. */
  public void noContent() {
    ctx.status(204);
  }

  /**
   * Reads and discards the rest of the body, so that the caller can read the answer. Before that,
   * the request gives up its place among the requests that are answered.
   */
  public void discardBody() {
    Completion.of(ctx).over();
    BodyReader.discard(ctx.req());
  }

  /** Answers with a record as JSON. */
  public void json(int status, Object answer) {
    ctx.status(status).contentType("application/json").result(JsonWriter.bytes(answer));
  }

  /**
   * Redirects the caller to another address, which the caller then requests with GET (RFC 9110,
   * 15.4.4).
   */
  public void seeOther(String location) {
    ctx.status(303).header("Location", location);
  }
}
