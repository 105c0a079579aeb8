package io.claviger.web.server;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.json.Body;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.JsonWriter;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** One request of a caller who is known, and its answer. */
public final class ApiCall {
  private static final Pattern UUID_SHAPE =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final Context ctx;
  private final Actor actor;
  private final Query query;
  private final ConcurrencyLimit lists;
  private Runnable listRead = () -> {};

  ApiCall(Context ctx, Actor actor, Query query, ConcurrencyLimit lists) {
    this.ctx = ctx;
    this.actor = actor;
    this.query = query;
    this.lists = lists;
  }

  public Actor actor() {
    return actor;
  }

  public Query query() {
    return query;
  }

  /** A handle in the path; one that can't be is a thing that is not there. */
  public Handle handle(String name) {
    try {
      return new Handle(ctx.pathParam(name));
    } catch (InvalidValue e) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
  }

  /** The name in the path of what a user owns; nothing is called {@code _system}. */
  public Handle ownedHandle(String name) {
    Handle handle = handle(name);
    if (handle.isSystem()) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
    return handle;
  }

  /** The LLM service in the path that something is asked of; nothing is created there. */
  public InstanceRef service() {
    return new InstanceRef(handle("owner"), ownedHandle("handle"));
  }

  /** A handle in the path of a write that may create, whose faults are told. */
  public Handle writtenHandle(String name) {
    try {
      return new Handle(ctx.pathParam(name));
    } catch (InvalidValue e) {
      throw new InvalidInput(new Fault("/" + name, "invalid_value", e.allowed()));
    }
  }

  /**
   * The same for what is new under it: {@code _system} is a user, and no name for anything else.
   */
  public Handle newHandle(String name) {
    Handle handle = writtenHandle(name);
    if (handle.isSystem()) {
      throw new InvalidInput(
          new Fault("/" + name, "invalid_value", "What starts with _ is reserved."));
    }
    return handle;
  }

  /** An id in the path; one that can't be is a thing that is not there. */
  public UUID id(String name) {
    String text = ctx.pathParam(name);
    if (!UUID_SHAPE.matcher(text).matches()) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
    return UUID.fromString(text);
  }

  /** The body, for the caller to close. */
  public Body body() {
    return BodyReader.read(ctx.req());
  }

  /** Takes the body of a request that needs none: nothing at all, or an empty object. */
  public void emptyBody() {
    BodyReader.readEmpty(ctx.req());
  }

  public Precondition precondition() {
    return precondition(Optional.empty());
  }

  /**
   * Ends the reading of a write's body: a version in it acts like {@code If-Match}, stamps are
   * ignored, and read-only fields are as GET shows them now.
   *
   * @param current what is in place; asked only if the body has read-only fields
   * @throws InvalidInput when anything in the body was wrong
   */
  public Precondition done(
      JsonObject fields, List<String> readOnly, Supplier<CurrentState> current) {
    Precondition precondition =
        precondition(fields.value("version", JsonConverter.VERSION).given());
    fields.ignore("created_at");
    fields.ignore("updated_at");
    if (fields.hasAny(readOnly)) {
      current.get().shown(precondition).unchanged(fields, readOnly);
    }
    fields.rejectUnread();
    return precondition;
  }

  private Precondition precondition(Optional<Long> bodyVersion) {
    return Conditions.of(
        Collections.list(ctx.req().getHeaders("If-Match")),
        Collections.list(ctx.req().getHeaders("If-None-Match")),
        bodyVersion);
  }

  /**
   * Which part of this list is asked for. It also ends the reading of the query, and waits until
   * the list may be read.
   */
  public <P> PageRequest<P> page(CursorFormat<P> position) {
    int limit = query.value("limit", ApiCall::limit).orElse(PageRequest.DEFAULT_LIMIT);
    Optional<P> after =
        query.value("cursor", text -> position.read().apply(Cursors.decode(ctx.path(), text)));
    query.rejectUnread();
    listRead = lists.enter(actor.id());
    Completion.of(ctx).then(listRead);
    return new PageRequest<>(after, limit);
  }

  public void ok(Object answer) {
    ctx.status(200).contentType("application/json").result(JsonWriter.bytes(answer));
  }

  /**
   * Answers an object that carries a version. Answers to writes have no entity tag: they are not
   * what was sent (RFC 9110, 9.3.4).
   */
  public void shown(Object answer, long version) {
    ctx.header("ETag", Conditions.entityTag(version));
    ok(answer);
  }

  /**
   * @param location where the new thing is
   */
  public void created(String location, Object answer) {
    ok(answer);
    ctx.status(201).header("Location", location);
  }

  /** Answers a write of the thing at this path, which may have created it. */
  public void written(boolean created, Object answer) {
    if (created) {
      created(ctx.path(), answer);
    } else {
      ok(answer);
    }
  }

  /**
   * Answers a part of a list, of which the answer has about a megabyte at most: what does not fit
   * comes with the next part.
   *
   * @param render how an item is shown
   */
  public <T, P> void list(Page<T, P> page, CursorFormat<P> position, Function<T, ?> render) {
    ListBody body = new ListBody();
    int count = 0;
    while (count < page.items().size() && body.add(render.apply(page.items().get(count)))) {
      count++;
    }
    Page<T, P> part = page.first(Math.max(1, count));
    Optional<String> next =
        part.next().map(p -> Cursors.encode(ctx.path(), position.write().apply(p)));
    next.ifPresent(
        cursor -> ctx.header("Link", "<" + NextPage.of(ctx, cursor) + ">; rel=\"next\""));
    ctx.status(200).contentType("application/json").result(body.end(next));
    listRead.run();
  }

  public void noContent() {
    ctx.status(204);
  }

  static String requestId(Context ctx) {
    return String.valueOf(ctx.res().getHeader(RequestId.HEADER));
  }

  private static int limit(String text) {
    if (!text.matches("[1-9]\\d{0,2}") || Integer.parseInt(text) > PageRequest.MAX_LIMIT) {
      throw new InvalidValue("limit", "1 to 200");
    }
    return Integer.parseInt(text);
  }
}
