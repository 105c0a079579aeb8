package io.claviger.web.server;

import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenText;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonWriter;
import io.claviger.web.problems.Problem;
import io.javalin.http.Context;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request that needs no access token, and its answer. */
public final class OpenCall {
  private final Context ctx;
  private final CallerOrigin from;
  private final Caller caller;
  private @Nullable ReceivedBody form;
  private Runnable pageMade = () -> {};
  private Runnable demandPermitted = () -> {};

  OpenCall(Context ctx, CallerOrigin from, Caller caller) {
    this.ctx = ctx;
    this.from = from;
    this.caller = caller;
  }

  /** Returns the caller's bearer token; empty unless the request has exactly one bearer token. */
  public Optional<TokenText> token() {
    return BearerToken.of(ctx);
  }

  /**
   * Counts this request against the limit of the caller's address, because the caller is unknown.
   *
   * @throws io.claviger.web.problems.ProblemException if too many requests come from the address
   */
  public void countUnknown() {
    caller.countUnknown(ctx);
  }

  /**
   * Counts this request as a request of a program that is not a user, and receives the body of the
   * request.
   *
   * @param name the program's name for the log
   * @param program the id of the program
   * @param demand an action that throws an exception if the program may no longer read anything.
   *     The action runs before each list, because the request may have waited for other lists
   * @throws io.claviger.web.problems.ProblemException if the program makes too many requests, or if
   *     the body is too large or incomplete
   */
  public ProgramCall program(String name, UUID program, Runnable demand) {
    return caller.program(ctx, name, program, demand);
  }

  /** Returns Javalin's context, which provides everything that this class does not. */
  public Context ctx() {
    return ctx;
  }

  /** Returns the request's origin: the caller's address and certificate. */
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
   * Counts this request as a request of a signed-in user. The request counts against the user's
   * limits for requests per minute and for concurrent requests. If the request contains a form, the
   * form is received first.
   *
   * @throws io.claviger.web.problems.ProblemException if the user makes too many requests, or if
   *     the form is too large or incomplete
   */
  public void countFor(Actor user) {
    Places.PagePlace place = caller.page(ctx, user);
    form = place.form();
    pageMade = place.made();
  }

  /**
   * Sets the action that runs before each part of a file, because the caller decides how long the
   * file takes.
   *
   * @param demand an action that throws an exception if the caller may no longer read the file
   */
  public void demandOfParts(Runnable demand) {
    demandPermitted = demand;
  }

  /** Records that the page has been generated, so that the user may request another page. */
  public void pageMade() {
    pageMade.run();
  }

  /**
   * Answers with a file of any length. The request occupies the user's place for pages until the
   * whole file was sent.
   *
   * @param parts the parts of the file, at least one; each part is requested after the previous
   *     parts were sent
   */
  public void file(Iterator<byte[]> parts) {
    InputStream content = FileParts.of(ctx, new PermittedParts(parts));
    pageMade = () -> {};
    ctx.result(content);
  }

  /**
   * Reads the body as a form. If the caller is unknown, the size of the body counts against the
   * limits of the caller's address.
   *
   * @throws io.claviger.web.problems.ProblemException if the body is too large or is not a form
   */
  public Form form() {
    return form(Form.LARGEST);
  }

  /**
   * Reads the body as a form that somebody sent after their session had ended. The form may be as
   * large as the form of a user, but counts against the limits of the caller's address.
   *
   * @throws io.claviger.web.problems.ProblemException if the body is too large or is not a form
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
   * @throws io.claviger.web.problems.ProblemException if the body is too large or is not JSON
   */
  public Body body() {
    if (form == null) {
      form = caller.form(ctx, from.address(), Form.LARGEST);
    }
    return BodyReader.json(ctx.req(), form);
  }

  /**
   * Counts this request as a request that each address may make only rarely.
   *
   * @param perMinute the maximum number of such requests from one address per minute
   * @throws io.claviger.web.problems.ProblemException if too many such requests come from the
   *     address
   */
  public void countRarely(int perMinute) {
    caller.countRare(ctx, AddressBlock.of(from.address()), perMinute);
  }

  /**
   * Returns the problem that answers an exception. An unexpected exception is also written to the
   * log.
   */
  public Problem problem(RuntimeException thrown) {
    return ErrorAnswers.note(thrown, requestId());
  }

  /** Answers with status 204, without a body. */
  public void noContent() {
    ctx.status(204);
  }

  /**
   * Reads and discards the rest of the body, so that the caller can read the answer. The request
   * first gives up its place among the requests being answered.
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

  private final class PermittedParts implements Iterator<byte[]> {
    private final Iterator<byte[]> parts;

    PermittedParts(Iterator<byte[]> parts) {
      this.parts = parts;
    }

    @Override
    public boolean hasNext() {
      return parts.hasNext();
    }

    @Override
    public byte[] next() {
      demandPermitted.run();
      return parts.next();
    }
  }
}
