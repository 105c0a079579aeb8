package io.claviger.web.server;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.WrittenUuid;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.web.json.Body;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.JsonWriter;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.http.Context;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** A request of an authenticated caller, and the answer to the request. */
public final class ApiCall {
  /** The part of a path that names the user or group with whom something is shared. */
  private static final String GRANTEE = "user";

  private final Context ctx;
  private final Actor actor;
  private final Query query;
  private final ReceivedBody body;
  private final Supplier<Runnable> lists;
  private Runnable listRead = () -> {};

  /**
   * @param lists the limit on lists that are read at the same time: a function that waits until the
   *     caller may read a list, and returns an action that frees the caller's place
   */
  ApiCall(Context ctx, Actor actor, Query query, ReceivedBody body, Supplier<Runnable> lists) {
    this.ctx = ctx;
    this.actor = actor;
    this.query = query;
    this.body = body;
    this.lists = lists;
  }

  public Actor actor() {
    return actor;
  }

  public Query query() {
    return query;
  }

  /** Returns a handle in the path. If the handle is invalid, the answer is 404. */
  public Handle handle(String name) {
    try {
      return new Handle(Routes.parameter(ctx, name));
    } catch (InvalidValue e) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
  }

  /**
   * Returns the holder of the share in the path. If the holder's name is invalid, the answer is
   * 404.
   */
  public GranteeName grantee() {
    try {
      return GranteeName.of(Routes.parameter(ctx, GRANTEE));
    } catch (InvalidValue e) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
  }

  /**
   * Returns the future holder of the share in the path. If the holder's name is invalid, a fault is
   * reported.
   */
  public GranteeName writtenGrantee() {
    try {
      return GranteeName.of(Routes.parameter(ctx, GRANTEE));
    } catch (InvalidValue e) {
      throw new InvalidInput(
          new Fault(
              "/" + GRANTEE, "invalid_value", e.allowed() + "; a group's has an @ before it"));
    }
  }

  /**
   * Returns a part of the path without checking it. Used for ids that only the application can
   * read.
   */
  public String text(String name) {
    return Routes.parameter(ctx, name);
  }

  /** Returns whether a part of the path equals the given word. */
  public boolean isNamed(String name, String word) {
    return Routes.parameter(ctx, name).equals(word);
  }

  /**
   * Returns the owner's handle in the path of a user's object. No object of a user has the handle
   * {@code _system}.
   */
  public Handle ownedHandle(String name) {
    Handle handle = handle(name);
    if (handle.isSystem()) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
    return handle;
  }

  /** Returns the LLM service in the path. Used for requests that do not create a service. */
  public Instance.Ref service() {
    return new Instance.Ref(handle("owner"), ownedHandle("handle"));
  }

  /** Returns the project in the path. Used for requests that do not create a project. */
  public Project.Ref project() {
    return new Project.Ref(handle("owner"), ownedHandle("handle"));
  }

  /** Returns the definition in the path. Used for requests that do not create a definition. */
  public Definition.Ref definition() {
    return new Definition.Ref(handle("owner"), ownedHandle("handle"));
  }

  /**
   * Returns a handle from the path of a write that can create an object. If the handle is invalid,
   * a fault is reported.
   */
  public Handle writtenHandle(String name) {
    try {
      return new Handle(Routes.parameter(ctx, name));
    } catch (InvalidValue e) {
      throw new InvalidInput(new Fault("/" + name, "invalid_value", e.allowed()));
    }
  }

  /**
   * Returns a handle in the path like {@link #writtenHandle}, for an object that the write can
   * create. The handle {@code _system} is refused, because it belongs to a user.
   */
  public Handle newHandle(String name) {
    Handle handle = writtenHandle(name);
    if (handle.isSystem()) {
      throw new InvalidInput(
          new Fault("/" + name, "invalid_value", "Handles that start with _ are reserved."));
    }
    return handle;
  }

  /** Returns an id in the path. If the id is invalid, the answer is 404. */
  public UUID id(String name) {
    return WrittenUuid.of(Routes.parameter(ctx, name))
        .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
  }

  /** Returns the body. The caller of this method must close the body. */
  public Body body() {
    return BodyReader.json(ctx.req(), body);
  }

  /** Reads the body of a request that needs no body. The body must be absent or an empty object. */
  public void emptyBody() {
    BodyReader.demandEmpty(ctx.req(), body);
  }

  /**
   * Reads the body of a request that need not have a body.
   *
   * @param read a function that reads the fields of the body; it is called only if there is a body
   */
  public <T> Optional<T> optionalBody(Function<JsonObject, T> read) {
    return BodyReader.optionalJson(ctx.req(), body, read);
  }

  public Precondition precondition() {
    return precondition(Optional.empty());
  }

  /**
   * Returns the precondition of a write. A version in the body has the same effect as {@code
   * If-Match}.
   */
  public Precondition precondition(JsonObject fields) {
    return precondition(fields.value("version", JsonConverter.VERSION).given());
  }

  /**
   * Checks a write's body after its fields were read, and returns the write's precondition. A
   * version in the body has the same effect as {@code If-Match}. {@code created_at} and {@code
   * updated_at} are ignored. Read-only fields must have the values that {@code GET} shows now.
   *
   * @param current a function that returns the stored state of the object; it is called only if the
   *     body contains read-only fields
   * @return the precondition of the write
   * @throws InvalidInput if the body contains any fault
   */
  public Precondition done(
      JsonObject fields, List<String> readOnly, Supplier<CurrentState> current) {
    Precondition precondition = precondition(fields);
    fields.ignore("created_at");
    fields.ignore("updated_at");
    if (fields.hasAny(readOnly)) {
      current.get().shown(precondition).rejectChanges(fields, readOnly);
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
   * Returns the requested part of a list. This method also rejects unread query parameters, and
   * waits until the caller may read a list.
   */
  public <P> PageRequest<P> page(CursorFormat<P> position) {
    int limit = query.value("limit", ApiCall::limit).orElse(PageRequest.DEFAULT_LIMIT);
    Optional<P> after =
        query.value("cursor", text -> position.read().apply(Cursors.decode(ctx.path(), text)));
    query.rejectUnread();
    listRead = lists.get();
    Completion.of(ctx).then(listRead);
    return new PageRequest<>(after, limit);
  }

  /**
   * Runs a function that reads for a long time. First waits until the caller may read a list. The
   * function occupies the caller's place for reading lists while it runs.
   */
  public <T> T readAsList(Supplier<T> reading) {
    Runnable read = lists.get();
    try {
      return reading.get();
    } finally {
      read.run();
    }
  }

  public void ok(Object answer) {
    ctx.status(200).contentType("application/json").result(JsonWriter.bytes(answer));
  }

  /**
   * Answers with a versioned object, and sends its version as an entity tag. Answers to writes have
   * no entity tag, because the answer differs from the request's body (RFC 9110, 9.3.4).
   */
  public void shown(Object answer, long version) {
    ctx.header("ETag", Conditions.entityTag(version));
    ok(answer);
  }

  /**
   * Answers a write that created an object.
   *
   * @param location the path of the new object
   */
  public void created(String location, Object answer) {
    ok(answer);
    ctx.status(201).header("Location", location);
  }

  /**
   * Answers a write of the object at the request's path.
   *
   * @param created whether the write created the object; false if it changed the object
   */
  public void written(boolean created, Object answer) {
    if (created) {
      created(ctx.path(), answer);
    } else {
      ok(answer);
    }
  }

  /**
   * Answers with a part of a list. The body has at most about one megabyte. The next part contains
   * the items for which there was no room.
   *
   * @param render a function that converts an item into the record that is written as JSON
   */
  public <T, P> void list(Page<T, P> page, CursorFormat<P> position, Function<T, ?> render) {
    list(page, position, render, Map.of());
  }

  /**
   * Answers with a part of a list, with further properties.
   *
   * @param render a function that converts an item into the record that is written as JSON
   * @param more the further properties
   */
  public <T, P> void list(
      Page<T, P> page, CursorFormat<P> position, Function<T, ?> render, Map<String, ?> more) {
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
    ctx.status(200).contentType("application/json").result(body.end(next, more));
    listRead.run();
  }

  /**
   * Answers with a file of any length. The parts of the file are read one after the other, like the
   * parts of a list. This method also rejects unread query parameters.
   *
   * @param name the name of the file; it consists of letters, digits, dots and hyphens
   * @param parts the parts of the file, at least one
   */
  public void file(String name, String mediaType, Iterator<byte[]> parts) {
    query.rejectUnread();
    InputStream content = FileParts.of(ctx, new ListParts(parts));
    ctx.status(200)
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .contentType(mediaType)
        .result(content);
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

  /**
   * The parts of a file, which are created one after the other. Before each part, this object waits
   * until the caller may read a list.
   */
  private final class ListParts implements Iterator<byte[]> {
    private final Iterator<byte[]> parts;

    ListParts(Iterator<byte[]> parts) {
      this.parts = parts;
    }

    @Override
    public boolean hasNext() {
      return parts.hasNext();
    }

    @Override
    public byte[] next() {
      return readAsList(parts::next);
    }
  }

  private static final class NextPage {
    private NextPage() {}

    static String of(Context ctx, String cursor) {
      return ctx.path()
          + "?"
          + Stream.concat(kept(ctx.queryString()), Stream.of("cursor=" + cursor))
              .collect(Collectors.joining("&"));
    }

    /**
     * Returns the query parameters except for the cursor, as they were sent. The parameters stay
     * percent-encoded, so that a value can neither add parameters to the address nor end the
     * address.
     */
    private static Stream<String> kept(@Nullable String query) {
      return query == null || query.isEmpty()
          ? Stream.empty()
          : Arrays.stream(query.split("&", -1))
              .filter(p -> !p.startsWith("cursor="))
              .map(p -> p.replace("<", "%3C").replace(">", "%3E"));
    }
  }

  /**
   * Encodes positions in lists as opaque texts. A checksum of the position and the list reveals
   * damaged cursors, and cursors of other lists. The checksum does not prevent forgery. Protection
   * from forgery is not necessary, because a position reveals nothing that its list does not show.
   */
  private static final class Cursors {
    private Cursors() {}

    static String encode(String list, String position) {
      byte[] text = position.getBytes(StandardCharsets.UTF_8);
      byte[] bytes =
          ByteBuffer.allocate(4 + text.length).putInt(checksum(list, text)).put(text).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Returns the position in a cursor.
     *
     * @throws InvalidValue if the text is not a cursor of this list
     */
    static String decode(String list, String cursor) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
        if (bytes.remaining() > 4) {
          int given = bytes.getInt();
          byte[] text = new byte[bytes.remaining()];
          bytes.get(text);
          String position = new String(text, StandardCharsets.UTF_8);
          // Base64 can write the same bytes in several ways. Only the form that `encode`
          // writes is accepted.
          if (given == checksum(list, text) && encode(list, position).equals(cursor)) {
            return position;
          }
        }
      } catch (IllegalArgumentException e) {
        // An invalid cursor leads to the same exception below as any other wrong text.
      }
      throw CursorFormat.notOfThisList();
    }

    private static int checksum(String list, byte[] position) {
      CRC32 crc = new CRC32();
      crc.update(list.getBytes(StandardCharsets.UTF_8));
      crc.update(0);
      crc.update(position);
      return (int) crc.getValue();
    }
  }
}
