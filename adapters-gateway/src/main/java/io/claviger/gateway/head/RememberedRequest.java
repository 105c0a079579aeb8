package io.claviger.gateway.head;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request whose head the connection remembers. Later requests with the same head reuse the
 * results that the gateway has derived from the head alone. Results that depend on stored data or
 * on the time are not reused: each call is authorized again.
 *
 * <p>Only used on the event loop of its connection.
 */
public final class RememberedRequest extends DefaultHttpRequest {
  private final Readings readings;
  private final BodyLength length;

  /** Whether the headers of this request are equal to the headers of the remembered head. */
  private final boolean whole;

  /**
   * @param headers the headers; they must not change, because later requests with the same head
   *     share this object
   * @param length the length of the body that the headers state
   */
  public RememberedRequest(
      HttpVersion version,
      HttpMethod method,
      String uri,
      HttpHeaders headers,
      BodyLength length,
      Readings readings) {
    this(version, method, uri, headers, length, readings, true);
  }

  private RememberedRequest(
      HttpVersion version,
      HttpMethod method,
      String uri,
      HttpHeaders headers,
      BodyLength length,
      Readings readings,
      boolean whole) {
    // The decoder has checked the request line of the remembered head.
    super(version, method, uri, headers, false);
    this.length = length;
    this.readings = readings;
    this.whole = whole;
  }

  /**
   * The results of reading a head. All later requests with an equal head share these results. Equal
   * heads may differ only in the length of the body.
   */
  public static final class Readings {
    private String uri = "";
    private @Nullable Credential credential;
    private @Nullable ParsedCall call;

    /**
     * The permission of the call for which {@link #passing} was written. {@link #passedAt} is the
     * path of that call at the provider.
     */
    private @Nullable Object passedBy;

    private String passedAt = "";
    private byte @Nullable [] passing;

    /**
     * Forgets all results if they were derived from another URI, because paths can be rewritten.
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
   * Returns a copy of the request with the given headers in place of its own. The headers that
   * identify the caller and the call must be equal in both requests, and both must state the same
   * length of the body.
   *
   * @param headers the headers of the new request; the caller must no longer change them
   */
  public static HttpRequest with(HttpHeaders headers, HttpRequest request) {
    return request instanceof RememberedRequest of
        ? new RememberedRequest(
            of.protocolVersion(), of.method(), of.uri(), headers, of.length, of.readings, false)
        : new DefaultHttpRequest(
            request.protocolVersion(), request.method(), request.uri(), headers);
  }

  /** The length of the request's body. */
  public BodyLength length() {
    return length;
  }

  /**
   * Returns the credential of an earlier request with this head. If none was read yet, reads the
   * credential from this request.
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

  /** Returns the parsed call of an earlier request with this head; null if there is none. */
  static @Nullable ParsedCall call(HttpRequest request) {
    return request instanceof RememberedRequest remembered
        ? remembered.readings.of(request.uri()).call
        : null;
  }

  /** Remembers a result that depends only on the head. */
  static ParsedCall keep(HttpRequest request, ParsedCall call) {
    if (request instanceof RememberedRequest remembered) {
      remembered.readings.of(request.uri()).call = call;
    }
    return call;
  }

  /**
   * Returns the header lines that the gateway forwarded for an earlier request with this head; null
   * if these lines are unknown. The caller of this method must not change the array.
   *
   * @param permission the object that was passed to {@link #keepPassing} for the earlier request;
   *     an equal object is not enough
   */
  @SuppressWarnings({"ReferenceEquality", "ReturnsNullCollection"})
  public static byte @Nullable [] passing(HttpRequest request, Object permission, String path) {
    if (!(request instanceof RememberedRequest remembered) || !remembered.whole) {
      return null;
    }
    Readings known = remembered.readings.of(request.uri());
    return known.passedBy == permission && known.passedAt.equals(path) ? known.passing : null;
  }

  /** Remembers the header lines that the gateway forwards under a permission. */
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
