package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.wire.HeadWriter;
import io.netty.util.AsciiString;

/** Puts the key, the organization and the custom headers of a service on a request. */
final class KeyAttachment {
  private static final AsciiString AUTHORIZATION = AsciiString.cached("Authorization");
  private static final AsciiString ORGANIZATION = AsciiString.cached("OpenAI-Organization");

  private final AuthorizedCall passage;
  private final KeyPlacement placement;
  private final boolean asBearer;

  /**
   * @param tokenAsBearer whether the caller's token came by {@code Authorization: Bearer}
   */
  KeyAttachment(AuthorizedCall passage, boolean tokenAsBearer) {
    this.passage = passage;
    this.placement = passage.standard().placement();
    // Anthropic's newer SDKs send a bearer token with a newer version of the API, the older ones
    // x-api-key; the one placement stands for both.
    boolean eitherWay =
        passage.standard().format() == WireFormat.ANTHROPIC
            && placement.method() == KeyMethod.CUSTOM_HEADER
            && placement.field().equals("x-api-key");
    this.asBearer = placement.method() == KeyMethod.AUTH_BEARER || (eitherWay && tokenAsBearer);
  }

  /** Whether a header of this name is the service's own to set; a caller's gives way to it. */
  boolean sets(CharSequence name) {
    return isKey(name)
        || isCustom(name)
        || (passage.organization().isPresent() && ORGANIZATION.contentEqualsIgnoreCase(name));
  }

  /** Each name once: of two of the service's own the key wins, then the custom header. */
  void writeHeaders(HeadWriter head) {
    if (passage.organization().isPresent() && !isCustom(ORGANIZATION)) {
      head.header(ORGANIZATION, passage.organization().get().value());
    }
    for (CustomHeader header : passage.headers().headers()) {
      if (!isKey(header.name().value())) {
        head.header(header.name().value(), header.value());
      }
    }
    if (passage.key().isPresent()) {
      writeKey(head, passage.key().get());
    }
  }

  private boolean isKey(CharSequence name) {
    return placement.method() == KeyMethod.CUSTOM_HEADER
        && AsciiString.contentEqualsIgnoreCase(placement.field(), name);
  }

  private boolean isCustom(CharSequence name) {
    for (CustomHeader header : passage.headers().headers()) {
      if (AsciiString.contentEqualsIgnoreCase(header.name().value(), name)) {
        return true;
      }
    }
    return false;
  }

  private void writeKey(HeadWriter head, Secret key) {
    if (asBearer) {
      head.name(AUTHORIZATION).text("Bearer ").secret(key).endLine();
    } else if (placement.method() == KeyMethod.CUSTOM_HEADER) {
      head.header(placement.field(), key);
    }
  }

  /** Appends the query: what passes of the caller's, and the key where it travels so. */
  void writeQuery(HeadWriter head, String passing) {
    boolean carriesKey = placement.method() == KeyMethod.QUERY_PARAM && passage.key().isPresent();
    if (passing.isEmpty() && !carriesKey) {
      return;
    }
    head.text("?").text(passing);
    if (carriesKey) {
      head.text(passing.isEmpty() ? "" : "&").text(placement.field()).text("=");
      passage.key().get().lend(bytes -> PercentEncoding.write(bytes, head.buffer()));
    }
  }
}
