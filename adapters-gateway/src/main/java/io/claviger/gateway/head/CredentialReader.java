package io.claviger.gateway.head;

import io.claviger.domain.accounts.TokenText;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.GuessedFormat;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the access token in the places where SDKs put it. */
public final class CredentialReader {
  private static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");
  private static final AsciiString API_KEY = AsciiString.cached("api-key");
  private static final AsciiString X_GOOG_API_KEY = AsciiString.cached("x-goog-api-key");
  private static final AsciiString ANTHROPIC_VERSION = AsciiString.cached("anthropic-version");

  /** All headers that may carry a credential; none of them ever passes to a provider. */
  public static final List<AsciiString> HEADERS =
      List.of(HttpHeaderNames.AUTHORIZATION, X_API_KEY, API_KEY, X_GOOG_API_KEY);

  private static final String BEARER = "bearer ";

  private final HttpHeaders headers;
  private @Nullable String found;

  private CredentialReader(HttpHeaders headers) {
    this.headers = headers;
  }

  /**
   * @throws CallRefused when there is no token, or there are two different ones
   */
  public static Credential read(HttpHeaders headers, String query) {
    CredentialReader reader = new CredentialReader(headers);
    boolean bearer = reader.bearer();
    reader.header(X_API_KEY);
    reader.header(API_KEY);
    reader.header(X_GOOG_API_KEY);
    if (!query.isEmpty()) {
      for (String key : QueryFilter.credentials(query)) {
        reader.saw(key);
      }
    }
    String token = reader.found;
    if (token == null) {
      throw new CallRefused(CallError.BAD_TOKEN);
    }
    return new Credential(TokenText.presented(token), bearer, carrier(headers, query));
  }

  /** Where a credential seems to be, valid or not. */
  public static GuessedFormat.CredentialPlacement carrier(HttpHeaders headers, String query) {
    if (headers.contains(X_GOOG_API_KEY) || QueryFilter.hasCredential(query)) {
      return GuessedFormat.CredentialPlacement.GOOGLE;
    }
    if (headers.contains(X_API_KEY) || headers.contains(ANTHROPIC_VERSION)) {
      return GuessedFormat.CredentialPlacement.X_API_KEY;
    }
    return headers.contains(HttpHeaderNames.AUTHORIZATION)
        ? GuessedFormat.CredentialPlacement.BEARER
        : GuessedFormat.CredentialPlacement.NONE;
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
