package io.claviger.gateway.head;

import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the access token of a request, in the headers and parameters in which SDKs send it. */
public final class CredentialReader {
  /** The headers that carry a credential in some formats. */
  private static final AsciiString[] OF_FORMATS =
      Arrays.stream(WireFormat.values())
          .flatMap(format -> format.api().credentialHeaders().stream())
          .map(AsciiString::cached)
          .toArray(AsciiString[]::new);

  /** All headers that can contain a credential; none of them is ever forwarded to a provider. */
  public static final List<AsciiString> HEADERS =
      Stream.concat(Stream.of(HttpHeaderNames.AUTHORIZATION), Stream.of(OF_FORMATS)).toList();

  private static final String BEARER = "bearer ";
  private static final String BASIC = "basic ";
  private static final String SIGNATURE = "AWS4-";

  private final HttpHeaders headers;
  private @Nullable String found;

  private CredentialReader(HttpHeaders headers) {
    this.headers = headers;
  }

  /**
   * @throws CallRefused if the request contains no token, or two different tokens
   */
  static Credential read(HttpRequest request, String query) {
    return RememberedRequest.credential(request, () -> read(request.headers(), query));
  }

  private static Credential read(HttpHeaders headers, String query) {
    return find(headers, query)
        .orElseThrow(
            () -> new CallRefused(isSigned(headers) ? CallError.SIGNED : CallError.NO_TOKEN));
  }

  /**
   * Whether an SDK of AWS has signed the request (SigV4). A signature of AWS is made with keys of
   * AWS, not with an access token.
   */
  private static boolean isSigned(HttpHeaders headers) {
    return headers.get(HttpHeaderNames.AUTHORIZATION, "").startsWith(SIGNATURE);
  }

  /**
   * Returns the access token of a request; empty if the request contains none.
   *
   * @throws CallRefused if the request contains two different tokens
   */
  static Optional<Credential> find(HttpHeaders headers, String query) {
    CredentialReader reader = new CredentialReader(headers);
    boolean bearer = reader.bearer();
    for (AsciiString name : OF_FORMATS) {
      reader.header(name);
    }
    if (!query.isEmpty()) {
      for (String key : QueryFilter.credentials(query)) {
        reader.saw(key);
      }
    }
    if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
      WebSocketHandshake.tokens(headers).forEach(reader::saw);
    }
    if (reader.found == null) {
      reader.basic();
    }
    String token = reader.found;
    return Optional.ofNullable(token)
        .map(found -> new Credential(TokenText.presented(found), bearer));
  }

  private boolean bearer() {
    boolean any = false;
    for (String value : headers.getAll(HttpHeaderNames.AUTHORIZATION)) {
      if (value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
        any |= saw(value.substring(BEARER.length()));
      }
    }
    return any;
  }

  /**
   * Clients that can't set a header get a URL such as {@code https://user:token@host}. If the
   * request contains another credential, Basic authentication is ignored: its credential might be
   * meant for a proxy on the way.
   */
  private void basic() {
    for (String value : headers.getAll(HttpHeaderNames.AUTHORIZATION)) {
      if (value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
        boolean unused = saw(password(value.substring(BASIC.length()).strip()));
      }
    }
  }

  /** Returns the password of Basic authentication, or the user name if the password is empty. */
  private static String password(String encoded) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return "";
    }
    int colon = pair.indexOf(':');
    return colon < 0 || colon == pair.length() - 1
        ? pair.substring(0, Math.max(colon, 0))
        : pair.substring(colon + 1);
  }

  private void header(AsciiString name) {
    if (headers.contains(name)) {
      headers.getAll(name).forEach(this::saw);
    }
  }

  private boolean saw(String value) {
    String token = value.strip();
    if (token.isEmpty()) {
      return false;
    }
    if (found != null && !found.equals(token)) {
      throw new CallRefused(CallError.TWO_TOKENS);
    }
    found = token;
    return true;
  }
}
