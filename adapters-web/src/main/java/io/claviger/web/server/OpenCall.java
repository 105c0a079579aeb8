package io.claviger.web.server;

import io.claviger.web.json.JsonWriter;
import io.javalin.http.Context;

/** One request to a path that anyone may use without an access token, and its answer. */
public final class OpenCall {
  private final Context ctx;
  private final String address;

  OpenCall(Context ctx, String address) {
    this.ctx = ctx;
    this.address = address;
  }

  /** Returns the whole request and answer, for what this class has no method for. */
  public Context ctx() {
    return ctx;
  }

  /** Returns the caller's address as text. */
  public String address() {
    return address;
  }

  public String requestId() {
    return ApiCall.requestId(ctx);
  }

  /**
   * Reads the body as a form.
   *
   * @throws io.claviger.web.problems.ProblemException when it is not a form, or too large
   */
  public Form form() {
    return BodyReader.readForm(ctx.req());
  }

  /** Reads and discards what is left of the body, so that the caller gets to read the answer. */
  public void discardBody() {
    BodyReader.discard(ctx.req());
  }

  /** Answers with a record as JSON. */
  public void json(int status, Object answer) {
    ctx.status(status).contentType("application/json").result(JsonWriter.bytes(answer));
  }

  /** Sends the caller to another address, where GET is used (RFC 9110, 15.4.4). */
  public void seeOther(String location) {
    ctx.status(303).header("Location", location);
  }
}
