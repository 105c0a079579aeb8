package io.claviger.gateway.head;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request whose head the connection remembers. If the results of reading the first request depend
 * only on its head, later requests with the same head share these results. The requests do not
 * share results that depend on stored data or on the time: the permission is checked for each call.
 *
 * <p>Only used on the event loop of its connection.
 */
public final class RememberedRequest extends DefaultHttpRequest {
  private final Readings readings;

  /** Whether these headers are equal to the headers of the remembered head. */
  private final boolean whole;

  /**
   * @param headers read-only, because later requests with the same head get this object too
   */
  public RememberedRequest(
      HttpVersion version, HttpMethod method, String uri, HttpHeaders headers, Readings readings) {
    this(version, method, uri, headers, readings, true);
  }

  private RememberedRequest(
      HttpVersion version,
      HttpMethod method,
      String uri,
      HttpHeaders headers,
      Readings readings,
      boolean whole) {
    super(version, method, uri, headers);
    this.readings = readings;
    this.whole = whole;
  }

  /**
   * The results of reading a head, which all later requests with an equal head share. Equal heads
   * may differ only in the length of the body.
   */
  public static final class Readings {
    private String uri = "";
    private @Nullable Credential credential;
    private @Nullable ParsedCall call;

    /**
     * The permission for which {@link #passing} was written; {@link #passedAt} is the path to which
     * that call was sent at the provider.
     */
    private @Nullable Object passedBy;

    private String passedAt = "";
    private byte @Nullable [] passing;

    /**
     * Forgets all results if the path of the call differs from the path that was read before,
     * because paths may be rewritten.
     */
    private Readings of(String read) {
      if (!uri.equals(read)) {
        uri = read;
        credential = null;
        call = null;
        passedBy = null;
        passing = null;
      }
      return this;
    }
  }

  /**
   * Returns a request that is the same except for its headers. The headers that identify the caller
   * and the call must be the same in both.
   *
   * @param headers the headers of the new request; the caller must not change them from now on
   */
  public static HttpRequest with(HttpHeaders headers, HttpRequest request) {
    return request instanceof RememberedRequest of
        ? new RememberedRequest(
            of.protocolVersion(), of.method(), of.uri(), headers, of.readings, false)
        : new DefaultHttpRequest(
            request.protocolVersion(), request.method(), request.uri(), headers);
  }

  /**
   * Returns the credential that was read from an earlier request with this head, or reads it from
   * this one.
   */
  static Credential credential(HttpRequest request, Supplier<Credential> read) {
    if (!(request instanceof RememberedRequest remembered)) {
      return read.get();
    }
    Readings known = remembered.readings.of(request.uri());
    Credential found = known.credential == null ? read.get() : known.credential;
    known.credential = found;
    return found;
  }

  /**
   * Returns the call that was read from an earlier request with this head; null if there is none.
   */
  static @Nullable ParsedCall call(HttpRequest request) {
    return request instanceof RememberedRequest remembered
        ? remembered.readings.of(request.uri()).call
        : null;
  }

  /** Remembers a result of reading that depends on the head alone. */
  static ParsedCall keep(HttpRequest request, ParsedCall call) {
    if (request instanceof RememberedRequest remembered) {
      remembered.readings.of(request.uri()).call = call;
    }
    return call;
  }

  /**
   * Returns the header lines that were forwarded for an earlier request with this head; null if
   * these lines are unknown. The receiver must not change the array.
   *
   * @param permission must be the same object as the permission of the earlier request; an equal
   *     object is not enough
   */
  @SuppressWarnings({"ReferenceEquality", "ReturnsNullCollection"})
  public static byte @Nullable [] passing(HttpRequest request, Object permission, String path) {
    if (!(request instanceof RememberedRequest remembered) || !remembered.whole) {
      return null;
    }
    Readings known = remembered.readings.of(request.uri());
    return known.passedBy == permission && known.passedAt.equals(path) ? known.passing : null;
  }

  /** Remembers the header lines that are forwarded under a permission. */
  public static void keepPassing(
      HttpRequest request, Object permission, String path, Supplier<byte[]> lines) {
    if (request instanceof RememberedRequest remembered && remembered.whole) {
      Readings known = remembered.readings.of(request.uri());
      known.passedBy = permission;
      known.passedAt = path;
      known.passing = lines.get();
    }
  }
}
